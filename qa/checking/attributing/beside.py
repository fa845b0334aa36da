"""What stands beside a quotation in a draft, and may say where it is from. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.spans import BLANK_LINES
from index.types import Span
from qa.checking.attributing.speech import speeches
from qa.cue_matching import words

ALONE = 2
"""Words beside a quotation in its sentence: no more than "and then"."""

SHORT = 8
"""Words: a sentence after a quotation that says whose it is: "So said the ambassador"."""

_MARKS = "“”„«»\"‘’‚‹›'"  # noqa: RUF001 - quotes are meant
_OTHER_QUOTATION = regex.compile(
    r"“[^“”„]{1,2000}[”“]|„[^“”„]{1,2000}[“”]|«[^«»]{1,2000}»|»[^«»]{1,2000}«|\"[^\"]{1,2000}\""
)
_BRACKETED = regex.compile(rf"[{_MARKS}\s.,;:!?…]*([(\[][^()\[\]\n\r]{{2,200}}[)\]])")
_DASHED = regex.compile(
    rf"[{_MARKS}.,;:!?…]*[^\S\r\n]*(?:(?:\r\n|\n|\r)[^\S\r\n>]*>?[^\S\r\n]*){{1,3}}"
    r"((?:—|–|―|---?)[^\S\r\n]*[^\s][^\n\r]{0,200})"  # noqa: RUF001 - dashes are meant
)
_DASHED_WITHIN = regex.compile(r"(?:\n|\r)[^\S\r\n>]*>?[^\S\r\n]*((?:—|―|--)[^\n\r]{1,200})\s*$")


@dataclass(frozen=True, slots=True)
class Beside:
    """Spans of prose beside a quotation."""

    quotation: Span
    next_to: tuple[Span, ...]
    """Of its sentence, from its marks to other quotations or the sentence's ends."""
    own: tuple[Span, ...]
    """Of its sentence, all outside quotations."""
    neighbours: tuple[Span, ...]
    """Sentences beside it that tell of speech."""
    references: tuple[Span, ...]
    """Brackets, or a line with a dash, right behind it."""

    def distance(self, start: int, end: int) -> int:
        """Characters between the quotation and a cue."""
        return max(self.quotation[0] - end, start - self.quotation[1], 0)


def beside(prose: str, quotation: Span, sentences: Sequence[Span]) -> Beside:
    """What stands beside `prose[quotation]`."""
    start, end = quotation
    first = bisect_right(sentences, start, key=lambda span: span[1])
    after = bisect_left(sentences, end, key=lambda span: span[0])
    held = sentences[first:after]
    sentence = min([start, *(s for s, _ in held)]), max([end, *(e for _, e in held)])
    inner = _without_marks(prose, quotation, sentence)
    own = tuple(_outside(prose, sentence, inner))
    next_to = tuple(span for span in own if inner[0] == span[1] or inner[1] == span[0])
    previous = sentences[first - 1] if first else None
    following = sentences[after] if after < len(sentences) else None
    return Beside(
        quotation,
        next_to,
        own,
        tuple(_neighbours(prose, sentence, previous, following, alone=_alone(prose, own))),
        tuple(_references(prose, quotation)),
    )


def _without_marks(prose: str, quotation: Span, sentence: Span) -> Span:
    """The quotation and the marks around it."""
    start, end = quotation
    while start > sentence[0] and prose[start - 1] in _MARKS:
        start -= 1
    while end < sentence[1] and prose[end] in _MARKS:
        end += 1
    return start, end


def _outside(prose: str, sentence: Span, quotation: Span) -> list[Span]:
    """The parts of a sentence outside its quotations."""
    spans = []
    for start, end in ((sentence[0], quotation[0]), (quotation[1], sentence[1])):
        place = start
        for other in _OTHER_QUOTATION.finditer(prose, start, end):
            spans.append((place, other.start()))
            place = other.end()
        spans.append((place, end))
    return [(start, end) for start, end in spans if start < end]


def _alone(prose: str, own: Sequence[Span]) -> bool:
    """Whether a sentence is nothing but its quotation, so that another must say whose it is."""
    return sum(len(words(prose, *span)) for span in own) <= ALONE


def _neighbours(
    prose: str, sentence: Span, previous: Span | None, following: Span | None, *, alone: bool
) -> list[Span]:
    """The sentence before, where it tells of speech or ends in a colon; a short one after."""
    found: list[Span] = []
    if not alone:
        return found
    if previous:
        colon = prose[previous[0] : previous[1]].rstrip(_MARKS).endswith(":")
        parted = BLANK_LINES.search(prose, previous[1], sentence[0])
        if colon or (not parted and speeches(prose, *previous)):
            found.append(previous)
    if following and not BLANK_LINES.search(prose, sentence[1], following[0]):
        short = len(words(prose, *following)) <= SHORT
        quotes = any(mark in prose[following[0] : following[1]] for mark in '“„«"')
        if short and not quotes and speeches(prose, *following):
            found.append(following)
    return found


def _references(prose: str, quotation: Span) -> list[Span]:
    start, end = quotation
    found = (
        _BRACKETED.match(prose, end),
        _DASHED.match(prose, end),
        _DASHED_WITHIN.search(prose, start, end),
    )
    return [match.span(1) for match in found if match]
