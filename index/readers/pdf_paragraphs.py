"""From the lines of a PDF's page to paragraphs, items of lists and rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.readers.pdf_lines import SAME_BASELINE, TABLE_LEADING, Line

SAME_SIZE = 0.08
"""Part by which sizes of letters may differ in one paragraph."""

LOOSER = 1.25
"""Paragraphs are parted where lines are this many times as far from each other as others are."""

WIDEST_LEADING = 2.6
"""Ems from line to line, at most: what is set with two lines' distance has 2.3 to 2.4."""

USUAL_LEADING = 1.2
"""Ems from line to line, on pages with too few lines to tell."""

WIDE_LEADING = 1.7
"""Ems. Text set closer than this is not set with wide lines."""

INDENT = 0.8
"""Ems. Paragraphs begin one to three ems to the right; letters overhang by less than half."""

NEARLY_FULL = 0.7
"""Part of the longest line's width. Lines of addresses and poems that have it begin in capitals."""

CELL_CHARACTERS = 300
"""Of two neighbouring cells. What is longer may be columns of prose."""

LABELS = 3
"""Lines without numbers between two rows of a table, at most."""

LABEL_CHARACTERS = 90
"""A longer line between two tables is prose."""

_BULLET = re.compile(r"[•●○◦▪■□◆▶‣\u2043∙·➢✓❖\uf000-\uf0ff]\s?\S|[*o\-\u2013\u2014]\s\S")
_NUMBERED = re.compile(r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)]|\d{1,3}(?:\.\d{1,3})+\.?)\s\S")
_ENDS = re.compile(r"[.!?:;。\uff01\uff1f][\"'\u2019\u201d»)\]]*$")
_CLAUSE_ENDS = re.compile(r"(?:[.!?:;,。\uff01\uff1f][\"'\u2019\u201d»)\]]*|\b(?:and|or))$")


@dataclass(slots=True)
class Block:
    """What makes one paragraph, one item of a list, or one row of a table."""

    cells: list[list[Line]]
    """Of a row whose cells have several lines; else all lines are in one."""
    before: str
    """What parts it from the block before: a blank line, or a new line only."""
    is_item: bool = False
    jumps: bool = False
    """It begins a column, where the one before may have ended in mid-sentence."""
    full: bool = False
    """Its last line is as long as lines are there, so the paragraph may go on elsewhere."""

    @property
    def lines(self) -> list[Line]:
        """All of them."""
        return [line for cell in self.cells for line in cell]

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return len(self.cells) > 1 or self.cells[0][0].is_row


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """A page's lines, grouped."""
    _mend_stretched(lines)
    labels = _labels_in_tables(lines)
    leading = _leading(lines)
    blocks: list[Block] = []
    for chunk in _chunks(lines, labels, leading):
        blocks.extend(_paragraphs(chunk, blocks[-1] if blocks else None))
    return _rows_of_cells(blocks)


def _rows_of_cells(blocks: Sequence[Block]) -> list[Block]:
    """Put rows together whose cells, of several lines each, were written one after the other."""
    joined: list[Block] = []
    for block in blocks:
        if joined and _is_next_cell(joined[-1].cells, block.lines):
            joined[-1].cells.extend(block.cells)
            joined[-1].is_item = False
            continue
        if joined and joined[-1].is_row and block.is_row:
            above = min(joined[-1].lines, key=lambda line: line.baseline)
            block.before = "\n" if _close(above, block.lines[0]) else block.before
        joined.append(block)
    return joined


def _is_next_cell(cells: list[list[Line]], lines: list[Line]) -> bool:
    """Whether lines begin on the first baseline of the cell before, to its right."""
    above, line = cells[-1][0], lines[0]
    return (
        abs(above.baseline - line.baseline) <= SAME_BASELINE * line.size
        and above.turn == line.turn
        and max(other.right for other in cells[-1]) + INDENT * line.size
        < min(other.left for other in lines)
        and sum(len(other.text) for other in (*cells[-1], *lines)) <= CELL_CHARACTERS
        and not (above.heading or line.heading)
    )


def _mend_stretched(lines: Sequence[Line]) -> None:
    """A line of prose with one wide space in it is no row. Justified lines have such."""
    for at, line in enumerate(lines):
        if line.text.count("\t") == 1 and any(
            not other.is_row
            and len(other.text) > LABEL_CHARACTERS // 2
            and abs(other.left - line.left) < 2 * line.size
            and (_as_wide(other, line) or _runs_into(other, line))
            for other in lines[max(at - 1, 0) : at + 2]
        ):
            line.text = line.text.replace("\t", " ")


def _as_wide(other: Line, line: Line) -> bool:
    return abs(other.right - line.right) < line.size and not line.text[-1].isdigit()


def _runs_into(above: Line, line: Line) -> bool:
    """Whether a sentence that fills the line above ends in this one."""
    step = above.baseline - line.baseline
    return (
        0 < step <= USUAL_LEADING * LOOSER * line.size
        and above.right > line.right - line.size
        and not _ENDS.search(above.text)
    )


def _labels_in_tables(lines: Sequence[Line]) -> set[int]:
    """Which lines of one cell stand between the rows of one table."""
    rows = [at for at, line in enumerate(lines) if line.is_row]
    return {
        at
        for above, below in pairwise(rows)
        if below - above - 1 <= LABELS
        and all(_close(*pair) for pair in pairwise(lines[above : below + 1]))
        and all(map(_is_label, lines[above + 1 : below]))
        for at in range(above + 1, below)
    }


def _close(above: Line, below: Line) -> bool:
    """Whether two rows are near enough to each other for one table."""
    step = above.baseline - below.baseline
    return 0 < step <= TABLE_LEADING * max(above.size, below.size) and above.turn == below.turn


def _is_label(line: Line) -> bool:
    return not line.heading and len(line.text) <= LABEL_CHARACTERS and not line.text.endswith(".")


def _leading(lines: Sequence[Line]) -> float:
    """How far lines are from each other on this page, in ems: the most frequent distance."""
    steps = Counter(
        round((above.baseline - below.baseline) / below.size, 1)
        for above, below in pairwise(lines)
        if not (above.is_row or below.is_row) and _same_size(above, below)
    )
    usual = {step: count for step, count in steps.items() if 0.8 <= step <= WIDEST_LEADING}
    if sum(usual.values()) < 3:
        return USUAL_LEADING
    most = max(usual.values())
    leading = min(step for step, count in usual.items() if count >= most / 2)
    # Wide steps are between paragraphs of one line each, unless most of the page has them.
    return leading if leading < WIDE_LEADING or most > len(lines) / 2 else USUAL_LEADING


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.size - b.size) <= SAME_SIZE * max(a.size, b.size)


@dataclass(slots=True)
class _Chunk:
    """Lines under each other, with nothing between them: paragraphs without a gap, or rows."""

    lines: list[Line]
    is_table: bool
    jumps: bool


def _chunks(lines: Sequence[Line], labels: set[int], leading: float) -> Iterator[_Chunk]:
    chunk: _Chunk | None = None
    for at, line in enumerate(lines):
        is_table = line.is_row or at in labels
        if chunk and chunk.is_table == is_table:
            last = chunk.lines[-1]
            if _close(last, line) if is_table else _together(last, line, leading):
                chunk.lines.append(line)
                continue
        jumps = chunk is not None and line.baseline > chunk.lines[-1].baseline + line.size
        if chunk:
            yield chunk
        chunk = _Chunk([line], is_table, jumps)
    if chunk:
        yield chunk


def _together(above: Line, below: Line, leading: float) -> bool:
    """Whether nothing but a new line parts two lines of prose."""
    if above.heading or below.heading:
        return above.heading == below.heading
    step = (above.baseline - below.baseline) / max(above.size, below.size)
    return (
        0 < step <= leading * LOOSER
        and above.turn == below.turn
        and _same_size(above, below)
        and (above.bold == below.bold or below.text[0].islower())
        and below.left < above.right
        and above.left < below.right
    )


def _paragraphs(chunk: _Chunk, before: Block | None) -> Iterator[Block]:
    lines = chunk.lines
    if chunk.is_table:
        for at, line in enumerate(lines):
            yield Block([[line]], "\n" if at else "\n\n", jumps=chunk.jumps and not at)
        return
    right = max(line.right for line in lines)
    is_item = _starts_item(before.lines[-1] if before else None, lines[0], right)
    in_list = is_item and before is not None and before.is_item and not chunk.jumps
    block = Block([[lines[0]]], "\n" if in_list else "\n\n", is_item, chunk.jumps)
    for at, line in enumerate(lines[1:], 1):
        above = lines[at - 1]
        below = lines[at + 1] if at + 1 < len(lines) else None
        is_item = _starts_item(above, line, right)
        parted = _parted(block, line, below, right)
        if line.heading or not (is_item or parted):
            block.cells[0].append(line)
            continue
        yield block
        block = Block([[line]], "\n" if block.is_item and is_item else parted or "\n\n", is_item)
    block.full = len(lines) > 2 and lines[-1].right > right - lines[-1].size
    yield block


def _starts_item(above: Line | None, line: Line, right: float) -> bool:
    """Whether a line begins with a bullet, or with a number that no sentence runs into."""
    if _BULLET.match(line.text):
        return True
    return bool(_NUMBERED.match(line.text)) and (
        above is None or bool(_CLAUSE_ENDS.search(above.text)) or _ended(above, line, right)
    )


def _ended(above: Line, line: Line, right: float) -> bool:
    """Whether the line above was ended on purpose: this one's first word had room in it."""
    word = len(line.text.split(maxsplit=1)[0]) + 1
    width = word * (line.right - line.left) / max(1, len(line.text))
    return above.right + width < right - INDENT * line.size


def _in_mid_sentence(above: Line, line: Line, right: float) -> bool:
    """Whether a line that is not quite full surely goes on: programs break lines badly, too."""
    return (
        line.text[0].islower()
        and not _CLAUSE_ENDS.search(above.text)
        and above.right - above.left > NEARLY_FULL * (right - above.left)
    )


def _centred(above: Line, line: Line) -> bool:
    """Whether two lines are centred, as titles are, whose lines are broken on purpose."""
    shift = abs(above.left + above.right - line.left - line.right) / 2
    return shift < 0.1 * line.size and abs(above.left - line.left) > INDENT / 2 * line.size


def _parted(block: Block, line: Line, below: Line | None, right: float) -> str:
    """What parts a line from the block above it: a blank line, a new line, or nothing."""
    above = block.lines[-1]
    indent, ends = INDENT * line.size, bool(_ENDS.search(above.text))
    if above.text[-1] in "-\xad" and above.text[-2:-1].isalpha():
        return ""
    if _centred(above, line):
        return "\n"
    if _ended(above, line, right) and not _in_mid_sentence(above, line, right):
        return "\n\n" if ends or line.left > above.left + indent else "\n"
    if line.left > above.left + indent:
        hangs = len(block.lines) == 1 and below is not None and below.left > line.left - indent
        return "\n\n" if ends and not hangs and not block.is_item else ""
    hanging = len(block.lines) > 1 and block.lines[1].left > block.lines[0].left + indent
    return "\n\n" if hanging and line.left < block.lines[1].left - indent else ""
