"""What works are called and numbered by: item types, DOIs, ISBNs, ranges of pages. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

ITEM_TYPES = (
    "article",
    "article-journal",
    "article-magazine",
    "article-newspaper",
    "bill",
    "book",
    "broadcast",
    "chapter",
    "classic",
    "collection",
    "dataset",
    "document",
    "entry",
    "entry-dictionary",
    "entry-encyclopedia",
    "event",
    "figure",
    "graphic",
    "hearing",
    "interview",
    "legal_case",
    "legislation",
    "manuscript",
    "map",
    "motion_picture",
    "musical_score",
    "pamphlet",
    "paper-conference",
    "patent",
    "performance",
    "periodical",
    "personal_communication",
    "post",
    "post-weblog",
    "regulation",
    "report",
    "review",
    "review-book",
    "software",
    "song",
    "speech",
    "standard",
    "thesis",
    "treaty",
    "webpage",
)
"""The item types of the Citation Style Language 1.0.2, all of its schema's csl-types.rnc."""

_TYPE_REMEDY = (
    "Write a type of the Citation Style Language (CSL 1.0.2), such as book, chapter, "
    "article-journal, article-newspaper, webpage, report, thesis or personal_communication"
)
_ISBN_REMEDY = (
    "Write the 10 or 13 digits in the book, the last of which shows whether all are right"
)

NUMBERED = frozenset(("bill", "legislation", "patent", "regulation", "report", "standard"))
"""Types of works that have a number of their own, beside one of what they appeared in."""

MAX_DOI_CHARACTERS = 300
"""The longest ones registered have about 200."""

_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|(?:info:)?doi[:/])?\s*(10\.[0-9]{4,}(?:\.[0-9]+)*/\S+)",
    re.I,
)
_ISBN = re.compile(r"(?:(?:urn:)?isbn(?:-?1[03])?\b[:=]?\s*)?([0-9][0-9 -]{8,15}[0-9X])", re.I)
_DASHES = re.compile(r"\s*(?:-+|[\N{HYPHEN}-\N{HORIZONTAL BAR}\N{MINUS SIGN}])\s*")


def item_type(written: str) -> str | None:
    """The item type that is written, in any case; None for what is none.

    >>> item_type("Article-Journal"), item_type("magazine")
    ('article-journal', None)
    """
    folded = written.strip().lower()
    return folded if folded in ITEM_TYPES else None


def doi(written: str) -> str | None:
    """The DOI alone, of one in an address too; None for what is none.

    Its form: https://www.doi.org/the-identifier/resources/handbook/2_numbering.html#2.2

    >>> [doi(one) for one in ("https://doi.org/10.1000/xyz", "doi: 10.1000/xyz", "10 pages")]
    ['10.1000/xyz', '10.1000/xyz', None]
    """
    if len(written) > MAX_DOI_CHARACTERS:
        return None
    found = _DOI.fullmatch(written.strip())
    return found[1] if found else None


def isbn(written: str) -> str | None:
    """The ISBN alone, with its hyphens, if its check digit is right.

    The weights of the digits are those of ISO 2108.

    >>> [isbn(one) for one in ("urn:isbn:9780306406157", "ISBN 0-306-40615-2", "9780306406158")]
    ['9780306406157', '0-306-40615-2', None]
    """
    found = _ISBN.fullmatch(written.strip()) if len(written) <= 50 else None
    if not found:
        return None
    digits = [10 if digit in "xX" else int(digit) for digit in found[1] if digit not in " -"]
    if len(digits) == 10:
        is_right = sum((10 - place) * digit for place, digit in enumerate(digits)) % 11 == 0
    else:
        total = sum(digits[::2]) + 3 * sum(digits[1::2])
        is_right = len(digits) == 13 and max(digits) < 10 and total % 10 == 0
    return re.sub(r"[ -]+", "-", found[1]).upper() if is_right else None


def page_range(written: str) -> str | None:
    """Pages with a hyphen for any dash; None where nothing is counted.

    >>> page_range("12--34"), page_range("7, 41 \N{EN DASH} 45"), page_range("e123")
    ('12-34', '7, 41-45', 'e123')
    """
    pages = _DASHES.sub("-", written).strip()
    return pages if any(character.isalnum() for character in pages) else None


READ_AS: dict[str, tuple[Callable[[str], str | None], str, str]] = {
    "type": (item_type, "is no type of work", _TYPE_REMEDY),
    "pages": (page_range, "are no pages", "Write them as 12-34"),
    "doi": (doi, "is no DOI", "Write it as 10.1000/xyz"),
    "isbn": (isbn, "is no ISBN", _ISBN_REMEDY),
}
"""By field of Metadata: how what is written by hand is read, what to say where it cannot be, and
how to write it; the last without a full stop."""
