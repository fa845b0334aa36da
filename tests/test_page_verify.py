"""The page's Verify view in a browser: quotations coloured by verdict, their sources and differences."""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO

from browser import hold, pictured, serious, waiting
from conftest import SEEDS
from docx import Document
from playwright.sync_api import Error, Page, expect
from test_page_library import drop

DRAFT = (SEEDS / "draft.md").read_text(encoding="utf-8")


def verified(page: Page, site: str, text: str = DRAFT) -> None:
    page.goto(f"{site}/verify")
    page.get_by_role("textbox", name="Draft").fill(text)
    page.keyboard.press("Control+Enter")
    page.locator(".draft").wait_for()


def test_every_quotation_bears_its_verdict_in_words_too(page: Page, seed_site: str) -> None:
    verified(page, seed_site)
    group = page.get_by_role("group", name="Quotations by verdict")
    expect(group.get_by_role("button")).to_have_text(
        [
            re.compile(rf"\s*{text}\s*")
            for text in ("18.*", "8.*Exact", "3.*Differs in typography", "4.*Al", "3.*Not")
        ]
    )
    expect(page.locator("mark[role=button]")).to_have_count(18)
    marks = page.locator("mark[role=button]")
    expect(marks.nth(0)).to_contain_text("75 years have passed")
    expect(page.locator(".tag")).to_have_count(18)
    expect(page.locator("#quotation-3 .tag")).to_have_text(re.compile("Altered"))
    page.locator("#quotation-3").click()
    pictured(page, "verified")


def test_the_draft_is_shown_as_it_was_written(page: Page, seed_site: str) -> None:
    wide = "🛳 Ngài nói 𝒜: “75 years have passed since the Democratic Republic of Vietnam” 🇻🇳."
    verified(page, seed_site, wide)
    expect(page.locator("mark")).to_have_text(
        re.compile("^75 years have passed since the Democratic Republic of Vietnam\\s+Exact$")
    )
    shown = page.locator(".draft p").evaluate(
        "(one) => { one.querySelectorAll('.tag').forEach((tag) => tag.remove()); return one.textContent; }"
    )
    assert shown == wide


def test_a_quotation_unfolds_its_source_and_the_words_that_differ(
    page: Page, seed_site: str
) -> None:
    verified(page, seed_site)
    page.locator("#quotation-12").click()
    details = page.get_by_role("region", name="Quotation 12: Altered")
    expect(details.locator(".diff del")).to_have_text("the source has valuable")
    expect(details.locator(".diff ins")).to_have_text("the draft secret")
    expect(details.locator(".words")).to_contain_text("gave valuable instruction")
    assert serious(page) == []
    details.get_by_role("button", name="Open").click()
    expect(page.locator("#reader mark").first).to_contain_text("gave valuable instruction")


def test_remarks_on_ellipses_brackets_and_attributions_are_told(page: Page, seed_site: str) -> None:
    verified(page, seed_site)
    page.locator("#quotation-17").click()
    expect(page.locator(".details .notes")).to_contain_text("leaves out “and delegates”.")
    page.locator("#quotation-8").click()
    wrong = page.locator(".details .notes [data-wrong]")
    expect(wrong).to_contain_text("Attributed to Kim Jong Un: that does not agree")
    expect(page.locator(".details")).to_have_count(1)


def test_a_verdict_filters_and_keys_go_through_what_is_left(page: Page, seed_site: str) -> None:
    verified(page, seed_site)
    page.get_by_role("button", name="3 Not found").click()
    expect(page.locator("mark[role=button]")).to_have_count(3)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#quotation-10")).to_be_focused()
    expect(page.locator("#quotation-10")).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".details")).to_contain_text("What comes nearest")
    page.keyboard.press("Enter")
    expect(page.locator(".details")).to_have_count(0)
    page.get_by_role("button", name="18 Quotations").click()
    expect(page.locator("mark[role=button]")).to_have_count(18)


def test_the_source_is_opened_and_saved_by_keys_and_its_other_places_are_named(
    page: Page, seed_site: str
) -> None:
    verified(page, seed_site, "He is called an “eminent leader of the Lao people” there.")
    page.keyboard.press("j")
    details = page.locator(".details")
    expect(details.locator(".also a")).to_have_count(1)
    page.keyboard.press("s")
    expect(details.get_by_role("button", name="Saved")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator(".text mark[data-place]")).to_have_text("eminent leader of the Lao people")
    place = page.url
    details.locator(".also a").click()
    page.wait_for_url(lambda url: url != place)


def test_a_draft_in_another_encoding_is_read(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/verify")
    choose = page.get_by_label("Draft", exact=True).locator("nth=-1")
    draft = "Er schrieb: „Größe hängt von Äpfeln ab“, und ging.".encode("cp1252")
    choose.set_input_files({"name": "alt.txt", "mimeType": "text/plain", "buffer": draft})
    expect(page.locator("mark")).to_contain_text("Größe hängt von Äpfeln ab")


def test_a_draft_outlives_a_reload(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/verify")
    page.get_by_role("textbox", name="Draft").fill("Not verified yet.")
    page.reload()
    expect(page.get_by_role("textbox", name="Draft")).to_have_value("Not verified yet.")


def test_that_the_service_is_away_is_told_in_words(page: Page, seed_site: str) -> None:
    page.route("**/v1/verify", lambda route: route.abort())
    page.goto(f"{seed_site}/verify")
    page.get_by_role("textbox", name="Draft").fill("“Any words at all” are here.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").locator("h2")).to_have_text("The service cannot be reached.")


def test_a_dropped_draft_is_verified_and_not_added(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/verify")
    page.get_by_role("textbox", name="Draft").wait_for()
    drop(page, "chapter.txt", "He said “stole the world limelight” and left.")
    expect(page.locator("mark")).to_contain_text("stole the world limelight")
    expect(page.locator(".view-head")).to_contain_text("chapter.txt")
    page.get_by_role("link", name="Library").click()
    expect(page.locator(".document").first).to_be_visible()
    expect(page.get_by_role("region", name="Being added")).to_have_count(0)
    page.go_back()
    expect(page.locator("mark")).to_have_count(1)  # it stays while other views are shown
    page.get_by_role("button", name="Edit the draft").click()
    expect(page.get_by_role("textbox", name="Draft")).to_have_value(re.compile("^He said"))


def test_markup_of_a_draft_is_text(page: Page, seed_site: str) -> None:
    verified(
        page, seed_site, "<script>window.ran = 1</script> “<img src=x onerror=ran=1> no such words”"
    )
    assert page.evaluate("window.ran") is None
    expect(page.locator(".draft")).to_contain_text("<script>")


def test_a_draft_without_quotations_says_so(page: Page, seed_site: str) -> None:
    verified(page, seed_site, "Nothing “at all”.")
    expect(page.locator(".state-note")).to_contain_text("1 short one of fewer than three words")


def test_a_word_file_is_read_by_the_service(page: Page, seed_site: str) -> None:
    written = BytesIO()
    document = Document()
    document.add_paragraph("He stole “the world limelight” that year.")
    document.save(written)
    page.goto(f"{seed_site}/verify")
    choose = page.get_by_label("Draft", exact=True).locator("nth=-1")
    choose.set_input_files({"name": "a.docx", "mimeType": "", "buffer": written.getvalue()})
    expect(page.locator("mark")).to_have_text(re.compile("^the world limelight\\s+Exact$"))


def test_of_two_drafts_the_one_taken_last_is_shown(page: Page, seed_site: str) -> None:
    held = hold(page, "**/v1/drafts")
    page.goto(f"{seed_site}/verify")
    page.get_by_role("textbox", name="Draft").wait_for()
    drop(page, "first.docx", "no archive")
    late = waiting(page, held)
    drop(page, "second.md", "They were “in the world limelight” again.")
    expect(page.locator("mark")).to_contain_text("in the world limelight")
    with suppress(Error):  # the page has given it up
        late.fulfill(json={"text": "An older one."})
    page.wait_for_timeout(300)
    expect(page.locator(".draft")).to_contain_text("They were")


def test_a_file_that_is_no_draft_is_refused_by_its_name(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/verify")
    page.get_by_role("textbox", name="Draft").wait_for()
    drop(page, "broken.docx", "no archive")
    told = page.locator(".toast")
    expect(told).to_contain_text("broken.docx was not read")
    expect(told).not_to_contain_text("quaere-draft")
