"""Where a statement and a source say the same thing with another number, date, unit or name.

A pair of facts is shown only where both stand in like words: we would rather miss a
difference than show two sentences about two things.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.checking.facts.amounts import Amount
from qa.checking.facts.dates import Period
from qa.checking.facts.dates import comparable as same_precision
from qa.checking.facts.facts import Fact, agree, says
from qa.checking.facts.likeness import (
    MIN_SHARED,
    in_place,
    likeness_of_names,
    likeness_of_surroundings,
    nearly_alike,
)
from qa.checking.facts.names import Name
from qa.checking.facts.reading import Reading, read

Kind = Literal["number", "date", "unit", "name"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two facts that stand for the same thing and are not the same."""

    kind: Kind
    statement: Fact
    source: Fact


def differences(
    statement: str,
    source: str,
    language: str | None = None,
    source_language: str | None = None,
    around: str | None = None,
) -> list[Difference]:
    """What the source puts differently, in the statement's order; offsets are in each text.

    `around` is the passage that the source's sentence stands in.

    >>> [(found.statement.text, found.source.text) for found in differences(
    ...     "Vietnam and the DPRK mark the 50th anniversary of their diplomatic ties.",
    ...     "75 years have passed since Vietnam and the DPRK established diplomatic ties.")]
    [('50th anniversary', '75 years')]
    """
    here, there = read(statement, language), read(source, source_language, around)
    if len(here.terms & there.terms) < MIN_SHARED - 1:  # names may agree without a word in common
        return []
    pairs = [*_open_pairs(here, there), *_pairs_in_place(here, there)]
    return sorted(_best(pairs), key=lambda found: found.statement.start)


Pair = tuple[float, Fact, Fact]
"""A likeness and the two facts."""


def _open_pairs(here: Reading, there: Reading) -> Iterator[Pair]:
    """Of facts that neither sentence has of the other."""
    of_source = _open(there, here)
    for one in _open(here, there):
        for other in of_source:
            if not _comparable(one, other) or agree(one, other):
                continue
            if likeness := _likeness(one, here, other, there):
                yield likeness, one, other


def _pairs_in_place(here: Reading, there: Reading) -> Iterator[Pair]:
    """Between the same words of like sentences, though the value may stand elsewhere in them."""
    if not nearly_alike(here, there):
        return
    for one in here.facts:
        for other in there.facts:
            if (
                _comparable(one, other)
                and not agree(one, other)
                and in_place(one, here, other, there)
            ):
                yield 0.0, one, other


def _open(reading: Reading, other: Reading) -> list[Fact]:
    """Facts whose value does not stand in the other sentence too."""
    return [
        fact
        for fact in reading.facts
        if not any(there.kind == fact.kind and _says(there, fact) for there in other.facts)
    ]


def _says(one: Fact, other: Fact) -> bool:
    if isinstance(one.value, Amount) and isinstance(other.value, Amount):
        return _measure(one.value) == _measure(other.value) and agree(one, other)
    return says(one, other)


def _measure(amount: Amount) -> str:
    return amount.unit.dimension if amount.unit else "ordinal" if amount.ordinal else ""


def _comparable(one: Fact, other: Fact) -> bool:
    match one.value, other.value:
        case Amount(), Amount():
            return _count_alike(one.value, other.value)
        case Period(), Period():
            return same_precision(one.value, other.value)
        case Name(), Name():
            return True
    return False


def _count_alike(one: Amount, other: Amount) -> bool:
    if one.unit and other.unit:
        if one.unit == other.unit:
            return True
        # Ten years against eighteen months: more likely two spans than one told twice.
        converts = one.unit.factor and other.unit.factor and one.unit.dimension != "time"
        told_twice = bool(converts) or one.value == other.value
        return one.unit.dimension == other.unit.dimension and told_twice
    if one.unit or other.unit or one.ordinal != other.ordinal:
        return False
    return bool(one.heads & other.heads)


def _likeness(one: Fact, here: Reading, other: Fact, there: Reading) -> float:
    if one.kind == "name":
        return likeness_of_names(one, here, other, there)
    return likeness_of_surroundings(one, here, other, there)


def _best(pairs: Sequence[Pair]) -> Iterator[Difference]:
    """Every fact is paired once, with what it is most like."""
    taken: set[tuple[str, Fact]] = set()
    for _, one, other in sorted(pairs, key=lambda pair: -pair[0]):
        if not {("here", one), ("there", other)} & taken:
            taken |= {("here", one), ("there", other)}
            yield Difference(_kind(one, other), one, other)


def _kind(one: Fact, other: Fact) -> Kind:
    if isinstance(one.value, Amount) and isinstance(other.value, Amount):
        same_figure = one.value.value == other.value.value
        return "unit" if same_figure and one.value.unit != other.value.unit else "number"
    return one.kind
