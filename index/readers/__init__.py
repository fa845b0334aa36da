"""Readers: one module per format family, one row per suffix.

A reader takes the path (for messages) and the bytes, and returns the
canonical text, where its parts stand, and what the file states of itself. To
add a format: write its module, add its suffixes here. A module is imported
when a file of its kind is first read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from importlib import import_module
from pathlib import Path, PurePath

from index.errors import (
    FileDamaged,
    FileEmpty,
    FileRefused,
    FileUnreadable,
    FormatUnknown,
    LimitExceeded,
)
from index.readers.limits import MAX_TEXT_CHARACTERS, check_text, gunzip
from index.types import Failure, Metadata, SourceFile, SourceText

Reader = Callable[[Path, bytes], SourceText]

READERS: dict[str, str] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rst": "restructured",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".pptx": "pptx",
    ".epub": "epub",
    ".eml": "mail",
    ".csv": "rows",
    ".tsv": "rows",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
}
"""The module that reads files of each suffix, by its function `read`."""

PACKED = ".gz"

MAX_DEPTH = 3
"""How far mails inside mails are followed."""

_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read: a file itself, or something attached to it."""

    source: SourceFile
    """Of an attachment: the path is the container's with its name below, the hash its own."""
    content: SourceText | Failure


def is_readable(path: PurePath) -> bool:
    """Whether some reader handles files of this name."""
    return _suffix(path) in READERS


def read(source: SourceFile) -> list[Reading]:
    """Read one file as it was when it was hashed: itself first, then what is attached to it."""
    return list(_read(source, lambda: _bytes_as_hashed(source), _Room(), depth=0))


@dataclass(slots=True)
class _Room:
    """What a file and all that is attached to it have taken of what one file may hold."""

    characters: int = 0

    def take(self, path: Path, characters: int) -> None:
        """Count a text in, or refuse it."""
        if self.characters + characters > MAX_TEXT_CHARACTERS:
            raise LimitExceeded(
                path,
                f"together with what it is attached to it has more than {MAX_TEXT_CHARACTERS:,} "
                "characters of text.",
                "Save it as a file of its own, and add that.",
            )
        self.characters += characters


def _read(
    source: SourceFile, load: Callable[[], bytes], room: _Room, depth: int
) -> Iterator[Reading]:
    try:
        if depth > MAX_DEPTH:
            raise LimitExceeded(
                source.path,
                f"it lies more than {MAX_DEPTH} files deep inside others.",
                "Save it as a file of its own, and add that.",
            )
        content = _guarded(source.path, load)
        room.take(source.path, len(content.text))
    except FileRefused as refusal:
        failure = Failure(source.path, refusal.code, refusal.message, refusal.remedy)
        yield Reading(source, failure)
        return
    yield Reading(source, content)
    for attached in content.attachments:
        data = attached.data
        inside = SourceFile(source.path / attached.name, hashlib.sha256(data).hexdigest())
        yield from _read(inside, lambda data=data: data, room, depth + 1)  # type: ignore[misc]


def _content(path: Path, load: Callable[[], bytes]) -> SourceText:
    suffix = _suffix(path)
    if suffix not in READERS:
        raise FormatUnknown(
            path,
            f"no reader handles {suffix or 'files without a suffix'}.",
            f"Quaere reads {', '.join(sorted(READERS))}, also packed with gzip: convert the file, "
            "or rename it if it is one of these.",
        )
    data = load()
    if path.suffix.lower() == PACKED:
        data = gunzip(path, data)
    reader: Reader = import_module(f"index.readers.{READERS[suffix]}").read
    content = reader(path, data)
    check_text(path, len(content.text))
    if not content.text.strip() and not content.attachments:
        raise FileEmpty(path, "the file holds no text.", "Write something into it, or remove it.")
    return _storable(content)


def _guarded(path: Path, load: Callable[[], bytes]) -> SourceText:
    """What is read; whatever a reader stumbles over is a failure of this file alone."""
    try:
        return _content(path, load)
    except FileRefused:
        raise
    except (MemoryError, RecursionError) as error:
        raise LimitExceeded(
            path,
            f"reading it takes more memory than one file may ({type(error).__name__}).",
            "Split it, or save it in a simpler format such as plain text.",
        ) from None
    # Readers stand on a dozen libraries, none of which says all it may raise, and files are made
    # to break them. The other files must go on; the name of the error tells where to look.
    except Exception as error:
        raise FileDamaged(
            path,
            f"its reader stumbled over it ({type(error).__name__}: {_replaced(str(error)[:200])}).",
            "Open it in the program that made it, and save it again, or as plain text.",
        ) from error


def _storable(content: SourceText) -> SourceText:
    """Without halves of characters, which no database stores, and NUL, which ends texts in many.

    Each becomes U+FFFD, as NUL does in HTML and CommonMark, so that offsets stay as they are.
    """
    known = {
        field.name: _replaced(value) if isinstance(value, str) else None
        for field in fields(Metadata)
        for value in [getattr(content.metadata, field.name)]
    }
    return replace(
        content,
        text=_replaced(content.text),
        metadata=Metadata(**known),
        marks=tuple(
            replace(mark, label=_replaced(mark.label)) if mark.label else mark
            for mark in content.marks
        ),
        attachments=tuple(
            replace(attached, name=_replaced(attached.name)) for attached in content.attachments
        ),
    )


def _replaced(text: str) -> str:
    return _NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _suffix(path: PurePath) -> str:
    """What the name says the file is, beneath gzip."""
    inner = path.with_suffix("") if path.suffix.lower() == PACKED else path
    return inner.suffix.lower()


def _bytes_as_hashed(source: SourceFile) -> bytes:
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise FileUnreadable(
            source.path,
            f"the file could not be read ({(error.strerror or str(error)).lower()}).",
            "Run the command again once it can be read.",
        ) from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise FileUnreadable(
            source.path,
            "the file changed while it was being read.",
            "Run the command again once nothing writes to it.",
        )
    return data
