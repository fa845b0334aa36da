"""Dates in a sentence: days, months, years, decades, and ranges of them.

Month names come from Unicode's CLDR, by way of Babel; how dates are put together
is written here for English, German, French and Vietnamese.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.types import Span

Day = tuple[int | None, int | None, int | None]
"""(year, month, day); what is not said is None."""

LANGUAGES = ("en", "de", "fr", "vi")


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month or year, or a stretch from one to another."""

    first: Day
    last: Day
    """The same as `first` where it is no range."""
    other: Day | None = None
    """The other reading of "01/02/1950"."""
    vague: bool = False
    """A decade: any year within it agrees."""


def dates(text: str) -> Iterator[tuple[Span, Period]]:
    """The dates in a text, in order, with their offsets.

    >>> [text[slice(*span)] for text in ["Since January 31, 1950, or 31/01/1950"]
    ...  for span, _ in dates(text)]
    ['January 31, 1950', '31/01/1950']
    >>> [period.first for _, period in dates("ngày 31 tháng 1 năm 1950, am 31. Januar, en 1950")]
    [(1950, 1, 31), (None, 1, 31), (1950, None, None)]
    """
    for match in _pattern().finditer(text):
        if period := _period(match):
            yield match.span(), period


def agree(one: Period, other: Period) -> bool:
    """Whether two periods can be the same, as far as each says.

    >>> year, day, later = (next(dates(text))[1] for text in ("in 1950", "1950-01-31", "in 1975"))
    >>> agree(year, day), agree(day, later)
    (True, False)
    """
    if one.first != one.last and other.first != other.last:
        return _ranges_agree(one, other)
    return _within(one, other) or _within(other, one)


def comparable(one: Period, other: Period) -> bool:
    """Whether both say a year, or neither does: "October 9" and "2019" are no pair."""
    return _precision(one) == _precision(other) or _same_years(one) == _same_years(other)


def _precision(period: Period) -> tuple[bool, ...]:
    said = tuple(part is not None for part in period.first)
    return (*said, period.first != period.last)


def _same_years(period: Period) -> bool:
    return period.first[0] is not None


def _ranges_agree(one: Period, other: Period) -> bool:
    if one.vague or other.vague:
        return _within(Period(one.first, one.first), other) or _within(
            Period(other.first, other.first), one
        )
    return _fits(one.first, other.first) and _fits(one.last, other.last)


def _within(one: Period, other: Period) -> bool:
    """Whether `one`, no range, is `other`, either of its ends, or between them."""
    if one.first != one.last:
        return False
    days = [day for day in (one.first, one.other) if day]
    ends = [day for day in (other.first, other.last, other.other) if day]
    return any(_fits(a, b) for a in days for b in ends) or any(_between(day, other) for day in days)


def _fits(one: Day, other: Day) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


def _between(day: Day, period: Period) -> bool:
    """Compared as far as all three say."""
    said: list[tuple[int, int, int]] = []
    for first, here, last in zip(period.first, day, period.last, strict=True):
        if first is None or here is None or last is None:
            if not said:
                continue  # years that nobody says: months and days decide
            break
        said.append((first, here, last))
    firsts, heres, lasts = ([part[i] for part in said] for i in range(3))
    return bool(said) and firsts <= heres <= lasts


def _period(match: regex.Match[str]) -> Period | None:
    parts = {name: value for name, value in match.groupdict().items() if value}
    if "short_year" in parts:
        parts["year2"] = parts["year1"][:2] + parts["short_year"]
    first = _day(parts, "1")
    last = _day(parts, "2")
    if "decade" in parts:
        year = int(parts["decade"])
        return Period((year, None, None), (year + 9, None, None), vague=True)
    if any(last):
        return _range(first, last)
    if not any(first) or not _possible(first):
        return None
    swapped = (first[0], first[2], first[1])
    ambiguous = "slashed" in parts and _possible(swapped)
    return Period(first, first, swapped if ambiguous else None)


def _range(first: Day, last: Day) -> Period | None:
    """What one end leaves out, the other says: October 28 to November 3, 1965."""
    year = first[0] or last[0]
    month = last[1] or first[1]
    years_apart = first[0] and last[0]  # "October 10, 1945-2025": on the same day
    last = (last[0], month, last[2] or first[2]) if years_apart else (year, month, last[2])
    first = (year, first[1] or last[1], first[2])
    return Period(first, last) if _possible(first) and _possible(last) else None


def _possible(day: Day) -> bool:
    return (day[1] is None or 1 <= day[1] <= 12) and (day[2] is None or 1 <= day[2] <= 31)


def _day(parts: dict[str, str], end: str) -> Day:
    year = parts.get(f"year{end}")
    month = parts.get(f"month{end}")
    day = parts.get(f"day{end}")
    return int(year) if year else None, _month(month) if month else None, int(day) if day else None


def _month(name: str) -> int:
    return int(name) if name.isdecimal() else _months()[name.casefold().rstrip(".")]


@functools.cache
def _months() -> dict[str, int]:
    from babel.dates import get_month_names

    found: dict[str, int] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, "format", language).items():
                found.setdefault(name.casefold().rstrip("."), number)
    return {name: number for name, number in found.items() if name.isalpha()} | {"sept": 9}


def _forms(name: str) -> tuple[str, ...]:
    english = {"may", "march"}
    return (name.capitalize(),) if name in english else (name, name.capitalize())


@functools.cache
def _pattern() -> regex.Pattern[str]:
    # French and Vietnamese write months small; "may" and "march" in English are verbs.
    names = sorted({form for name in _months() for form in _forms(name)}, key=len, reverse=True)
    month = rf"(?<month{{}}>(?:{'|'.join(names)})\b\.?)"
    m1, m2 = month.format(1), month.format(2)
    y1, y2 = (rf"(?<year{end}>1\d{{3}}|20\d{{2}})(?![\d%]|[.,]\d)" for end in "12")
    d1, d2 = (rf"(?<day{end}>[0-3]?\d)(?!\d)" for end in "12")
    to = r"\s*(?:\p{Pd}|\bto\b|\buntil\b|\bbis\b|\bau\b|\bđến\b)\s*"
    th = r"(?:st\b|nd\b|rd\b|th\b|er\b|\.(?=\s))?"
    year_after = rf"(?:,?\s+(?:of\s+|năm\s+)?{y1})"
    readings = (
        rf"{y1}-(?<month1>\d\d)-{d1}",
        rf"(?:[Nn]gày\s+)?{d1}\s+tháng\s+(?<month1>\d\d?)(?:\s+năm\s+{y1})?",
        rf"[Tt]háng\s+(?<month1>\d\d?)(?:\s+năm\s+|/){y1}",
        rf"(?<slashed>{d1}(?<separator>[/.])(?<month1>\d\d?)(?P=separator){y1})",
        rf"{m1}\s+{d1}{th}{to}(?:{m2}\s+)?{d2}{th}(?!\s*(?:%|years|people))(?:,?\s+{y2})?",
        rf"{d1}{th}{to}{d2}{th}\s+(?:of\s+)?{m2}(?:,?\s+{y2})?",
        rf"{m1}\s+{d1}{th}(?:{year_after}(?:\s*\p{{Pd}}\s*{y2})?)?",
        rf"{d1}{th}\s+(?:of\s+)?{m1}{year_after}?",
        rf"{m1},?\s+(?:of\s+)?{y1}",
        rf"{y1}\s*\p{{Pd}}\s*{y2}",
        rf"{y1}\p{{Pd}}(?<short_year>\d\d)(?![\d-])",
        r"(?<decade>1\d\d0|20\d0)(?:['\u2019]?s\b|er\b(?=[\s-]Jahre))",
        rf"(?<=\b(?i:in|since|until|during|early|late|mid|im|seit|en|depuis)\s){m1}",
        rf"{y1}{_NO_QUANTITY}",
    )
    # Figures inside other figures, codes and amounts of money are no dates.
    return regex.compile(
        rf"(?<![\w$€£]|\d[.,])(?<!\w-)(?:{'|'.join(readings)})(?![\p{{L}}\d])", regex.V1
    )


_NO_QUANTITY = (
    r"(?!\s+(?:%|percent|per\s+cent|(?:million|billion|thousand)\b|(?!was\b|as\b|has\b|is\b|its\b"
    r"|this\b|sees\b|marks\b|brings\b)\p{Ll}{3,}(?<!s)s\b|people\b|tonnes\b|tons\b|km\b|dollars\b))"
)
"""What follows makes a figure a quantity: "1500 soldiers". Verbs that follow years are let be."""
