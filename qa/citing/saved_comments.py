"""The citations in the Markdown we write: `<!-- quaere: {JSON} -->` (see `qa.citing.exports`).

Editors wrap lines, close comments with other dashes and escape what looks like
HTML. A comment whose JSON is whole is read whatever befell it; any other that can
be told to have been one is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_OPENING = r"<!--[ \t]*quaere:"
_BARE = r"quaere:[ \t]*(?=\\?\{|&#123;)"
"""What our comments begin with where an editor took the opening for something else."""

_BEGINNING = re.compile(rf"(?P<opening>{_OPENING})|{_BARE}", re.IGNORECASE)
_OUTER = re.compile(rf"{_OPENING}|-->", re.IGNORECASE)
_ANY = re.compile(rf"{_OPENING}|{_BARE}|-->", re.IGNORECASE)

_DECODER = json.JSONDecoder()
_LENIENT = json.JSONDecoder(strict=False)
"""Takes tabs in strings as they are."""


def comments(text: str) -> Iterator[tuple[int, dict[str, object] | None]]:
    """Each of our comments: the line it begins on, and its fields or None where it is damaged."""
    line, counted, at = 1, 0, 0
    while begun := _BEGINNING.search(text, at):
        line += text.count("\n", counted, begun.start())
        counted = begun.start()
        # A quote may hold what our comments begin with, but no other comment: its marks are
        # escaped. So no part of the text is read more than twice, however hostile.
        ended = (_OUTER if begun["opening"] else _ANY).search(text, begun.end())
        end = ended.start() if ended else len(text)
        fields, read = _fields(text[begun.end() : end])
        at = begun.end() + read
        yield line, fields


def _fields(content: str) -> tuple[dict[str, object] | None, int]:
    """What the JSON at the content's start says, and how much of the content it is."""
    begin = len(content) - len(content.lstrip())
    readings = ((_DECODER, content, begin), (_LENIENT, _unwrapped(content), 0))
    for decoder, text, start in readings:
        try:
            fields, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(fields, dict):
            return fields, end if text is content else len(content)
    return None, 0


def _unwrapped(content: str) -> str:
    r"""On one line: JSON has no line breaks in strings, so an editor put them where spaces were.

    >>> _unwrapped(' {"quote": "rain\n> fell"} ')
    '{"quote": "rain fell"}'
    """
    first, *rest = content.split("\n")
    lines = (first.strip(), *(line.lstrip(" \t>").rstrip() for line in rest))
    return " ".join(lines).strip()
