"""A citation in a sentence of our own: for notes, quotations in HTML, and plain text."""

from __future__ import annotations

from qa.citation import place
from qa.citing import csl
from qa.citing.punctuation import (
    AMERICAN,
    CLOSE_ITALIC,
    CLOSE_QUOTE,
    OPEN_ITALIC,
    OPEN_QUOTE,
    Markup,
    without_marks,
    written,
)
from qa.types import Citation, Source

MOST_AUTHORS = 3
"""Of more, the first "et al.": a note is to be read at a glance."""

NO_DATE = "n.d."

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Not the computer's language's."""

_LABELS = {"page": ("p.", "pp."), "line": ("line", "lines"), "paragraph": ("para.", "paras.")}


def note(citation: Citation, markup: Markup = "plain") -> str:
    """Author, “Title,” Publication, date, p. 3. A file's name has no quotation marks."""
    source = citation.document
    titled = without_marks(csl.title(source))
    parts = (
        without_marks(authors(source)),
        f"{OPEN_QUOTE}{titled}{CLOSE_QUOTE}" if csl.has_title(source) else titled,
        f"{OPEN_ITALIC}{without_marks(publication(source))}{CLOSE_ITALIC}",
        without_marks(published(source)),
        without_marks(place_in_words(citation)),
    )
    said = ", ".join(part for part in parts if part.strip(OPEN_ITALIC + CLOSE_ITALIC))
    return written(f"{said}.", AMERICAN, markup)


def quoted_with_place(citation: Citation) -> str:
    """The words in quotation marks, on one line, and where they stand: “Rice grows.” (p. 3)."""
    named = place_in_words(citation)
    return f"“{csl.one_line(citation.quote)}”" + (f" ({named})" if named else "")


def authors(source: Source) -> str:
    """Names as they are spoken.

    The first alone stands for more than three.
    """
    names = [_spoken(name) for name in csl.names(source.author)]
    if len(names) > MOST_AUTHORS:
        return f"{names[0]} et al."
    *first, last = names or [""]
    return f"{', '.join(first)}{',' if len(first) > 1 else ''} and {last}" if first else last


def _spoken(name: csl.Name) -> str:
    family, given = name.get("family", ""), name.get("given", "")
    if name.get("literal"):
        return name["literal"]
    suffix = name.get("suffix")
    spoken = family + given if csl.is_unspaced(family + given) else f"{given} {family}"
    return f"{spoken} {suffix}" if suffix else spoken


def publication(source: Source) -> str:
    """What it appeared in, or else who published it; empty if neither is known."""
    return csl.one_line(source.publication or source.publisher or "")


def published(source: Source) -> str:
    """The date as people write it in America, whose punctuation the sentence has; or "n.d."."""
    parts = csl.date_parts(source.date)
    return _spelled(*parts) if parts else csl.one_line(source.date or "") or NO_DATE


def _spelled(year: int, *rest: int) -> str:
    if not rest:
        return f"{year:04}"
    month = MONTHS[rest[0] - 1]
    return f"{month} {rest[1]}, {year:04}" if len(rest) > 1 else f"{month} {year:04}"


def place_in_words(citation: Citation) -> str:
    """Such as "p. 3" or "slide 2"; empty where no part is known."""
    pinpoint = citation.pinpoint
    if pinpoint is None:
        return place("", citation.locator).strip(", :")
    one, several = _LABELS.get(pinpoint.label, (pinpoint.label, f"{pinpoint.label}s"))
    locator = pinpoint.locator.replace("-", "\N{EN DASH}")
    return f"{several if locator != pinpoint.locator else one} {locator}"
