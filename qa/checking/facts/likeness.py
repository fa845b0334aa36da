"""Whether two facts in two sentences stand for the same thing, told by the words around them.

The limits were chosen on the sample documents, where of 11,000 pairs of sentences only the one
that differs comes up, and on articles of SQuAD 2.0: of 1,500 sentences, each held against the
passages nearest to it, 18 came up, about half of them with figures of two years or two sources.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from difflib import SequenceMatcher

import regex

from qa.checking.facts.amounts import Amount
from qa.checking.facts.dates import Period
from qa.checking.facts.facts import Fact
from qa.checking.facts.names import Name
from qa.checking.facts.reading import Item, Reading, clause, overlap

MIN_SHARED = 3
"""Words and names that the two facts' surroundings have in common, at least."""

MIN_BETTER = 0.5
"""Share of the words around the one fact that stand in the other sentence: of the better side."""

MIN_OTHER = 0.34
"""The same, of the other side: one sentence may say much more."""

MIN_NAMELESS = 0.8
"""The share where one sentence names somebody or something and the other nobody and nothing."""

MIN_NEARLY_ALL = 0.8
"""The share of either sentence from which the one is the other with a word or figure changed."""

MANY = 3
"""So many others of a kind in a sentence make it a row of figures."""

RUN = 2
"""Words that agree in a row on one side of a name, where the other side does not."""

NEAREST = 8
"""Items that stand for the surroundings of a fact, where its clause holds hardly a word."""

MIN_ALIGNED = 0.6
"""Share of a statement's words that stand in the source, from which a name stands for a name."""


def likeness_of_surroundings(one: Fact, here: Reading, other: Fact, there: Reading) -> float:
    """For numbers and dates: the higher, the surer; 0 where they seem to be about two things."""
    if _one_of_many(one, here) != _one_of_many(other, there) or _about_two(one, here, other, there):
        return 0.0
    if _ends_of_a_span(one, here, other, there):
        return 0.0
    held = (_held(one, here, there), _held(other, there, here))
    shares = sorted(share for _, share in held)
    shared = max(number for number, _ in held)
    nameless = bool(here.names) != bool(there.names)
    least, better = (MIN_NAMELESS, MIN_NAMELESS) if nameless else (MIN_OTHER, MIN_BETTER)
    if shared < MIN_SHARED or shares[0] < least or shares[1] < better:
        return 0.0
    beside = _beside_the_same(one, here, other, there)
    if not beside and max(_others(one, here), _others(other, there)) >= MANY:
        return 0.0  # a row of figures: which is which only the words right beside them tell
    return sum(shares) / 2 + beside


def likeness_of_names(one: Fact, here: Reading, other: Fact, there: Reading) -> float:
    """For names: how much else is alike, where the one stands in the other's place; else 0."""
    rest, their_rest = here.without(one), there.without(other)
    near, their_near = here.around(one), there.around(other)
    alike = _share(rest, there)
    if alike < MIN_ALIGNED or _shared(rest, there) < MIN_SHARED:
        return 0.0
    if _names_others(near, there) and _names_others(their_near, here):
        return 0.0
    replaced = _replaced(one, here, other, there) and _share(their_near, here) >= MIN_BETTER
    same_role = _same_title(one, other) and _share(their_rest, here) >= MIN_BETTER
    return alike if replaced or same_role else 0.0


def _ends_of_a_span(one: Fact, here: Reading, other: Fact, there: Reading) -> bool:
    """Whether two dates are when something began and when so many years of it are counted.

    2025 marks what 1950 began: either sentence says 75 years, or only one of the clauses has an
    anniversary.
    """
    if not (isinstance(one.value, Period) and isinstance(other.value, Period)):
        return False
    begun, counted = one.value.first[0], other.value.first[0]
    if begun is None or counted is None:
        return False
    said = (_years(fact) for reading in (here, there) for fact in reading.facts)
    if abs(begun - counted) in said:
        return True
    return _marks_an_anniversary(one, here) != _marks_an_anniversary(other, there)


@functools.lru_cache(maxsize=4096)
def _marks_an_anniversary(fact: Fact, reading: Reading) -> bool:
    start, end = clause(reading.text, fact.start, fact.end)
    return any(
        isinstance(one.value, Amount)
        and one.value.anniversary
        and start <= one.start
        and one.end <= end
        for one in reading.facts
    )


def _years(fact: Fact) -> float | None:
    """How many years a fact says; None of any other fact."""
    value = fact.value
    if isinstance(value, Amount) and value.unit and value.unit.dimension == "time":
        return value.value * value.unit.factor if value.unit.factor else None
    return None


def nearly_alike(here: Reading, there: Reading) -> bool:
    """Whether all but one of either's words may be in the other: `in_place` for some fact."""
    return all(
        _shared(one.items, other) >= MIN_NEARLY_ALL * (len(one.items) - 1)
        for one, other in ((here, there), (there, here))
    )


def in_place(one: Fact, here: Reading, other: Fact, there: Reading) -> bool:
    """Whether both stand between the same two words, in sentences alike in nearly all others."""
    rest, their_rest = here.without(one), there.without(other)
    return (
        _neighbours(one, here) == _neighbours(other, there)
        and min(len(rest), len(their_rest)) >= MIN_SHARED
        and min(_share(rest, there), _share(their_rest, here)) >= MIN_NEARLY_ALL
        and _before(one, here) == _before(other, there)
    )


@functools.lru_cache(maxsize=4096)
def _neighbours(fact: Fact, reading: Reading) -> tuple[str, str]:
    before = [item.term for item in reading.items if item.end <= fact.start]
    after = [item.term for item in reading.items if item.start >= fact.end]
    return before[-1] if before else "", after[0] if after else ""


def _beside_the_same(one: Fact, here: Reading, other: Fact, there: Reading) -> int:
    """On how many sides the nearest word is the same."""
    pairs = zip(_neighbours(one, here), _neighbours(other, there), strict=True)
    return sum(bool(mine) and mine == yours for mine, yours in pairs)


def _others(fact: Fact, reading: Reading) -> int:
    return sum(one.kind == fact.kind for one in reading.facts) - 1


@functools.lru_cache(maxsize=4096)
def _before(fact: Fact, reading: Reading) -> int:
    """How many others of its kind stand between the same two words, before it."""
    return sum(
        one.kind == fact.kind
        and one.end <= fact.start
        and _neighbours(one, reading) == _neighbours(fact, reading)
        for one in reading.facts
    )


@functools.lru_cache(maxsize=4096)
def _held(fact: Fact, reading: Reading, other: Reading) -> tuple[int, float]:
    """How much of a fact's surroundings stands in the other sentence, and what share."""
    items = _surroundings(fact, reading)
    return _shared(items, other), _share(items, other)


def _surroundings(fact: Fact, reading: Reading) -> list[Item]:
    near = reading.around(fact)
    if len(near) > 1:
        return near
    middle = (fact.start + fact.end) / 2
    others = reading.without(fact)
    return sorted(others, key=lambda item: abs((item.start + item.end) / 2 - middle))[:NEAREST]


def _shared(items: Sequence[Item], reading: Reading) -> int:
    return sum(item.weight for item in items if reading.holds(item))


def _share(items: Sequence[Item], reading: Reading) -> float:
    return _shared(items, reading) / sum(item.weight for item in items) if items else 0.0


def _about_two(one: Fact, here: Reading, other: Fact, there: Reading) -> bool:
    """Whether the names tell that the sentences are about two things.

    Each has a name that the other does not have, one of them beside the fact; or of the names
    in a sentence, in a clause or behind the fact none is in the other.
    """
    mine, yours = here.around(one), there.around(other)
    return (
        (_names_others(mine, there) and _has_others(there, here))
        or (_names_others(yours, here) and _has_others(here, there))
        or _names_only_others(here.items, there)
        or _names_only_others(mine, there)
        or _names_only_others(yours, here)
        or _names_only_others([item for item in mine if item.start > one.start], there)
        or _names_only_others([item for item in yours if item.start > other.start], here)
    )


def _has_others(reading: Reading, but: Reading) -> bool:
    """Whether a sentence has a name that the other does not have."""
    return _names_others([item for item in reading.items if item.name], but)


def _names_only_others(items: Sequence[Item], reading: Reading) -> bool:
    """Whether there are names on both sides, and none of these is in the other sentence."""
    found = [item for item in items if item.name]
    return bool(found and reading.names) and not any(reading.holds(item) for item in found)


def _names_others(items: Sequence[Item], reading: Reading) -> bool:
    return any(item.name and not reading.holds(item) for item in items)


@functools.lru_cache(maxsize=4096)
def _one_of_many(fact: Fact, reading: Reading) -> bool:
    """Whether others of its kind are listed with it: "in 1970, 1977 and in April 1992"."""
    listed = [one for one in reading.facts if one.kind == fact.kind and one != fact]
    return any(
        _LIST.fullmatch(reading.text, min(fact.end, one.end), max(fact.start, one.start))
        for one in listed
    )


def _replaced(one: Fact, here: Reading, other: Fact, there: Reading) -> bool:
    """Whether the words in order agree right before the names, or right behind them.

    The source may say more at this place; of the statement only the name is replaced.
    """
    mine, yours = ([item.term for item in reading.items] for reading in (here, there))
    blocks = SequenceMatcher(None, mine, yours, autojunk=False).get_opcodes()
    for place, (kind, start, end, first, last) in enumerate(blocks):
        if kind != "replace" or end - start != 1:
            continue
        starts = overlap(here.items[start], one) and overlap(there.items[first], other)
        ends = overlap(here.items[end - 1], one) and overlap(there.items[last - 1], other)
        if starts and ends:
            return True
        beside = blocks[place - 1 : place] if starts else blocks[place + 1 : place + 2]
        if (starts or ends) and any(stop - begin >= RUN for _, begin, stop, _, _ in beside):
            return True
    return False


def _same_title(one: Fact, other: Fact) -> bool:
    if not (isinstance(one.value, Name) and isinstance(other.value, Name)):
        return False
    return one.value.title is not None and one.value.title == other.value.title


_LIST = regex.compile(r"\s*(?:,|and|und|et|và|or|&)*\s*(?:and|und|et|và|or)?\s*(?:in|en|im)?\s*")
