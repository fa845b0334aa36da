"""What stands between the characters of an RTF file, as characters, and how to read it."""

from __future__ import annotations

import re

from index.readers.office_text import Block, Flow, Kind, one_line

PARAGRAPH, CELL_PARAGRAPH, CELL, ROW, PIECE, MARKER, MARKER_END = (
    chr(0xFDD0 + number) for number in range(7)
)
"""Noncharacters, which stand in no text: ends of a paragraph, of one in a cell, of a cell, of
a row; where a piece moved to the end begins; around a list item's number or bullet."""

HEADINGS = tuple(chr(0xFDE0 + level) for level in range(9))
"""Before the end of a heading: its outline level, from 0."""

MARKS = re.compile("([\ufdd0-\ufdef])")

_BULLETS = frozenset("o")
"""Letters that are bullets: Word's round one is an o in Courier."""


def blocks(text: str) -> list[Block]:
    """The blocks of a text with marks in it."""
    reader = _Marked()
    for piece in MARKS.split(text):
        reader.take(piece)
    return reader.blocks()


class _Marked:
    """Text with marks in it, read from mark to mark."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._table = self._row = self._cell = False
        """Which of them is open."""
        self._words: list[str] = []
        self._kind: Kind = "paragraph"
        self._level = self._marker_at = 0

    def take(self, piece: str) -> None:
        """A mark, or the text between two."""
        if piece == PARAGRAPH:
            self._end_paragraph(in_cell=self._row)
        elif piece in {CELL_PARAGRAPH, CELL}:
            self._end_paragraph(in_cell=True)
            self._cell = piece != CELL
        elif piece == ROW:
            self._row = self._cell = False
        elif piece in HEADINGS:
            self._kind, self._level = "heading", HEADINGS.index(piece) + 1
        elif piece == MARKER:
            self._marker_at = len(self._words)
        elif piece == MARKER_END:
            self._number()
        else:
            self._words.append(piece)

    def blocks(self) -> list[Block]:
        """All of them."""
        if any(words.strip() for words in self._words):
            self._end_paragraph(in_cell=self._row)
        return self._flow.blocks()

    def _number(self) -> None:
        """What stands before a list's item is its number, or a bullet."""
        marker = one_line("".join(self._words[self._marker_at :]))
        shows_number = any(one.isalnum() for one in marker) and marker not in _BULLETS
        self._words[self._marker_at :] = [f"{marker} "] if shows_number else []
        if marker and not shows_number:
            self._kind = "item"

    def _end_paragraph(self, *, in_cell: bool) -> None:
        if in_cell:
            self._open_cell()
        elif self._table:
            self._flow.end_table()
            self._table = False
        self._flow.begin_paragraph(self._kind, self._level)
        self._flow.write("".join(self._words))
        self._flow.end_paragraph()
        self._words, self._kind = [], "paragraph"
        self._level = self._marker_at = 0

    def _open_cell(self) -> None:
        if not self._table:
            self._flow.begin_table()
        if not self._row:
            self._flow.begin_row()
        if not self._cell:
            self._flow.begin_cell()
        self._table = self._row = self._cell = True
