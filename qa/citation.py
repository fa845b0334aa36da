"""Citations: where words stand, in terms that stay true for years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace

from index.spans import LINE_END
from index.types import Document, Locator, Metadata, Neighbourhood, Placed, Span
from qa import links
from qa.types import (
    CharLocation,
    Citation,
    Neighbours,
    PageLocation,
    Pinpoint,
    Sentence,
    Source,
    TextPositionSelector,
    TextQuoteSelector,
)

METADATA = tuple(field.name for field in fields(Metadata))
"""Copied one by one: `asdict` copies deeply, at ten times the cost."""

SELECTOR_CHARACTERS = 32
"""Of prefix and suffix, as Hypothesis has it: enough to tell equal words in a text apart."""


def cite(
    placed: Placed,
    words: Span | None = None,
    best: Span | None = None,
    locator: Locator | None = None,
) -> Citation:
    """The citation of a stored passage, or of some words in it or running on from it.

    `words` and the best sentence are spans of the canonical text, within `placed.around`.
    `locator` is that of the words, where it is known better than from the passage's.
    """
    passage = placed.passage
    start, end = words or (passage.start, passage.end)
    located = source(placed.document)
    quote = _said(placed, (start, end))
    locator = locator or _locator(placed, (start, end))
    return Citation(
        id=passage.public_id,
        document=located,
        start=start,
        end=end,
        locator=locator,
        pinpoint=pinpoint(locator),
        quote=quote,
        best_sentence=Sentence(*best, _said(placed, best)) if best else None,
        selectors=(_quote_selector(placed, start, end), TextPositionSelector(start, end)),
        locations=tuple(_locations(start, end, locator)),
        links=links.to(located, locator, (start, end), quote),
    )


def cite_neighbours(around: Neighbourhood) -> Neighbours:
    """The citations of the passages around one."""
    return Neighbours(tuple(map(cite, around.before)), tuple(map(cite, around.after)))


def source(document: Document) -> Source:
    """A document as citations name it."""
    return Source(
        id=document.id,
        path=str(document.path),
        sha256=document.sha256,
        container=str(document.container) if document.container else None,
        **{name: getattr(document.metadata, name) for name in METADATA},
    )


def pinpoint(locator: Locator) -> Pinpoint | None:
    """The place as the Citation Style Language names it; None where it has no word for it.

    >>> pinpoint(Locator(page_start=14, page_end=15, page_label_start="xii", page_label_end="1"))
    Pinpoint(locator='xii-1', label='page')
    >>> pinpoint(Locator(slide_start=3)) is None
    True
    """
    if locator.slide_start or locator.row_start:
        return None
    printed = (locator.page_label_start, locator.page_label_end)
    places: dict[str, tuple[int | str | None, int | str | None]] = {
        "page": printed if printed[0] else (locator.page_start, locator.page_end),
        "line": (locator.line_start, locator.line_end),
        "paragraph": (locator.paragraph_start, locator.paragraph_end),
    }
    counted = ((label, some) for label, some in places.items() if some[0] is not None)
    return next((Pinpoint(_range(*some), label) for label, some in counted), None)


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


def _locator(placed: Placed, words: Span) -> Locator:
    """The passage's, with the lines of the words themselves where it counts lines."""
    passage = placed.passage
    start, _ = words
    if passage.locator.line_start is None or start < passage.start:
        return passage.locator
    first = passage.locator.line_start + _line_ends(_said(placed, (passage.start, start)))
    return replace(
        passage.locator, line_start=first, line_end=first + _line_ends(_said(placed, words))
    )


def _line_ends(text: str) -> int:
    return len(LINE_END.findall(text))


def _said(placed: Placed, words: Span) -> str:
    start, end = words
    return placed.around.text[start - placed.around.start : end - placed.around.start]


def _quote_selector(placed: Placed, start: int, end: int) -> TextQuoteSelector:
    around = placed.around
    before = (max(around.start, start - SELECTOR_CHARACTERS), start)
    after = (end, min(around.start + len(around.text), end + SELECTOR_CHARACTERS))
    return TextQuoteSelector(
        _said(placed, (start, end)), _said(placed, before), _said(placed, after)
    )


def _locations(start: int, end: int, locator: Locator) -> Iterator[CharLocation | PageLocation]:
    yield CharLocation(start, end)
    if locator.page_start is not None:
        yield PageLocation(locator.page_start, (locator.page_end or locator.page_start) + 1)
