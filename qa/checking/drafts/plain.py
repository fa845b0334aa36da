"""Plain text, and whatever readers make a text of, as a reader of the draft sees it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from index.segment import Outline, looks_like_heading, paragraphs
from index.types import SourceText, Span
from qa.checking.drafts.prose import Kind, Prose, Writer

MAX_HEADING_CHARACTERS = 200
"""A longer line is a paragraph that lacks its full stop."""

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_PREFIX = re.compile(r"[ \t]{0,3}>[> \t]*")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*(?![-*+•–]\s|\d{1,3}[.)]\s)(?=\S)")  # noqa: RUF001
_ITEM = re.compile(r"[ \t]*(?:[-*+•–]|\d{1,3}[.)])\s")  # noqa: RUF001 - the dash is meant
_FIELD = re.compile(r"\S\t")
"""A tab that parts the cells of a row, in a line that is no indented prose."""


def read(content: SourceText) -> Prose:
    """The prose of plain text, where block quotations are lines with > or indented ones."""
    writer = Writer(content.text)
    groups = list(_groups(content.text))
    # Where most paragraphs are indented, that is how this draft is set.
    indented = sum(kind == "indented" for kind, _ in groups) * 2 <= len(groups)
    for kind, lines in groups:
        if kind == "marked":
            _marked(writer, content.text, lines)
        elif kind == "indented" and indented:
            before = _paragraph(writer, [_unindented(content.text, line) for line in lines])
            writer.end_paragraph(before, "quote")
            writer.end_block(before)
        else:
            _ordinary(writer, content.text, lines)
    return writer.finish()


def read_marked(content: SourceText) -> Prose:
    """The prose of a text whose marks say what is a heading and what a block quotation."""
    headings = [mark.start for mark in content.marks if mark.kind == "heading" and mark.label]
    rows = [mark.start for mark in content.marks if mark.kind == "row"]
    outline = Outline(content.breaks, tuple(headings), tuple(rows) if content.is_the_file else ())
    writer = Writer(content.text)
    writer.take(0, len(content.text))
    writer.blocks += content.quotations
    quoted = [start for start, _ in content.quotations]
    for start, end in paragraphs(content.text, outline):
        heads = bisect_right(headings, start) != bisect_left(headings, start)
        before = bisect_right(quoted, start)
        if before and start < content.quotations[before - 1][1]:
            kind: Kind = "quote"
        elif heads:
            kind = "heading"
        else:
            kind = "item" if _ITEM.match(content.text, start, end) else "text"
        writer.paragraph(start, end, kind)
    return writer.finish()


def one_line_end(text: str) -> str:
    """The same text, and as long, for one that takes the two characters of Windows for two lines."""
    return text.replace("\r\n", " \n")


def _groups(text: str) -> Iterator[tuple[str, list[Span]]]:
    """Lines that belong together, without the blank ones between them, and what they are."""
    kind, lines = "", list[Span]()
    for line in (found.span() for found in _LINES.finditer(text)):
        found = _kind(text, line)
        # A paragraph is indented if all its lines are.
        other = found != kind if "marked" in {found, kind} else not (found and kind)
        if other and lines:
            yield kind, lines
            lines = []
        if found:
            kind = "ordinary" if lines and found != kind else found
            lines.append(line)
        else:
            kind = ""
    if lines:
        yield kind, lines


def _kind(text: str, line: Span) -> str:
    if not text[line[0] : line[1]].strip():
        return ""
    if _PREFIX.match(text, *line):
        return "marked"
    if _INDENTED.match(text, *line) and not _FIELD.search(text, *line):
        return "indented"
    return "ordinary"


def _marked(writer: Writer, text: str, lines: list[Span]) -> None:
    """A block quotation whose lines begin with >; those with nothing else part paragraphs."""
    start = -1
    begun: list[Span] = []
    for line in [*lines, (lines[-1][1], lines[-1][1])]:
        prefix = _PREFIX.match(text, *line)
        rest = (prefix.end() if prefix else line[0], line[1])
        if text[slice(*rest)].strip():
            begun.append(rest)
        elif begun:
            before = _paragraph(writer, begun)
            writer.end_paragraph(before, "quote")
            start = before if start < 0 else start
            begun = []
    if start >= 0:
        writer.end_block(start)


def _ordinary(writer: Writer, text: str, lines: list[Span]) -> None:
    offset, end = lines[0][0], lines[-1][1]
    spans = list(paragraphs(one_line_end(text[offset:end])))
    for first, last in spans:
        span = (offset + first, offset + last)
        words = text[slice(*span)]
        before = _paragraph(writer, [span])
        alone = len(spans) == 1 and len(words) <= MAX_HEADING_CHARACTERS
        heads = alone and looks_like_heading(words)
        item = _ITEM.match(words)
        writer.end_paragraph(before, "heading" if heads else "item" if item else "text")


def _unindented(text: str, line: Span) -> Span:
    found = _INDENTED.match(text, *line)
    return (found.end() if found else line[0], line[1])


def _paragraph(writer: Writer, lines: list[Span]) -> int:
    """Write lines; the length of the prose before."""
    writer.part(lines[0][0])
    before = writer.length
    for line in lines:
        writer.take(*line)
    return before
