"""Opening a source where the words stand: text in an editor, the rest in the system's viewer."""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

import click

from qa.settings import editor
from qa.types import Citation

OPEN_WITH_PLUS = {"vi", "vim", "nvim", "nano", "emacs", "emacsclient", "less", "micro", "hx", "kak"}
"""Editors that take +LINE before the file."""

OPEN_WITH_COLON = {"code": ["--goto"], "codium": ["--goto"], "subl": [], "zed": []}
"""Editors that take FILE:LINE, and the option they want before it."""

PAGE_OPTIONS = {
    "okular": "--page={}",
    "evince": "--page-index={}",
    "papers": "--page-index={}",
    "xreader": "--page-index={}",
    "atril": "--page-index={}",
    "zathura": "--page={}",
}
"""Viewers of PDF and the option by which they open at a page; all count from 1."""


def open_at(citation: Citation) -> str:
    """Open the file a citation points into at its line or page; says where, such as "line 12"."""
    path = citation.document.container or citation.document.path
    locator = citation.locator
    if locator.line_start:
        _edit(path, locator.line_start)
        return f"line {locator.line_start}"
    if locator.page_start:
        _view(path, locator.page_start, citation.links.file)
        return f"page {locator.page_start}"
    click.launch(citation.links.file if "#" in citation.links.file else path)
    return ""


def _edit(path: str, line: int) -> None:
    command = editor()
    name = Path(command[0]).name if command else ""
    if not command:
        click.launch(path)
    elif name in OPEN_WITH_PLUS:
        _run([*command, f"+{line}", path])
    elif name in OPEN_WITH_COLON:
        _run([*command, *OPEN_WITH_COLON[name], f"{path}:{line}"])
    else:
        _run([*command, path])


def _view(path: str, page: int, link: str) -> None:
    """A viewer that can open at a page, or else the system's own, with the page in the address."""
    viewer = next((name for name in PAGE_OPTIONS if shutil.which(name)), None)
    if viewer is None:
        click.launch(link)
    else:
        command = [viewer, PAGE_OPTIONS[viewer].format(page), path]
        # It stays open beside the prompt, and the thread waits for its end.
        threading.Thread(target=_run, args=[command, subprocess.DEVNULL], daemon=True).start()


def _run(command: list[str], output: int | None = None) -> None:
    subprocess.run(command, check=False, stdout=output, stderr=output)  # noqa: S603 - the user's
