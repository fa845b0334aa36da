"""Sources as items of the Citation Style Language's JSON: what styles and programs read.

What is not known is left out, so that styles say "n.d." or nothing; nothing is invented.
The one stand-in is the file's name, where there is no title: `has_title` tells.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath

import regex

from index.metadata import split_authors
from index.works import ITEM_TYPES, NUMBERED
from qa.types import Source

Item = dict[str, object]
Name = dict[str, str]

KEY_CHARACTERS = 40
"""Of the file's name, at most, in a key."""

DIGEST_CHARACTERS = 8
"""32 bits: tells files of one name apart, in a bibliography of thousands."""

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_SUFFIX = re.compile(r"(?:Jr|Sr|Esq|[IVX]+|\d(?:nd|rd|th)|M\.?D|Ph\.?D)\.?", re.IGNORECASE)
"""What may follow a given name: anything else after a second comma is another person's name."""
_EAST_ASIAN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー・]+")


def item(source: Source) -> Item:
    """The source in CSL-JSON, as csl-data.json of the Citation Style Language 1.0.2 has it."""
    kind = item_type(source)
    number = "number" if kind in NUMBERED else "issue"
    values = {
        "title": title(source),
        "container-title": source.publication,
        "publisher": source.publisher,
        "publisher-place": source.place,
        "volume": source.volume,
        number: source.issue,
        "page": source.pages,
        "edition": source.edition,
        "DOI": source.doi,
        "ISBN": source.isbn,
        "URL": source.url,
        "language": source.language,
    }
    known = {name: one_line(value) for name, value in values.items() if value and one_line(value)}
    found: Item = {"id": key(source), "type": kind, **known}
    if authors := names(source.author):
        found["author"] = authors
    if issued := date(source.date):
        found["issued"] = issued
    return found


def item_type(source: Source) -> str:
    """The type stated; or else what the rest shows, from what tells most to what tells least.

    Volume, issue or DOI of a publication: a journal's article. ISBN: a book, or a chapter where
    what it appeared in is known. An address: a web page. A publication and a day: a newspaper's
    article. Nothing of these: a document.
    """
    if source.type in ITEM_TYPES:
        return source.type
    if source.publication and (source.volume or source.issue or source.doi):
        return "article-journal"
    if source.isbn:
        return "chapter" if source.publication else "book"
    if source.url:
        return "webpage"
    if source.publication and source.date and len(source.date) == len("2025-01-31"):
        return "article-newspaper"
    return "document"


def has_title(source: Source) -> bool:
    """Whether there is a title; the file's name stands for one otherwise."""
    return bool(source.title and one_line(source.title))


def title(source: Source) -> str:
    """The title, or the file's name as it is, suffix and all."""
    return one_line(source.title or "") or one_line(PurePath(source.path).name) or source.path


def names(author: str | None) -> list[Name]:
    """Authors as CSL has names: in parts where known, else literal.

    >>> names("King, Martin Luther, Jr.; UNESCO")
    [{'family': 'King', 'given': 'Martin Luther', 'suffix': 'Jr.'}, {'literal': 'UNESCO'}]
    >>> names("Kim, Lee, Park")
    [{'literal': 'Kim, Lee, Park'}]
    """
    return [_name(one_line(one)) for one in split_authors(author)]


def _name(written: str) -> Name:
    parts = [part.strip() for part in written.split(",")]
    is_person = len(parts) == 2 or (len(parts) == 3 and _SUFFIX.fullmatch(parts[2]))
    if not is_person or not all(parts):
        return {"literal": written}
    return dict(zip(("family", "given", "suffix"), parts, strict=False))


def is_unspaced(name: str) -> bool:
    """Whether a name is in Chinese, Japanese or Korean script: family first, nothing between.

    >>> is_unspaced("毛泽东"), is_unspaced("佐々木"), is_unspaced("Mao")
    (True, True, False)
    """
    return _EAST_ASIAN.fullmatch(name) is not None


def date(written: str | None) -> Item | None:
    """A date as CSL has it; one that is no ISO 8601 day, month or year stays in its own words.

    >>> date("2024-05"), date("spring")
    ({'date-parts': [[2024, 5]]}, {'literal': 'spring'})
    """
    if not written or not one_line(written):
        return None
    if parts := date_parts(written):
        return {"date-parts": [parts]}
    return {"literal": one_line(written)}


def date_parts(written: str | None) -> list[int]:
    """Year, month and day as far as an ISO 8601 date says them; nothing of any other words.

    >>> date_parts("2024-05"), date_parts("spring")
    ([2024, 5], [])
    """
    found = _DATE.fullmatch((written or "").strip())
    return [int(part) for part in found.groups() if part] if found else []


def key(source: Source) -> str:
    """What a bibliography calls the source, in letters that BibTeX allows in keys.

    Made of the file's name and bytes, so that editing the metadata does not break a manuscript.
    """
    stem = unicodedata.normalize("NFKD", PurePath(source.path).stem)
    ascii_ = stem.encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", ascii_)[:KEY_CHARACTERS].strip("-")
    return f"{readable or 'source'}-{source.sha256[:DIGEST_CHARACTERS]}"


def one_line(text: str) -> str:
    """The text with one space for any white space, as bibliographies have it."""
    return " ".join(text.split())
