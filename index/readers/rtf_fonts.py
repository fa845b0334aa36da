"""The fonts of an RTF file, which say in which code page their characters are."""

from __future__ import annotations

import codecs
from collections.abc import Mapping

_LEADS = {
    "cp932": frozenset((*range(0x81, 0xA0), *range(0xE0, 0xFD))),
    "cp936": frozenset(range(0x81, 0xFF)),
    "cp949": frozenset(range(0x81, 0xFF)),
    "cp950": frozenset(range(0x81, 0xFF)),
}
"""First bytes of two, by code page. The second may be written as a plain letter."""


class Fonts:
    """The font table as far as it tells code pages."""

    def __init__(self, encodings: Mapping[int, str]) -> None:
        """`encodings` are striprtf's, by the number of a character set."""
        self._encodings = {charset: name for charset, name in encodings.items() if _is_codec(name)}
        self._charsets: dict[str, int] = {}
        self._named = ""
        self.codepage = ""
        """The document's own, where no font says otherwise."""

    def name(self, font: str) -> None:
        """What is said next is of this font."""
        self._named = font

    def set_charset(self, charset: int) -> None:
        """The character set of the font last named."""
        if charset in self._encodings:
            self._charsets[self._named] = charset

    def is_lead(self, font: str | None, byte: int) -> bool:
        """Whether the byte is the first of two that are one character."""
        charset = self._charsets.get(font or "")
        encoding = self.codepage if charset is None else self._encodings[charset]
        return byte in _LEADS.get(encoding, ())

    def table(self) -> str:
        """A font table for striprtf, with the fonts whose code pages are known."""
        known = (f"{{\\f{font}\\fcharset{each} x;}}\n" for font, each in self._charsets.items())
        return f"{{\\fonttbl\n{''.join(known)}}}"


def _is_codec(name: str) -> bool:
    try:
        return codecs.lookup(name) is not None
    except LookupError:
        return False
