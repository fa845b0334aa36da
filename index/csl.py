"""Entries of CSL-JSON, as Zotero and pandoc write it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from index import works
from index.entries import (
    Entry,
    doi_link,
    first_doi,
    first_isbn,
    language_code,
    name,
    start_date,
    words,
)
from index.errors import MetadataInvalid
from index.readers.dates import iso_date
from index.readers.stated import names, url
from index.types import Metadata

Item = Mapping[str, object]

# The only ones there are: https://docs.citationstyles.org/en/stable/specification.html, and
# what citeproc-js adds.
_TAGS = re.compile(r"</?(?:i|b|sub|sup|sc|span)(?:\s[^<>]{0,200})?>")
_REMEDY = "Export the bibliography again as CSL-JSON."


def csl_entries(path: Path, text: str) -> list[Entry]:
    """The entries of a CSL-JSON file.

    Raises:
        MetadataInvalid: when it is no list of entries, or an empty one.
    """
    items = _items(path, text)
    if not items:
        raise MetadataInvalid(path, "no entry is in it.", _REMEDY)
    return [_entry(item) for item in items]


def _items(path: Path, text: str) -> list[Item]:
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise MetadataInvalid(
            path, f"line {error.lineno}: this is no JSON ({error.msg}).", _REMEDY
        ) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists
        raise MetadataInvalid(path, "this is no CSL-JSON.", _REMEDY) from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise MetadataInvalid(path, "this is no CSL-JSON: it is not a list of entries.", _REMEDY)
    return items


def _entry(item: Item) -> Entry:
    file = item.get("file")
    keys = (_text(item.get(key)) for key in ("id", "citation-key"))
    return Entry(
        keys=tuple(key for key in keys if key),
        files=(file,) if isinstance(file, str) and file else (),
        urls=tuple(_urls(item)),
        titles=lambda: tuple(filter(None, (_text(item.get("title")),))),
        metadata=lambda: _metadata(item),
    )


def _metadata(item: Item) -> Metadata:
    kind = works.item_type(_text(item.get("type")) or "")
    pages = _text(item.get("page"))
    urls = _urls(item)
    return Metadata(
        title=_text(item.get("title")),
        author=_authors(item.get("author")),
        publication=_text(item.get("container-title")),
        date=_date(item.get("issued")),
        language=language_code(_text(item.get("language"))),
        url=next(iter(urls), None),
        type=kind,
        publisher=_text(item.get("publisher")),
        place=_text(item.get("publisher-place")),
        volume=_text(item.get("volume")),
        issue=(_text(item.get("number")) if kind in works.NUMBERED else None)
        or _text(item.get("issue")),
        pages=works.page_range(pages) if pages else None,
        edition=_text(item.get("edition")),
        doi=first_doi(_text(item.get("DOI")), *urls),
        isbn=first_isbn(_text(item.get("ISBN"))),
    )


def _urls(item: Item) -> list[str]:
    links = (url(_text(item.get("URL")) or ""), doi_link(_text(item.get("DOI"))))
    return [link for link in links if link]


def _authors(value: object) -> str | None:
    persons = value if isinstance(value, list) else []
    return names(_author(person) for person in persons if isinstance(person, dict))


def _author(person: Item) -> str | None:
    literal = _text(person.get("literal"))
    if literal:
        return literal
    parts = ("dropping-particle", "non-dropping-particle", "family")
    family = " ".join(filter(None, (_text(person.get(part)) for part in parts)))
    return name(family or None, _text(person.get("given")), _text(person.get("suffix")))


def _date(value: object) -> str | None:
    """The first day, month or year of what is written in parts or in words."""
    if not isinstance(value, dict):
        return start_date(_text(value))
    ranges = value.get("date-parts")
    first = ranges[0] if isinstance(ranges, list) and ranges else None
    in_words = (start_date(_text(value.get(key))) for key in ("raw", "literal"))
    return (_of_parts(first) if isinstance(first, list) else None) or next(
        filter(None, in_words), None
    )


def _of_parts(parts: Sequence[object]) -> str | None:
    """As much of year, month and day as makes a date."""
    numbers = [part for part in map(_text, parts[:3]) if part]
    for count in range(len(numbers), 0, -1):
        date = iso_date("-".join(f"{number:0>2}" for number in numbers[:count]))
        if date:
            return date
    return None


def _text(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return words(_TAGS.sub("", str(value)))
