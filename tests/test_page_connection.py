"""The page where the service goes away and comes back, or asks for a key."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from browser import ask, hold, waiting
from conftest import add, write
from live_server import live
from playwright.sync_api import Page, expect

from api.app import create_app
from qa.engine import Engine
from qa.keys import Keys

WORDS = "The harbour froze in March, and the ships stayed out at sea."


@pytest.fixture
def filled(engine: Engine) -> Engine:
    folder = write(engine.library.parent / "docs", harbour=WORDS)
    assert not add(engine, folder).failed
    return engine


@contextmanager
def at_port(engine: Engine, port: int) -> Iterator[None]:
    """The service at a port, as after a restart."""
    config = uvicorn.Config(create_app(engine), port=port, log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_the_page_outlives_a_restart_of_the_service(page: Page, filled: Engine) -> None:
    port = free_port()
    away = page.get_by_text("The service is away.")
    with at_port(filled, port):
        page.goto(f"http://127.0.0.1:{port}/")
        ask(page, "When did the harbour freeze?")
    page.get_by_role("searchbox", name="Question").fill("Where were the ships?")
    page.keyboard.press("Enter")
    expect(away).to_be_visible()
    expect(page.locator(".card").first).to_be_visible()  # what is open stays
    expect(page.get_by_text("These are the passages of the question before.")).to_be_visible()
    with at_port(filled, port):
        expect(away).to_be_hidden()
        expect(page).to_have_title("Where were the ships? – Quaere")
        expect(page.locator(".answers")).to_have_attribute("aria-busy", "false")
        ask(page, "Who stayed out at sea?")


def test_a_question_asked_while_the_service_is_away_is_answered_when_it_is_back(
    page: Page, filled: Engine
) -> None:
    port = free_port()
    with at_port(filled, port):
        page.goto(f"http://127.0.0.1:{port}/")
        page.locator(".start").wait_for()
    page.get_by_role("searchbox", name="Question").fill("Where were the ships?")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your question is kept")).to_be_visible()
    page.get_by_role("searchbox", name="Question").fill("And then?")
    with at_port(filled, port):
        expect(page.locator(".card").first).to_contain_text("harbour froze")
        # What is being typed is not overwritten.
        expect(page.get_by_role("searchbox", name="Question")).to_have_value("And then?")


def test_what_was_looked_for_while_the_service_was_away_is_listed_when_it_is_back(
    page: Page, filled: Engine
) -> None:
    port = free_port()
    with at_port(filled, port):
        page.goto(f"http://127.0.0.1:{port}/library")
        page.locator(".document").wait_for()
    page.get_by_label("Find by title or file").fill("lighthouse")
    expect(page.get_by_text("The service is away.")).to_be_visible()
    expect(page.locator(".document")).to_be_visible()
    with at_port(filled, port):
        expect(page.get_by_text("No document has these words")).to_be_visible()


def test_a_view_whose_module_did_not_come_is_shown_when_it_does(page: Page, filled: Engine) -> None:
    with live(filled) as address:
        page.goto(address)
        page.route("**/web/notebook.js", lambda route: route.abort())
        page.get_by_role("link", name="Notebook").click()
        expect(page.get_by_text("The service is away.")).to_be_visible()
        page.unroute("**/web/notebook.js")
        expect(page.get_by_label("Title of the notebook")).to_be_visible()


def test_a_request_that_was_sent_before_there_was_a_key_is_sent_again_with_it(
    page: Page, filled: Engine
) -> None:
    key = Keys(filled.library).add("ana", "read")
    with live(filled) as address:
        held = hold(page, "**/v1/library")
        page.goto(f"{address}/library")
        late = waiting(page, held)
        page.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
        expect(page.locator(".document")).to_be_visible()
        late.continue_()
        waiting(page, held, 2).continue_()
        expect(page.get_by_text("Your key may read the library")).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_key_is_asked_for_kept_and_sent(page: Page, filled: Engine) -> None:
    key = Keys(filled.library).add("ana", "read")
    with live(filled) as address:
        page.goto(f"{address}/?q=harbour")
        dialog = page.get_by_role("dialog", name="This library asks for a key")
        dialog.get_by_label("API key").fill("wrong")
        page.keyboard.press("Enter")
        expect(dialog.get_by_text("is not valid")).to_be_visible()
        dialog.get_by_label("API key").fill(key)
        page.keyboard.press("Enter")
        expect(page.locator(".card").first).to_contain_text("harbour froze")
        page.reload()
        expect(page.locator(".card").first).to_be_visible()
        page.keyboard.press("o")
        with page.expect_download() as download:  # a link alone would send no key
            page.get_by_role("link", name="Original file").click()
        assert download.value.suggested_filename == "harbour.txt"
        assert page.evaluate("sessionStorage.length") == 1
        assert key not in page.evaluate("JSON.stringify(localStorage)")


def test_without_a_key_the_page_says_what_is_missing(page: Page, filled: Engine) -> None:
    Keys(filled.library).add("ana", "read")
    with live(filled) as address:
        held = hold(page, "**/v1/library")
        page.goto(f"{address}/?q=harbour")
        page.get_by_role("dialog").wait_for()
        page.keyboard.press("Escape")
        with page.expect_response("**/v1/library"):
            waiting(page, held).continue_()
        page.wait_for_timeout(200)
        expect(page.get_by_role("dialog")).to_have_count(0)  # nobody is asked twice
        told = page.get_by_role("alert").filter(has_text="The request brings no valid API key.")
        expect(told.first).to_be_visible()


def test_a_lasting_key_is_kept_in_the_browser(page: Page, filled: Engine) -> None:
    key = Keys(filled.library).add("ana", "read")
    with live(filled) as address:
        page.goto(address)
        page.get_by_label("API key").fill(key)
        page.get_by_label("Keep it in this browser").check()
        page.get_by_role("button", name="Continue").click()
        page.locator(".start").wait_for()
        other = page.context.new_page()
        other.goto(f"{address}/?q=harbour")
        expect(other.locator(".card").first).to_contain_text("harbour froze")
        other.get_by_role("link", name="Library").click()
        other.get_by_role("button", name="Forget key").click()
        expect(other.get_by_role("dialog", name="This library asks for a key")).to_be_visible()
        assert key not in other.evaluate("JSON.stringify([localStorage, sessionStorage])")
