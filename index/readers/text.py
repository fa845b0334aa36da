"""Plain text: the canonical text is exactly the decoded file, newlines untouched."""

from __future__ import annotations

import codecs
import datetime
import re
from pathlib import Path

from index.errors import FileBinary, FileUndecodable
from index.types import SourceText

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

TITLE_MAX_CHARACTERS = 150
"""A first line longer than this is a paragraph. Most headlines have under 110 characters."""

HEAD_CHARACTERS = 1000
"""How far from the start a dateline is looked for."""

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = "|".join(_MONTHS)
_LABELLED_DATE = re.compile(
    r"^[ \t]*(?:date|dated|published|updated)[: \t]+(\d{4}-\d\d-\d\d)\b", re.I | re.M
)
_LONE_DATE = re.compile(
    rf"^[ \t]*(?:(?:date|dated|published|updated)[: \t]+)?(?:(?P<iso>\d{{4}}-\d\d-\d\d)"
    rf"|(?P<d1>\d{{1,2}}) (?P<m1>{_MONTH}),? (?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}),? (?P<y2>\d{{4}}))[ \t]*\r?$",
    re.I | re.M,
)


def read(path: Path, data: bytes) -> SourceText:
    """Decode the bytes; take the title and the date where they are plain to see."""
    text = decode(path, data)
    return SourceText(text, title=find_title(text), date=find_date(text))


def decode(path: Path, data: bytes) -> str:
    """Bytes to text: byte order mark, strict UTF-8, detection, Windows-1252.

    A byte order mark is no part of the text. Detection is charset-normalizer's.

    Raises:
        FileBinary, FileUndecodable: when the bytes are no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(path, encoding.upper(), error.start + len(mark)) from None
    if _NEVER_IN_TEXT.search(data):
        raise FileBinary(
            path,
            "the name says text and the content is binary.",
            "Give the file its right suffix, or save it as text.",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_legacy(path, data, error.start)


def _decode_legacy(path: Path, data: bytes, utf8_error: int) -> str:
    from charset_normalizer import from_bytes  # deferred: most files are UTF-8

    best = from_bytes(data).best()
    for encoding in (best.encoding if best else None, "cp1252"):
        try:
            if encoding:
                return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _undecodable(path, "UTF-8 or any encoding we know", utf8_error)


def _undecodable(path: Path, encoding: str, offset: int) -> FileUndecodable:
    return FileUndecodable(
        path,
        f"the bytes are not {encoding} (first wrong byte at {offset:,}).",
        "Save the file as UTF-8.",
    )


def find_title(text: str) -> str | None:
    r"""The first line, where it stands alone like a headline.

    >>> find_title("On Friendship\n\nIt was a cold day.")
    'On Friendship'
    >>> find_title("It was a cold day.\n\nThen it rained.") is None
    True
    """
    first, separator, rest = text.lstrip().partition("\n")
    title = first.strip()
    stands_alone = separator and (not rest.strip() or not rest.split("\n", 1)[0].strip())
    looks_like_one = (
        len(title) <= TITLE_MAX_CHARACTERS
        and title[-1:] not in {".", ",", ";", ":", "…"}
        and any(character.isalpha() for character in title)
        and not _LONE_DATE.match(title)
        and not _LABELLED_DATE.match(title)
    )
    return title if stands_alone and looks_like_one else None


def find_date(text: str) -> str | None:
    """A date near the start that is labelled, or alone on its line; ISO 8601.

    >>> find_date(" date 2025-10-08 The upcoming visit")
    '2025-10-08'
    >>> find_date("The year 2025 marks the 50th anniversary") is None
    True
    """
    head = text[:HEAD_CHARACTERS]
    for match in (_LABELLED_DATE.search(head), _LONE_DATE.search(head)):
        if match and (date := _iso(match)):
            return date
    return None


def _iso(match: re.Match[str]) -> str | None:
    named = match.groupdict()
    written = named.get("iso") if named else match[1]
    try:
        if written:
            return datetime.date.fromisoformat(written).isoformat()
        day = int(named["d1"] or named["d2"])
        month = _MONTHS.index((named["m1"] or named["m2"]).title()) + 1
        return datetime.date(int(named["y1"] or named["y2"]), month, day).isoformat()
    except ValueError:  # 2025-02-31
        return None
