"""Where a span of text stands in its source: from a reader's marks to locators. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from index.spans import LINE_END
from index.types import Locator, Mark, SourceText

_WORD = re.compile(r"\w")


class Locations:
    """Everything about a text that locates a passage, ready to be asked many times."""

    def __init__(self, content: SourceText, paragraphs: Sequence[int]) -> None:
        """`paragraphs` are the offsets where paragraphs start, ascending."""
        self._pages = _Numbered(content.marks, "page")
        self._slides = _Numbered(content.marks, "slide")
        self._rows = _Numbered(content.marks, "row")
        self._parts = _Numbered(content.marks, "part")
        self._headings = [mark for mark in content.marks if mark.kind == "heading"]
        self._heading_starts = [mark.start for mark in self._headings]
        self._paths = _paths(self._headings)
        self._all_paragraphs = list(paragraphs)
        self._uncounted = {mark.start for mark in self._headings if mark.label}
        # Nobody counts a rule, a title's underline, or the end of fenced code.
        self._uncounted |= {
            start
            for start, end in pairwise((*paragraphs, len(content.text)))
            if not _WORD.search(content.text, start, end)
        }
        self._paragraphs = [start for start in paragraphs if start not in self._uncounted]
        lines = LINE_END.finditer(content.text) if content.is_the_file else None
        self._line_ends = None if lines is None else [line.end() for line in lines]

    def locator(self, start: int, end: int) -> Locator:
        """The locator of `text[start:end]`."""
        body = self._past_headings(start, end)
        heading = bisect_right(self._heading_starts, body) - 1
        part = self._parts.at(start)
        first_page, last_page = self._pages.at(start), self._pages.at(end - 1)
        paragraphs = self._paragraphs_within(body, end, heading)
        return Locator(
            page_start=first_page.number if first_page else None,
            page_end=last_page.number if last_page else None,
            page_label_start=first_page.label or None if first_page else None,
            page_label_end=last_page.label or None if last_page else None,
            slide_start=_number(self._slides.at(start)),
            slide_end=_number(self._slides.at(end - 1)),
            row_start=_number(self._rows.at(start)),
            row_end=_number(self._rows.at(end - 1)),
            headings=self._paths[heading] if heading >= 0 else (),
            paragraph_start=paragraphs[0],
            paragraph_end=paragraphs[1],
            line_start=self._line(start),
            line_end=self._line(end - 1),
            part=part.label or None if part else None,
        )

    def _past_headings(self, start: int, end: int) -> int:
        """Where what the headings at a passage's beginning head begins; past rules too."""
        while start in self._uncounted:
            following = bisect_right(self._all_paragraphs, start)
            if following == len(self._all_paragraphs) or self._all_paragraphs[following] >= end:
                break
            start = self._all_paragraphs[following]
        return start

    def _paragraphs_within(
        self, start: int, end: int, heading: int
    ) -> tuple[int, int] | tuple[None, None]:
        """The first and last paragraph, counted from the heading or part they stand under."""
        part = self._parts.at(start)
        since = max(self._heading_starts[heading] if heading >= 0 else 0, part.start if part else 0)
        before = bisect_left(self._paragraphs, since)
        first = bisect_right(self._paragraphs, start) - before
        last = bisect_left(self._paragraphs, end) - before
        return (first, last) if 0 < first <= last else (None, None)

    def _line(self, offset: int) -> int | None:
        return None if self._line_ends is None else bisect_right(self._line_ends, offset) + 1


class _Numbered:
    """The marks of one kind."""

    def __init__(self, marks: Sequence[Mark], kind: str) -> None:
        self._marks = [mark for mark in marks if mark.kind == kind]
        self._starts = [mark.start for mark in self._marks]

    def at(self, offset: int) -> Mark | None:
        """The mark in force at an offset."""
        before = bisect_right(self._starts, offset)
        return self._marks[before - 1] if before else None


def _number(mark: Mark | None) -> int | None:
    return mark.number if mark else None


def _paths(headings: Sequence[Mark]) -> list[tuple[str, ...]]:
    """For each heading, the words of it and of those it stands under.

    >>> _paths([Mark(0, "heading", 1, "A"), Mark(5, "heading", 3, "B"), Mark(9, "heading", 2, "C")])
    [('A',), ('A', 'B'), ('A', 'C')]
    """
    paths: list[tuple[str, ...]] = []
    open_: list[Mark] = []
    for mark in headings:
        open_ = [above for above in open_ if above.number < mark.number]
        if mark.label:
            open_.append(mark)
        paths.append(tuple(above.label for above in open_))
    return paths
