"""Which quotation marks of a paragraph belong together.

Marks that may open and close (straight ones, those that German and English use
the other way round) close what is open, and else open, unless what stands
beside them says otherwise. What opens and never closes is none.
"""

from __future__ import annotations

# ruff: noqa: RUF001 - quotation marks look alike, and these are the ones meant
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from index.types import Span
from qa.checking.drafts.quotation_marks import (
    ELISION,
    FEET,
    MARK,
    PARTNERS,
    SINGLE,
    SLOPPY,
    SPACED,
    Looks,
    is_unspaced,
    looks,
)

MAX_DEPTH = 12
"""Quotations open at once. Beyond it the outermost is given up: somebody forgot to close it."""

MAX_ENDS = 8
"""Of a quotation in single marks."""

_GUILLEMET = re.compile("[«»‹›]")


@dataclass(slots=True)
class Pair:
    """An opening mark and where what it opens may end."""

    start: int
    """Of the opening mark."""
    open: str
    ends: list[int] = field(default_factory=list)
    """Where closing marks stand, ascending."""
    likeliest: int = -1
    """One of `ends`."""
    close: str = ""
    """The mark there."""
    sure: bool = False
    beyond: list[tuple[int, str]] = field(default_factory=list)
    """Single marks that may close it, if a double one between does not close itself."""


@dataclass(slots=True)
class Paired:
    """The pairs of a paragraph."""

    pairs: list[Pair]
    """By their start."""
    unclosed: Pair | None
    """The outermost that is open at the paragraph's end; never one in single marks."""


class Pairing:
    """Reads the paragraphs of a text."""

    def __init__(self, text: str, paragraphs: Sequence[Span], literal: Container[int] = ()) -> None:
        """`literal` are offsets at which marks are none."""
        self._text = text
        self._literal = literal
        firsts = [found[0] for span in paragraphs if (found := _GUILLEMET.search(text, *span))]
        # Set the German way, »so«, which the marks cannot tell where spaces surround them.
        self._inwards = 2 * sum(first in "»›" for first in firsts) > len(firsts)

    def pairs(self, span: Span, carried: Pair | None = None) -> Paired:
        """The pairs that close in a paragraph; `carried` was opened in one before."""
        reader = _Paragraph(self._text, span, self._inwards, carried)
        feet = {at for found in FEET.finditer(self._text, *span) for at in range(*found.span())}
        for found in MARK.finditer(self._text, *span):
            if found.start() not in feet and found.start() not in self._literal:
                reader.take(found.start(), found[0])
        return reader.finish()


class _Paragraph:
    """The marks that are open while a paragraph is read."""

    def __init__(self, text: str, span: Span, inwards: bool, carried: Pair | None) -> None:
        self._text = text
        self._span = span
        self._inwards = inwards
        self._open: list[Pair] = [carried] if carried else []
        self._closed: list[Pair] = []
        self._opened_at = -1
        """Where the last mark stands that opened something."""
        self._next: dict[str, int] = {}
        """Where marks stand next, as far as that was asked."""

    def take(self, at: int, mark: str) -> None:
        """A mark, after all before it."""
        adjacent = self._opened_at == at - 1 >= self._span[0]
        opened = bool(self._open)
        looking = looks(self._text, at, self._span, opened=opened, after_opening=adjacent)
        if mark in SINGLE:
            self._take_single(at, mark, looking)
        else:
            self._take_double(at, mark, looking)

    def finish(self) -> Paired:
        """Nothing follows: what is open stays so, but for single marks with an end."""
        self._settle(0)
        doubles = [pair for pair in self._open if pair.open not in SINGLE]
        inside = (
            any(closed.start < pair.start < closed.ends[-1] for closed in self._closed)
            for pair in doubles
        )
        unclosed = next(
            (pair for pair, gone in zip(doubles, inside, strict=True) if not gone), None
        )
        return Paired(sorted(self._closed, key=lambda pair: pair.start), unclosed)

    def _take_double(self, at: int, mark: str, looking: Looks) -> None:
        place = self._closes(at, mark, looking)
        if place is not None:
            self._settle(place + 1)
            pair = self._open[place]
            del self._open[place:]
            pair.ends, pair.likeliest, pair.close = [at], at, mark
            self._closed.append(pair)
            self._forget_beyond(pair.start)
        elif mark in PARTNERS and self._may_open(at, mark, looking):
            self._push(Pair(at, mark))

    def _closes(self, at: int, mark: str, looking: Looks) -> int | None:
        """Place of what a double mark closes."""
        place = self._partner(mark, PARTNERS)
        # French has spaces inside of these, whatever follows.
        spaced = mark in SPACED and (mark in "»›") != self._inwards
        if looking is Looks.OPENING and mark in PARTNERS and mark != "”" and not spaced:
            return None
        if place is None and (looking is Looks.CLOSING or mark not in "“„"):
            place = self._partner(mark, SLOPPY)
            if place is not None and self._closes_later(at, self._open[place].open):
                return None
        return place

    def _partner(self, mark: str, partners: dict[str, str]) -> int | None:
        for place in range(len(self._open) - 1, -1, -1):
            if mark in partners.get(self._open[place].open, ""):
                return place
        return None

    def _closes_later(self, at: int, opened: str) -> bool:
        """Whether the right closing mark follows before anything else opens with this one."""
        mark = PARTNERS[opened][0]
        close = self._following(at, mark)
        claimants = sum(mark in PARTNERS.get(pair.open, "") for pair in self._open)
        if close == len(self._text) or claimants > 1:
            return False
        if opened != '"':
            return close < self._following(at, opened)
        looking = looks(self._text, close, self._span, opened=True, after_opening=False)
        return looking is Looks.CLOSING

    def _following(self, at: int, mark: str) -> int:
        """Where a mark stands next in the paragraph; the text's end where it does not."""
        known = self._next.get(mark, -1)
        if known <= at:
            found = self._text.find(mark, at + 1, self._span[1])
            self._next[mark] = known = found if found >= 0 else len(self._text)
        return known

    def _may_open(self, at: int, mark: str, looking: Looks) -> bool:
        if mark in SPACED and (mark in "»›") == self._inwards:
            return True
        if looking is Looks.ALONE:
            inches = at > 1 and self._text[at - 2].isdigit()
            return mark in '"„' and not inches
        return looking is Looks.OPENING or (looking is Looks.NEITHER and mark != "”")

    def _take_single(self, at: int, mark: str, looking: Looks) -> None:
        if looking is Looks.NEITHER and not is_unspaced(self._text, at):
            return  # don't
        place = self._single_open(mark)
        if place is not None and looking is not Looks.OPENING:
            self._may_end(place, at, mark)
        elif mark != "’" and self._may_open_single(at, mark, looking):
            if place is not None and self._open[place].open == mark and self._open[place].ends:
                # Nobody opens one like it within it: it must have ended before.
                self._settle(place)
                del self._open[place:]
            self._push(Pair(at, mark))
        elif looking is not Looks.OPENING:
            self._note_beyond(at, mark)

    def _may_open_single(self, at: int, mark: str, looking: Looks) -> bool:
        if mark != "‚" and ELISION.match(self._text, at + 1, self._span[1]):
            return False
        return looking is Looks.OPENING or (looking is Looks.NEITHER and mark in "‘‚")

    def _single_open(self, mark: str, *, beyond: bool = False) -> int | None:
        """Place of what a single mark may close; double marks are only crossed if told so."""
        for place in range(len(self._open) - 1, -1, -1):
            opened = self._open[place].open
            if opened not in SINGLE and not beyond:
                return None
            if opened in SINGLE and mark in PARTNERS[opened] + SLOPPY[opened]:
                return place
        return None

    def _may_end(self, place: int, at: int, mark: str) -> None:
        """A closing single mark, or an apostrophe at the end of a word."""
        if self._end(self._open[place], at, mark):
            self._settle(place)
            del self._open[place:]

    def _end(self, pair: Pair, at: int, mark: str) -> bool:
        """Note where a pair may end; whether it cannot end any later."""
        before, after = self._text[at - 1], self._text[at + 1 : min(at + 3, self._span[1])]
        apostrophe = mark != "‘"
        followed = len(after) == 2 and after[0].isspace() and after[1].isalnum()
        possessive = apostrophe and before in "sxzSXZ"
        likely = not (possessive and (followed or after[:1] == ","))
        if len(pair.ends) < MAX_ENDS:
            pair.ends.append(at)
            if pair.likeliest < 0 or (likely and not pair.sure):
                pair.likeliest, pair.close, pair.sure = at, mark, likely
        # A word that has lost its end is followed by another: goin' home.
        return not (apostrophe and before.isalpha() and (followed or possessive))

    def _note_beyond(self, at: int, mark: str) -> None:
        place = self._single_open(mark, beyond=True)
        if place is not None and len(self._open[place].beyond) < MAX_ENDS:
            self._open[place].beyond.append((at, mark))

    def _forget_beyond(self, start: int) -> None:
        """A double mark that opened here has closed; what stands in it closes nothing outside."""
        for pair in self._open:
            while pair.beyond and pair.beyond[-1][0] > start:
                pair.beyond.pop()

    def _settle(self, place: int) -> None:
        """No more ends are found for what is open from this place on."""
        for pair in self._open[place:]:
            for at, mark in pair.beyond if not pair.ends else ():
                if self._end(pair, at, mark):
                    break
            if pair.ends:
                self._closed.append(pair)

    def _push(self, pair: Pair) -> None:
        if len(self._open) >= MAX_DEPTH:
            self._settle_first()
        self._open.append(pair)
        self._opened_at = pair.start

    def _settle_first(self) -> None:
        first, rest = self._open[:1], self._open[1:]
        self._open = first
        self._settle(0)
        self._open = rest
