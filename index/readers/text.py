"""Plain text: the canonical text is exactly the decoded file, newlines untouched."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.errors import FileBinary, FileUndecodable
from index.readers.labelled import find_date, find_title, labelled
from index.readers.stated import completed
from index.types import Metadata, SourceText

# Order matters: the UTF-32 mark begins with the UTF-16 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Control characters that no text file of any encoding has use for: all but
# backspace (man pages), tab, line feed, vertical tab, form feed, carriage
# return, end of file (CP/M) and escape (ISO-2022).
_NEVER_IN_TEXT = re.compile(rb"[\x00-\x07\x0e-\x19\x1c-\x1f]")
OTHER_FORMATS = {b"%PDF-": "a PDF", b"{\\rtf": "RTF"}
"""By their first bytes: formats that can be written in characters of texts alone."""

INVISIBLE = dict.fromkeys(map(ord, "\N{SOFT HYPHEN}\N{ZERO WIDTH NO-BREAK SPACE}"))
"""For str.translate: what is left out of texts that are put together from a file."""

WESTERN = "cp1252"
"""Far more files are in it than in any other of the older encodings."""

AS_CLEAN, AS_COHERENT = 0.05, 0.1
"""Differences in charset-normalizer's scores (from 0 to 1) that mean nothing: without this it
takes Portuguese, French, Swedish and Danish for cp1250, and "ã" becomes "ă"."""


def read(path: Path, data: bytes) -> SourceText:
    """Decode the bytes; take what is plain to see: a headline, labelled lines, a dateline."""
    text = decode(path, data)
    plain = Metadata(title=find_title(text), date=find_date(text))
    return SourceText(text, completed(labelled(text), plain), is_the_file=True)


def decode(path: Path, data: bytes) -> str:
    """Bytes to text: byte order mark, ISO-2022-JP, strict UTF-8, detection, Windows-1252.

    A byte order mark is no part of the text.

    Raises:
        FileBinary, FileUndecodable: when the bytes are no text.
    """
    for opening, name in OTHER_FORMATS.items():
        if data.startswith(opening):
            raise _not_text(path, name)
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(path, encoding.upper(), error.start + len(mark)) from None
    if _NEVER_IN_TEXT.search(data):
        raise _not_text(path, "binary")
    try:
        return data.decode("iso2022_jp_2" if b"\x1b$" in data else "utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(path, data, error.start)


def _decode_legacy(path: Path, data: bytes, utf8_error: int) -> str:
    for encoding in (_detected(data), WESTERN):
        try:
            if encoding:
                return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _undecodable(path, "UTF-8 or any encoding we know", utf8_error)


def _detected(data: bytes) -> str | None:
    """What charset-normalizer finds most likely, or Western European if it is as likely."""
    from charset_normalizer import from_bytes  # deferred: most files are UTF-8

    matches = list(from_bytes(data))
    for match in matches:
        western = WESTERN in {match.encoding, *match.could_be_from_charset}
        if (
            western
            and match.chaos <= matches[0].chaos + AS_CLEAN
            and match.coherence >= matches[0].coherence - AS_COHERENT
        ):
            return WESTERN
    return matches[0].encoding if matches else None


def _not_text(path: Path, content: str) -> FileBinary:
    return FileBinary(
        path,
        f"the name says text and the content is {content}.",
        "Give the file its right suffix, or save it as text.",
    )


def _undecodable(path: Path, encoding: str, offset: int) -> FileUndecodable:
    return FileUndecodable(
        path,
        f"the bytes are not {encoding} (first wrong byte at {offset:,}).",
        "Save the file as UTF-8.",
    )
