"""The page's reader, in a browser: text, a long text, a PDF's pages, an HTML file that means harm."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from browser import PHONE, clipboard, hold, pictured, waiting
from conftest import add
from live_server import live
from playwright.sync_api import Locator, Page, expect
from reportlab.pdfgen.canvas import Canvas

from qa.engine import Engine
from qa.settings import Settings

HOSTILE = """<html><head><title>Ferry times</title>
<meta property="og:url" content="https://example.org/ferry"></head><body><h1>Ferry times</h1>
<script>window.ran = 1</script>
<p>The ferry to Korpo &lt;script&gt;window.ran = 2&lt;/script&gt; leaves at nine
&lt;img src=x onerror="window.ran = 3"&gt; from the outer pier.</p>
<h2>In winter</h2><p>Then it leaves at ten, when the ice allows.</p></body></html>"""
NEEDLE = "Ottoline wrote 𝒜 letter 🛳 about the zeppelin over Skagen."
LONG_CHARACTERS = 2_000_000
WORDS = [
    "harbour",
    "ice",
    "ship",
    "trade",
    "winter",
    "captain",
    "coal",
    "flag",
    "pier",
    "north",
    "island",
    "storm",
    "lamp",
]
TO_THE_END = "one => one.scrollTo(0, one.scrollHeight)"
ARABIC = "السفينة التي وصلت إلى الميناء في الصباح كانت تحمل القمح والتمر من البصرة."


def long_text() -> str:
    """Two million characters in one line to a paragraph, few sentences: few passages to index."""
    line = "harbour ice ship trade winter " * 300
    lines = [f"{number} 🛳 {line}" for number in range(LONG_CHARACTERS // len(line))]
    lines[len(lines) // 2] = NEEDLE
    return "\n\n".join(lines)


def various_text() -> str:
    """Too long for all of it to stay on the page; two of its passages, far apart, tell of the same."""
    words = random.Random(3)
    lines = [" ".join(words.choices(WORDS, k=200)) + "." for _ in range(330)]
    for at in (20, 300):
        lines[at] = f"Ottoline saw the zeppelin of Skagen in the year {at}."
    return "\n\n".join(lines)


def report() -> bytes:
    """A PDF of three pages with an outline."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setTitle("Harbour report")
    for page in range(1, 4):
        canvas.bookmarkPage(f"p{page}")
        canvas.addOutlineEntry(f"Chapter {page}", f"p{page}")
        words = (
            "refused to leave the icebreaker Sampo in March" if page == 2 else "waited for the thaw"
        )
        canvas.drawString(72, 700, f"Captain number {page} {words}.")
        if page == 3:
            canvas.drawString(72, 680, "In May the first boats came back to the old har-")
            canvas.drawString(72, 666, "bour and everybody stood on the quay to see them land.")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@dataclass(frozen=True)
class Site:
    """A service, and its documents' ids and texts by their files' names."""

    address: str
    ids: dict[str, int]
    texts: dict[str, str]

    def at(self, name: str, words: str) -> str:
        """The address of words of a document."""
        start = self.texts[name].index(words)
        return f"{self.address}/documents/{self.ids[name]}#c={start}-{start + len(words)}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("reader") / "docs"
    folder.mkdir()
    (folder / "ferry.html").write_text(HOSTILE, encoding="utf-8")
    (folder / "long.txt").write_text(long_text(), encoding="utf-8")
    (folder / "report.pdf").write_bytes(report())
    (folder / "various.txt").write_text(various_text(), encoding="utf-8")
    (folder / "arabic.txt").write_text(ARABIC, encoding="utf-8")
    (folder / "tides.csv").write_text("1920,12\n1921,14\n", encoding="utf-8")
    settings = Settings(
        library=folder.parent / "library", cache=cache, device="cpu", model=str(tiny_model)
    )
    with closing(Engine(settings)) as engine:
        assert not add(engine, folder).failed
        ids = {one.path.name: one.id for one in engine.documents()}
        texts = {name: engine.text(id_) for name, id_ in ids.items()}
        with live(engine) as address:
            yield Site(address, ids, texts)


def marked(page: Page, kind: str = "place") -> str:
    """The words that bear a mark in the text."""
    parts = page.locator(f".text mark[data-{kind}]")
    parts.first.wait_for()
    return "".join(part.evaluate("(one) => one.textContent") for part in parts.all())


def test_to_lam_leads_to_the_passage_that_writes_it_otherwise(page: Page, seed_site: str) -> None:
    page.goto(seed_site)
    page.get_by_role("searchbox", name="Question").fill("To Lam")
    page.keyboard.press("Enter")
    card = page.locator(".card").filter(has=page.locator("mark", has_text="Tô Lâm")).first
    card.get_by_role("button", name="Open").click()
    reader = page.get_by_role("complementary", name="Reader")
    best = reader.locator("mark[data-best][data-place]").first
    expect(best).to_contain_text("Tô Lâm")
    expect(best).to_be_in_viewport()
    expect(reader.get_by_role("region", name="Document")).to_be_focused()
    assert re.search(r"#document=\d+&c=\d+-\d+$", page.url)
    page.keyboard.press("Escape")
    expect(reader).to_be_hidden()
    expect(card.get_by_role("button", name="Open")).to_be_focused()
    page.go_back()
    expect(best).to_be_in_viewport()


def test_all_passages_found_are_marked_and_stepped_through(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.locator(".card").first.wait_for()
    page.keyboard.press("o")
    stepper = page.get_by_role("group", name="Passages found in this document")
    expect(stepper).to_contain_text("of 2")
    place, other = marked(page), page.locator(".text mark:not([data-place])").first.inner_text()
    assert other not in place
    page.keyboard.press("n")
    expect(page.locator(".text mark[data-place]").first).to_contain_text(other[:20])
    current = page.locator(".card[data-current]")
    expect(current).to_have_attribute("data-reading", "")
    before = int(str(current.get_attribute("id")).removeprefix("answer-"))
    page.keyboard.press("j")  # what is read follows what is chosen
    following = page.locator(f"#answer-{before + 1}")
    expect(following).to_be_focused()
    expect(following).to_have_attribute("data-reading", "")


def test_an_address_with_offsets_opens_the_words_alone(page: Page, site: Site) -> None:
    page.goto(site.at("ferry.html", "at nine"))
    assert marked(page) == "at nine"
    expect(page.get_by_role("region", name="Document")).to_be_focused()
    expect(page.locator(".reader h2")).to_have_text("Ferry times")
    expect(page.get_by_role("main")).to_be_hidden()


def test_a_script_in_a_document_is_text_and_does_not_run(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/?q=ferry+to+Korpo+from+the+outer+pier")
    page.locator(".card").filter(has_text="Korpo").first.get_by_role("button", name="Open").click()
    expect(page.locator(".text")).to_contain_text("<script>window.ran = 2</script>")
    expect(page.locator(".text")).to_contain_text('<img src=x onerror="window.ran = 3">')
    assert page.evaluate("window.ran") is None
    assert page.locator(".text script, .text img, .card img").count() == 0


def test_the_outline_leads_to_its_headings(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/documents/{site.ids['ferry.html']}")
    page.get_by_role("button", name="Outline").click()
    outline = page.get_by_role("navigation", name="Outline")
    expect(outline.get_by_role("button")).to_have_text(["Ferry times", "In winter"])
    expect(page.locator(".text").get_by_role("heading")).to_have_text(["Ferry times", "In winter"])
    outline.get_by_role("button", name="In winter").click()
    expect(page.locator(".text").get_by_text("In winter")).to_be_in_viewport()


def test_a_long_text_opens_at_its_place_and_shows_only_what_is_near(page: Page, site: Site) -> None:
    page.goto(site.at("long.txt", NEEDLE))
    assert marked(page) == NEEDLE
    expect(page.locator(".text mark").first).to_be_in_viewport()
    assert page.locator(".text p").count() < 30  # of more than two hundred
    page.locator(".reader-body").evaluate("(one) => one.scrollTo(0, one.scrollHeight)")
    last = site.texts["long.txt"].rstrip()[-20:]
    expect(page.locator(".text p").last).to_contain_text(last)
    assert page.locator(".text p").count() < 60


def test_the_next_passage_comes_into_sight_however_far_it_is(page: Page, site: Site) -> None:
    document = page.request.get(f"{site.address}/v1/documents/{site.ids['various.txt']}").json()
    asked = {"q": "Ottoline zeppelin Skagen", "path": document["path"]}
    page.goto(f"{site.address}/?{urlencode(asked)}")
    card = page.locator(".card").filter(has_text="in the year 20.").first
    card.get_by_role("button", name="Open").click()
    place = page.locator(".text mark[data-place]").filter(has_text="Ottoline")
    expect(place).to_contain_text("20.")
    for _ in range(9):
        if "300." in marked(page):
            break
        page.keyboard.press("n")
        expect(page.locator(".text mark[data-place]").first).to_be_in_viewport()
    expect(place).to_contain_text("300.")
    expect(place).to_be_in_viewport()


def test_text_runs_from_right_to_left_where_it_is_written_so(page: Page, site: Site) -> None:
    page.goto(site.at("arabic.txt", "الميناء"))
    direction = "(one) => getComputedStyle(one).direction"
    assert page.locator(".text p").first.evaluate(direction) == "rtl"


def test_languages_that_are_not_known_are_no_filter(page: Page, site: Site) -> None:
    with page.expect_response("**/v1/library") as told:
        page.goto(site.address)
    languages = [one["language"] for one in told.value.json()["languages"]]
    assert None in languages
    page.get_by_text("Language", exact=True).click()
    expect(page.locator(".panel input[type=checkbox]")).to_have_count(len(languages) - 1)


def test_the_file_itself_and_where_it_came_from_are_a_click_away(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/documents/{site.ids['ferry.html']}")
    head = page.locator(".reader-title")
    web = head.get_by_role("link", name="Web address")
    expect(web).to_have_attribute("href", "https://example.org/ferry")
    with page.context.expect_page(), page.expect_download() as download:
        head.get_by_role("link", name="Original file").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == HOSTILE
    page.goto(site.at("report.pdf", "refused to leave"))
    pdf = page.get_by_role("link", name="Original file")
    expect(pdf).to_have_attribute("href", re.compile(r"/original#page=2$"))


def test_a_selection_is_copied_as_a_quote_with_its_citation(page: Page, site: Site) -> None:
    page.goto(site.at("long.txt", NEEDLE))
    page.locator(".text mark").first.wait_for()
    page.evaluate(
        """() => {
          const text = document.createTreeWalker(document.querySelector(".text mark"), 4).nextNode();
          getSelection().setBaseAndExtent(text, 8, text, text.data.indexOf("about"));
        }"""
    )
    expect(page.get_by_text("Selected: 4 words")).to_be_visible()
    page.get_by_role("button", name="Copy quote").click()
    expect(page.get_by_text("Quote copied, with its citation.").last).to_be_visible()
    assert re.fullmatch(r"“wrote 𝒜 letter 🛳” \(long\.txt, n\.d\., line \d+\)", clipboard(page))


def test_a_pdf_is_shown_by_its_pages_with_the_words_boxed(page: Page, site: Site) -> None:
    words = "refused to leave the icebreaker Sampo"
    page.goto(site.at("report.pdf", words))
    sheet = page.locator(".sheet").nth(1)
    expect(sheet.get_by_role("img", name="Page 2")).to_be_visible()
    box = sheet.locator("rect[data-place]")
    expect(box).to_be_in_viewport()
    assert 0.08 < float(box.get_attribute("y") or 0) < 0.2  # 700 of 842 points up
    asked = list[str]()
    page.on("request", lambda one: asked.append(one.url))
    page.get_by_label("Citation style").select_option("mla")
    page.get_by_role("button", name="Pages").click()
    assert marked(page) == words
    expect(page.get_by_role("button", name="Pages")).to_be_focused()
    assert not [one for one in asked if "/boxes" in one]  # known already
    page.reload()  # the choice is remembered
    assert marked(page) == words


def test_a_pdfs_pages_are_accessible_and_pictured(page: Page, site: Site) -> None:
    page.goto(site.at("report.pdf", "waited for the thaw"))
    page.locator("rect[data-place]").wait_for()
    page.locator(".page-words tspan").first.wait_for()
    pictured(page, "pages")


def place(element: Locator) -> tuple[float, float, float]:
    """Left, right and middle of the height, in pixels."""
    box = element.bounding_box()
    assert box
    return box["x"], box["x"] + box["width"], box["y"] + box["height"] / 2


def test_words_on_a_pdfs_pages_are_selected_where_they_are_seen(page: Page, site: Site) -> None:
    page.goto(site.at("report.pdf", "first"))
    sheet = page.locator(".sheet").nth(2)
    page.wait_for_load_state("networkidle")  # pages that come move what stands below them
    drawn = place(sheet.locator("rect[data-place]"))
    assert place(sheet.locator("tspan", has_text="first")) == pytest.approx(drawn, abs=4)

    left, _, begin = place(sheet.locator("tspan", has_text="back"))
    _, right, end = place(sheet.locator("tspan", has_text="everybody"))
    page.mouse.move(left + 1, begin)
    page.mouse.down()
    page.mouse.move(right - 1, end, steps=5)
    page.mouse.up()
    expect(page.get_by_text("Selected: 7 words")).to_be_visible()  # one of them in two lines
    page.get_by_role("button", name="Copy quote").click()
    expect(page.get_by_text("Quote copied, with its citation.").last).to_be_visible()
    quote = "back to the old harbour and everybody"
    assert quote in site.texts["report.pdf"]
    assert clipboard(page).startswith(f"“{quote}” (")
    assert clipboard(page).endswith("p. 3)")


def test_who_reads_on_before_a_pages_marks_are_here_is_not_called_back(
    page: Page, site: Site
) -> None:
    held = hold(page, re.compile(r"/pages/1/boxes\?start=\d+&end=\d+$"))
    page.goto(site.at("report.pdf", "Captain number 1"))
    first, last = page.locator(".sheet").first, page.locator(".sheet").last
    first.locator("tspan").first.wait_for()
    page.locator(".reader-body").evaluate(TO_THE_END)
    last.locator("tspan").first.wait_for()
    waiting(page, held).continue_()
    page.wait_for_load_state("networkidle")
    expect(last).to_be_in_viewport()
    expect(first).not_to_be_in_viewport()


def test_what_is_selected_stays_however_far_one_reads_on(page: Page, site: Site) -> None:
    page.goto(site.at("report.pdf", "Captain number 1"))
    name = page.locator(".sheet").first.locator("tspan", has_text="Captain")
    body = page.locator(".reader-body")
    name.wait_for()
    body.evaluate(TO_THE_END)
    expect(name).to_have_count(0)
    body.evaluate("one => one.scrollTo(0, 0)")
    name.dblclick()
    body.evaluate(TO_THE_END)
    page.wait_for_timeout(500)  # more than it took before
    expect(name).to_have_count(1)
    expect(page.get_by_text("Selected: 1 word")).to_be_visible()


def test_a_document_that_is_not_there_is_told(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/documents/4711")
    expect(page.get_by_role("alert").filter(has_text="holds no document 4711")).to_be_visible()
    page.goto(f"{site.address}/library#document=4711")
    page.locator("#reader .state").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()


def test_a_style_chosen_in_the_reader_is_chosen_beside_it(page: Page, seed_site: str) -> None:
    page.goto(f"{seed_site}/?q=To+Lam")
    page.locator(".card").first.wait_for()
    page.keyboard.press("o")
    answers, reader = (
        page.locator(part).get_by_label("Citation style") for part in ("main", "aside")
    )
    answers.select_option("mla")
    expect(reader).to_have_value("mla")
    for style in ("ieee", "mla"):  # one anew, and one that was chosen before
        reader.select_option(style)
        expect(answers).to_have_value(style)


def test_on_a_phone_the_reader_covers_the_answers(page: Page, seed_site: str) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{seed_site}/?q=To+Lam")
    page.locator(".card").first.get_by_role("button", name="Open").click()
    reader = page.get_by_role("complementary", name="Reader")
    page.locator(".text mark").first.wait_for()
    box = reader.bounding_box()
    assert box == {"x": 0, "y": 0, "width": PHONE[0], "height": PHONE[1]}
    assert page.locator("#view").evaluate("(one) => one.inert")
    page.go_back()
    expect(reader).to_be_hidden()
    expect(page.locator(".card").first).to_be_visible()
    assert not page.locator("#view").evaluate("(one) => one.inert")
