"""The nearest words of a source, word by word against a quotation's, and where they differ.

The quotation is aligned with a part of the source at the least cost: Sellers' algorithm ("The
theory and computation of evolutionary distances", 1980), an edit distance in which the source may
begin and end anywhere. Where two words of a short quotation changed places, the cheapest part is
often another one; so the part with most of its words, in any order, is aligned too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.comparing.nearness import Step, nearness, shared
from qa.checking.comparing.rules import HYPHEN, SHORT, alike
from qa.checking.comparing.stretches import Stretch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int32]

WORD, MARK, HYPHENATED, SPELLING, AGREEING = 32, 16, 1, 2, -4
"""Costs of a word, of a mark and of a word's hyphen that is added, dropped or replaced, of a word
that differs in case or accents, and of one that agrees: among parts of the source that are as
near, the one with most words is best. The parts of a hyphenated word cost as much as one word
together. Replacing a word by a mark costs both."""

HOPELESS = 0.5
"""Below this share of words in common, in any order, nothing is aligned: no score is above it."""

SHORT_QUOTATION = 12
"""Up to so many words, two that changed places may be found better in any order."""

DOUBTFUL = 0.666
"""Below this score two words may have changed places: one word in three that changed leaves more."""

WIDER = 4
"""Tokens by which a part with a short quotation's words may be longer than it."""

EQUALS = 4
"""Parts with as many of its words that are looked at."""

MOST_CELLS = 200_000
"""Of the table that is worked out; a longer source is cut to the part with most of the words."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A quotation's words beside a source's."""

    steps: tuple[Step, ...]
    first: int
    """Of the source's tokens."""
    last: int
    """Not included."""
    score: float
    """0 to 1, see `qa.checking.comparing.nearness`."""


def align(quotation: Stretch, source: Stretch, low: int = 0, high: int | None = None) -> Alignment:
    """The quotation beside the nearest part of the source's tokens from `low` to `high`."""
    high = len(source.forms) if high is None else high
    if high <= low or not quotation.forms:
        return Alignment((), low, low, 0.0)
    comparing = _Comparing(quotation, source, low, high)
    if comparing.share_in_any_order() < HOPELESS:
        return comparing.unaligned()
    return comparing.best()


class _Comparing:
    """One alignment being worked out."""

    def __init__(self, quotation: Stretch, source: Stretch, low: int, high: int) -> None:
        import numpy as np

        self.quotation, self.source, self.low = quotation, source, low
        self.size = len(quotation.forms)
        numbers: dict[str, int] = {}
        for form in quotation.folded:
            numbers.setdefault(form, len(numbers))
        exact = {form: place for place, form in enumerate(dict.fromkeys(quotation.forms))}
        folded, forms = source.folded[low:high], source.forms[low:high]
        self.ours = [numbers[form] for form in quotation.folded]
        self.our_forms = [exact[form] for form in quotation.forms]
        self.theirs = np.array([numbers.get(form, -1) for form in folded], np.int32)
        self.their_forms = np.array([exact.get(form, -1) for form in forms], np.int32)
        self.words = np.array(source.are_words[low:high], bool)
        self._counts: list[tuple[Numbers, int]] | None = None
        self.our_costs = costs(quotation)
        self.their_costs = np.array(costs(source)[low:high], np.int32)

    def share_in_any_order(self) -> float:
        high = self.low + len(self.theirs)
        found = shared(self.quotation, self.source, slice(self.low, high))
        return found / max(1e-9, sum(self.quotation.shares))

    def _with_most_words(self, width: int, more_than: float = -1) -> list[tuple[int, int]]:
        """The first parts of so many tokens that share most words with the quotation, if so many."""
        import numpy as np

        length = len(self.theirs)
        if length <= width:
            return [(0, length)]
        words = np.zeros(length - width + 1, np.int32)
        for counts, wanted in self._counts_before():
            words += np.minimum(counts[width:] - counts[:-width], wanted)
        if words.max() <= more_than:
            return []
        best = np.flatnonzero(words == words.max())[:EQUALS]
        return [(place, place + width) for place in best.tolist()]

    def _counts_before(self) -> list[tuple[Numbers, int]]:
        """Of each of the quotation's words, how many stand before each place, and are wanted."""
        import numpy as np

        if self._counts is None:
            ours = zip(self.ours, self.quotation.are_words, strict=True)
            wanted = Counter(number for number, word in ours if word)
            self._counts = [
                (np.concatenate(([0], np.cumsum(self.theirs == number))).astype(np.int32), count)
                for number, count in wanted.items()
            ]
        return self._counts

    def unaligned(self) -> Alignment:
        """Only a place, and half of what is there in any order."""
        first, last = (self.low + place for place in self._with_most_words(self.size)[0])
        score = nearness(self.quotation, self.source, (), slice(first, last))
        return Alignment((), first, last, score)

    def best(self) -> Alignment:
        """The alignment with the highest score."""
        size, length = self.size, len(self.theirs)
        low, high = 0, length
        if length * size > MOST_CELLS:
            place = self._with_most_words(size)[0][0]
            low, high = max(0, place - size), min(length, place + 2 * size)
        found = self._scored(self._aligned(low, high, free=True))
        words = sum(self.quotation.are_words)
        if words <= SHORT_QUOTATION and found.score < DOUBTFUL:
            widths = range(words, size + WIDER)
            least = sum(self.quotation.shares) * found.score
            parts = {part for width in widths for part in self._with_most_words(width, least)}
            others = [self._scored(self._aligned(*part, free=False)) for part in sorted(parts)]
            found = max((found, *others), key=lambda one: one.score)
        return self._with_split_words(found)

    def _aligned(self, low: int, high: int, *, free: bool) -> list[Step]:
        """The cheapest steps; where the source is not free, all of it is taken."""
        replacing = self._replacing(low, high)
        rows = self._table(replacing, low, high, free=free)
        end = self._end(rows, low) if free else high - low
        steps = self._traced(rows, replacing, low, end, free=free)
        while steps and self._outside(steps[0]):
            steps.pop(0)
        while steps and self._outside(steps[-1]):
            steps.pop()
        return steps

    def _outside(self, step: Step) -> bool:
        """At an end: a source token that the quotation does not have, here or elsewhere."""
        ours, theirs = step
        return ours is None and theirs is not None and bool(self.theirs[theirs - self.low] < 0)

    def _with_split_words(self, found: Alignment) -> Alignment:
        """With the rest of a word at an end that the quotation writes as one, the source as two."""
        steps, first, last = list(found.steps), found.first, found.last
        if steps and first > self.low and self._split(steps[0], first - 1):
            first -= 1
            steps.insert(0, (None, first))
        if steps and last < self.low + len(self.theirs) and self._split(steps[-1], last):
            steps.append((None, last))
            last += 1
        return Alignment(tuple(steps), first, last, found.score)

    def _split(self, step: Step, beyond: int) -> bool:
        ours, theirs = step
        if ours is None or theirs is None:
            return False
        both = (self.source.folded[one] for one in sorted((theirs, beyond)))
        return self.quotation.folded[ours] == "".join(both)

    def _table(self, replacing: Numbers, low: int, high: int, *, free: bool) -> list[Numbers]:
        import numpy as np

        sums = np.concatenate(([0], np.cumsum(self.their_costs[low:high]))).astype(np.int32)
        rows = [np.zeros(high - low + 1, np.int32) if free else sums.copy()]
        for cost, replacing_it in zip(self.our_costs, replacing, strict=True):
            above = rows[-1]
            row = above + cost
            np.minimum(row[1:], above[:-1] + replacing_it, out=row[1:])
            # A source token more in any number: the least of all places before, plus what lies
            # between, found for the whole row at once.
            rows.append(np.minimum.accumulate(row - sums) + sums)
        return rows

    def _replacing(self, low: int, high: int) -> Numbers:
        """The cost of each source token in place of each of the quotation's."""
        import numpy as np

        theirs, ours = self.their_costs[low:high], np.array(self.our_costs, np.int32)[:, None]
        same_kind = self.words[low:high] == np.array(self.quotation.are_words)[:, None]
        found = np.where(same_kind, np.maximum(theirs, ours), theirs + ours)
        found[self.theirs[low:high] == np.array(self.ours)[:, None]] = SPELLING
        found[self.their_forms[low:high] == np.array(self.our_forms)[:, None]] = AGREEING
        return found

    def _end(self, rows: Sequence[Numbers], low: int) -> int:
        """Where the source ends; a last word that is new stands for the word it is beside."""
        last = rows[-1]
        end = int(last.argmin())
        fits = end + 1 < len(last) and last[end + 1] == last[end]
        added = last[end] == rows[-2][end] + self.our_costs[-1]
        if fits and added and bool(self.words[low + end]) == self.quotation.are_words[-1]:
            return end + 1
        return end

    def _traced(
        self, rows: Sequence[Numbers], replacing: Numbers, low: int, end: int, *, free: bool
    ) -> list[Step]:
        steps: list[Step] = []
        ours, theirs = self.size, end
        while ours or (theirs and not free):
            here = rows[ours][theirs]
            ours_at, theirs_at = ours - 1, self.low + low + theirs - 1
            if (
                ours
                and theirs
                and here == rows[ours - 1][theirs - 1] + replacing[ours - 1, theirs - 1]
            ):
                steps.append((ours_at, theirs_at))
                ours, theirs = ours - 1, theirs - 1
            elif ours and here == rows[ours - 1][theirs] + self.our_costs[ours_at]:
                steps.append((ours_at, None))
                ours -= 1
            else:
                steps.append((None, theirs_at))
                theirs -= 1
        return steps[::-1]

    def _scored(self, steps: list[Step]) -> Alignment:
        places = [theirs for _, theirs in steps if theirs is not None]
        if not places:
            return Alignment(tuple(steps), self.low, self.low, 0.0)
        first, last = places[0], places[-1] + 1
        score = nearness(self.quotation, self.source, steps, slice(first, last))
        return Alignment(tuple(steps), first, last, score)


def costs(stretch: Stretch) -> list[int]:
    """What each word or mark of a text costs, see `WORD`."""
    return [
        round(WORD * share) if word else HYPHENATED if form in {HYPHEN, SHORT} else MARK
        for form, word, share in zip(stretch.forms, stretch.are_words, stretch.shares, strict=True)
    ]


def agree(quotation: Stretch, source: Stretch, step: Step) -> bool:
    """Whether the two tokens of a step are the same by the rules."""
    ours, theirs = step
    if ours is None or theirs is None:
        return False
    return alike([quotation.forms[ours]], [source.forms[theirs]])
