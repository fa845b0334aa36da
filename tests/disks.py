"""Disks that are full or read-only: real refusals of the system, for any user and as root."""

from __future__ import annotations

import contextlib
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LIMITED = (
    "import os, resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)

_waiting: list[str] = []


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if event == "os.mkdir" and _waiting and _waiting[0] in str(arguments[0]):
        _limit(0)


def _limit(soft: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextlib.contextmanager
def no_room(once_made: str = "") -> Iterator[None]:
    """No file of this process can grow (EFBIG; Python ignores the signal).

    From now on, or once a folder with this in its name is made.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if once_made:
        sys.addaudithook(_heard)  # which none can take away again
        _waiting.append(once_made)
    else:
        _limit(0)
    try:
        yield
    finally:
        _waiting.clear()
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def without_room(command: list[str]) -> list[str]:
    """The command in a process in which no file can grow."""
    return [sys.executable, "-c", LIMITED, *command]


@contextlib.contextmanager
def mounted(folder: Path, *options: str) -> Iterator[bool]:
    """Something mounted at a folder; False where we may not mount."""
    folder.mkdir(exist_ok=True)
    made = subprocess.run(["mount", *options, folder], capture_output=True, check=False)
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            # Lazily: what tantivy has mapped is let go of when it is collected as garbage.
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> Path:
    """A file that takes all the room left."""
    file = folder / "filling"
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as opened:
        while True:
            opened.write(bytes(4096))
    return file
