"""What a sentence states that can be held against another: numbers, dates, names."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from index.types import Span
from qa.checking.facts import amounts, dates, names
from qa.checking.facts.amounts import Amount
from qa.checking.facts.dates import Period
from qa.checking.facts.names import Name

Kind = Literal["number", "date", "name"]
Value = Amount | Period | Name


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or name in a sentence."""

    start: int
    """In the sentence."""
    end: int
    text: str
    value: Value

    @property
    def kind(self) -> Kind:
        """What it is."""
        kinds: dict[type[Value], Kind] = {Amount: "number", Period: "date", Name: "name"}
        return kinds[type(self.value)]


@functools.lru_cache(maxsize=4096)
def facts(sentence: str, language: str | None = None) -> tuple[Fact, ...]:
    """Numbers, dates and names in order of their place; none overlaps another.

    `language` (ISO 639-1) says how numbers are written; English where it is not known.

    >>> [(fact.kind, fact.text) for fact in facts("Ambassador Vinh said 75 years passed since 1950.")]
    [('name', 'Vinh'), ('number', '75 years'), ('date', '1950')]
    """
    found: list[Fact] = []
    for span, value in _values(sentence, language):
        if not any(span[0] < fact.end and fact.start < span[1] for fact in found):
            found.append(Fact(*span, sentence[slice(*span)], value))
    return tuple(sorted(found, key=lambda fact: fact.start))


def agree(one: Fact, other: Fact) -> bool:
    """Whether two facts of one kind can be the same."""
    match one.value, other.value:
        case Amount(), Amount():
            return amounts.agree(one.value, other.value)
        case Period(), Period():
            return dates.agree(one.value, other.value)
        case Name(), Name():
            return names.agree(one.value, other.value)
    return False


def says(one: Fact, other: Fact) -> bool:
    """Whether the first says what the second does: "October 28" is silent on the year."""
    if isinstance(one.value, Period) and isinstance(other.value, Period):
        silent = other.value.first[0] is not None and one.value.first[0] is None
        return agree(one, other) and not silent
    return agree(one, other)


def _values(sentence: str, language: str | None) -> Iterator[tuple[Span, Value]]:
    """Dates before numbers, whose figures they hold."""
    yield from dates.dates(sentence)
    yield from amounts.amounts(sentence, language)
    yield from names.names(sentence, language)
