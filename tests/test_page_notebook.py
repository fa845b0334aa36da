"""The page's Notebook view in a browser: passages in order, with notes, taken along, kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ask, clipboard, hold, pictured, serious, waiting
from conftest import add, write
from live_server import live
from playwright.sync_api import Browser, Locator, Page, expect

from qa.engine import Engine
from qa.keys import Keys

TEXTS = {
    "harbour": "The harbour froze in March, and the ships stayed out at sea.",
    "lighthouse": "The lighthouse was lit for the first time on a clear night.",
    "bridge": "The bridge was closed for a week after the flood in April.",
}
KEPT = "kept in this browser and on the server"
SERVERS = "**/v1/notebooks/page"


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    assert not add(engine, write(engine.library.parent / "docs", **TEXTS)).failed
    with live(engine) as address:
        yield address


def collect(page: Page, site: str) -> list[str]:
    """Saves three passages; the names of their files, in order."""
    page.goto(site)
    ask(page, "What happened?")
    cards = page.locator(".card")
    expect(cards).to_have_count(3)
    for card in cards.all():
        card.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Notebook").click()
    page.locator(".kept").first.wait_for()
    return names(page)


def kept(page: Page) -> Locator:
    return page.locator(".kept")


def names(page: Page) -> list[str]:
    return page.locator(".kept .about a").all_text_contents()


def test_passages_stand_in_the_order_in_which_they_were_saved(page: Page, site: str) -> None:
    order = collect(page, site)
    assert sorted(order) == ["bridge.txt", "harbour.txt", "lighthouse.txt"]
    expect(kept(page).first.locator(".words")).to_have_text(TEXTS[order[0].removesuffix(".txt")])
    page.get_by_label("Note to it").first.fill("For the opening.")
    pictured(page, "collected")


def test_they_are_moved_by_keys_buttons_and_drag_and_stay_so(page: Page, site: str) -> None:
    one, two, three = collect(page, site)
    page.keyboard.press("j")
    page.keyboard.press("Alt+ArrowDown")
    assert names(page) == [two, one, three]
    expect(kept(page).nth(1)).to_be_focused()
    expect(page.locator("[role=status]").filter(has_text="Moved to place 2 of 3.")).to_have_count(1)
    kept(page).nth(2).get_by_role("button", name="Move up").click()
    assert names(page) == [two, three, one]
    kept(page).nth(2).locator(".grip").drag_to(kept(page).nth(0), target_position={"x": 40, "y": 5})
    assert names(page) == [one, two, three]
    page.reload()
    expect(kept(page)).to_have_count(3)
    assert names(page) == [one, two, three]


def test_a_note_is_kept_with_its_passage(page: Page, site: str) -> None:
    collect(page, site)
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.keyboard.type("For the opening.")
    page.get_by_role("button", name="Move down").first.click()
    page.reload()
    expect(page.get_by_label("Note to it").nth(1)).to_have_value("For the opening.")


def test_what_is_removed_comes_back_to_its_place(page: Page, site: str) -> None:
    order = collect(page, site)
    kept(page).nth(1).get_by_role("button", name="Remove").click()
    expect(kept(page)).to_have_count(2)
    page.locator(".toast").filter(has_text="Taken out").get_by_role("button", name="Undo").click()
    expect(kept(page)).to_have_count(3)
    assert names(page) == order
    kept(page).nth(2).focus()
    page.keyboard.press("x")
    expect(kept(page)).to_have_count(2)
    page.keyboard.press("u")
    expect(kept(page)).to_have_count(3)
    assert names(page) == order


@pytest.mark.parametrize(
    ("label", "suffix", "begins"),
    [
        ("Markdown, with footnotes", ".md", b"# My chapter"),
        ("Word (DOCX), with footnotes", ".docx", b"PK"),
        ("BibTeX", ".bib", b"@"),
        ("CSL-JSON", ".json", b"["),
    ],
    ids=["markdown", "docx", "bibtex", "csl"],
)
def test_it_is_exported(page: Page, site: str, label: str, suffix: str, begins: bytes) -> None:
    collect(page, site)
    page.get_by_label("Title of the notebook").fill("My chapter")
    page.keyboard.press("Tab")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    name = download.value.suggested_filename
    assert name == f"My chapter{suffix}"
    assert Path(download.value.path()).read_bytes().startswith(begins)


def test_all_is_copied_with_footnotes(page: Page, site: str) -> None:
    collect(page, site)
    page.get_by_role("button", name="Copy all").click()
    expect(page.locator(".toast").filter(has_text="with its footnotes")).to_be_visible()
    assert all(text in clipboard(page) for text in TEXTS.values())
    assert "[^q-" in clipboard(page)


def test_another_browser_finds_it_on_the_server(page: Page, site: str, browser: Browser) -> None:
    order = collect(page, site)
    expect(page.get_by_text(KEPT)).to_be_visible()
    other = browser.new_context().new_page()
    other.goto(f"{site}/notebook")
    expect(kept(other)).to_have_count(3)
    assert names(other) == order
    other.context.close()


@pytest.mark.parametrize(
    ("choice", "here", "there"),
    [("Put both together", 3, 3), ("Take the server’s", 2, 2), ("Keep this one", 2, 2)],
    ids=["both", "theirs", "mine"],
)
def test_a_notebook_changed_elsewhere_is_told_and_chosen(
    page: Page, site: str, choice: str, here: int, there: int
) -> None:
    one, _, three = collect(page, site)
    expect(page.get_by_text(KEPT)).to_be_visible()
    address = f"{site}/v1/notebooks/page"
    content = page.request.get(address).json()
    changed = {"title": "", "passages": content["passages"][:2]}
    assert page.request.put(address, data=changed).status == 200
    kept(page).nth(0).get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="The server has another notebook")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(kept(page)).to_have_count(here)
    assert len(page.request.get(address).json()["passages"]) == there
    assert (one in names(page)) == (choice != "Keep this one")
    assert (three in names(page)) == (choice != "Take the server’s")


def test_it_is_kept_on_the_server_from_whichever_view(page: Page, site: str) -> None:
    address = f"{site}/v1/notebooks/page"
    page.goto(site)
    ask(page, "What happened?")
    with page.expect_response(lambda one: one.request.method == "PUT"):
        page.keyboard.press("s")
    assert len(page.request.get(address).json()["passages"]) == 1
    assert page.request.put(address, data={"title": "Another", "passages": []}).status == 200
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("s")
    told = page.locator(".toast").filter(has_text="The notebook on the server is another.")
    told.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", name="The server has another notebook")).to_be_visible()


def test_what_is_changed_while_the_notebook_is_sent_is_not_lost(page: Page, site: str) -> None:
    collect(page, site)
    expect(page.get_by_text(KEPT)).to_be_visible()
    held = hold(page, SERVERS)
    page.get_by_label("Note to it").first.fill("For the opening.")
    sent = waiting(page, held)
    kept(page).last.get_by_role("button", name="Remove").click()
    with page.expect_response(SERVERS):
        sent.continue_()
    expect(page.get_by_text(KEPT)).to_be_hidden()
    page.unroute(SERVERS)
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(kept(page)).to_have_count(2)
    expect(page.get_by_label("Note to it").first).to_have_value("For the opening.")
    assert len(page.request.get(f"{site}/v1/notebooks/page").json()["passages"]) == 2


def test_who_chose_this_browsers_has_it_kept_when_the_server_is_back(page: Page, site: str) -> None:
    collect(page, site)
    expect(page.get_by_text(KEPT)).to_be_visible()
    address = f"{site}/v1/notebooks/page"
    assert page.request.put(address, data={"title": "Another", "passages": []}).status == 200
    kept(page).first.get_by_role("button", name="Remove").click()
    choice = page.get_by_role("button", name="Keep this one")
    choice.wait_for()
    page.route(SERVERS, lambda route: route.abort())
    choice.click()
    expect(choice).to_be_hidden()
    page.unroute(SERVERS)
    page.reload()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(kept(page)).to_have_count(2)
    assert len(page.request.get(address).json()["passages"]) == 2


def test_a_notebook_that_was_emptied_stays_empty(page: Page, site: str) -> None:
    collect(page, site)
    expect(page.get_by_text(KEPT)).to_be_visible()
    for _ in range(3):
        kept(page).first.get_by_role("button", name="Remove").click()
    page.reload()  # before it was sent
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(kept(page)).to_have_count(0)
    assert page.request.get(f"{site}/v1/notebooks/page").json()["passages"] == []


def test_its_keys_hold_beside_the_reader_too(page: Page, site: str) -> None:
    collect(page, site)
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.locator(".text mark").first.wait_for()
    kept(page).first.focus()
    page.keyboard.press("n")
    expect(page.get_by_label("Note to it").first).to_be_focused()


def test_with_a_key_that_may_only_read_it_stays_in_the_browser(
    page: Page, site: str, engine: Engine
) -> None:
    key = Keys(engine.library).add("ana", "read")
    page.goto(f"{site}/notebook")
    page.get_by_label("API key").fill(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 passages · kept in this browser", exact=True)).to_be_visible()


def test_every_key_has_a_notebook_of_its_own(page: Page, site: str, engine: Engine) -> None:
    keys = Keys(engine.library)
    ana, minh = (keys.add(name, "write") for name in ("Ana.B", "minh"))
    page.goto(f"{site}/?q=What+happened%3F")
    page.get_by_label("API key").fill(ana)
    page.keyboard.press("Enter")
    with page.expect_response(lambda one: one.request.method == "PUT"):
        page.get_by_role("button", name="Save").first.click()
    by_minh = {"headers": {"authorization": f"Bearer {minh}"}}
    found = page.request.get(f"{site}/v1/notebooks", **by_minh).json()["notebooks"]
    assert [one["name"] for one in found] == ["page-ana-b"]


def test_an_empty_notebook_says_how_it_is_filled(page: Page, site: str) -> None:
    page.goto(f"{site}/notebook")
    expect(page.get_by_role("heading", name="Nothing is saved yet")).to_be_visible()


def test_other_tabs_see_every_change(page: Page, site: str) -> None:
    collect(page, site)
    other = page.context.new_page()
    other.goto(f"{site}/notebook")
    expect(kept(other)).to_have_count(3)
    kept(page).first.get_by_role("button", name="Remove").click()
    expect(kept(other)).to_have_count(2)
    stored = json.loads(other.evaluate("localStorage.getItem('quaere.notebook')"))
    assert stored["version"] == 1
