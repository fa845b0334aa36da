"""A sentence as differences are looked for in it: its facts, and the words that carry meaning."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from index.types import Span
from qa.checking.facts.facts import Fact, facts
from qa.checking.facts.names import Name, agree


@dataclass(frozen=True, slots=True)
class Item:
    """A content word, or a name as a whole. Figures and dates are none: they are compared."""

    start: int
    end: int
    term: str
    """Folded and stemmed."""
    name: Name | None = None

    @property
    def weight(self) -> int:
        """What it tells of what a sentence is about: a name of several words, two words' worth."""
        return 2 if self.name and len(self.name.words) > 1 else 1


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A sentence, read. Told apart by identity, so that what is worked out of one can be kept."""

    text: str
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]
    """In order."""
    names: tuple[Name, ...]
    """The names among them; of a sentence without any, those of the passage around it."""
    terms: frozenset[str]
    """Of the items, words inside names too, and of neighbours written together."""

    def holds(self, item: Item) -> bool:
        """Whether the same word or name stands in this sentence."""
        if item.name:
            return item.term in self.terms or any(agree(item.name, name) for name in self.names)
        return item.term in self.terms

    @functools.lru_cache(maxsize=4096)  # noqa: B019 - bounded, and readings are kept anyway
    def around(self, fact: Fact) -> list[Item]:
        """The items of the fact's clause, without what stands in brackets inside it.

        Of a fact in brackets with hardly a word beside it, those of the clause around them.
        """
        bracket = _bracket_around(self.text, fact.start)
        if not bracket:
            return self._of_clause(*clause(self.text, fact.start, fact.end), fact)
        inside = self._of_clause(*bracket, fact)
        return inside if len(inside) > 1 else self._of_clause(*clause(self.text, *bracket), fact)

    def _of_clause(self, start: int, end: int, fact: Fact) -> list[Item]:
        aside = [span for span in _brackets(self.text) if start < span[0] and span[1] < end]
        return [
            item
            for item in self.items
            if start <= item.start
            and item.end <= end
            and not overlap(item, fact)
            and not any(first <= item.start < last for first, last in aside)
        ]

    @functools.lru_cache(maxsize=4096)  # noqa: B019
    def without(self, fact: Fact) -> list[Item]:
        """All items but the fact."""
        return [item for item in self.items if not overlap(item, fact)]


def read(text: str, language: str | None = None, around: str | None = None) -> Reading:
    """The sentence with its facts and content words; `around` is the passage it stands in.

    "The two countries" are those that the passage names.
    """
    reading = _read(text, language)
    if reading.names or not around:
        return reading
    return _named(reading, _read(around, language))


@functools.lru_cache(maxsize=4096)
def _named(reading: Reading, around: Reading) -> Reading:
    return replace(reading, names=around.names)


@functools.lru_cache(maxsize=4096)
def _read(text: str, language: str | None) -> Reading:
    found = facts(text, language)
    items = tuple(sorted(_items(text, found, language or "en"), key=lambda item: item.start))
    terms = [word.term for word in _words(text, language or "en")]
    joined = {one + other for one, other in pairwise(terms)}
    names = tuple(item.name for item in items if item.name)
    return Reading(text, found, items, names, frozenset({*terms, *joined}))


def overlap(item: Item, fact: Fact) -> bool:
    """Whether they share a character."""
    return item.start < fact.end and fact.start < item.end


def clause(text: str, start: int, end: int) -> Span:
    """The clause that text[start:end] stands in, as punctuation and "that" part it.

    >>> text = "He said that 75 years (or more, perhaps) have passed, and left."
    >>> text[slice(*clause(text, 13, 21))]
    '75 years (or more, perhaps) have passed,'
    """
    parted = _clause_ends(text)
    starts = (after for _, after in parted if after <= start)
    ends = (before + 1 for before, _ in parted if before >= end)
    return max(starts, default=0), min(ends, default=len(text))


@functools.lru_cache(maxsize=4096)
def _clause_ends(text: str) -> tuple[Span, ...]:
    found = (match.span() for match in _CLAUSE_END.finditer(text))
    return tuple(span for span in found if not _bracket_around(text, span[0]))


@functools.lru_cache(maxsize=4096)
def _brackets(text: str) -> tuple[Span, ...]:
    return tuple(match.span() for match in _BRACKETS.finditer(text))


def _bracket_around(text: str, place: int) -> Span | None:
    return next((span for span in _brackets(text) if span[0] <= place < span[1]), None)


def _items(text: str, found: tuple[Fact, ...], language: str) -> Iterator[Item]:
    for fact in found:
        if isinstance(fact.value, Name):
            yield Item(fact.start, fact.end, "".join(fact.value.words), fact.value)
    for word in _words(text, language):
        if not any(overlap(word, fact) for fact in found):
            yield word


def _words(text: str, language: str) -> Iterator[Item]:
    from index.lexical import fold, stems
    from index.lexical.terms import function_words

    found = [(match, fold(match[0])) for match in _WORD.finditer(text)]
    serving = function_words({word for _, word in found}, [language]) | _EMPTY
    for match, word in found:
        if word not in serving:
            yield Item(*match.span(), stems([word], language)[0])


_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[.,]\p{N}+)*")
_BRACKETS = regex.compile(r"\([^()]*\)")
_CLAUSE_END = regex.compile(r"[;:]\s|,\s(?!\d{4})|\s[\u2014\u2013]\s|\b(?:that|dass|que)\s")
_EMPTY = frozenset(
    """he she it they we you i him her them us said say says also one first s t u its their has have had which who been were than into
    over more most some such when while during after before between both other""".split()  # noqa: SIM905 - words read best as text
)
"""Words that make no two sentences alike."""
