"""What a writer puts into a quotation: ellipses for words left out, and words in [brackets]."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from index.spans import trimmed
from qa.checking.comparing.matching import ASKING_OR_CALLING

_DOTS = r"(?:…|\.{3}(?!\.)|\.\s\.\s\.(?!\s?\.))"
OMISSION = re.compile(rf"\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS}")
"""An ellipsis, in brackets or without; of four dots the first ends a sentence."""

_MARK = re.compile(
    rf"{OMISSION.pattern}"
    r"|\[(?P<brackets>[^\[\]]{1,400})\]|\((?P<sic>sic!?)\)"
)

_NOTE = re.compile(
    r"sic!?|recte\b.*|laughs|laughter|applause|inaudible"
    r"|(?:.*\b)?(?:emphasis|italics|bold|underlining|translation|translated|note|notes)\b.*"
    r"|(?:.*\b)?(?:hervorhebung|hervorgehoben|kursiv|übersetzung|übersetzt|anm\.|anmerkung)\b.*"
    r"|(?:.*\b)?(?:soulign(?:é|ons|e)|italiques?|traduction|traduit|ndlr|nda)\b.*"
    r"|(?:.*\b)?(?:nhấn mạnh|in nghiêng|dịch|nguyên văn)\b.*",
    re.IGNORECASE | re.DOTALL,
)
"""Remarks on the words, in place of none: The Chicago Manual of Style, 17th edition, 13.7, 13.61
and 13.62, and what is written for them in German, French and Vietnamese."""


class Mark(NamedTuple):
    """An ellipsis or something in brackets."""

    start: int
    end: int
    inserted: str | None
    """Between the brackets; None of an ellipsis."""
    note: bool
    """A remark such as [sic], which stands for no words."""
    glued_left: bool
    """To a letter, as in "walk[ed]"."""
    glued_right: bool
    """As in "[T]he"."""


class Fragment(NamedTuple):
    """Words between such marks, as the source should have them."""

    start: int
    end: int
    text: str
    glued_left: bool
    glued_right: bool
    first: bool
    """It begins the quotation."""
    may_add_stop: bool
    """It ends the quotation, or stands before an ellipsis."""


class Edited(NamedTuple):
    """A quotation taken apart: `groups[n]` stands before `fragments[n]`, the last after them all."""

    fragments: tuple[Fragment, ...]
    groups: tuple[tuple[Mark, ...], ...]


def marks(text: str) -> list[Mark]:
    """The ellipses and brackets of a quotation, in order.

    >>> [(mark.inserted, mark.note) for mark in marks("[T]he year … of the [sic] Party")]
    [('T', False), (None, False), ('sic', True)]
    """
    found = []
    for match in _MARK.finditer(text):
        inserted = match["brackets"] or match["sic"]
        note = inserted is not None and _NOTE.fullmatch(inserted.strip()) is not None
        start, end = match.span()
        left = text[max(0, start - 1) : start].isalnum() and inserted is not None
        right = text[end : end + 1].isalnum() and inserted is not None
        found.append(Mark(start, end, inserted, note, left, right))
    return found


def taken_apart(text: str, found: Sequence[Mark]) -> Edited:
    """The fragments of a text between some marks; what holds no word belongs to no fragment."""
    fragments: list[Fragment] = []
    groups: list[tuple[Mark, ...]] = [()]
    bounds = [0, *(place for mark in found for place in (mark.start, mark.end)), len(text)]
    for at in range(len(found) + 1):
        start, end = trimmed(text, bounds[2 * at], bounds[2 * at + 1])
        before = found[at - 1] if at else None
        after = found[at] if at < len(found) else None
        if _says_something(text[start:end]):
            fragments.append(_fragment(text, (start, end), before, after))
            groups.append(())
        if after:
            groups[-1] += (after,)
    if fragments:
        rest = any(_says_something(text[mark.end :]) for mark in found[-1:])
        fragments[-1] = fragments[-1]._replace(may_add_stop=not rest or fragments[-1].may_add_stop)
    return Edited(tuple(fragments), tuple(groups))


def _fragment(
    text: str, span: tuple[int, int], before: Mark | None, after: Mark | None
) -> Fragment:
    return Fragment(
        *span,
        text[slice(*span)],
        glued_left=bool(before and before.glued_right),
        glued_right=bool(after and after.glued_left),
        first=before is None,
        may_add_stop=after is None or after.inserted is None,
    )


def _says_something(text: str) -> bool:
    return any(character.isalnum() or character in ASKING_OR_CALLING for character in text)
