"""The characters of a web page that was saved without what the server said of its encoding."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from index.readers.text import BYTE_ORDER_MARKS, OTHER_FORMATS, decode

HEAD_BYTES = 4096
"""Where an encoding is declared. Browsers look at 1024 bytes; some pages say it later."""

MAX_STRAY_CONTROLS = 1 / 200
"""Of all bytes. Pages are glued together from databases and hold a few; in binary files of any
kind 5 to 10 bytes in 100 are control characters."""

SOME_CONTROLS = 8
"""So many prove nothing, however short the page."""

MAX_WRONG = 1 / 100
"""Of what is not ASCII, bytes that are no UTF-8 in a page that is UTF-8: characters cut in two."""

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b"))
_DECLARED = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)"
    rb"|^\s*<\?xml[^>]{1,100}?encoding\s*=\s*[\"']([\w:.-]+)",
    re.I,
)
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""What browsers read for what is declared: mostly a superset that writers really used. A page
whose declaration can be read as ASCII is not UTF-16. From the WHATWG's Encoding Standard."""

_STATEFUL = frozenset(("iso2022_jp", "hz"))
"""Written in ASCII bytes alone, so that they look like UTF-8."""

_NEVER_USED = frozenset(("utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna"))
"""What Python knows, and no browser reads."""


def decoded(path: Path, data: bytes) -> str:
    """Bytes to text: byte order mark, UTF-8, what the page declares, detection.

    Raises:
        FileBinary, FileUndecodable: when the bytes are no text.
    """
    if data.startswith((*OTHER_FORMATS, *(mark for mark, _ in BYTE_ORDER_MARKS))):
        return decode(path, data)
    if encoding := _wide(data):
        return data.decode(encoding, "replace")
    clean = data.translate(None, _CONTROLS)
    if len(data) - len(clean) > max(SOME_CONTROLS, len(data) * MAX_STRAY_CONTROLS):
        return decode(path, data)  # which says what is wrong
    data = clean
    declared = _declared(data[:HEAD_BYTES])
    if declared in _STATEFUL:
        return data.decode(declared, "replace")
    try:
        return data.decode("utf-8")  # what is not, is hardly ever valid UTF-8 by chance
    except UnicodeDecodeError:
        return _mended(data) or _as_declared(data, declared) or decode(path, data)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of the first tags is zero."""
    start = data[:HEAD_BYTES].lstrip(b" \t\r\n\0")[:2]
    if b"\0<\0" in data[:HEAD_BYTES] and start[:1] == b"<":
        return "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
    return None


def _declared(head: bytes) -> str | None:
    """The Python name of the encoding that is meant by the one declared."""
    match = _DECLARED.search(head)
    label = (match[1] or match[2]).decode("ascii", "replace") if match else ""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return None if name in _NEVER_USED else _MEANT.get(name, name)


def _mended(data: bytes) -> str | None:
    """UTF-8 with a few wrong bytes, shown as browsers show them."""
    text = data.decode("utf-8", "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    foreign = sum(len(run) for run in re.findall(r"[^\x00-\x7f]+", text))
    return text if wrong <= foreign * MAX_WRONG else None


def _as_declared(data: bytes, encoding: str | None) -> str | None:
    try:
        return data.decode(encoding) if encoding and encoding != "utf-8" else None
    except (UnicodeError, LookupError):  # "rot13" and its like turn no bytes into text
        return None
