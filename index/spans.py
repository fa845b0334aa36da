"""What everything that works with spans of text needs; pure."""

from __future__ import annotations

import re

from index.types import Span

LINE_END = re.compile(r"\r\n|\n|\r(?!\n)")
r"""Of Unix, Windows and old Macs. Of "\r\n" the "\r" alone is none, also where the pattern is part of
another, which would else take it and go on with an empty line."""

BLANK_LINES = re.compile(rf"(?:{LINE_END.pattern})(?:[^\S\r\n]*(?:{LINE_END.pattern}))+")
"""What parts paragraphs."""


def trimmed(text: str, start: int, end: int) -> Span:
    """A span without the white space at its ends; empty where nothing is left.

    >>> trimmed("a   b ", 1, 6)
    (4, 5)
    """
    chunk = text[start:end].rstrip()
    end = start + len(chunk)
    return end - len(chunk.lstrip()), end
