"""Any words of a document, cited: chosen by whoever reads it, not found by a question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from index import records
from index.catalog import Catalog
from index.errors import OffsetsInvalid, WordsChanged
from index.locate import Locations
from index.locating import locations
from index.spans import trimmed
from index.types import Document, DocumentId, Mark, Passage, Placed, SourceText, Span, Stretch
from qa.citation import cite
from qa.types import Chosen, Citation

MOST_CHARACTERS = 20_000
"""Of one quotation, white space included; `qa.citing.saved` reads back no longer ones."""


def cite_words(catalog: Catalog, id_: DocumentId, spans: Sequence[Span]) -> list[Citation]:
    """The citation of each span of a document's canonical text; the text is read once.

    Pages, paragraphs and lines are those of the words themselves, also where these run over several
    passages; `id` is that of the passage they begin in.

    Raises:
        DocumentMissing: with the remedy.
        OffsetsInvalid: when a span holds no words, or too many.
    """
    with catalog.snapshot() as connection:
        document = records.existing(connection, id_)
        text = records.text(connection, id_) or ""
        for span in spans:
            _check(document, text, span)
        marks = records.marks(connection, id_)
        found = [_passage(records.across(connection, id_, span)[0], text, span) for span in spans]
    is_the_file = any(passage.locator.line_start for passage in found)
    located = _located(text, marks, is_the_file=is_the_file)
    return [
        _cited(document, text, passage, located, span)
        for span, passage in zip(spans, found, strict=True)
    ]


@lru_cache(maxsize=4)
def _located(text: str, marks: tuple[Mark, ...], *, is_the_file: bool) -> Locations:
    """Kept for the documents that are being read: of a book it takes half a second to make."""
    return locations(SourceText(text, marks=marks, is_the_file=is_the_file))


def cite_all(catalog: Catalog, chosen: Sequence[Chosen]) -> list[Citation]:
    """The citation of each of these, in their order; each document is read once.

    Raises:
        DocumentMissing, OffsetsInvalid: with the remedy.
        WordsChanged: when other words stand there than were collected.
    """
    places: dict[DocumentId, list[int]] = defaultdict(list)
    for place, one in enumerate(chosen):
        places[one.document_id].append(place)
    found: dict[int, Citation] = {}
    for id_, those in places.items():
        spans = [(chosen[place].start, chosen[place].end) for place in those]
        found.update(zip(those, cite_words(catalog, id_, spans), strict=True))
    for place, one in enumerate(chosen):
        if one.quote not in (None, found[place].quote):
            raise WordsChanged(
                f"{found[place].document.path}: other words stand at {one.start:,} to "
                f"{one.end:,} than were collected.",
                "Find the words again in the document, and collect them anew.",
            )
    return [found[place] for place in range(len(chosen))]


def _passage(passages: Sequence[Passage], text: str, span: Span) -> Passage:
    """The one in which the words begin; the first one, where only white space goes before it."""
    start, _ = trimmed(text, *span)
    return next((one for one in reversed(passages) if one.start <= start), passages[0])


def _cited(
    document: Document, text: str, passage: Passage, located: Locations, span: Span
) -> Citation:
    around = max(0, min(passage.start, span[0]) - records.AROUND)
    stretch = Stretch(around, text[around : max(passage.end, span[1]) + records.AROUND], ())
    locator = located.locator(*trimmed(text, *span))  # a line end before them is of the line before
    return cite(Placed(passage, document, stretch), span, locator=locator)


def _check(document: Document, text: str, span: Span) -> None:
    start, end = span
    if not 0 <= start <= end <= len(text):
        raise OffsetsInvalid.outside(document.id, start, end, len(text))
    if not text[start:end].strip():
        raise OffsetsInvalid(
            f"Characters {start:,} to {end:,} of document {document.id} hold no words.",
            "Ask for a citation of words.",
        )
    if end - start > MOST_CHARACTERS:
        raise OffsetsInvalid(
            f"Characters {start:,} to {end:,} are more than one quotation may have.",
            f"Cite {MOST_CHARACTERS:,} characters at most; of more, a part each.",
        )
