"""Numbers and quantities in a sentence: figures, words, ordinals, money, shares, measures.

Numbers in words are read by text2num; figures as the language writes them, by Babel.
"""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import regex

from index.types import Span
from qa.checking.facts.units import MULTIPLIERS, UNITS, Unit

Bound = Literal["about", "at least", "at most"]

NEAR = 0.05
"""How far from the other figure "about" may be."""

NUMBER_WORDS = {"de", "en", "es", "fr", "it", "nl", "pt"}
"""The languages text2num reads."""


COMMA_LANGUAGES = {"de", "es", "fr", "it", "nl", "pt", "vi"}
"""The languages read that have a comma before decimals; for any other figures are as in English."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it counts."""

    value: float
    unit: Unit | None
    """None for what no table lists; its `heads` then say what is counted."""
    ordinal: bool = False
    """"8th": its place, not how many. The 50th anniversary is 50 years."""
    anniversary: bool = False
    bound: Bound | None = None
    """What the words before it say: about, more than, up to."""
    step: float = 0.0
    """How finely it is written: "59 million" counts in millions, "1.4 million" in tenths of one."""
    heads: frozenset[str] = frozenset()
    """The words behind it, folded: what is counted stands among them."""


def amounts(text: str, language: str | None = None) -> Iterator[tuple[Span, Amount]]:
    """The numbers and quantities in a text, in order, with their offsets.

    >>> text = "On the 50th anniversary about 59,000 tonnes and twenty-five boats came."
    >>> [(text[slice(*span)], amount.value) for span, amount in amounts(text)]
    [('50th anniversary', 50.0), ('59,000 tonnes', 59000.0), ('twenty-five', 25.0)]
    """
    for span, value, ordinal, step in sorted(_numbers(text, language)):
        if _anaphoric(text, span, value):
            continue
        yield _measured(text, span, value, ordinal, step)


def agree(one: Amount, other: Amount) -> bool:
    """Whether two amounts of one unit can be the same, as loosely as they are said.

    >>> (_, exact), (_, loose) = amounts("59,000 tonnes, or about 60,000 tonnes")
    >>> agree(exact, loose), agree(exact, exact)
    (True, True)
    """
    here, there = _converted(one), _converted(other)
    if math.isclose(here, there, rel_tol=1e-9):
        return True
    return (
        _allows(one, here, there)
        or _allows(other, there, here)
        or abs(here - there) <= _coarser(one, other) / 2
    )


def _converted(amount: Amount) -> float:
    factor = amount.unit.factor if amount.unit else None
    return amount.value * (factor or 1)


def _allows(amount: Amount, here: float, there: float) -> bool:
    if amount.bound == "about":
        return abs(here - there) <= NEAR * max(abs(here), abs(there))
    return (amount.bound == "at least" and there >= here) or (
        amount.bound == "at most" and there <= here
    )


def _coarser(one: Amount, other: Amount) -> float:
    """The coarser step, where one is written finer than the other: else figures must be equal."""
    if one.unit != other.unit:  # after a conversion: as fine as the figures are written
        return 0.04 * max(_converted(one), _converted(other))
    return max(one.step, other.step) if one.step != other.step else 0.0


def _measured(
    text: str, span: Span, value: float, ordinal: bool, step: float
) -> tuple[Span, Amount]:
    """With the multiplier and the unit that stand beside the number."""
    start, end = span
    factor = 1.0
    if match := _multiplier().match(text, end):
        factor, end = MULTIPLIERS[match["word"]], match.end()
        step = step or 1.0
    unit: Unit | None = None
    anniversary = False
    if ordinal:
        if match := _ANNIVERSARY.match(text, end):
            unit, end = UNITS["years"], match.end()
            ordinal, anniversary = False, True
    elif match := _unit().match(text, end):
        unit, end = UNITS[match["word"]], match.end()
        if match := _OLD.match(text, end):
            unit, end = Unit("year of age", "age"), match.end()
    elif match := _currency_before().search(text, max(0, start - 5), start):
        unit, start = UNITS[match["sign"]], match.start()
    heads = frozenset(_heads(text, end))
    if not ordinal and (match := _UNIT_TWICE.match(text, end)):
        end = match.end()
    bound = _bound(text, start)
    amount = Amount(value * factor, unit, ordinal, anniversary, bound, step * factor, heads)
    return (start, end), amount


def _numbers(text: str, language: str | None) -> Iterator[tuple[Span, float, bool, float]]:
    taken: list[Span] = []
    for match in _FIGURE.finditer(text):
        value, decimals = _figure(match["figure"], language)
        taken.append(match.span())
        step = 10.0**-decimals if decimals else 0.0
        yield match.span(), value, match["ordinal"] is not None, step
    for span, value, ordinal in _in_words(text, language):
        if not any(start < span[1] and span[0] < end for start, end in taken):
            yield span, value, ordinal, 0.0


def _figure(figure: str, language: str | None) -> tuple[float, int]:
    """A figure's value and its number of decimals, as the language writes it, else as it must be.

    >>> _figure("59,000", None), _figure("59.000", "de"), _figure("3,5", "fr"), _figure("3.5", "de")
    ((59000.0, 0), (59000.0, 0), (3.5, 1), (3.5, 1))
    """
    from babel.numbers import NumberFormatError, parse_decimal

    figure = "".join(figure.split())
    known = language if language in COMMA_LANGUAGES else "en"
    for locale in (known, "en", "de"):
        try:
            value = parse_decimal(figure, locale=locale, strict=True)
        except NumberFormatError:
            continue
        exponent = value.as_tuple().exponent
        return float(value), max(0, -exponent) if isinstance(exponent, int) else 0
    return float(regex.sub(r"\D", "", figure)), 0


class _Token:
    """A word as text2num asks for it."""

    def __init__(self, match: regex.Match[str]) -> None:
        self.span: Span = match.span()
        self._text: str = match[0].lower()

    def text(self) -> str:
        return self._text

    def nt_separated(self, _previous: _Token) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return any(character.isdecimal() for character in self._text)


def _in_words(text: str, language: str | None) -> Iterator[tuple[Span, float, bool]]:
    """Numbers in words. "One" and "first" are left out: they seldom count anything."""
    find_numbers: Any = _text2num()
    tokens = [_Token(match) for match in _TOKEN.finditer(text)]
    for found in find_numbers(tokens, language if language in NUMBER_WORDS else "en", 0.0):
        start, end = tokens[found.start].span[0], tokens[found.end - 1].span[1]
        if found.value <= 1 or text[start:end] in MULTIPLIERS:
            continue
        if _VAGUE.match(text, start):
            continue
        yield (start, end), float(found.value), bool(found.is_ordinal)


@functools.cache
def _text2num() -> Any:
    return importlib.import_module("text_to_num").find_numbers  # it ships no types


def _anaphoric(text: str, span: Span, value: float) -> bool:
    """Whether it counts nothing anew: the two countries."""
    return value <= 3 and _DEFINITE.search(text, max(0, span[0] - 12), span[0]) is not None


def _bound(text: str, start: int) -> Bound | None:
    before = text[max(0, start - 24) : start]
    for bound, pattern in _BOUNDS.items():
        if pattern.search(before):
            return bound
    return None


def _heads(text: str, end: int) -> Iterator[str]:
    """Up to three words behind the number, in its clause: what is counted is among them."""
    from index.lexical import analyze

    clause = _CLAUSE.match(text, end)
    for word in clause[0].split()[:3] if clause else ():
        if word.lower() in _AFTER_HEAD:
            return
        yield from analyze(word, "en")


@functools.cache
def _multiplier() -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(MULTIPLIERS, key=len, reverse=True)))
    return regex.compile(rf"[\s-](?<word>{words})(?!\w)")


@functools.cache
def _unit() -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(UNITS, key=len, reverse=True)))
    return regex.compile(
        rf"(?:[\s-]|(?=[%°€₫kmMGct]))(?:of\s)?(?<word>{words})(?![\p{{L}}\p{{N}}])"
    )


@functools.cache
def _currency_before() -> regex.Pattern[str]:
    signs = [form for form, unit in UNITS.items() if unit.dimension == "money" and len(form) < 4]
    listed = "|".join(map(regex.escape, sorted(signs, key=len, reverse=True)))
    return regex.compile(rf"(?<!\p{{L}})(?<sign>{listed})\s?$")


_SPACES = r" \u00a0\u202f\u2009"
"""That part the thousands."""

_FIGURE = regex.compile(
    # Not inside a word or a longer figure: COVID-19, 10:30, A4, 2.5.1.
    rf"(?<![\p{{L}}\p{{N}}_]|[\p{{L}}\p{{N}}][-.,:/])"
    rf"(?<figure>\d{{1,3}}(?:[,.{_SPACES}]\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?<ordinal>(?:st|nd|rd|th|ème|e|er)\b|\.(?=\s\p{Lu}?\p{Ll}+tag\b))?"
    r"(?![\d_]|[.,:/]\d|(?![kmMGct%°])\p{L})"
)
_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}'-]+|[^\s]|\s+")
_ANNIVERSARY = regex.compile(
    r"\s(?:\p{L}+\s){0,2}?(?:anniversary|anniversaries|birthday|jubilee|anniversaire"
    r"|Jahrestag\w*|Jubiläum\w*|Geburtstag\w*)(?!\w)"
)
_OLD = regex.compile(r"[\s-](?:old\b|of\sage\b)")
_UNIT_TWICE = regex.compile(r"\s\((?:km|kg|t|ha)\)")
_VAGUE = regex.compile(
    r"(?i:tens|dozens|hundreds|thousands|millions|billions|secondly|seconds|second\s(?:to|only)"
    r"|hunderte|tausende|millionen|centaines|milliers)\b"
)
_DEFINITE = regex.compile(
    r"(?:\b(?i:the|these|those|both|their|our|die|der|den|beiden|les|des|hai)\s)$"
)
_BOUND_WORDS: dict[Bound, str] = {
    "at least": "more than|at least|over|above|exceeding|no fewer than|mehr als|mindestens"
    "|über|plus de|au moins|hơn|trên|ít nhất",
    "at most": "fewer than|less than|at most|up to|under|below|no more than|weniger als"
    "|höchstens|bis zu|moins de|au plus|dưới|không quá",
    "about": "about|nearly|some|around|almost|approximately|roughly|close to|circa|c\\."
    "|etwa|rund|fast|knapp|ungefähr|environ|près de|presque|quelque|khoảng|gần",
}
_BOUNDS: dict[Bound, regex.Pattern[str]] = {
    bound: regex.compile(rf"\b(?i:{_BOUND_WORDS[bound]})\s[$€£¥]?$") for bound in _BOUND_WORDS
}
_CLAUSE = regex.compile(r"(?:[\s-]+[\p{L}\p{M}'\u2019-]+)+")
_AFTER_HEAD = {
    "of", "in", "on", "at", "to", "for", "from", "by", "with", "since", "and", "or", "is", "are",
    "was", "were", "has", "have", "had", "will", "that", "which", "who", "the", "a", "an", "as",
    "than", "also", "ago", "der", "die", "das", "von", "und", "de", "des", "du", "et",
}  # fmt: skip
"""What is counted ends before one of these."""
