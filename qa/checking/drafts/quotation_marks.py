"""Quotation marks: which pair, and whether one opens, by what stands beside it.

A mark is read by what it is and by what stands beside it: an opening one has
white space or an opening bracket before it, a closing one a word or a full
stop. Marks that may be both (straight ones, those that German and English use
the other way round) close what is open, and else open. Which marks pair is
from Unicode's "Quotation marks" table (core specification, section 6.2) and
CLDR's delimiters.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - quotation marks look alike, and all of them are meant
import re
import unicodedata
from enum import Enum

import regex

from index.lexical import UNSPACED
from index.types import Span

PARTNERS = {
    "“": "”",
    "”": "”",  # Swedish, Finnish
    "„": "“”",
    "‟": "”“",
    '"': '"',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’",
    "‚": "‘’",
    "‛": "’",
    "'": "'’",
    "「": "」",
    "『": "』",
    "﹁": "﹂",
    "﹃": "﹄",
    "＂": "＂",
}
"""For each mark that opens, those that close it; the usual one first."""

SLOPPY = {
    "“": '"“',
    "”": '"',
    "„": '"„',
    "‟": '"',
    '"': "”“",
    "‘": "'‘",
    "‚": "'‚",
    "‛": "'",
    "'": "‘",
}
"""What closes it too where somebody switched keyboards."""

SINGLE = frozenset("‘’‚‛'")
"""Marks that are apostrophes too."""

_CLOSING = {close for closes in PARTNERS.values() for close in closes} | {"’"}
MARK = re.compile("[" + "".join(sorted(PARTNERS.keys() | _CLOSING)) + "]")
_DASHES = frozenset("-‐‑‒–—―/")
SPACED = frozenset("«»‹›")
"""Marks with spaces inside, in French."""

ELISION = re.compile(r"(?:\d0s?\b(?!-)|(?:n|tis|twas|twere|twill|em|cos|coz|nuff)\b)", re.I)
"""Words that lost their beginning: ’90s, rock ’n’ roll, ’tis. Those that are words without the
apostrophe too ('cause, 'round) begin quotations more often."""

FEET = re.compile(r"\d[’'′]\s?\d{1,2}(?:[.,]\d+|\s?[¼½¾])?[\"”″]")
"""5' 10", 6’2½”."""


_UNSPACED = regex.compile(rf"[{UNSPACED}ー・]")
"""With Japanese marks that stand between letters."""


class Looks(Enum):
    """What a mark seems to do."""

    OPENING = 1
    CLOSING = 2
    ALONE = 3
    """White space on both sides."""
    NEITHER = 4
    """Words on both sides."""


def looks(text: str, at: int, within: Span, *, opened: bool, after_opening: bool) -> Looks:
    """By what stands on either side in the paragraph; marks that follow are looked past.

    `opened`: some quotation is open; `after_opening`: the character before opened one.
    """
    before = text[at - 1] if at > within[0] else " "
    after = _after(text, at, within[1])
    closes = _closes(after) and not _goes_on(text, at + 1)
    if before.isspace():
        return Looks.ALONE if after.isspace() or closes else Looks.OPENING
    opening = after_opening or unicodedata.category(before) == "Ps"
    if after.isspace():
        return Looks.ALONE if opening else Looks.CLOSING
    if opening:
        return Looks.OPENING
    if before in _DASHES:
        # What is said may break off there, or begin.
        begins = Looks.NEITHER if opened else Looks.OPENING
        return Looks.CLOSING if closes else begins
    return Looks.CLOSING if _closes(after) or after in _DASHES else Looks.NEITHER


def is_unspaced(text: str, at: int) -> bool:
    """Whether a character beside it is of a script without spaces."""
    return _UNSPACED.search(text, max(at - 1, 0), at + 2) is not None


def _after(text: str, at: int, end: int) -> str:
    for place in range(at + 1, min(at + 5, end)):
        if not MARK.match(text, place):
            return text[place]
    return " "


def _goes_on(text: str, at: int) -> bool:
    """Whether what stands here may begin a quotation, though it looks as if it closed one."""
    return text.startswith(("...", "…", ". ."), at)


def _closes(character: str) -> bool:
    return unicodedata.category(character) == "Pe" or character in ".,;:!?…。、，！？；："
