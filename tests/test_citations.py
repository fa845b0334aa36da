"""A citation opens at its words: offsets, selectors, links, neighbours, ids."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import marked_files
import pytest
from conftest import MakeEngine, RunQa, add

from index.errors import PassageMissing
from index.types import Metadata, PassageId
from qa.citation import cite
from qa.engine import Engine
from qa.links import at_words
from qa.types import Citation, Pinpoint

ASKED = "When did Kim Il Sung first meet Kaysone Phomvihane?"


def all_cited(engine: Engine) -> list[Citation]:
    return [found.citation for found in engine.ask(ASKED, limit=100).passages]


def test_selectors_find_the_words_in_the_text(seed_engine: Engine) -> None:
    cited = all_cited(seed_engine)
    assert len(cited) > 20
    for one in cited:
        text = seed_engine.text(one.document.id)
        words, offsets = one.selectors
        assert text[offsets.start : offsets.end] == words.exact == one.quote
        assert words.prefix == text[max(0, one.start - 32) : one.start]
        assert words.suffix == text[one.end : one.end + 32]


def test_locations_have_the_names_other_services_use(seed_engine: Engine) -> None:
    for one in all_cited(seed_engine):
        (location,) = one.locations
        assert (location.type, one.links.web) == ("char_location", None)
        assert location.start_char_index == one.start
        assert location.end_char_index == one.end
        assert one.links.reader == f"/documents/{one.document.id}#c={one.start}-{one.end}"
        assert one.links.file == Path(one.document.path).as_uri()


def test_the_best_sentence_lies_inside_the_words_cited(seed_engine: Engine) -> None:
    for one in all_cited(seed_engine):
        best = one.best_sentence
        assert best
        assert one.start <= best.start < best.end <= one.end
        assert one.quote[best.start - one.start : best.end - one.start] == best.quote


def test_a_pdf_opens_at_the_page_and_is_cited_by_its_printed_number(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    made = marked_files.pdf(marked_files.book(1))
    (tmp_path / "report.pdf").write_bytes(made.data)
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, tmp_path / "report.pdf")
    cited = [found.citation for found in engine.ask("words", limit=100).passages]
    assert cited
    for one in cited:
        at = one.locator
        assert one.links.file.endswith(f"report.pdf#page={at.page_start}")
        assert one.pinpoint
        assert one.pinpoint.label == "page"
        assert one.pinpoint.locator.split("-")[0] == (at.page_label_start or str(at.page_start))
        pages = one.locations[1]
        assert pages.type == "page_location"
        assert (pages.start_page_number, pages.end_page_number - 1) == (at.page_start, at.page_end)


def test_html_opens_at_the_words_in_the_file_and_at_its_address(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    page = tmp_path / "a page.html"
    page.write_text("<p>Close-knit, loyal friendship lasts. It grew in 1950, they say.</p>" * 2)
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, page)
    engine.edit(page, Metadata(url="https://example.org/a#top"))
    cited = engine.ask("friendship").passages[0].citation
    assert cited.links.file.startswith(page.as_uri() + "#:~:text=Close%2Dknit%2C%20loyal")
    assert cited.links.web
    assert cited.links.web.startswith("https://example.org/a#top:~:text=Close%2Dknit%2C%20loyal")


@pytest.mark.parametrize(
    ("quote", "first", "last"),
    [
        ("Two words", "Two words", None),
        ("a b c d e f g h i j k l m n", "a b c d e", "j k l m n"),
        ("Heading\n\nThe text", "Heading", "The text"),
        ("  spaced   out ", "spaced out", None),
    ],
)
def test_text_fragments_name_all_words_or_the_edges(
    quote: str, first: str, last: str | None
) -> None:
    fragment = re.fullmatch(r"u#:~:text=([^,&-]+)(?:,([^,&-]+))?", at_words("u", quote))
    assert fragment
    assert unquote(fragment[1]) == first
    assert (unquote(fragment[2]) if fragment[2] else None) == last


def test_a_passage_is_found_by_its_id_and_so_are_its_neighbours(seed_engine: Engine) -> None:
    by_place = sorted(all_cited(seed_engine), key=lambda one: (one.document.path, one.start))
    for place, one in enumerate(by_place):
        found = seed_engine.cite(one.id)
        assert (found.document, found.start, found.end) == (one.document, one.start, one.end)
        around = seed_engine.neighbours(one.id)
        same = [other for other in by_place if other.document == one.document]
        here = same.index(one)
        assert [other.id for other in around.before] == [other.id for other in same[:here][-1:]]
        assert [other.id for other in around.after] == [
            other.id for other in same[here + 1 : here + 2]
        ]
        assert place < len(by_place)


def test_an_id_no_passage_has_is_explained(seed_engine: Engine, run_qa: RunQa) -> None:
    with pytest.raises(PassageMissing, match="no passage 0000"):
        seed_engine.cite("0000")
    with pytest.raises(PassageMissing):
        seed_engine.neighbours("")


def test_words_within_a_passage_are_cited_by_their_own_lines(
    tmp_path: Path, make_engine: MakeEngine, tiny_model: Path
) -> None:
    lines = [f"Sentence number {number} stands here." for number in range(1, 6)]
    (tmp_path / "notes.txt").write_bytes("\r\n\r\n".join(lines).encode())
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, tmp_path / "notes.txt")
    text = engine.text(engine.documents()[0].id)
    (passage,) = engine.snapshot().placed([PassageId(1)])
    words = "Sentence number 3 stands here.\r\n\r\nSentence number 4"
    start = text.index(words)
    cited = cite(passage, (start, start + len(words)))
    assert (cited.locator.line_start, cited.locator.line_end) == (5, 7)
    assert cited.pinpoint == Pinpoint("5-7", "line")
    whole = cite(passage)
    assert whole.locator == passage.passage.locator
