"""From strokes to the lines of a PDF's page, in reading order, cells of a row parted by tabs.

pdfium's order, which is that in which the page was written, is kept for prose, so columns are
read one after the other. Only what belongs to one row of a table is brought together again.
"""

from __future__ import annotations

import ctypes
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from index.readers.pdf_characters import ADDED, PageCharacters
from index.readers.pdf_strokes import UPRIGHT, PageText, Stroke, page_text

CELL_GAP = 1.5
"""Ems between two cells of a row. Justified lines have spaces of up to one em, and two spaces
between typewritten sentences take 1.2 ems."""

NUMBER_GAP = 0.8
"""Ems between two cells where one is a number, in a row that has wider gaps too."""

SPACE_GAP = 0.15
"""Ems between two words that were not written one after the other. Spaces take 0.25 ems."""

SAME_BASELINE = 0.3
"""Ems by which cells of one row may stand higher or lower, set in different sizes."""

RAISED = 0.5
"""Ems by which superscripts and subscripts are moved from their word's baseline."""

HALF_LINE = 0.7
"""Ems by which numbers in the middle of a high row stand below or above its label; lines that
follow each other are at least one em apart."""

TABLE_LEADING = 2.5
"""Ems between two rows of a table, at most."""

LABEL_CHARACTERS = 80
"""What a number far away in the page's order belongs to is no longer: longer lines are prose."""

BOLD = re.compile(rb"bold|black|heavy|demi", re.I)

_DASH = r"\-\u2010-\u2015\u2212"
_CURRENCY = re.compile(r"[A-Z]{0,3}[$€£¥₩₹₫]|USD|EUR|GBP|CHF|JPY|VND")
_PREFIX = re.compile(r"[A-Z]{0,3}[$£¥]")
"""Currencies that never stand behind their number, however near the one before is."""
_AFTER_NUMBER = re.compile(r"[)\]]?\s?[%‰](?:\s?\(\w\))?|[)\]]")
_NUMBER = re.compile(
    rf"[(\[<>~≈±+{_DASH}]*\s?(?:[A-Z]{{0,3}}[$€£¥₩₹₫]\s?)?[({_DASH}]?\s?\.?\d[\d.,\s]*"
    rf"\s?[)\]]?\s?[%‰x]?[)\]]?(?:\s?\(\w\))?|[{_DASH}]+\s?[%‰]?|[Nn]/?[AaMm]"
)
_CELL = re.compile(f"{_CURRENCY.pattern}|{_AFTER_NUMBER.pattern}|{_NUMBER.pattern}")
_LEAD = re.compile(
    r"[•●○◦▪■□◆▶‣\u2043∙·*o☐☑☒✓➢❖\uf000-\uf0ff\-\u2013\u2014]"
    r"|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.):]+|\d{1,3}(?:\.\d{1,3})*"
    r"|(?:item|part|note|section|chapter|exhibit|article|appendix)\s[\w.]{1,6}[.:)]*",
    re.I,
)
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(slots=True)
class Line:
    """A line of text, or a row of a table."""

    text: str
    """Cells are parted by tabs."""
    numbers: array[int]
    """Of the page's characters, for each one of the text; or ADDED."""
    left: float
    right: float
    baseline: float
    """All three as if the text were turned upright."""
    size: float
    """Of most of its characters, in points."""
    bold: bool
    """At both ends."""
    turn: float
    """Radians by which it is turned; 0 if upright."""
    heading: int = 0
    """Counts the headings of the outline; 0 if it is none."""

    @property
    def is_row(self) -> bool:
        """Whether it has several cells."""
        return "\t" in self.text


_Row = list[Stroke]


def lines_of(textpage: Any, page: PageCharacters) -> list[Line]:
    """All lines of a page, in reading order."""
    content = page_text(textpage, page)
    rows = _bring_numbers_to_their_rows(content.text, list(_rows(content)))
    is_bold = _boldness(textpage)
    return [_line(content, row, is_bold) for row in rows]


def _rows(content: PageText) -> Iterator[_Row]:
    """Strokes that follow each other on one baseline."""
    row: _Row = []
    main: Stroke | None = None  # the largest, on whose baseline the row stands
    for stroke in content.strokes:
        if main and _continues(content.text, row, main, stroke):
            row.append(stroke)
            if stroke.size > main.size:
                main = stroke
            continue
        if row:
            yield row
        row, main = [stroke], stroke
    if row:
        yield row


def _continues(text: str, row: _Row, main: Stroke, stroke: Stroke) -> bool:
    em = max(main.size, stroke.size)
    shift = abs(stroke.baseline - main.baseline)
    if shift > HALF_LINE * em or abs(stroke.turn - main.turn) > UPRIGHT:
        return False
    gap = _gap(row[-1], stroke)
    if shift > SAME_BASELINE * min(main.size, stroke.size):
        if gap < RAISED * em:
            return shift <= RAISED * em
        word = text[stroke.start : stroke.end]
        return stroke.left > row[-1].right and bool(_CELL.fullmatch(word))
    return all(_gap(other, stroke) > -RAISED * em for other in row)


def _gap(a: Stroke, b: Stroke) -> float:
    """Between the two, whichever stands to the left; below zero if they overlap."""
    return max(b.left - a.right, a.left - b.right)


def _bring_numbers_to_their_rows(text: str, rows: list[_Row]) -> list[_Row]:
    """Tables written column by column: put each number behind what stands to its left."""
    numeric = [_is_numeric(text, row) for row in rows]
    kept: list[_Row] = []
    for at, row in enumerate(rows):
        in_a_column = numeric[at] and any(numeric[max(at - 1, 0) : at] + numeric[at + 1 : at + 2])
        label = _label_of(row, kept) if in_a_column else None
        if label is None:
            kept.append(row)
        else:
            label.extend(row)
    return kept


def _is_numeric(text: str, row: _Row) -> bool:
    """Whether a row consists of one number."""
    return row[-1].right - row[0].left < 10 * row[0].size and bool(
        _NUMBER.fullmatch(" ".join(text[stroke.start : stroke.end] for stroke in row))
    )


def _label_of(row: _Row, rows: list[_Row]) -> _Row | None:
    """The row that ends nearest to the left on the same baseline."""
    stroke = row[0]
    found: _Row | None = None
    for other in rows:
        end = max(other, key=lambda each: each.right)
        if (
            abs(other[0].baseline - stroke.baseline) <= SAME_BASELINE * stroke.size
            and abs(other[0].turn - stroke.turn) <= UPRIGHT
            and end.right <= stroke.left
            and sum(each.end - each.start for each in other) <= LABEL_CHARACTERS
            and (found is None or end.right > max(each.right for each in found))
        ):
            found = other
    return found


def _line(content: PageText, row: _Row, is_bold: Callable[[int], bool]) -> Line:
    text = content.text
    if not _RIGHT_TO_LEFT.search("".join(text[each.start : each.end] for each in row)):
        row.sort(key=lambda each: each.left)
    joints = _joints(text, row)
    pieces, numbers = [text[row[0].start : row[0].end]], content.numbers[row[0].start : row[0].end]
    for joint, stroke in zip(joints, row[1:], strict=True):
        pieces += (joint, text[stroke.start : stroke.end])
        numbers.extend([ADDED] * len(joint))
        numbers.extend(content.numbers[stroke.start : stroke.end])
    main = max(row, key=lambda each: each.end - each.start)
    return Line(
        text="".join(pieces),
        numbers=numbers,
        left=min(each.left for each in row),
        right=max(each.right for each in row),
        baseline=main.baseline,
        size=main.size,
        bold=is_bold(row[0].first) and is_bold(row[-1].last),
        turn=main.turn,
    )


def _joints(text: str, row: _Row) -> list[str]:
    """What to put between each two strokes: a tab, a space or nothing."""
    gaps = [_gap(a, b) / max(a.size, b.size) for a, b in pairwise(row)]
    joints = [
        "\t" if gap > CELL_GAP else _space(*pair, gap)
        for pair, gap in zip(pairwise(row), gaps, strict=True)
    ]
    if "\t" not in joints:
        return joints
    words = [text[each.start : each.end] for each in row]
    for at, gap in enumerate(gaps):
        before_currency = _PREFIX.match(words[at + 1]) and _NUMBER.fullmatch(words[at])
        if before_currency or (
            gap > NUMBER_GAP and any(map(_NUMBER.fullmatch, words[at : at + 2]))
        ):
            joints[at] = "\t"
    return _with_signs_at_their_numbers(words, joints)


def _space(a: Stroke, b: Stroke, gap: float) -> str:
    """Where both were written in one go, pdfium knows best whether there is a space."""
    one_go = a.end == b.start
    return " " if (b.after_space if one_go else gap > SPACE_GAP) else ""


def _with_signs_at_their_numbers(words: list[str], joints: list[str]) -> list[str]:
    """No cell is a currency, a percent sign, a closing bracket or an item's number alone."""
    cell = words[0]
    for at, (joint, word) in enumerate(zip(joints, words[1:], strict=True)):
        first = "\t" not in joints[:at]
        if joint != "\t":
            cell += joint + word
        elif _CURRENCY.fullmatch(cell) or (first and _LEAD.fullmatch(cell) and word[0].isalpha()):
            joints[at] = " "
            cell += " " + word
        elif _AFTER_NUMBER.fullmatch(word) and _NUMBER.fullmatch(cell + word):
            joints[at] = "" if word[0] in ")]" else " "
            cell += word
        else:
            cell = word
    return joints


def _boldness(textpage: Any) -> Callable[[int], bool]:
    """A function from a character's number to whether its font is bold, by name."""
    from pypdfium2 import raw

    name = ctypes.create_string_buffer(200)
    flags = ctypes.c_int()

    def is_bold(number: int) -> bool:
        length = raw.FPDFText_GetFontInfo(textpage.raw, number, name, len(name), flags)
        return 0 < length <= len(name) and bool(BOLD.search(name.value))

    return is_bold
