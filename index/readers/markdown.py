"""Markdown: the canonical text is the file as written; front matter and headings are read.

Headings are found as CommonMark 0.31 has them at the top level of a document.
Its parsers in Python take a second per megabyte; the rules about blocks that
matter here (fences, comments, indented code) take little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.readers.frontmatter import front_matter
from index.readers.labelled import find_date, labelled
from index.readers.stated import completed
from index.readers.text import decode
from index.types import Mark, Metadata, SourceText

MAX_HEADING_CHARACTERS = 300
"""A longer paragraph above a rule is no heading to anyone who reads it."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_ATX = re.compile(r" {0,3}(?P<level>#{1,6})(?P<words>$|[ \t].*)")
_CLOSING_MARKS = re.compile(r"(?:^|(?<=[ \t]))#+$")
_UNDERLINE = re.compile(r" {0,3}(?P<rule>=+|-+)[ \t]*")
_LIST_MARK = r"(?:[-*+]|\d{1,9}[.)])"
_FENCE = re.compile(
    rf"(?P<before> {{0,3}}(?:{_LIST_MARK}[ \t]{{1,4}})*)(?P<fence>`{{3,}}(?=[^`]*$)|~{{3,}})"
)
_MARKUP = re.compile(r"[*_`\[{\\]")
_INDENTED = re.compile(r"(?: {0,3}\t| {4})")
_RAW = re.compile(r" {0,3}<(?P<opened>!--|(?:pre|script|style|textarea)(?=[\s>]|$))", re.I)
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}")
_CONTAINER = re.compile(rf" {{0,3}}(?:>|{_LIST_MARK}(?:[ \t]|$))")


def read(path: Path, data: bytes) -> SourceText:
    """Metadata from front matter; else from labelled lines, the first top-level heading."""
    text = decode(path, data)
    stated, start = front_matter(text)
    marks = tuple(headings(text, start))
    first = next((mark.label for mark in marks if mark.number == 1), None)
    plain = Metadata(title=first, date=find_date(text))
    metadata = completed(stated, labelled(text[start : start + 4000]), plain)
    return SourceText(text, metadata, marks, is_the_file=True)


@dataclass(slots=True)
class _Blocks:
    """What the lines so far leave open."""

    fence: str = ""
    """The opening marks of fenced code."""
    fence_at: int = 0
    """The column they stand in."""
    raw_until: re.Pattern[str] | None = None
    """What ends raw HTML."""
    paragraph: int | None = None
    """Where a paragraph began that an underline would make a heading."""
    container: bool = False
    """Inside a list or a quotation, whose lines go on without marks."""


def headings(text: str, start: int = 0) -> Iterator[Mark]:
    """A mark at each heading from `start` on, ATX (## Rice) or underlined."""
    blocks = _Blocks()
    for line in _LINE.finditer(text, start):
        offset, words = line.start(), line[1]
        if _is_inside_code(words, blocks):
            continue
        if not words.strip():
            blocks.paragraph, blocks.container = None, False
        elif blocks.paragraph is None and _INDENTED.match(words):
            continue
        elif atx := _ATX.fullmatch(words):
            blocks.paragraph, blocks.container = None, False
            yield from _mark(
                offset, len(atx["level"]), _CLOSING_MARKS.sub("", atx["words"].strip())
            )
        elif blocks.paragraph is not None and (rule := _UNDERLINE.fullmatch(words)):
            heading = text[blocks.paragraph : offset]
            yield from _mark(blocks.paragraph, 1 if rule["rule"][0] == "=" else 2, heading)
            blocks.paragraph = None
        else:
            _open(words, offset, blocks)


def _is_inside_code(words: str, blocks: _Blocks) -> bool:
    """Whether the line lies in fenced code or raw HTML, its first and last lines included."""
    if blocks.fence:
        mark, indent = words.strip(" \t"), len(words) - len(words.lstrip(" \t"))
        same = set(mark) == {blocks.fence[0]} and len(mark) >= len(blocks.fence)
        left = blocks.container and mark and indent < blocks.fence_at  # its list item
        if left or (same and indent < blocks.fence_at + 4):
            blocks.fence = ""
        if same or not left:
            return True
    if blocks.raw_until is not None:
        if blocks.raw_until.search(words):
            blocks.raw_until = None
        return True
    fence, raw = _FENCE.match(words), _RAW.match(words)
    if fence:
        blocks.fence, blocks.fence_at = fence["fence"], len(fence["before"])
        blocks.paragraph = None
        blocks.container |= _CONTAINER.match(words) is not None
    elif raw:
        ends = "-->" if raw["opened"] == "!--" else r"</(?:pre|script|style|textarea)>"
        closed = re.compile(ends, re.I)
        # <!--> is a comment that is closed already.
        blocks.raw_until = None if closed.search(words, raw.end() - 2) else closed
        blocks.paragraph = None
    return fence is not None or raw is not None


def _open(words: str, offset: int, blocks: _Blocks) -> None:
    if _RULE.fullmatch(words):
        blocks.paragraph, blocks.container = None, False
    elif _CONTAINER.match(words):
        blocks.paragraph, blocks.container = None, True
    elif blocks.paragraph is None and not blocks.container:
        blocks.paragraph = offset


def _mark(offset: int, level: int, words: str) -> Iterator[Mark]:
    label = plain_words(words) if len(words) <= MAX_HEADING_CHARACTERS else ""
    if label:
        yield Mark(offset, "heading", level, label)


def plain_words(words: str) -> str:
    r"""A heading's words without marks of emphasis, code, links and anchors.

    >>> plain_words("On *wet* `rice_field`s, see [Roe](http://x.org) {#rice}")
    'On wet rice_fields, see Roe'
    """
    if not _MARKUP.search(words):
        return " ".join(words.split())
    words = re.sub(r"[ \t]*\{[#.:][^{}]*\}\s*$", "", words)
    words = re.sub(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])?", r"\1", words)
    words = re.sub(r"(?<![\\\s])[*`]+|[*`]+(?!\s)(?<!\\[*`])", "", words)
    words = re.sub(r"(?<![\w\\])_+(?=\S)|(?<=\S)_+(?!\w)", "", words)
    words = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", words)
    return " ".join(words.split())
