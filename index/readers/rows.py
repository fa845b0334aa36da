"""CSV and TSV: the canonical text is the file as written; each record is a row.

Python's csv module tells the rows but not where they stand, so their starts
are found here, by its rules (RFC 4180, forgiving). Only where a quote is never
closed, or closes in the middle of something, this differs: the csv module then
makes one cell of all that follows, and here the line is a row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import regex

from index.errors import LimitExceeded
from index.readers.limits import check_text
from index.readers.text import decode
from index.types import Mark, SourceText

MAX_ROWS = 1_048_576
"""As many as a sheet of Excel holds."""

MAX_CELL_CHARACTERS = 131_072
"""Of a quoted cell that runs over lines, as the csv module has it; Excel has 32,767."""

DELIMITERS = ",;\t|"

SAMPLE_LINES = 100
"""From which the delimiter is told."""

SAMPLE_CHARACTERS = 100_000

_STATED_DELIMITER = re.compile(r"sep=(.)\r?\n")
"""What Excel writes and reads in a first line."""


def read(path: Path, data: bytes) -> SourceText:
    """A mark at each row that is not empty. They count as spreadsheets do, the header included."""
    text = decode(path, data)
    check_text(path, len(text))
    marks: list[Mark] = []
    for number, start in enumerate(row_starts(text, find_delimiter(text)), 1):
        if number > MAX_ROWS:
            raise LimitExceeded(
                path,
                f"it has more than {MAX_ROWS:,} rows.",
                "Split it into smaller files.",
            )
        if text[start] not in "\r\n":
            marks.append(Mark(start, "row", number))
    return SourceText(text, marks=tuple(marks), is_the_file=True)


def find_delimiter(text: str) -> str:
    r"""What parts the cells: the mark that most lines of a sample hold the same number of.

    >>> find_delimiter("a;b\n1,5;2,5\n3;4"), find_delimiter("words"), find_delimiter("a\tb, c")
    (';', ',', '\t')
    """
    if stated := _STATED_DELIMITER.match(text):
        return stated[1]
    sample = re.sub(r'"[^"]*"', "", text[:SAMPLE_CHARACTERS])
    lines = [line for line in re.split(r"[\r\n]+", sample)[:SAMPLE_LINES] if line.strip()]

    def agreement(delimiter: str) -> tuple[int, bool, int]:
        counts = Counter(line.count(delimiter) for line in lines if delimiter in line)
        times, number = max(((times, number) for number, times in counts.items()), default=(0, 0))
        return times, number > 0 and delimiter == "\t", number  # hardly any prose has tabs

    return max(DELIMITERS, key=agreement) if lines else ","


def row_starts(text: str, delimiter: str) -> Iterator[int]:
    """Where each row starts, empty ones too."""
    row, line = _row(delimiter), regex.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
    start = 0
    quote = text.find('"')
    while start < len(text):
        yield start
        if 0 <= quote < start:
            quote = text.find('"', start)
        found = line.match(text, start)
        assert found  # it matches anything
        if start <= quote < found.end():
            whole = row.match(text, start)
            if whole and whole.end() - start <= MAX_CELL_CHARACTERS:
                found = whole
        start = found.end()


def _row(delimiter: str) -> regex.Pattern[str]:
    """A row: cells, quoted or not, up to a line end outside of quotes.

    Never goes back (possessive throughout, which re gets wrong before Python 3.11.4). A quoted cell that runs over lines ends at a quote
    with a delimiter or a line end behind it, or it is none.
    """
    part = re.escape(delimiter)
    within_line = r'"(?:[^"\r\n]++|"")*+"'
    over_lines = rf'"(?:[^"]++|"")*+"(?=[{part}\r\n]|\Z)'
    cell = rf"(?:{within_line}|{over_lines})?+[^{part}\r\n]*+"
    return regex.compile(rf"{cell}(?:{part}{cell})*+(?:\r\n|\r|\n|\Z)")
