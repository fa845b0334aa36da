"""What BibTeX and CSL-JSON have in common: entries that describe a work, and their words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index import works
from index.readers.dates import iso_date
from index.readers.stated import language, url
from index.types import Metadata

_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_SEVERAL = re.compile(r"[,;]\s*|\s+")
_YEAR = re.compile(r"[12]\d{3}(?!\d)")
_LANGUAGES = {
    "american": "en",
    "australian": "en",
    "british": "en",
    "canadian": "en",
    "newzealand": "en",
    "ukenglish": "en",
    "usenglish": "en",
    "austrian": "de",
    "deutsch": "de",
    "naustrian": "de",
    "ngerman": "de",
    "nswissgerman": "de",
    "swissgerman": "de",
    "acadian": "fr",
    "canadien": "fr",
    "francais": "fr",
    "français": "fr",
    "italiano": "it",
    "brazil": "pt",
    "brazilian": "pt",
    "portuges": "pt",
    "português": "pt",
    "castellano": "es",
    "español": "es",
    "nederlands": "nl",
    "magyar": "hu",
    "polutonikogreek": "el",
}
"""Languages as LaTeX's babel names them, and as they name themselves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One work in a bibliography."""

    keys: tuple[str, ...]
    """What it is cited by."""
    files: tuple[str, ...]
    """Paths as they are written."""
    urls: tuple[str, ...]
    titles: Callable[[], tuple[str, ...]]
    """Asked for late, like `metadata`: to decode LaTeX takes most of the time."""
    metadata: Callable[[], Metadata]


def words(written: str) -> str | None:
    r"""Text in one line, without control characters; None for none.

    >>> words(" On\n\x1b[1m Rice "), words(" ")
    ('On [1m Rice', None)
    """
    # A JSON or YAML escape may make a lone surrogate, which cannot be stored.
    whole = written.encode(errors="replace").decode()
    return _CONTROL.sub(" ", whole).strip() or None


def name(family: str | None, given: str | None, suffix: str | None = None) -> str | None:
    """A person's name, the family's first.

    >>> name("King", "Martin Luther", "Jr."), name("Plato", None)
    ('King, Martin Luther, Jr.', 'Plato')
    """
    return ", ".join(filter(None, (family, given, suffix))) or None


def language_code(written: str | None) -> str | None:
    """ISO 639-1 of a tag or a name, also of the names that LaTeX has for languages.

    >>> [language_code(one) for one in ("en-GB", "ngerman", "French", "english and french")]
    ['en', 'de', 'fr', None]
    """
    if not written:
        return None
    return _LANGUAGES.get(written.strip().lower()) or language(written)


def start_date(written: str | None) -> str | None:
    """The day, month or year that is written, of a range the first.

    >>> [start_date(one) for one in ("2019-05-01/2019-05-03", "2019~", "2019-21", "May 2019")]
    ['2019-05-01', '2019', '2019', '2019-05']
    """
    if not written:
        return None
    first = (
        written.strip() if iso_date(written) else written.partition("/")[0].strip().rstrip("~?%")
    )
    year = _YEAR.match(first)
    return iso_date(first) or (year[0] if year else None)


def doi_link(written: str | None) -> str | None:
    """The address of a DOI.

    >>> doi_link("doi:10.1000/xyz"), doi_link("none")
    ('https://doi.org/10.1000/xyz', None)
    """
    found = works.doi(written) if written else None
    return url(f"https://doi.org/{found}") if found else None


def first_doi(*written: str | None) -> str | None:
    """The first that is a DOI, or the address of one.

    >>> first_doi(None, "https://example.org", "https://doi.org/10.1000/xyz")
    '10.1000/xyz'
    """
    return next(filter(None, (works.doi(one) for one in written if one)), None)


def first_isbn(written: str | None) -> str | None:
    """The first of the ISBNs that are written: a book has one for each binding.

    >>> first_isbn("978-0-306-40615-7 (hardcover), 0-306-40615-2")
    '978-0-306-40615-7'
    """
    if not written:
        return None
    each = (works.isbn(one) for one in _SEVERAL.split(written))
    return works.isbn(written) or next(filter(None, each), None)
