"""Every passage says where it stands: pages, slides, rows, headings, paragraphs, lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.locate import Locations
from index.segment import Outline, paragraphs, segment
from index.sentences import SentenceSplitter
from index.types import Locator, Mark, Segment, SourceText
from qa import citation

SPLITTER = SentenceSplitter()


def words(texts: list[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def cut(content: SourceText, max_tokens: int = 40) -> list[Segment]:
    headings = tuple(mark.start for mark in content.marks if mark.kind == "heading" and mark.label)
    outline = Outline(content.breaks, headings)
    return segment(content.text, SPLITTER, words, max_tokens, outline=outline)


def locations(content: SourceText) -> Locations:
    return Locations(content, [start for start, _ in paragraphs(content.text)])


def located(content: SourceText, quote: str) -> Locator:
    start = content.text.index(quote)
    return locations(content).locator(start, start + len(quote))


TEXT = (
    "Preface\n\nTo the reader.\n\nMethods\n\nWe grew rice.\n\nThen we ate it.\n\n"
    "Soil\n\nIt was wet.\n\nRice is a grass."
)
PAPER = SourceText(
    TEXT,
    marks=(
        Mark(0, "page", 1, "xii"),
        Mark(0, "heading", 1, "Preface"),
        Mark(TEXT.index("Methods"), "page", 2, "1"),
        Mark(TEXT.index("Methods"), "heading", 1, "Methods"),
        Mark(TEXT.index("Soil"), "heading", 2, "Soil"),
        Mark(TEXT.index("Rice is"), "part", 1, "footnote 1"),
    ),
)


def test_pages_are_counted_and_named_as_printed() -> None:
    found = located(PAPER, "To the reader.")
    assert (found.page_start, found.page_end, found.page_label_start) == (1, 1, "xii")
    across = located(PAPER, "To the reader.\n\nMethods\n\nWe grew rice.")
    assert (across.page_start, across.page_end) == (1, 2)
    assert (across.page_label_start, across.page_label_end) == ("xii", "1")


def test_headings_are_a_path_and_paragraphs_are_counted_under_them() -> None:
    assert located(PAPER, "Then we ate it.").headings == ("Methods",)
    assert located(PAPER, "Then we ate it.").paragraph_start == 2
    soil = located(PAPER, "It was wet.")
    assert (soil.headings, soil.paragraph_start) == (("Methods", "Soil"), 1)


def test_a_passage_that_begins_with_its_headings_is_located_by_what_they_head() -> None:
    found = located(PAPER, "Methods\n\nWe grew rice.\n\nThen we ate it.")
    assert (found.headings, found.paragraph_start, found.paragraph_end) == (("Methods",), 1, 2)


def test_a_part_has_its_own_count() -> None:
    note = located(PAPER, "Rice is a grass.")
    assert (note.part, note.paragraph_start) == ("footnote 1", 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_the_files_own_and_only_where_the_text_is_the_file(newline: str) -> None:
    text = newline.join(["One.", "", "Two", "and a half."])
    last = locations(SourceText(text, is_the_file=True)).locator(len(text) - 5, len(text))
    assert (last.line_start, last.line_end) == (4, 4)
    assert locations(SourceText(text)).locator(0, 4).line_start is None


@pytest.mark.parametrize(
    ("locator", "place"),
    [
        (Locator(line_start=12, line_end=14), "a.txt:12-14"),
        (Locator(line_start=12, line_end=12), "a.txt:12"),
        (Locator(page_start=14, page_end=14, page_label_start="xii", page_label_end="xii"),
         "a.txt, page xii (PDF page 14)"),
        (Locator(page_start=14, page_end=15, page_label_start="14", page_label_end="15"),
         "a.txt, pages 14-15"),
        (Locator(page_start=3, page_end=3), "a.txt, page 3"),
        (Locator(slide_start=7, slide_end=7, part="speaker notes"),
         "a.txt, slide 7, speaker notes"),
        (Locator(row_start=2, row_end=9), "a.txt, rows 2-9"),
        (Locator(headings=("A", "Methods"), paragraph_start=3, paragraph_end=3),
         "a.txt, § Methods, ¶ 3"),
        (Locator(paragraph_start=3, paragraph_end=5), "a.txt, ¶ 3-5"),
        (Locator(part="footnote 3", paragraph_start=1, paragraph_end=1), "a.txt, footnote 3"),
        (Locator(), "a.txt"),
    ],
)  # fmt: skip
def test_places_are_said_as_people_say_them(locator: Locator, place: str) -> None:
    assert citation.place("a.txt", locator) == place


SENTENCE = st.lists(st.sampled_from(["rice", "Hanoi", "grew", "1965", "Tô"]), min_size=1).map(
    lambda row: "It " + " ".join(row) + "."
)
PAGES = st.lists(st.lists(SENTENCE, min_size=1, max_size=4), min_size=1, max_size=5)


@given(PAGES, st.sampled_from([" ", "\n\n"]), st.integers(3, 60))
def test_no_passage_crosses_a_pages_end_unless_a_sentence_does(
    pages: list[list[str]], between: str, limit: int
) -> None:
    texts = [" ".join(sentences) for sentences in pages]
    text = between.join(texts)
    starts = [sum(len(t) + len(between) for t in texts[:n]) for n in range(len(texts))]
    marks = tuple(Mark(start, "page", n) for n, start in enumerate(starts, start=1))
    content = SourceText(text, marks=marks, breaks=tuple(starts))
    found = cut(content, limit)
    where = locations(content)
    for passage in found:
        locator = where.locator(passage.start, passage.end)
        assert text[passage.start : passage.end] in texts[locator.page_start - 1]
        assert locator.page_start == locator.page_end
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = "".join("".join(text[p.start : p.end].split()) for p in found)
    assert covered == "".join(text.split())


def test_a_sentence_over_a_pages_end_is_whole_and_both_pages_are_cited() -> None:
    text = "It rained. The river rose over its banks and the field. Then it fell."
    turn = text.index("banks")
    content = SourceText(text, marks=(Mark(0, "page", 1), Mark(turn, "page", 2)), breaks=(0, turn))
    found = [text[p.start : p.end] for p in cut(content)]
    assert found == ["It rained. The river rose over its banks and the field.", "Then it fell."]
    assert located(content, found[0]).page_end == 2
    assert located(content, found[1]).page_start == 2


ROWS = st.lists(
    st.lists(st.from_regex(r"[A-Za-z0-9.$]{1,8}( [a-z]{1,8}\.)?", fullmatch=True), min_size=2, max_size=5),
    min_size=1, max_size=30,
)  # fmt: skip


@given(ROWS, st.integers(25, 60))
def test_rows_of_a_table_stay_whole(rows: list[list[str]], limit: int) -> None:
    lines = ["\t".join(row) for row in rows]
    text = "Before it.\n\n" + "\n".join(lines) + "\n\nAfter it."
    quotes = [text[p.start : p.end] for p in cut(SourceText(text), limit)]
    shown = [line for quote in quotes for line in quote.split("\n")]
    assert [line for line in shown if "\t" in line] == [line.rstrip() for line in lines]


@given(st.lists(st.text(st.sampled_from("ab\n\r ,"), min_size=1), min_size=1, max_size=9))
def test_rows_of_a_file_are_paragraphs_whatever_they_hold(rows: list[str]) -> None:
    starts, offset = [], 0
    for row in rows:
        starts.append(offset)
        offset += len(row)
    text = "".join(rows)
    found = list(paragraphs(text, Outline(rows=tuple(starts))))
    assert [text[start:end] for start, end in found] == [row.strip() for row in rows if row.strip()]
