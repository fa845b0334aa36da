"""Any words of a document, cited: chosen by whoever reads it, not found by a question."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from index import records
from index.catalog import Catalog
from index.errors import OffsetsInvalid
from index.locate import Locations
from index.locating import locations
from index.types import Document, DocumentId, Passage, Placed, SourceText, Span, Stretch
from qa.citation import cite
from qa.types import Citation

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
        marks = records.marks(connection, id_)
        passages = tuple(records.passages_of(connection, id_))
    for span in spans:
        _check(document, text, span)
    is_the_file = any(passage.locator.line_start for passage in passages)
    content = SourceText(text, marks=marks, is_the_file=is_the_file)
    located = locations(content)
    return [_cited(document, text, passages, located, span) for span in spans]


def _cited(
    document: Document, text: str, passages: Sequence[Passage], located: Locations, span: Span
) -> Citation:
    start, end = _trimmed(text, span)
    before = bisect_right(passages, start, key=lambda passage: passage.start)
    passage = passages[max(0, before - 1)]
    around = max(0, min(passage.start, span[0]) - records.AROUND)
    stretch = Stretch(around, text[around : max(passage.end, span[1]) + records.AROUND], ())
    locator = located.locator(start, end)
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


def _trimmed(text: str, span: Span) -> Span:
    """Where the words themselves are: a line end before them is of the line before."""
    words = text[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip())
    return start, start + len(words.strip())
