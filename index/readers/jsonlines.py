"""JSON Lines: each line a record, its values as text.

Short values are lines of the form "key: value"; long strings are paragraphs of
their own, without the key. Keys of what is nested are joined by dots. Numbers
are as written, keys that come twice are kept, empty values are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from index.errors import FileDamaged, LimitExceeded
from index.readers.limits import check_text
from index.readers.rows import MAX_ROWS
from index.readers.stated import metadata
from index.readers.text import INVISIBLE, decode
from index.types import Mark, Metadata, SourceText

SHORT_CHARACTERS = 80
"""A string above this, or with line breaks, is prose and needs no key."""

MAX_KEY_CHARACTERS = 1000
"""Of a key with all those above it. It stands before each value, so a long one adds up."""


class _Scalar(str):
    """A number, true or false, as written."""

    __slots__ = ()


class _Object(list[tuple[str, object]]):
    """A JSON object's keys and values in order, also those that come twice."""

    __slots__ = ()


Piece = tuple[str, bool]
"""Some text, and whether it is prose."""


def read(path: Path, data: bytes) -> SourceText:
    """A mark at each record, numbered by its line of the file; records are never joined."""
    text = decode(path, data)
    parts: list[str] = []
    marks: list[Mark] = []
    length, records, only = 0, 0, None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        record = _parsed(path, number, line)
        records, only = records + 1, record
        written = "\n\n".join(_paragraphs(path, record, length))
        if not written:
            continue
        marks.append(Mark(length, "row", number))
        parts.append(written)
        length += len(written) + 2
        if len(marks) > MAX_ROWS:
            raise LimitExceeded(
                path, f"it has more than {MAX_ROWS:,} records.", "Split it into smaller files."
            )
    return SourceText(
        "\n\n".join(parts),
        _metadata(only) if records == 1 else Metadata(),
        tuple(marks),
        breaks=tuple(mark.start for mark in marks[1:]),
    )


def _parsed(path: Path, number: int, line: str) -> object:
    try:
        return json.loads(
            line,
            strict=False,  # tabs and line breaks inside strings mean no harm
            object_pairs_hook=_Object,
            parse_int=_Scalar,
            parse_float=_Scalar,
            parse_constant=lambda _: None,  # NaN and Infinity: what pandas writes for nothing
        )
    except json.JSONDecodeError as error:
        raise FileDamaged(
            path,
            f"line {number:,} is no JSON ({error.msg} at character {error.colno:,}).",
            "Mend or remove the line; each line must be a JSON value of its own.",
        ) from None
    except RecursionError:
        raise _too_deep(path, f"line {number:,}") from None


def _paragraphs(path: Path, record: object, length: int) -> Iterator[str]:
    """The record's paragraphs, while the text they are added to may grow."""
    try:
        for prose, pieces in groupby(_pieces(path, record, ""), key=lambda piece: piece[1]):
            lines = []
            for words, _ in pieces:
                length += len(words)
                check_text(path, length)
                lines.append(words)
            yield ("\n\n" if prose else "\n").join(lines)
    except RecursionError:
        raise _too_deep(path, "a record") from None


def _pieces(path: Path, value: object, key: str) -> Iterator[Piece]:
    """What a value gives, under the key that leads to it."""
    if isinstance(value, _Object):
        for name, inner in value:
            yield from _pieces(path, inner, _joined(path, key, name))
    elif isinstance(value, list):
        yield from _items(path, value, key)
    elif words := _words(value):
        yield _labelled(key, words) if _is_short(words) else (words, True)


def _items(path: Path, items: list[object], key: str) -> Iterator[Piece]:
    """Short scalars in a row share a line; anything else stands for itself."""
    filled = (item for item in items if isinstance(item, list) or _words(item))
    for short, several in groupby(filled, key=lambda item: _is_short(_words(item))):
        if short:
            yield _labelled(key, ", ".join(map(_words, several)))
        else:
            for item in several:
                yield from _pieces(path, item, key)


def _labelled(key: str, words: str) -> Piece:
    return (f"{key}: {words}", False) if key else (words, True)


def _words(value: object) -> str:
    """A scalar as written, or nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return ""
    return re.sub(r"\r\n?", "\n", value).translate(INVISIBLE).strip()


def _is_short(words: str) -> bool:
    return 0 < len(words) <= SHORT_CHARACTERS and "\n" not in words


def _joined(path: Path, key: str, name: str) -> str:
    name = " ".join(name.split())
    joined = f"{key}.{name}" if key and name else key or name
    if len(joined) > MAX_KEY_CHARACTERS:
        raise _too_deep(path, "a record")
    return joined


def _too_deep(path: Path, place: str) -> LimitExceeded:
    return LimitExceeded(
        path,
        f"{place} nests too deep.",
        "Remove the record, or write what it says in fewer levels.",
    )


def _metadata(record: object) -> Metadata:
    """What a file of one record states."""
    if not isinstance(record, _Object):
        return Metadata()
    return metadata({key: _plain(value) for key, value in reversed(record)})


def _plain(value: object) -> object:
    """Objects as dictionaries, one level of lists deep, as authors come."""
    if isinstance(value, _Object):
        return dict(value)
    if isinstance(value, list):
        return [dict(item) if isinstance(item, _Object) else item for item in value]
    return value
