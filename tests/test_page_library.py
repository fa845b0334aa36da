"""The page's Library view in a browser: files added, found, edited, removed; failures told."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import hold, serious, waiting
from conftest import add, write
from jobs_at_work import BROKEN, WORDS
from live_server import live
from playwright.sync_api import Locator, Page, Request, Route, expect

from qa.engine import Engine
from qa.jobs.store import Store
from qa.jobs.work import Worker
from qa.keys import Keys

DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  const event = (kind) => new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event("dragover"));
  document.body.dispatchEvent(event("drop"));
}"""


@pytest.fixture
def site(engine: Engine) -> Iterator[str]:
    """A service over three documents and a file that cannot be read; it carries out jobs."""
    folder = write(
        engine.library.parent / "docs",
        harbour="The harbour froze in March, and the ships stayed out at sea.",
        lighthouse="The lighthouse was lit for the first time on a clear night.",
        paris="La tour fut ouverte au public un matin de printemps, et la foule vint la voir.",
    )
    (folder / "broken.pdf").write_bytes(BROKEN)
    add(engine, folder)
    stop = threading.Event()
    worker = Worker(engine, Store(engine.library), stop)
    carrying_out = threading.Thread(target=worker.run, kwargs={"idle_seconds": 600})
    carrying_out.start()
    with live(engine) as address:
        yield address
    stop.set()
    carrying_out.join()


def drop(page: Page, name: str, text: str) -> None:
    page.evaluate(DROP, [name, text])


def drop_path(page: Page, path: Path) -> None:
    """As from the desktop: a page cannot make a folder."""
    devtools = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        devtools.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})


def rows(page: Page) -> Locator:
    return page.locator(".document h2")


def row(page: Page, title: str) -> Locator:
    return page.locator(".document").filter(has_text=title)


def adding(page: Page, name: str) -> Locator:
    return (
        page.get_by_role("region", name="Being added").get_by_role("listitem").filter(has_text=name)
    )


def test_documents_are_listed_found_and_put_in_order(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    expect(rows(page)).to_have_count(3)
    page.get_by_label("Order").select_option(label="By file")
    expect(rows(page)).to_have_text(["harbour.txt", "lighthouse.txt", "paris.txt"])
    expect(page).to_have_url(f"{site}/library?sort=file")
    page.get_by_label("Find by title or file").fill("HOUSE")
    expect(rows(page)).to_have_text(["lighthouse.txt"])
    page.reload()
    expect(rows(page)).to_have_text(["lighthouse.txt"])
    page.get_by_label("Find by title or file").fill("nowhere")
    expect(page.get_by_text("No document has these words")).to_be_visible()
    page.get_by_role("link", name="Library").click()  # from the begin
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_label("Order")).to_have_value("added")


def test_documents_of_one_language_are_listed(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    page.get_by_label("Language").select_option("fr")
    expect(rows(page)).to_have_text(["paris.txt"])


def test_what_could_not_be_read_is_told_with_what_to_do(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    told = page.locator(".failures")
    expect(told.get_by_role("heading", name="1 file could not be read")).to_be_visible()
    expect(told).to_contain_text("broken.pdf")
    expect(told.locator(".remedy")).to_contain_text("save it anew")


def test_a_dropped_file_is_added_followed_and_found(page: Page, site: str) -> None:
    streams = list[Request]()
    page.on("request", lambda one: streams.append(one) if one.url.endswith("/events") else None)
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    drop(page, "embassy.txt", WORDS)
    expect(adding(page, "embassy.txt")).to_contain_text("Added · 1 passage")
    expect(rows(page).first).to_have_text("embassy.txt")
    expect(page.locator(".view-head")).to_contain_text("4 documents")
    assert len(streams) == 1
    page.goto(f"{site}/?q=When+was+the+embassy+opened%3F")
    expect(page.locator(".card .words").filter(has_text=WORDS)).to_be_visible()


def test_who_leaves_while_a_file_is_sent_is_asked_first(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    held = hold(page, "**/v1/documents")
    page.get_by_role("heading", name="Library").click()  # browsers ask only who has done something
    drop(page, "embassy.txt", WORDS)
    expect(adding(page, "embassy.txt")).to_contain_text("Sending")
    page.once("dialog", lambda asked: asked.dismiss())
    with page.expect_event("dialog") as asked:
        page.evaluate("void location.reload()")
    assert asked.value.type == "beforeunload"
    waiting(page, held).continue_()
    expect(adding(page, "embassy.txt")).to_contain_text("Added")
    page.reload()  # nobody is asked any more
    expect(rows(page).first).to_have_text("embassy.txt")


def test_files_are_dropped_on_other_views_too(page: Page, site: str) -> None:
    page.goto(site)
    page.locator(".start").wait_for()
    drop(page, "embassy.txt", WORDS)
    page.get_by_role("button", name="Show").click()
    expect(adding(page, "embassy.txt")).to_contain_text("Added")


def test_a_dropped_folder_is_added_with_all_that_is_in_it(
    page: Page, site: str, tmp_path: Path
) -> None:
    folder = write(tmp_path / "dropped", embassy=WORDS)
    write(folder / "deeper", winter="In winter the embassy was closed.", **{".hidden": "No."})
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    (folder / "cover.png").write_bytes(b"no text")
    drop_path(page, folder)
    for name in ("embassy.txt", "winter.txt"):
        expect(adding(page, name)).to_contain_text("Added")
    expect(rows(page)).to_have_count(5)
    expect(page.get_by_role("region", name="Being added").get_by_role("listitem")).to_have_count(2)


def test_files_are_chosen_and_asked_after_where_no_stream_comes(page: Page, site: str) -> None:
    page.route(re.compile("/events$"), lambda route: route.fulfill(status=503, json={}))
    page.goto(f"{site}/library")
    page.get_by_label("Files to add").set_input_files(
        {"name": "note.md", "mimeType": "text/markdown", "buffer": b"# A note\n\nIt rained."}
    )
    expect(adding(page, "note.md")).to_contain_text("Added")
    expect(row(page, "A note")).to_be_visible()


def test_a_file_that_cannot_be_read_says_why_and_can_be_dismissed(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    drop(page, "scan.pdf", BROKEN.decode())
    one = adding(page, "scan.pdf")
    expect(one).to_contain_text("Not added")
    expect(one.locator(".remedy")).to_contain_text("save it anew")
    assert serious(page) == []
    one.get_by_role("button", name="Dismiss scan.pdf").click()
    expect(one).to_have_count(0)


def test_a_file_of_no_known_format_is_refused_with_the_remedy(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    drop(page, "song.mp3", "la la la")
    expect(adding(page, "song.mp3").locator(".remedy")).not_to_be_empty()
    page.goto(site)
    page.locator(".start").wait_for()
    drop(page, "song.mp3", "la la la")
    told = page.locator(".toast").filter(has_text="song.mp3 was not added.")
    expect(told).to_be_visible()  # where there is no list that could tell


def test_a_sync_reads_what_is_new_in_the_folders(page: Page, site: str, engine: Engine) -> None:
    page.goto(f"{site}/library")
    write(engine.library.parent / "docs", bridge="The bridge was closed for a week.")
    page.get_by_role("button", name="Sync").click()
    expect(adding(page, "The library’s folders")).to_contain_text("1 added")
    expect(row(page, "bridge.txt")).to_be_visible()


def test_a_removal_can_be_undone(page: Page, site: str, engine: Engine) -> None:
    page.goto(f"{site}/library")
    page.get_by_role("button", name="Remove harbour.txt").click()
    expect(row(page, "harbour.txt")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "harbour.txt")).to_be_visible()
    page.goto(site)
    assert engine.contents().documents == 3


def test_a_removal_is_sent_at_once_when_the_page_is_left(
    page: Page, site: str, engine: Engine
) -> None:
    hold(page, "**/v1/library")  # keys need not wait for what the library holds
    page.goto(f"{site}/library")
    rows(page).first.wait_for()
    page.keyboard.press("j")
    expect(rows(page).first.get_by_role("link")).to_be_focused()
    page.keyboard.press("x")
    expect(rows(page)).to_have_count(2)
    assert engine.contents().documents == 3
    page.goto("about:blank")
    end = time.monotonic() + 10
    while engine.contents().documents == 3 and time.monotonic() < end:
        time.sleep(0.05)
    assert engine.contents().documents == 2


def test_a_removal_that_is_refused_is_told_and_taken_back(page: Page, site: str) -> None:
    def refuse(route: Route) -> None:
        told = {"title": "Conflict", "status": 409, "detail": "Another program writes."}
        if route.request.method == "DELETE":
            route.fulfill(status=409, json=told)
        else:
            route.continue_()

    page.clock.install()
    page.route(re.compile("/v1/documents/[0-9]+$"), refuse)
    page.goto(f"{site}/library")
    page.clock.run_for(1000)
    page.get_by_role("button", name="Remove harbour.txt").click()
    page.clock.run_for(11_000)
    expect(page.locator(".toast")).to_contain_text("was not removed: Another program writes.")
    expect(row(page, "harbour.txt")).to_be_visible()


def test_what_is_known_of_a_document_is_edited(page: Page, site: str) -> None:
    page.goto(f"{site}/library")
    page.get_by_role("button", name="Edit what is known of harbour.txt").click()
    dialog = page.get_by_role("dialog", name="What is known of it")
    box = dialog.get_by_label("Author").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(5, 5)  # words are selected, and the pointer is let go outside
    page.mouse.up()
    dialog.get_by_label("Date").fill("last spring")
    dialog.get_by_label("Title").fill("The Harbour")
    dialog.get_by_label("Author").fill("Vongsa, Ana")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    assert serious(page) == []
    dialog.get_by_label("Date").fill("2024-05")
    page.keyboard.press("Enter")
    expect(row(page, "The Harbour").locator(".about")).to_contain_text("Ana VongsaMay 2024")


def test_with_a_key_that_may_only_read_nothing_is_offered_that_changes(
    page: Page, site: str, engine: Engine
) -> None:
    key = Keys(engine.library).add("ana", "read")
    page.goto(f"{site}/library")
    page.get_by_label("API key").fill(key)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your key may read the library")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("button", name=re.compile("Add files|Sync|Remove|Edit"))).to_have_count(
        0
    )


def test_a_document_opens_beside_the_list(page: Page, site: str, tmp_path: Path) -> None:
    page.goto(f"{site}/library?sort=file")
    page.get_by_role("link", name="harbour.txt").click()
    expect(page.locator("#reader")).to_contain_text("The harbour froze in March")
    expect(rows(page)).to_have_count(3)
