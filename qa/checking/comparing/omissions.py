"""A quotation with ellipses or [brackets]: its fragments in the source, and what lies between.

`edited(quotation, source) -> Comparison | None`. An ellipsis or brackets that the source has
itself are ordinary text. The verdict is by the words outside of them; whether what they hide or
put in turns the meaning is told beside it, see `qa.checking.comparing.honesty`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from index.spans import trimmed
from qa.checking.comparing import honesty
from qa.checking.comparing.editing import Edited, Mark, marks, taken_apart
from qa.checking.comparing.fragments import PlacedFragment, placed
from qa.checking.comparing.matching import needed
from qa.checking.comparing.rules import RULES, normal_form
from qa.checking.comparing.stretches import Stretch
from qa.checking.types import Change, Comparison, Insertion, Omission, Verdict

_OTHER_ORDER = "the parts stand in another order"

MOST_MARKS = 60
"""Ellipses and brackets in a quotation, in several pages; how long one takes grows with their
square. Of one with more they are compared as they stand."""

_WORD_END = re.compile(r"[\w'’]*")  # noqa: RUF001 - an apostrophe
_WORD_START = re.compile(r"[\w'’]*\Z")  # noqa: RUF001


def edited(quotation: Stretch, source: Stretch, least: float) -> Comparison | None:
    """The comparison of a quotation with ellipses or brackets; None where they explain nothing.

    Args:
        quotation: Of which the source has not all the words as they stand.
        source: The stretch.
        least: The similarity below which nothing is found.
    """
    every = marks(quotation.text)
    if not 0 < len(every) <= MOST_MARKS:
        return None
    ours = [mark for mark in every if not _in_source(quotation.text[mark.start : mark.end], source)]
    best: Comparison | None = None
    for some in (every, ours) if 0 < len(ours) < len(every) else (every,):
        found = _compared(quotation, source, some)
        if found.similarity >= least and (not best or found.rank < best.rank):
            best = found
    return best


def _in_source(written: str, source: Stretch) -> bool:
    return Stretch(written).joined in source.joined


def _compared(quotation: Stretch, source: Stretch, some: Sequence[Mark]) -> Comparison:
    parts = taken_apart(quotation.text, some)
    if not parts.fragments:
        return Comparison(Verdict.NOT_FOUND, 0, 0, 0.0)
    places = placed(parts.fragments, source)
    return _Reading(quotation, parts, places, source).comparison()


class _Reading:
    """A quotation's fragments, where each is in the source, and what is between them."""

    def __init__(
        self, quotation: Stretch, parts: Edited, places: Sequence[PlacedFragment], source: Stretch
    ) -> None:
        self.quotation, self.source = quotation, source
        self.parts, self.places = parts, places
        self.in_order = all(one.end <= other.start for one, other in pairwise(places))
        self.start = min(place.start for place in places)
        self.end = max(place.end for place in places)
        self.omissions: list[Omission] = []
        self.insertions: list[Insertion] = []
        self.changes: list[Change] = []
        self.rules = {rule for place in places for rule in place.rules}

    def comparison(self) -> Comparison:
        for fragment, place in zip(self.parts.fragments, self.places, strict=True):
            self.changes += (change.shifted(draft=fragment.start) for change in place.changes)
        if not self.in_order:
            self.changes += self._moved()
        for at, group in enumerate(self.parts.groups):
            self._read(at, group)
        verdict = self._verdict()
        return Comparison(
            verdict,
            min([self.start, *(change.source_start for change in self.changes)]),
            max([self.end, *(change.source_end for change in self.changes)]),
            self._similarity() if verdict is Verdict.ALTERED else 1.0,
            tuple(name for name in RULES if name in self.rules) if not self.changes else (),
            tuple(sorted(self.changes, key=lambda change: change.draft_start)),
            tuple(self.omissions),
            tuple(self.insertions),
        )

    def _verdict(self) -> Verdict:
        if self.changes or not all(place.same for place in self.places):
            return Verdict.ALTERED
        return Verdict.NORMALISED if self.rules else Verdict.EXACT

    def _similarity(self) -> float:
        sizes = [len(fragment.text.split()) for fragment in self.parts.fragments]
        agreeing = sum(size * place.score for size, place in zip(sizes, self.places, strict=True))
        return round(min(agreeing / max(1, sum(sizes)), 0.99), 4)

    def _moved(self) -> list[Change]:
        """Each fragment that is not in its place, and the one that the source has there."""
        found = []
        for fragment, place, there in zip(
            self.parts.fragments,
            self.places,
            sorted(self.places, key=lambda one: one.start),
            strict=True,
        ):
            if there is not place:
                words = self.source.text[there.start : there.end]
                ours = (fragment.start, fragment.end, fragment.text)
                found.append(Change(*ours, there.start, there.end, words))
        return found

    def _read(self, at: int, group: Sequence[Mark]) -> None:
        if not group:
            return
        last = len(self.places)
        if 0 < at < last and not self.in_order:
            for mark in group:
                self._tell(mark, "", _OTHER_ORDER)
        elif at == 0:
            self._read_before(group)
        elif at == last:
            self._read_after(group)
        else:
            self._read_between(group, self.places[at - 1].end, self.places[at].start)

    def _read_before(self, group: Sequence[Mark]) -> None:
        for mark in group:
            start = self.places[0].start
            if mark.glued_right:
                match = _WORD_START.search(self.source.text, 0, start)
                first = match.start() if match else start
            else:
                first = self._same_before(mark, start)
            self.start = min(self.start, first)
            self._tell(mark, self.source.text[first:start].rstrip())

    def _same_before(self, mark: Mark, start: int) -> int:
        """Where the words in brackets begin if the source has them before; else `start`."""
        wanted = (mark.inserted or "").strip().casefold()
        before = self.source.text[:start].rstrip()
        first = len(before) - len(wanted)
        if wanted and before.casefold().endswith(wanted) and not self.source.parts_a_word(first):
            return max(0, first)
        return start

    def _read_after(self, group: Sequence[Mark]) -> None:
        for mark in group:
            end = self.places[-1].end
            match = _WORD_END.match(self.source.text, end) if mark.glued_left else None
            last = match.end() if match else end
            self.end = max(self.end, last)
            self._tell(mark, self.source.text[end:last])

    def _read_between(self, group: Sequence[Mark], start: int, end: int) -> None:
        """What lies between two fragments belongs to the marks between them.

        Letters of a broken word go to the brackets beside it, the rest to the ellipsis, or else to
        the first brackets that are no remark.
        """
        taken = dict.fromkeys(group, "")
        text = self.source.text
        if group[0].glued_left and (match := _WORD_END.match(text, start, end)):
            taken[group[0]], start = match.group(), match.end()
        if group[-1].glued_right and (found := _WORD_START.search(text[start:end])):
            taken[group[-1]] += found.group()
            end -= len(found.group())
        rest = text[slice(*trimmed(text, start, end))]
        owner = next((mark for mark in group if mark.inserted is None), None) or next(
            (mark for mark in group if not mark.note), None
        )
        if owner:
            taken[owner] = (taken[owner] + " " + rest).strip() if taken[owner] else rest
        elif any(character.isalnum() for character in rest):
            # A remark stands for no words: those left out are left out without a sign.
            at = group[0].start
            first, last = trimmed(text, start, end)
            self.changes.append(Change(at, at, "", first, last, rest))
        for mark in group:
            written = self.quotation.text[mark.start : mark.end]
            if normal_form(written, RULES) == normal_form(taken[mark], RULES):
                # The source's own ellipsis or brackets: nothing is left out or put in.
                self.rules.update(needed(written, taken[mark]))
            else:
                self._tell(mark, taken[mark])

    def _tell(self, mark: Mark, words: str, reason: str | None = None) -> None:
        if mark.inserted is None:
            reason = reason or honesty.of_omission(words)
            self.omissions.append(Omission(mark.start, mark.end, words, reason is None, reason))
            return
        reason = reason or honesty.of_insertion(
            mark.inserted,
            words,
            note=mark.note,
            prefix=mark.glued_right,
            beside=self._beside(mark),
        )
        told = (mark.inserted, words, reason is None, reason)
        self.insertions.append(Insertion(mark.start, mark.end, *told))

    def _beside(self, mark: Mark) -> tuple[str, str]:
        """Letters of the same word on both sides of brackets."""
        text = self.quotation.text
        left = _WORD_START.search(text, 0, mark.start) if mark.glued_left else None
        right = _WORD_END.match(text, mark.end) if mark.glued_right else None
        return (left.group() if left else ""), (right.group() if right else "")
