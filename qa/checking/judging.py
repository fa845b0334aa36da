"""What stands nearest to a quotation: exact before normalised before altered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import written_words
from index.types import Span
from qa.checking.comparing.compare import compare
from qa.checking.finding.alikeness import Place, most_alike
from qa.checking.finding.sources import Sources
from qa.checking.types import Comparison, Quotation, Verdict

_NOTHING = Comparison(Verdict.NOT_FOUND, 0, 0, 0.0)

GOES_ON = 0.5
"""Share of the words after a possible end that agree with the source if it is none: then they
belong to the quotation, and what closed it there was an apostrophe."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place and how a quotation stands to it."""

    place: Place
    comparison: Comparison

    @property
    def words(self) -> Span:
        """In the document's canonical text."""
        offset = self.place.start
        return self.comparison.start + offset, self.comparison.end + offset


@dataclass(frozen=True, slots=True)
class Judged:
    """A quotation up to one of its possible ends, and the matches that are equally good."""

    end: int
    text: str
    matches: tuple[Match, ...]
    """By path and place; none where nothing has any of its words."""

    @property
    def comparison(self) -> Comparison:
        """With the first match: verdict and similarity are those of each."""
        return self.matches[0].comparison if self.matches else _NOTHING

    @property
    def verdict(self) -> Verdict:
        """Of each match."""
        return self.comparison.verdict

    @property
    def agreeing(self) -> float:
        """How many of its words agree with the source."""
        return len(self.text.split()) * self.comparison.similarity


def judge(
    sources: Sources, prose: str, quotations: Sequence[Quotation], min_words: int
) -> list[Judged]:
    """The best that can be said of each quotation."""
    readings = [_readings(prose, quotation, min_words) for quotation in quotations]
    # The same words may be quoted again and again: they are looked for and compared once.
    texts = list(dict.fromkeys(text for those in readings for _, text in those))
    places = sources.holding(texts)
    matches = {text: _matches(text, some) for text, some in zip(texts, places, strict=True)}
    first = [[Judged(end, text, matches[text]) for end, text in those] for those in readings]
    doubtful = list(dict.fromkeys(one.text for those in first for one in _undecided(those)))
    places = sources.resembling(doubtful)
    for text, some in zip(doubtful, places, strict=True):
        matches[text] = _with_more(text, matches[text], some)
    second = [[Judged(one.end, one.text, matches[one.text]) for one in those] for those in first]
    return [
        _best_reading(those, quotation) for those, quotation in zip(second, quotations, strict=True)
    ]


def _readings(prose: str, quotation: Quotation, min_words: int) -> list[tuple[int, str]]:
    """Its possible ends with the text up to each; without those that leave too few words."""
    start, likeliest = quotation.start, quotation.end
    return [
        (end, prose[start:end])
        for end in quotation.ends
        if end == likeliest or len(written_words(prose[start:end])) >= min_words
    ]


def _undecided(readings: Sequence[Judged]) -> list[Judged]:
    """Those that may still turn out better, or longer, than what has been found."""
    longest = max((one.end for one in readings if one.verdict.is_the_same), default=0)
    return [one for one in readings if not one.verdict.is_the_same and one.end > longest]


def _with_more(text: str, matches: tuple[Match, ...], places: Sequence[Place]) -> tuple[Match, ...]:
    if not places:
        return matches
    return _equals([*matches, *(Match(place, compare(text, place.text)) for place in places)])


def _matches(text: str, places: Sequence[Place]) -> tuple[Match, ...]:
    """The best of these places; several if they are equally good."""
    literal = [place for place in places if text in place.text]
    found = [Match(place, compare(text, place.text)) for place in literal]
    # It may stand there within words only: "art exhibits" in "smart exhibits".
    if not any(match.comparison.verdict is Verdict.EXACT for match in found):
        others = [place for place in places if text not in place.text]
        found += [Match(place, compare(text, place.text)) for place in most_alike(text, others)]
    return _equals(found)


def _equals(found: Sequence[Match]) -> tuple[Match, ...]:
    best = min((match.comparison.rank for match in found), default=None)
    equal = {
        (match.place.document.id, match.words): match
        for match in found
        if match.comparison.rank == best
    }
    return tuple(
        sorted(equal.values(), key=lambda match: (str(match.place.document.path), match.words))
    )


def _best_reading(readings: Sequence[Judged], quotation: Quotation) -> Judged:
    """The longest that has its source's words, unless the source goes on much like the draft.

    Then what looked like the end is an apostrophe, and a word altered after it must not be lost.
    """
    same = [one for one in readings if one.verdict.is_the_same]
    if not same:
        return min(readings, key=lambda one: (one.comparison.rank, one.end != quotation.end))
    longest = same[-1]
    return next((one for one in reversed(readings) if _goes_on(longest, one)), longest)


def _goes_on(same: Judged, longer: Judged) -> bool:
    if longer.end <= same.end or longer.verdict is Verdict.NOT_FOUND:
        return False
    more = len(longer.text.split()) - len(same.text.split())
    return longer.agreeing - same.agreeing >= GOES_ON * more
