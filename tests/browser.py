"""A real browser for tests of the page: Debian's Chromium, else Playwright's own."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from conftest import PROJECT
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
"""As distributions call it."""
PATIENCE = 15_000
"""Milliseconds that a test waits for something to be seen, on a machine with other things to do."""
WIDE = (1440, 900)
MIDDLE = (1024, 768)
PHONE = (390, 844)
SIZES = (WIDE, MIDDLE, PHONE)
THEMES = ("light", "dark")
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", PROJECT / "build" / "screenshots"))
"""Where pictures of every view are kept."""
SERIOUS = {"serious", "critical"}


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser without a window.

    Raises:
        RuntimeError: when there is none; tests of the page are never left out for that.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        found = next(filter(None, map(shutil.which, NAMES)), None)
        if not found and not own.exists():
            raise RuntimeError("No Chromium is here. Get one: make browser")
        # Chromium's own sandbox needs what containers seldom give; only our pages are shown.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser, **context: Any) -> Iterator[Page]:
    """A page of a visitor of their own; errors of scripts and of the page's policy are errors."""
    settings = {"viewport": {"width": WIDE[0], "height": WIDE[1]}} | context
    visitor = browser.new_context(**settings)
    visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor.set_default_timeout(PATIENCE)
    page, wrong = visitor.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.extend(_told(message)))
    try:
        yield page
        assert wrong == []
    finally:
        visitor.close()


def _told(message: ConsoleMessage) -> list[str]:
    # Answers such as 404 and a service that is away are tested on purpose.
    expected = message.type != "error" or message.text.startswith("Failed to load resource")
    return [] if expected else [message.text]


def clipboard(page: Page) -> str:
    """What was copied last."""
    return str(page.evaluate("navigator.clipboard.readText()"))


def ask(page: Page, question: str) -> None:
    """Types a question and waits for its answer."""
    page.get_by_role("searchbox", name="Question").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".answers[aria-busy=false] .card")


def hold(page: Page, address: str | re.Pattern[str]) -> list[Route]:
    """What is asked for there from now on: each waits until the test lets it go on."""
    held: list[Route] = []
    # Playwright sets attributes on what it calls, and a builtin's method has none.
    page.route(address, lambda route: held.append(route))  # noqa: PLW0108
    return held


def waiting(page: Page, held: list[Route], number: int = 1) -> Route:
    """The last of so many that were asked for, once it was."""
    end = time.monotonic() + PATIENCE / 1000
    while len(held) < number and time.monotonic() < end:
        page.wait_for_timeout(20)
    return held[number - 1]


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps people from using what is shown."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def resized(page: Page, size: tuple[int, int]) -> None:
    """Another window."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def pictured(page: Page, name: str) -> None:
    """Keeps pictures of what is shown in every size and theme; fails where axe-core finds fault."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        for size in SIZES:
            resized(page, size)
            page.screenshot(path=SCREENSHOTS / f"{name}-{size[0]}-{theme}.png")
        assert serious(page) == []  # on a phone, where most is closest
    resized(page, WIDE)
    assert serious(page) == []
