"""The page's Ask view, in a browser, over the seeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from browser import ask, clipboard, hold, waiting
from conftest import SEEDS, MakeEngine, add, write
from live_server import live
from playwright.sync_api import Error, Page, Route, expect

from qa.engine import Engine

QUESTION = "Who is the Vietnamese ambassador in Pyongyang?"
MOST_BYTES = 150_000
STORY = (
    "The embassy of Laos in Hanoi was opened by the ambassador on a rainy morning, and many guests "
    "came to see the flag of the country raised over the roof for the first time."
)


@pytest.fixture
def reprinted_site(engine: Engine) -> Iterator[str]:
    folder = write(
        engine.library.parent / "docs",
        first=STORY,
        reprint=STORY,
    )
    assert not add(engine, folder).failed
    with live(engine) as address:
        yield address


@pytest.fixture
def empty_site(tmp_path: Path, make_engine: MakeEngine) -> Iterator[str]:
    with live(make_engine(tmp_path / "library")) as address:
        yield address


def test_a_question_is_answered_with_its_best_sentence_marked(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    expect(page.get_by_role("searchbox", name="Question")).to_be_focused()
    ask(page, QUESTION)
    first = page.locator(".card").first
    expect(first.locator("mark")).to_contain_text("Ambassador")
    expect(first.locator(".about")).to_contain_text("8 October 2025")
    expect(first.locator(".about")).to_contain_text("lines 1–5")
    expect(page).to_have_title(f"{QUESTION} – Quaere")


def test_what_is_shown_stands_in_the_source_character_for_character(
    page: Page, seed_site: str
) -> None:
    page.goto(seed_site)
    ask(page, QUESTION)
    for card in page.locator(".card").all():
        source = (SEEDS / card.locator("h2 a").get_attribute("title").split("/")[-1]).read_text(
            encoding="utf-8"
        )
        for paragraph in card.locator(".words p").all():
            assert paragraph.evaluate("(one) => one.textContent") in source
        assert card.locator("mark").first.evaluate("(one) => one.textContent") in source


def test_the_address_reproduces_the_view_and_the_back_button_works(
    page: Page, seed_site: str
) -> None:
    page.goto(seed_site)
    ask(page, "To Lam")
    ask(page, QUESTION)
    assert page.url == f"{seed_site}/?q=Who+is+the+Vietnamese+ambassador+in+Pyongyang%3F"
    expect(page.locator(".card mark").first).to_contain_text("Ambassador")
    page.go_back()
    expect(page.get_by_role("searchbox", name="Question")).to_have_value("To Lam")
    expect(page.locator(".card").first).to_contain_text("Party General Secretary To Lam")
    page.reload()
    expect(page.locator(".card").first).to_contain_text("Party General Secretary To Lam")
    page.go_back()
    expect(page.locator(".start")).to_be_visible()


def test_filters_are_chips_that_stand_in_the_address(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.get_by_text("Date", exact=True).click()
    page.get_by_label("From").fill("2025-10-09")
    page.wait_for_url(re.compile("from=2025-10-09"))
    expect(page.locator(".card .about").first).to_contain_text("9 October 2025")
    expect(page.locator(".answers-head")).to_contain_text("from 1 document")
    page.get_by_text("Source", exact=True).click()
    page.get_by_label("Title or file").fill("002_")
    page.get_by_role("button", name="002_9ea260c9caa6243a.txt").click()
    expect(page.locator(".state")).to_contain_text("No passage to show")
    page.get_by_role("button", name="Ask without filters").click()
    expect(page.locator(".answers-head")).to_contain_text("from 2 documents")
    assert page.url == f"{seed_site}/?q=To+Lam"


def test_a_citation_is_copied_in_the_style_that_was_chosen(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=first+meeting+with+Kaysone+Phomvihane")
    card = page.locator(".card").first
    card.get_by_role("button", name="Copy citation").click()
    expect(page.get_by_text("Citation copied (APA).").last).to_be_visible()
    assert (
        clipboard(page)
        == "History of Friendship Cemented in Common Struggle for Socialism. (n.d.)."
    )
    page.get_by_label("Citation style").select_option("mla")
    page.reload()
    expect(page.get_by_label("Citation style")).to_have_value("mla")
    page.keyboard.press("c")
    expect(page.get_by_text("Citation copied (MLA).").last).to_be_visible()
    assert "“History of Friendship" in clipboard(page)


def test_a_quote_is_copied_with_its_citation_and_saved_with_a_way_back(
    page: Page, seed_site: str
) -> None:
    page.request.delete(f"{seed_site}/v1/notebooks/page")  # which other tests may have left
    page.goto(f"{seed_site}/?q=first+meeting+with+Kaysone+Phomvihane")
    page.wait_for_selector(".card")
    page.keyboard.press("q")
    expect(page.get_by_text("Quote copied, with its citation.").last).to_be_visible()
    assert re.fullmatch(
        r"“History of Friendship[^”].*” \(.+, n\.d\., lines? [\d–-]+\)", clipboard(page), re.S
    )
    page.keyboard.press("s")
    expect(page.get_by_role("link", name="Notebook 1 saved")).to_be_visible()
    page.reload()
    expect(page.locator(".card").first.get_by_role("button", name="Saved")).to_be_visible()
    page.locator(".card").first.get_by_role("button", name="Saved").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("link", name="Notebook 1 saved")).to_be_visible()


def test_keys_lead_through_the_answers(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.wait_for_selector(".card")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#answer-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#answer-1")).to_be_focused()
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Question")
    expect(field).to_be_focused()
    page.keyboard.type("jok?")
    expect(field).to_have_value("jok?")  # letters are text in a field
    page.locator("#answer-1").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.get_by_label("Single letters are shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.locator("#answer-1").focus()
    page.keyboard.press("j")
    expect(page.locator("#answer-1")).to_be_focused()


def test_why_a_passage_stands_there_is_told_in_words(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.get_by_text("Why this passage").first.click()
    rows = page.locator(".why").first
    expect(rows.get_by_text("Means what was asked")).to_be_visible()
    expect(rows.locator("meter").first).to_have_attribute("aria-label", "Means what was asked")
    expect(rows.locator(".sum")).to_contain_text("0.9")


def test_what_is_wrong_is_told_with_its_remedy(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=%3F")
    told = page.get_by_role("alert").filter(has_text="The question holds no word.")
    expect(told.locator("h2")).to_be_visible()
    expect(page.get_by_text("Ask something in plain words")).to_be_visible()


def test_a_phrase_that_stands_nowhere_is_told(page: Page, seed_site: str) -> None:
    page.goto(f'{seed_site}/?q="zeppelins+of+gold"')
    expect(page.get_by_text("word for word; these come nearest")).to_be_visible()


def test_an_empty_library_says_how_to_fill_it(page: Page, empty_site: str) -> None:
    page.goto(f"{empty_site}/?q=anything")
    expect(page.get_by_role("heading", name="There is nothing to ask yet")).to_be_visible()
    expect(page.get_by_text("qa add FOLDER")).to_be_visible()
    page.get_by_role("link", name="Quaere").click()
    expect(page.get_by_role("heading", name="There is nothing to ask yet")).to_be_visible()
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.get_by_role("button", name="Add files")).to_be_visible()


def test_reprints_are_named_and_lead_to_their_places(page: Page, reprinted_site: str) -> None:
    page.goto(f"{reprinted_site}/?q=Who+opened+the+embassy+of+Laos")
    also = page.locator(".also").first
    expect(also).to_contain_text("Also at")
    also.get_by_role("link").click()
    expect(page.locator(".reader h2")).to_have_text(re.compile("first|reprint"))
    expect(page.locator(".text mark[data-place]")).to_contain_text("The embassy of Laos")


def test_of_many_other_places_all_but_the_first_are_folded(page: Page, reprinted_site: str) -> None:
    def repeated(route: Route) -> None:
        answer = route.fetch().json()
        answer["passages"][0]["also_at"] *= 8
        route.fulfill(json=answer)

    page.route("**/v1/ask", repeated)
    page.goto(f"{reprinted_site}/?q=Who+opened+the+embassy+of+Laos")
    also = page.locator(".also").first
    also.wait_for()
    expect(also.get_by_role("link")).to_have_count(5)
    also.get_by_text("3 more places").click()
    expect(also.get_by_role("link")).to_have_count(8)


def test_words_that_their_context_may_turn_are_shown_with_it(page: Page, seed_site: str) -> None:
    def turned(route: Route) -> None:
        answer = route.fetch().json()
        sentence = {"start": 0, "end": 9, "quote": "<b>It is not true that</b>"}
        reason = {"kind": "negation", "where": "before", "words": "not true"}
        answer["passages"][0]["context"] = {"before": sentence, "after": None, "reasons": [reason]}
        route.fulfill(json=answer)

    page.route("**/v1/ask", turned)
    page.goto(f"{seed_site}/?q=To+Lam")
    note = page.get_by_role("note")
    expect(note).to_contain_text("May read otherwise in its context: what stands before denies")
    expect(note).to_contain_text("<b>It is not true that</b>")


def test_a_late_answer_never_replaces_a_newer_one(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    held = hold(page, "**/v1/ask")
    field = page.get_by_role("searchbox", name="Question")
    for question in ("To Lam", "Kaysone Phomvihane"):
        field.fill(question)
        field.press("Enter")
    waiting(page, held, 2)
    with suppress(Error):  # the page has given it up
        held[0].continue_()
    page.wait_for_timeout(500)
    expect(page.locator(".card")).to_have_count(0)
    held[1].continue_()
    expect(page.locator(".card").first).to_contain_text("Kaysone Phomvihane")


def test_a_repeated_question_is_answered_from_memory(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    ask(page, "To Lam")
    ask(page, QUESTION)
    page.route("**/v1/ask", lambda route: route.abort())
    page.go_back()
    expect(page.locator(".card").first).to_contain_text("To Lam", timeout=2000)


def test_the_same_question_is_asked_again_after_trouble(page: Page, seed_site: str) -> None:
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, json={}))
    page.goto(f"{seed_site}/?q=To+Lam")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/v1/ask")
    page.get_by_role("searchbox", name="Question").press("Enter")
    expect(page.locator(".card").first).to_contain_text("To Lam")


def test_trouble_takes_no_answer_away_that_is_known(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    ask(page, "To Lam")
    page.route("**/v1/ask", lambda route: route.fulfill(status=503, json={}))
    with page.expect_response("**/v1/ask"):
        page.get_by_role("searchbox", name="Question").press("Enter")
    expect(page.locator(".card").first).to_contain_text("To Lam")


def test_more_passages_come_after_those_shown_and_have_the_focus(
    page: Page, seed_site: str
) -> None:
    page.goto(seed_site)
    ask(page, "To Lam")
    page.get_by_role("button", name="More passages").press("Enter")
    expect(page.locator("#answer-6")).to_be_focused()
    assert page.url.endswith("limit=10")
    down = page.evaluate("scrollTo(0, 700), scrollY")
    page.keyboard.press("2")  # the library
    page.locator(".document").first.wait_for()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.locator("#answer-6")).to_be_visible()
    assert page.evaluate("scrollY") == down > 0
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Ask", exact=True).click()  # as it was left
    expect(page.locator("#answer-6")).to_be_visible()
    page.get_by_role("link", name="Quaere").click()
    before = page.locator("section").filter(has=page.get_by_text("Asked before"))
    expect(before.get_by_role("link")).to_have_text(["To Lam"])


def test_the_field_holds_what_the_address_asks(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    ask(page, "To Lam")
    ask(page, QUESTION)
    field = page.get_by_role("searchbox", name="Question")
    field.fill("not asked")
    page.go_back()
    expect(page.locator(".card").first).to_contain_text("Party General Secretary To Lam")
    expect(field).to_have_value("To Lam")


def test_a_date_that_is_typed_is_one_step_back(page: Page, seed_site: str) -> None:
    held = hold(page, "**/v1/library")
    page.goto(f"{seed_site}/?q=To+Lam")
    page.get_by_text("Date", exact=True).click()
    page.get_by_label("From").click(position={"x": 20, "y": 10})
    steps = page.evaluate("history.length")
    page.keyboard.type("10092", delay=20)
    waiting(page, held).continue_()  # what comes meanwhile does not disturb it
    page.get_by_text("dated documents").wait_for()
    page.keyboard.type("025", delay=20)
    page.wait_for_url(re.compile("from=2025-10-09"))
    assert page.evaluate("history.length") == steps + 1


def test_where_the_browser_has_no_clipboard_for_pages_copying_leaves_the_focus(
    page: Page, seed_site: str
) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(f"{seed_site}/?q=To+Lam")
    page.locator(".card").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("c")
    expect(page.locator(".toast")).to_have_text("Citation copied (APA).")
    expect(page.locator("#answer-1")).to_be_focused()


def test_the_page_is_light(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    page.wait_for_selector(".start")
    page.wait_for_load_state("networkidle")
    sent = "performance.getEntries().reduce((sum, one) => sum + (one.transferSize ?? 0), 0)"
    assert 20_000 < page.evaluate(sent) < MOST_BYTES
