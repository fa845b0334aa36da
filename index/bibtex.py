"""Entries of BibTeX files, as Zotero, JabRef, Mendeley and people write them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from index import works
from index.bibtex_types import item_type
from index.bibtex_values import file_paths, plain, resolved
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

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Block
    from bibtexparser.model import Entry as EntryBlock

Fields = Mapping[str, str]
"""By name in lower case; still LaTeX."""

PUBLICATIONS = ("journal", "journaltitle", "booktitle")
"""What a work appeared in."""

PUBLISHERS = ("publisher", "institution", "school", "organization")
"""Who published it; of a report or a thesis, where it was made."""

PLACES = ("location", "address")
"""Where that one is, as BibLaTeX and BibTeX call it."""

MAX_STRING_CHARACTERS = 1000
"""A @string names a journal. They may be made of each other, and double with each one."""

_KNOWN = frozenset(
    (
        *("title", "subtitle", "author", "date", "year", "month", "day"),
        *("langid", "language", "url", "doi", "howpublished", "file", "eprint", "entrysubtype"),
        *("volume", "number", "issue", "pages", "edition", "isbn"),
        *PUBLICATIONS,
        *PUBLISHERS,
        *PLACES,
    )
)
# What LaTeX takes for more than a letter. Braces alone are done without its slow parser.
_LATEX = re.compile(r"[\\$~]|--|``|''|[!?]`")
_SPECIAL = re.compile(r"(?<!\\)([%&])")
_URL = re.compile(r"https?://[^\s<>\"]+", re.I)
_MONTH = re.compile(
    r"(?:(?P<first>\d{1,2})\W+)?(?P<name>[a-z]{3,})(?:\W+(?P<last>\d{1,2})\b)?", re.I
)
_NUMBER = re.compile(r"\d{1,2}")


def bibtex_entries(path: Path, text: str) -> list[Entry]:
    """The entries of a BibTeX file; one that is broken does not take the others along.

    Raises:
        MetadataInvalid: when there is none at all.
    """
    from bibtexparser.model import Entry as EntryBlock
    from bibtexparser.model import String

    library = _parse(text)
    strings: dict[str, str] = {}
    for block in _whole(library.blocks):
        if isinstance(block, String) and block.key.lower() not in strings:
            value = resolved(block.value, strings)[:MAX_STRING_CHARACTERS]
            strings[block.key.lower()] = value
    blocks = [block for block in _whole(library.blocks) if isinstance(block, EntryBlock)]
    if not blocks:
        raise _no_entries(path, library)
    return [_entry(block, strings) for block in blocks]


def _parse(text: str) -> Library:
    from bibtexparser.entrypoint import parse_string

    for noisy in ("bibtexparser", "pylatexenc"):  # they tell stderr of what they pass over
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return parse_string(lines, parse_stack=[])


def _whole(blocks: Iterable[Block]) -> Iterable[Block | None]:
    """Blocks, with those whose key or one of whose fields is there twice.

    Such an entry is a work nevertheless, and may be found by its title or file.
    """
    from bibtexparser.model import ParsingFailedBlock

    for block in blocks:
        yield block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block


def _no_entries(path: Path, library: Library) -> MetadataInvalid:
    if not library.failed_blocks:
        return MetadataInvalid(
            path, "no entry is in it.", "Name a BibTeX file with entries such as @book{...}."
        )
    first = library.failed_blocks[0]
    reason = str(getattr(first.error, "abort_reason", first.error)).strip().rstrip(".")
    return MetadataInvalid(
        path,
        f"line {(first.start_line or 0) + 1}: the entry that begins here is no BibTeX ({reason}), "
        "and no other is in it.",
        "Correct it, or export the bibliography again.",
    )


def _entry(block: EntryBlock, strings: Mapping[str, str]) -> Entry:
    fields: dict[str, str] = {}
    for field in block.fields:
        key = field.key.lower()
        if key in _KNOWN and key not in fields:
            fields[key] = resolved(field.value, strings)
    return Entry(
        keys=(block.key,),
        files=file_paths(fields.get("file", "")),
        urls=tuple(_urls(fields)),
        titles=lambda: _titles(fields),
        metadata=lambda: _metadata(item_type(block.entry_type, fields), fields),
    )


def _metadata(kind: str | None, fields: Fields) -> Metadata:
    languages = (language_code(_text(fields.get(one))) for one in ("langid", "language"))
    pages = _text(fields.get("pages"))
    urls = _urls(fields)
    return Metadata(
        title=next(reversed(_titles(fields)), None),
        author=_authors(fields.get("author", "")),
        publication=_first(fields, PUBLICATIONS),
        date=start_date(_text(fields.get("date"))) or _year_and_month(fields),
        language=next(filter(None, languages), None),
        url=next(iter(urls), None),
        type=kind,
        publisher=_first(fields, PUBLISHERS),
        place=_first(fields, PLACES),
        volume=_text(fields.get("volume")),
        issue=_first(fields, ("number", "issue") if _is_numbered(kind) else ("issue",)),
        pages=works.page_range(pages) if pages else None,
        edition=_text(fields.get("edition")),
        doi=first_doi(plain(fields.get("doi", "")), *urls),
        isbn=first_isbn(_text(fields.get("isbn"))),
    )


def _first(fields: Fields, keys: Iterable[str]) -> str | None:
    return next(filter(None, (_text(fields.get(key)) for key in keys)), None)


def _is_numbered(kind: str | None) -> bool:
    """Whether `number` is an issue's or the work's own; of books it is that in a series.

    https://mirrors.ctan.org/macros/latex/contrib/biblatex/doc/biblatex.pdf, section 2.2.2
    """
    return kind is not None and (
        kind.startswith("article") or kind == "periodical" or kind in works.NUMBERED
    )


def _titles(fields: Fields) -> tuple[str, ...]:
    """The title, and last the whole one with its subtitle."""
    title, subtitle = _text(fields.get("title")), _text(fields.get("subtitle"))
    whole = f"{title}: {subtitle}" if title and subtitle else None
    return tuple(filter(None, (title, whole)))


def _urls(fields: Fields) -> list[str]:
    """The address, what a note of publication names as one, and the DOI's."""
    written = (plain(fields.get(one, "")) for one in ("url", "howpublished"))
    found = [match[0] for one in written if (match := _URL.search(one))]
    return [one for one in (*map(url, found), doi_link(plain(fields.get("doi", "")))) if one]


def _authors(written: str) -> str | None:
    from bibtexparser.middlewares.names import (
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    def one(person: str) -> str | None:
        parts = parse_single_name_into_parts(person, strict=False)
        family, given, suffix = (
            _text(" ".join(some)) for some in ([*parts.von, *parts.last], parts.first, parts.jr)
        )
        return name(family, given, suffix)

    persons = split_multiple_persons_names(written)
    return names(one(person) for person in persons if person.lower() != "others")


def _year_and_month(fields: Fields) -> str | None:
    """From "2019", "may" and perhaps "7", or "7~may" as some write it."""
    year, month, day = (_text(fields.get(one)) or "" for one in ("year", "month", "day"))
    date = start_date(year)
    if date is None or len(date) > len("2019"):
        return date
    if in_words := _MONTH.match(month):
        day = day or in_words["first"] or in_words["last"] or ""
        dates = [f"{day} {in_words['name']} {date}", f"{in_words['name']} {date}"]
    elif in_digits := _NUMBER.match(month):
        dates = [f"{date}-{in_digits[0]}-{day}", f"{date}-{in_digits[0]:0>2}"]
    else:
        dates = []
    return next(filter(None, map(iso_date, dates)), date)


def _text(written: str | None) -> str | None:
    r"""LaTeX as Unicode.

    >>> _text(r"{\"O}ther $\beta$ at 5% \& {DNA}")
    'Öther β at 5% & DNA'
    """
    if not written:
        return None
    decoded = _decoded(written) if _LATEX.search(written) else None
    return words(re.sub(r"[{}]", "", written) if decoded is None else decoded)


def _decoded(written: str) -> str | None:
    from bibtexparser.library import Library
    from bibtexparser.model import Entry as EntryBlock
    from bibtexparser.model import Field

    # People write them as they are, and LaTeX would take the one for a comment's beginning.
    field = Field("value", _SPECIAL.sub(r"\\\1", written))
    entry = _decoder().transform_entry(EntryBlock("misc", "", [field]), Library())
    return str(field.value) if isinstance(entry, EntryBlock) else None


@cache
def _decoder() -> LatexDecodingMiddleware:
    from bibtexparser.middlewares import LatexDecodingMiddleware

    return LatexDecodingMiddleware(keep_math_mode=False)
