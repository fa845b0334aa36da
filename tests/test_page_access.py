"""Whether everyone can use the page: axe-core on every view in both themes, keys, zoom; pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import THEMES, WIDE, pictured, resized, serious, visiting
from playwright.sync_api import Browser, Page, expect

VIEWS = {
    "start": ("/", ".start"),
    "answers": ("/?q=Who+is+the+Vietnamese+ambassador+in+Pyongyang%3F", ".card"),
    "reader": ("/?q=To+Lam#document=5&c=1-590", ".text mark"),
    "document": ("/documents/1#c=65-218", ".text mark"),
    "nothing": ("/?q=To+Lam&from=1990-01-01&to=1990-12-31", ".state"),
    "problem": ("/?q=%3F", ".state"),
    "library": ("/library", "h1"),
    "notebook": ("/notebook", "h1"),
    "verify": ("/verify", "h1"),
}
"""Address, and what is there once the view is."""
ZOOMED = 320
"""CSS pixels: a window of 1280 at 400 %, as WCAG 2.2 has it in 1.4.10."""


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[Page]:
    with visiting(browser, reduced_motion="reduce") as page:
        yield page


@pytest.fixture(scope="module", params=VIEWS)
def view(request: pytest.FixtureRequest, visitor: Page, seed_site: str) -> str:
    """A view by its name; the visitor looks at it."""
    name: str = request.param
    resized(visitor, WIDE)
    shown(visitor, seed_site, name)
    return name


def shown(page: Page, site: str, name: str) -> None:
    address, there = VIEWS[name]
    page.goto("about:blank")  # an address that differs in its hash alone would load nothing
    page.goto(site + address)
    page.locator(there).first.wait_for()


def test_every_view_is_accessible_in_both_themes_and_pictured(visitor: Page, view: str) -> None:
    pictured(visitor, view)


def test_nothing_scrolls_sideways_in_a_window_zoomed_in(visitor: Page, view: str) -> None:
    resized(visitor, (ZOOMED, 600))
    wide = visitor.evaluate(
        "[document.documentElement, ...document.querySelectorAll('.reader-body')]"
        ".map((one) => one.scrollWidth - one.clientWidth)"
    )
    assert max(wide) == 0


def test_what_opens_is_accessible_too(visitor: Page, seed_site: str) -> None:
    resized(visitor, WIDE)
    shown(visitor, seed_site, "answers")
    visitor.get_by_text("Why this passage").first.click()
    visitor.get_by_text("Source", exact=True).click()
    visitor.get_by_label("Title or file").fill("00")
    visitor.get_by_role("button", name="002_9ea260c9caa6243a.txt").wait_for()
    for theme in THEMES:
        visitor.emulate_media(color_scheme=theme)
        assert serious(visitor) == []
    visitor.keyboard.press("Escape")
    visitor.locator(".card").first.focus()
    visitor.keyboard.press("?")
    for theme in THEMES:
        visitor.emulate_media(color_scheme=theme)
        assert serious(visitor) == []
    visitor.keyboard.press("Escape")


def test_a_theme_that_was_chosen_holds_against_the_systems(page: Page, seed_site: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(seed_site)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="Theme: As the system").click()
    page.get_by_role("button", name="Theme: Light").click()
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


def test_what_has_the_focus_can_be_seen_wherever_the_tab_key_leads(
    page: Page, seed_site: str
) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.locator(".card").first.wait_for()
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(({ outlineStyle, outlineWidth }) => [outlineStyle, parseFloat(outlineWidth)])"
            "(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none", page.evaluate("document.activeElement.outerHTML")
        assert style[1] >= 2


def test_screen_readers_are_told_what_came(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    status = page.locator("[role=status].unseen")
    expect(status).to_have_text("5 passages from 2 documents")
    page.keyboard.press("o")
    expect(status).to_have_text("Opened: 002_9ea260c9caa6243a.txt")


def test_where_motion_is_not_wanted_nothing_moves(visitor: Page, seed_site: str) -> None:
    shown(visitor, seed_site, "answers")
    moving = visitor.evaluate(
        "[...document.querySelectorAll('*')].filter((one) => {"
        "const style = getComputedStyle(one);"
        "return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0})"
        ".map((one) => one.outerHTML.slice(0, 80))"
    )
    assert moving == []
