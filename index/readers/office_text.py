"""Canonical text put together from what word processors and slides hold.

A `Flow` takes a document's events as they come and makes blocks of them; a `Manuscript` writes
the blocks one after another and notes where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from index.readers.limits import check_text
from index.types import Mark, Metadata, SourceText, Span

MAX_HEADING_CHARACTERS = 300
"""A longer one is a paragraph that somebody formatted as a heading for its looks."""

Kind = Literal["paragraph", "heading", "item", "table"]

_INVISIBLE = str.maketrans("", "", "\N{SOFT HYPHEN}\N{BOM}")
_BLANK_LINES = re.compile(r"\n{2,}")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list, or a table, its white space in order."""

    kind: Kind
    text: str
    level: int = 0
    """Of a heading, from 1."""
    quoted: bool = False
    """Set off as a quotation."""


def block(kind: Kind, text: str, level: int = 0, *, quoted: bool = False) -> Block | None:
    r"""A block of a raw text; nothing where it is blank.

    >>> block("item", " One \n two").text
    '- One\ntwo'
    """
    if kind == "heading" and len(line := one_line(text)) <= MAX_HEADING_CHARACTERS:
        return Block("heading", line, level) if line else None
    written = _BLANK_LINES.sub("\n\n", "\n".join(map(one_line, text.split("\n")))).strip()
    if not written:
        return None
    if kind == "item":
        return Block("item", "- " + written.replace("\n\n", "\n"))
    return Block("paragraph", written, quoted=quoted)


def one_line(text: str) -> str:
    """The text with every run of white space as one space, and without what shows nothing."""
    return " ".join(text.translate(_INVISIBLE).split())


@dataclass(slots=True)
class _Paragraph:
    kind: Kind
    level: int
    quoted: bool
    pieces: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    """What floats beside it, and is read after it."""


_Row = list[list[Block]]
"""For each cell, what stands in it."""


class Flow:
    """The blocks of one run of text: the main text, a footnote, a text box."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._tables: list[list[_Row]] = []
        self._open: list[_Paragraph] = []
        self._carried: _Paragraph | None = None

    def begin_paragraph(
        self, kind: Kind = "paragraph", level: int = 0, *, quoted: bool = False
    ) -> None:
        """All that is written belongs to it until it ends."""
        opened = _Paragraph(kind, level, quoted)
        if self._carried:
            opened.pieces, opened.boxes = self._carried.pieces, self._carried.boxes
            self._carried = None
        self._open.append(opened)

    def write(self, text: str | None) -> None:
        """Add to the paragraph; what stands outside of any is white space between elements."""
        if self._open and text:
            self._open[-1].pieces.append(text)

    def float(self, blocks: Iterable[Block]) -> None:
        """Put a text box beside the paragraph."""
        (self._open[-1].boxes if self._open else self._sink()).extend(blocks)

    def end_paragraph(self, *, runs_on: bool = False) -> None:
        """End it, or have the next one go on where it ends."""
        if not self._open:
            return
        ended = self._open.pop()
        if runs_on:
            self._carried = ended
        else:
            self._place(ended)

    def begin_table(self) -> None:
        """In a cell of another it becomes part of that cell's text."""
        self._settle()
        self._tables.append([])

    def begin_row(self) -> None:
        """A row of the innermost table."""
        if self._tables:
            self._tables[-1].append([])

    def begin_cell(self) -> None:
        """A cell of the last row."""
        self._settle()
        if self._tables:
            if not self._tables[-1]:
                self.begin_row()
            self._tables[-1][-1].append([])

    def end_table(self) -> None:
        """A table of one column is a frame around paragraphs, and these are what is read."""
        self._settle()
        rows = self._tables.pop() if self._tables else []
        if all(len(row) <= 1 for row in rows):
            self._sink().extend(found for row in rows for cell in row for found in cell)
        elif written := "\n".join(filter(None, map(_row, rows))):
            self._sink().append(Block("table", written))

    def blocks(self) -> list[Block]:
        """All of them, once everything has ended."""
        self._settle()
        while self._open:
            self.end_paragraph()
        while self._tables:
            self.end_table()
        return self._blocks

    def _sink(self) -> list[Block]:
        """Where blocks go: the last cell, or the text."""
        for rows in reversed(self._tables):
            if rows and rows[-1]:
                return rows[-1][-1]
        return self._blocks

    def _settle(self) -> None:
        if self._carried:
            self._place(self._carried)
            self._carried = None

    def _place(self, ended: _Paragraph) -> None:
        found = block(ended.kind, "".join(ended.pieces), ended.level, quoted=ended.quoted)
        blocks = [*([found] if found else []), *ended.boxes]
        if self._open:  # a shape that stands in another paragraph
            self.float(blocks)
        else:
            self._sink().extend(blocks)


def _row(cells: _Row) -> str:
    return "\t".join(one_line(" ".join(found.text for found in cell)) for cell in cells).rstrip()


class Manuscript:
    """Blocks in a row, as canonical text with its marks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pieces: list[str] = []
        self._length = 0
        self._last: Kind | None = None
        self._in_quotation = False
        self._marks: list[Mark] = []
        self._breaks: list[int] = []
        self._quotations: list[Span] = []
        self._pending: dict[str, Mark] = {}
        self._cut = False
        self._within = {"part": False, "heading": False}
        """What the last text written is in."""

    def begin(self, kind: Literal["slide", "part"], number: int, label: str = "") -> None:
        """What is added next is there, and no passage reaches into it from before."""
        self._pending[kind] = Mark(0, kind, number, label)
        self._cut = True
        self._in_quotation = False

    def end_part(self) -> None:
        """What is added next belongs to no part."""
        self._pending.pop("part", None)
        if self._within["part"]:
            self._pending["part"] = Mark(0, "part", 0)

    def end_headings(self) -> None:
        """What is added next stands under no heading."""
        if self._within["heading"]:
            self._pending["heading"] = Mark(0, "heading", 1)

    def extend(self, blocks: Iterable[Block]) -> None:
        """Add blocks, as paragraphs of their own; items of a list are parted by line ends."""
        for added in blocks:
            if self._last:
                self._write("\n" if self._last == added.kind == "item" else "\n\n")
            self._mark(added)
            self._note_quotation(added)
            self._write(added.text)
            self._last, self._in_quotation = added.kind, added.quoted
            check_text(self._path, self._length)

    def finish(self, metadata: Metadata, pages_without_text: int = 0) -> SourceText:
        """The text with all that is known of it."""
        return SourceText(
            "".join(self._pieces),
            metadata,
            tuple(self._marks),
            tuple(self._breaks),
            pages_without_text=pages_without_text,
            quotations=tuple(self._quotations),
        )

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _note_quotation(self, added: Block) -> None:
        """Paragraphs of a quotation that follow each other are one."""
        if added.quoted:
            goes_on = self._in_quotation
            start = self._quotations.pop()[0] if goes_on else self._length
            self._quotations.append((start, self._length + len(added.text)))

    def _mark(self, added: Block) -> None:
        here = self._length
        for mark in self._pending.values():
            self._marks.append(Mark(here, mark.kind, mark.number, mark.label))
            self._within[mark.kind] = bool(mark.label)
        self._pending.clear()
        if self._cut and here:
            self._breaks.append(here)
        self._cut = False
        if added.kind == "heading":
            self._marks.append(Mark(here, "heading", added.level, added.text))
            self._within["heading"] = True
