"""What everything that works with spans of text needs; pure."""

from __future__ import annotations

import re

from index.types import Span

LINE_END = re.compile(r"\r\n|\n|\r")
"""Of Unix, Windows and old Macs."""

BLANK_LINES = re.compile(r"(?:\r\n|\n|\r(?!\n))(?:[^\S\r\n]*(?:\r\n|\n|\r(?!\n)))+")
r"""What parts paragraphs. Of "\r\n" the "\r" alone is no line end, with an empty line behind it."""


def trimmed(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends; empty where nothing is left.

    >>> trimmed("a   b ", 1, 6)
    (4, 5)
    """
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
