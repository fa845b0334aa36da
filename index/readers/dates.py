"""Dates as people write them, as ISO 8601."""

from __future__ import annotations

import datetime
import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_TIME = r"(?:[T,\s]+(?:at\s+)?\d{1,2}:\d\d.*|T?Z)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_FORMS = tuple(
    re.compile(form + _TIME, re.I | re.S)
    for form in (
        rf"{_YEAR}(?P<parted>[-/.])(?P<month>\d\d?)(?P=parted)(?P<day>\d\d?)",
        rf"{_YEAR}-(?P<month>\d\d)",
        rf"{_WEEKDAY}{_DAY}[\s-]+(?:of\s+)?{_MONTH}[\s,-]+{_YEAR}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        rf"{_MONTH},?\s+{_YEAR}",
        rf"{_YEAR}",
    )
)

MAX_CHARACTERS = 80
"""Longer than any date with its weekday, time and time zone."""


def iso_date(written: str) -> str | None:
    """The day, month or year that is written, without its time; None if it is none of them.

    Days with the year last in digits alone (8/10/2025) are not read: nobody can tell the order.

    >>> [iso_date(date) for date in ("8 October 2025", "Oct. 8th, 2025", "2025-10-08T10:00Z")]
    ['2025-10-08', '2025-10-08', '2025-10-08']
    >>> [iso_date(date) for date in ("October 2025", "2025", "2025-02-31", "8/10/2025")]
    ['2025-10', '2025', None, None]
    >>> iso_date("Wed, 08 Oct 2025 10:00:00 +0000")
    '2025-10-08'
    """
    written = written.strip()
    if len(written) > MAX_CHARACTERS:
        return None
    found = next((match for form in _FORMS if (match := form.fullmatch(written))), None)
    return _iso(found.groupdict()) if found else None


def iso_day(written: str) -> str | None:
    """The day that is written; None for a mere month or year, which may be anything."""
    date = iso_date(written)
    return date if date and len(date) == len("2025-10-08") else None


def _iso(parts: dict[str, str | None]) -> str | None:
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    assert year
    if month is None:
        return year
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    try:
        whole = datetime.date(int(year), number, int(day or 1))
    except ValueError:  # 2025-02-31
        return None
    return whole.isoformat() if day else f"{whole:%Y-%m}"
