"""reStructuredText: the canonical text is the file; titles and field lists are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from index.readers.labelled import find_date, labelled
from index.readers.stated import completed, metadata
from index.readers.text import decode
from index.types import Mark, Metadata, SourceText

MAX_HEADING_CHARACTERS = 300

MAX_FIELDS_CHARACTERS = 64 * 2**10
"""How far a field list at the top is read."""

_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*")
_MARKUP = re.compile(r"[*_`|\\]")
_FIELD = re.compile(r":(?P<name>[^:\s][^:]*):(?:[ \t]+(?P<value>.*))?")
_NO_TITLE = re.compile(r"[-*+•] |:[^:\s][^:]*:(?:\s|$)|\.\. |=+(?: +=+)+$")
"""Items of bulleted lists, fields, comments and tables win over titles."""

Line = tuple[int, str]
"""Its offset, and its words without white space at the end."""


def read(path: Path, data: bytes) -> SourceText:
    """Metadata from the field list or the header lines at the top; else the first title."""
    text = decode(path, data)
    marks = tuple(titles(text))
    first = Metadata(title=marks[0].label if marks else None, date=find_date(text))
    stated = completed(metadata(_fields(text)), labelled(text), first)
    return SourceText(text, stated, marks, is_the_file=True)


def titles(text: str) -> Iterator[Mark]:
    """A mark at each section's title. Its level is that of its style, in order of appearance.

    https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html#sections
    """
    levels: dict[tuple[str, bool], int] = {}
    skipped, inside = 0, False
    for line, second, third in _windows(text):
        if skipped or not line[1]:
            skipped, inside = max(0, skipped - 1), False
            continue
        overlined = _overlined(line[1], second[1], third[1])
        if not inside and (overlined or _underlined(line[1], second[1])):
            offset, words = second if overlined else line
            style = (line if overlined else second)[1][0], overlined
            level = levels.setdefault(style, len(levels) + 1)
            yield Mark(offset + len(words) - len(words.lstrip()), "heading", level, plain(words))
            skipped = 2 if overlined else 1
        else:
            inside = True  # of a paragraph, whatever its further lines look like


def _windows(text: str) -> Iterator[tuple[Line, Line, Line]]:
    """Each line with the two behind it."""
    lines = ((line.start(), line[1].rstrip()) for line in _LINE.finditer(text))
    window = (0, ""), next(lines, (0, "")), next(lines, (0, ""))
    for following in chain(lines, [(0, "")] * 2):
        window = *window[1:], following
        yield window


def _overlined(over: str, title: str, under: str) -> bool:
    return (
        _ADORNMENT.fullmatch(over) is not None
        and over == under
        and _is_title(title.strip())
        and (len(over) >= 4 or len(over) >= len(title))
    )


def _underlined(title: str, under: str) -> bool:
    return (
        not title[:1].isspace()
        and _is_title(title)
        and _ADORNMENT.fullmatch(under) is not None
        and (len(under) >= 4 or len(under) >= len(title))
    )


def _is_title(words: str) -> bool:
    return (
        0 < len(words) <= MAX_HEADING_CHARACTERS
        and _ADORNMENT.fullmatch(words) is None
        and _NO_TITLE.match(words) is None
    )


def _fields(text: str) -> dict[str, object]:
    """The first field list near the top, as long as nothing but titles stands above it."""
    fields: dict[str, object] = {}
    name = ""
    for line in _LINE.finditer(text, 0, MAX_FIELDS_CHARACTERS):
        words = line[1].rstrip()
        if field := _FIELD.fullmatch(words):
            name = field["name"]
            fields.setdefault(name, field["value"] or "")
        elif fields and name and words[:1].isspace():
            fields[name] = f"{fields[name]} {words.strip()}".strip()
        elif fields:
            break
    return fields if _is_at_top(text) else {}


def _is_at_top(text: str) -> bool:
    """Whether the first thing beside titles and comments is a field."""
    lines = [line[1].rstrip() for line in _LINE.finditer(text, 0, MAX_FIELDS_CHARACTERS)]
    after = [
        word
        for number, word in enumerate(lines)
        if word
        and not _ADORNMENT.fullmatch(word)
        and not (number + 1 < len(lines) and _ADORNMENT.fullmatch(lines[number + 1]))
        and not word.startswith((".. ", " ", "\t"))
    ]
    return bool(after) and _FIELD.fullmatch(after[0]) is not None


def plain(words: str) -> str:
    """A title's words without inline markup.

    >>> plain("Using ``rice`` with :ref:`water <rain>` and *care*")
    'Using rice with water and care'
    """
    if not _MARKUP.search(words):
        return " ".join(words.split())
    words = re.sub(r"(?::[\w:.+-]+:)?`([^`<]*?)[ \t]*(?:<[^`<>]*>)?`_{0,2}(?!`)", r"\1", words)
    words = re.sub(r"`+|(?<![\\\s\w])\*+|(?<=\S)\*+(?!\w)|(?<!\S)\*+(?=\S)", "", words)
    words = re.sub(r"(?<=\w)_{1,2}(?!\w)|\|(?=\S)|(?<=\S)\|", "", words)
    words = re.sub(r"\\(.)", r"\1", words)
    return " ".join(words.split())
