"""Running heads, running feet and page numbers of a PDF: found by their return, and taken out."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.readers.pdf_lines import TABLE_LEADING, Line

ZONE = 0.12
"""Of a page's height, at its top and at its bottom. Margins with a head in them are 5 to 10%."""

SAME_HEIGHT = 3.0
"""Points."""

RETURNS = 3
"""Pages on which the same line at the same height is a running head; of less than five pages,
more than half will do."""

MAX_LINES = 6
"""Of one running head or foot."""

MAX_CELLS = 2
"""Of a running head, besides the page's number: left and right."""

_NUMBER = re.compile(r"\d{1,5}")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|trang)?[\s\-\u2013|\[(]*(\d{1,5})[\s\-\u2013|\])]*", re.I
)

_Key = tuple[str, int, float]
"""Text, height and turn of a line."""


@dataclass(slots=True)
class PageLines:
    """A page's lines, in reading order."""

    lines: list[Line]
    bounds: tuple[float, float, float, float]
    """Left, bottom, right, top."""


def without_running_heads(pages: Sequence[PageLines]) -> list[list[Line]]:
    """Each page's lines, in reading order, without what returns around the text proper.

    Lines are taken away from the outside, so a table's head that returns beneath a title that
    does not is kept. A page's last line is always kept.
    """
    left = [sorted(page.lines, key=lambda line: line.baseline) for page in pages]
    for outermost in (0, -1):
        for _ in range(MAX_LINES):
            taken = _page_numbers(left, outermost) | _returning(pages, left, outermost)
            for at in taken:
                left[at].pop(outermost)
            if not taken:
                break
    return [
        [line for line in page.lines if id(line) in kept]
        for page, kept in (
            (page, {id(line) for line in lines}) for page, lines in zip(pages, left, strict=True)
        )
    ]


def _needed(pages: int) -> int:
    return max(2, min(RETURNS, pages // 2 + 1))


def _page_numbers(left: Sequence[list[Line]], outermost: int) -> set[int]:
    """Pages that begin or end with a number that goes up by one from page to page."""
    numbers: dict[int, int] = {}
    for at, lines in enumerate(left):
        match = _PAGE_NUMBER.fullmatch(lines[outermost].text) if len(lines) > 1 else None
        if match:
            numbers[at] = int(match[1]) - at
    counts = Counter(numbers.values())
    return {at for at, shift in numbers.items() if counts[shift] >= _needed(len(left))}


def _returning(pages: Sequence[PageLines], left: Sequence[list[Line]], outermost: int) -> set[int]:
    """Pages whose outermost line stands at the same height on enough others too."""
    counts: Counter[_Key] = Counter()
    keys: dict[int, list[_Key]] = {}
    for at, lines in enumerate(left):
        if len(lines) > 1 and _in_zone(lines[outermost], pages[at], outermost):
            if outermost == -1 and _heads_table(*lines[:-3:-1]):
                continue
            keys[at] = list(_keys(lines[outermost], at))
            counts.update(keys[at])
    needed = _needed(len(pages))
    return {
        at for at, of_page in keys.items() if max(_near(counts, key) for key in of_page) >= needed
    }


def _heads_table(line: Line, below: Line) -> bool:
    """Whether it names the columns of a table, which it does again on each page of it.

    Heads have two cells, or three of which one is the page's number.
    """
    if line.text.count("\t") >= MAX_CELLS and not _NUMBER.search(line.text):
        return True
    step = line.baseline - below.baseline
    return line.is_row and below.is_row and step <= TABLE_LEADING * line.size


def _keys(line: Line, page: int) -> Iterator[_Key]:
    """What such a line has in common with those it returns as: all, or all but the page's number.

    Other numbers tell things apart: "Exhibit 1", "Exhibit 2".
    """
    height, turn = round(line.baseline / SAME_HEIGHT), round(line.turn, 1)
    yield line.text, height, turn
    for number in _NUMBER.finditer(line.text):
        around = f"{line.text[: number.start()]}\0{line.text[number.end() :]}"
        yield f"{around}\0{int(number[0]) - page}", height, turn


def _near(counts: Counter[_Key], key: _Key) -> int:
    text, height, turn = key
    return sum(counts[text, height + step, turn] for step in (-1, 0, 1))


def _in_zone(line: Line, page: PageLines, outermost: int) -> bool:
    """Whether it stands in the bottom margin (0) or the top margin (-1)."""
    left, bottom, right, top = page.bounds
    cosine, sine = math.cos(line.turn), math.sin(line.turn)
    corners = [y * cosine - x * sine for x in (left, right) for y in (bottom, top)]
    low, high = min(corners), max(corners)
    margin = ZONE * (high - low)
    return line.baseline < low + margin if outermost == 0 else line.baseline > high - margin
