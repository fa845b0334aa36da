"""What a file states of itself in fields of any spelling: front matter, labelled lines, JSON."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace

from index import works
from index.readers.dates import iso_date
from index.types import Metadata

LABELS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "author": ("author", "authors", "by", "byline", "creator"),
    "publication": (
        "publication",
        "journal",
        "newspaper",
        "magazine",
        "site",
        "site name",
        "website",
        "source",
    ),
    "date": ("date", "published", "publication date", "date published", "created", "dated"),
    "language": ("language", "lang"),
    "url": ("url", "link", "canonical url", "source url", "permalink"),
    "publisher": ("publisher",),
    "doi": ("doi",),
    "isbn": ("isbn",),
}
"""By field of Metadata, the names it goes by; the more telling ones first. The fields that are
not here go by names that mean many things: a volume is sold, an issue is open, a type is a font's.
"""

MAX_VALUE_CHARACTERS = 300
"""Longer values are prose. Titles of papers have up to 250 characters."""

MAX_AUTHORS = 100
"""Physics papers have thousands; a citation names a few."""

_URL = re.compile(r"https?://[^\s<>\"]{1,2000}", re.I)
_ADDRESS = re.compile(r"\s*<[^<>\s]+@[^<>\s]+>")


def metadata(stated: Mapping[str, object]) -> Metadata:
    """Metadata from fields named in any of the usual ways, whatever their case.

    >>> metadata({"Title": "On Rice", "authors": [{"name": "A. Roe"}, "B. Poe"], "lang": "en-US"})
    ... # doctest: +NORMALIZE_WHITESPACE
    Metadata(title='On Rice', author='A. Roe; B. Poe', publication=None, date=None, language='en',
             url=None, type=None, publisher=None, place=None, volume=None, issue=None, pages=None,
             edition=None, doi=None, isbn=None)
    """
    by_label = {
        re.sub(r"[_\s-]+", " ", name).strip().casefold(): value for name, value in stated.items()
    }
    values = {
        field: [value for label in labels if (value := by_label.get(label)) is not None]
        for field, labels in LABELS.items()
    }
    publications = list(filter(None, map(short_value, values["publication"])))
    urls = [*map(short_value, values["url"]), *publications]
    return Metadata(
        title=_first(map(short_value, values["title"])),
        author=_first(map(authors, values["author"])),
        publication=_first(name for name in publications if not _is_url(name)),
        date=_first(iso_date(words) for date in values["date"] if (words := short_value(date))),
        language=_first(language(name) for tag in values["language"] if (name := short_value(tag))),
        url=_first(url(link) for link in urls if link),
        publisher=_first(
            name for name in map(short_value, values["publisher"]) if not _is_url(name)
        ),
        doi=_first(works.doi(name) for number in values["doi"] if (name := short_value(number))),
        isbn=_first(works.isbn(name) for number in values["isbn"] if (name := short_value(number))),
    )


def completed(*stated: Metadata) -> Metadata:
    """Field by field the first that is known."""
    known = {
        field.name: _first(getattr(each, field.name) for each in stated)
        for field in fields(Metadata)
    }
    return replace(Metadata(), **known)


def authors(value: object) -> str | None:
    """Names in a string or a list, parted by "; ", without mail addresses.

    >>> authors("Ana Roe <ana@roe.org>, Ben Poe <ben@poe.org>"), authors("Roe, Ana")
    ('Ana Roe; Ben Poe', 'Roe, Ana')
    """
    if isinstance(value, list):
        return names(
            short_value(one.get("name") if isinstance(one, dict) else one) for one in value
        )
    words = short_value(value.get("name") if isinstance(value, dict) else value)
    if words is None or not _ADDRESS.search(words):
        return words
    named = [_ADDRESS.sub("", name).strip() for name in re.split(r",\s*(?=[^<>]*<)", words)]
    return "; ".join(filter(None, named)) or None


def names(all_: Iterable[str | None]) -> str | None:
    """Names parted by "; "."""
    return "; ".join(list(filter(None, all_))[:MAX_AUTHORS]) or None


def url(written: str) -> str | None:
    """The address if it is a whole one."""
    return written if _URL.fullmatch(written) else None


def language(written: str) -> str | None:
    """ISO 639-1 of a tag or an English name; None for anything else.

    >>> [language(tag) for tag in ("en_GB", "English", "deu", "Klingon", "xx")]
    ['en', 'en', 'de', None, None]
    """
    from babel import Locale  # its tables take a while to load, and few files state a language
    from babel.core import get_global

    names = Locale("en").languages
    code = re.split(r"[-_]", written.strip().lower(), maxsplit=1)[0]
    code = str(get_global("language_aliases").get(code, code))
    if len(code) != 2 or code not in names:
        by_name = {str(name).lower(): short for short, name in names.items() if len(short) == 2}
        return by_name.get(written.strip().lower())
    return code


def _is_url(written: str | None) -> bool:
    return written is not None and _URL.match(written) is not None


def short_value(value: object) -> str | None:
    """A short value as one line; None for none, for structures and for prose."""
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    text = str(value)
    # Cut before it is taken apart: a value may be the whole file.
    words = " ".join(text[: 4 * MAX_VALUE_CHARACTERS].split())
    short = len(text) <= 4 * MAX_VALUE_CHARACTERS and len(words) <= MAX_VALUE_CHARACTERS
    return words if short and words.lower() not in {"", "null", "none", "~"} else None


def _first(values: Iterator[str | None]) -> str | None:
    return next(filter(None, values), None)
