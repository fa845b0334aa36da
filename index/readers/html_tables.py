"""Tables of web pages: of data, written as rows, or drawn to lay out a page and read through."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.readers.html_blocks import Block
from index.readers.office_text import one_line

MAX_NESTED = 20
"""Tables in tables; further in they are read through. Pages of the 1990s have up to ten."""

MAX_CELL_CHARACTERS = 300
"""A cell of several paragraphs that is longer holds prose: the table lays out a page."""

Row = list[list[Block]]
"""For each cell, what stands in it."""


@dataclass(slots=True)
class Table:
    """A table while it is read."""

    outside: list[Block]
    """Where its blocks go in the end."""
    is_read_through: bool
    loose: list[Block] = field(default_factory=list)
    """Its caption, and what stands in no cell."""
    rows: list[Row] = field(default_factory=list)

    def begin_row(self) -> None:
        """What comes next is in a new row."""
        self.rows.append([])

    def begin_cell(self) -> list[Block]:
        """What takes the blocks of a new cell."""
        if not self.rows:
            self.begin_row()
        self.rows[-1].append([])
        return self.rows[-1][-1]

    def end(self) -> None:
        """Put its blocks where they belong."""
        self.outside.extend(self.loose)
        if _lays_out(self.rows):
            self.outside.extend(block for row in self.rows for cell in row for block in cell)
            return
        first = True
        for row in self.rows:
            if any(row):
                self.outside.append(_written(row, runs_on=not first))
                first = False


def _lays_out(rows: list[Row]) -> bool:
    return all(len(row) <= 1 for row in rows) or any(
        _is_prose(cell) for row in rows for cell in row
    )


def _is_prose(cell: list[Block]) -> bool:
    """Headings, tables of their own, or paragraphs that are worth parting."""
    if any(block.level or "\t" in block.text for block in cell):
        return True
    parts = sum(1 + block.text.count("\n") for block in cell)
    return parts > 1 and sum(len(block.text) for block in cell) > MAX_CELL_CHARACTERS


def _written(row: Row, *, runs_on: bool) -> Block:
    cells = [one_line(" ".join(block.marker + block.text for block in cell)) for cell in row]
    blocks = [block for cell in row for block in cell]
    return Block(
        "\t".join(cells).rstrip("\t"),
        runs_on=runs_on,
        linked=sum(block.linked for block in blocks),
        is_aside=any(block.is_aside for block in blocks),
        container=blocks[0].container,
    )
