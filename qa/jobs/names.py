"""Names of files that are sent: they become names on our disk, and come from anywhere."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

from index.errors import FormatUnknown, NameInvalid
from index.readers import PACKED, READERS, is_readable

MAX_BYTES = 200
"""In UTF-8. Most file systems take 255; the rest is for what is put beside a file."""

_SEPARATORS = re.compile(r"[/\\]")
_UNSAFE = re.compile(r'[<>:"|?*]')
"""What Windows has no names with, and shells have other uses for."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)
"""Devices on Windows, whatever follows the first dot."""


def safe_name(given: str) -> str:
    r"""The name a file is kept under: the last part of what was given, made harmless.

    >>> safe_name("C:\\fakepath\\..\\a:b\n.TXT"), safe_name("../.con.txt")
    ('a_b_.TXT', '_con.txt')

    Raises:
        NameInvalid: when nothing is left of it.
        FormatUnknown: when no reader handles files of this name.
    """
    name = unicodedata.normalize("NFC", _SEPARATORS.split(given)[-1])
    name = "".join("_" if unicodedata.category(one)[0] == "C" else one for one in name)
    name = _UNSAFE.sub("_", name).strip(" ").lstrip(". ").rstrip(". ")
    if _RESERVED.match(name):
        name = f"_{name}"
    if not name.strip("_. "):
        raise NameInvalid(
            "The name of the file is empty.", "Send it with a name, such as report.pdf."
        )
    if not is_readable(PurePosixPath(name)):
        raise FormatUnknown(
            Path(_shortened(name)),
            "no reader handles files of this name.",
            f"Quaere reads {', '.join(sorted(READERS))}, also packed with gzip: convert the file, "
            "or rename it if it is one of these.",
        )
    return _shortened(name)


def _shortened(name: str) -> str:
    """Its begin and its suffixes, in no more bytes than a name may have."""
    if len(name.encode()) <= MAX_BYTES:
        return name
    path = PurePosixPath(name)
    inner = path.with_suffix("") if path.suffix.lower() == PACKED else path
    ending = (inner.suffix + path.suffix if inner != path else path.suffix)[-MAX_BYTES // 4 :]
    room = MAX_BYTES - len(ending.encode())
    return name.removesuffix(ending).encode()[: max(room, 1)].decode(errors="ignore") + ending
