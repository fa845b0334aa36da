"""Citations: where a passage stands, in terms that stay true for years."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict

from index.types import Document, Locator, Passage, Span
from qa.types import Citation, Sentence, Source

ID_CHARACTERS = 16
"""64 bits: among a million passages a chance of one in thirty million that two share an id."""


def passage_id(sha256: str, start: int, end: int) -> str:
    """The public id of the passage at these offsets in a file with this SHA-256.

    >>> passage_id("ab12", 0, 4)
    '931c04eb13e0c20c'
    """
    place = f"{sha256}:{start}:{end}"
    return hashlib.sha256(place.encode()).hexdigest()[:ID_CHARACTERS]


def cite(passage: Passage, document: Document) -> Citation:
    """The citation of a stored passage."""
    return Citation(
        id=passage_id(document.sha256, passage.start, passage.end),
        document=source(document),
        start=passage.start,
        end=passage.end,
        locator=passage.locator,
        quote=passage.quote,
    )


def source(document: Document) -> Source:
    """A document as citations name it."""
    return Source(
        id=document.id,
        path=str(document.path),
        sha256=document.sha256,
        container=str(document.container) if document.container else None,
        **asdict(document.metadata),
    )


def sentence(passage: Passage, span: Span) -> Sentence:
    """The sentence at a span relative to the passage."""
    start, end = span
    return Sentence(passage.start + start, passage.start + end, passage.quote[start:end])


def place(path: str, locator: Locator) -> str:
    """A passage's place in a file, as short as people say it.

    >>> place("a.txt", Locator(line_start=12, line_end=14)), place("a.pdf", Locator(page_start=3))
    ('a.txt:12-14', 'a.pdf, page 3')
    """
    if locator.line_start and not locator.row_start:
        return f"{path}:{_range(locator.line_start, locator.line_end)}"
    return ", ".join((path, *_parts(locator)))


def heading(locator: Locator) -> str | None:
    """The heading a passage stands under, and which paragraph it is, where that tells something.

    >>> heading(Locator(headings=("Rice", "Methods"), paragraph_start=3, paragraph_end=3))
    '§ Methods, ¶ 3'
    """
    if not locator.headings or locator.part:
        return None
    under = f"§ {locator.headings[-1]}"
    if locator.page_start or locator.slide_start or not locator.paragraph_start:
        return under
    return f"{under}, ¶ {_range(locator.paragraph_start, locator.paragraph_end)}"


def _parts(locator: Locator) -> Iterator[str]:
    counted = (
        _pages(locator),
        _counted("slide", locator.slide_start, locator.slide_end),
        _counted("row", locator.row_start, locator.row_end),
        locator.part,
    )
    said = [part for part in counted if part]
    if said:
        yield from said
    elif under := heading(locator):
        yield under
    elif locator.paragraph_start:
        yield f"¶ {_range(locator.paragraph_start, locator.paragraph_end)}"


def _pages(locator: Locator) -> str | None:
    """As printed, with the file's own count where that differs: "page xii (PDF page 14)"."""
    first, last = locator.page_start, locator.page_end
    printed = (locator.page_label_start, locator.page_label_end)
    if printed[0] is None or printed == (str(first), str(last)):
        return _counted("page", first, last)
    shown = _counted("page", *printed)
    return f"{shown} (PDF {_counted('page', first, last)})"


def _counted(name: str, first: int | str | None, last: int | str | None) -> str | None:
    if first is None:
        return None
    plural = "s" if last is not None and last != first else ""
    return f"{name}{plural} {_range(first, last)}"


def _range(first: int | str | None, last: int | str | None) -> str:
    return f"{first}" if last in {first, None} else f"{first}-{last}"
