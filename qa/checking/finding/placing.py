"""Words found in documents, put into the passages they stand in, many at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index import records
from index.library import Snapshot
from index.types import Document, Passage, Placed, Span, Stretch

AROUND = 64
"""Characters beside words that a citation's prefix and suffix are taken from, at least."""


@dataclass(frozen=True, slots=True)
class Words:
    """A span of a document's canonical text."""

    document: Document
    start: int
    end: int


def placed(snapshot: Snapshot, found: Sequence[Words]) -> list[Placed | None]:
    """The passage each begins in, and the sentences around; None where it was removed since."""
    with snapshot.catalog.snapshot() as connection:
        across = [
            records.across(connection, words.document.id, (words.start, words.end))
            for words in found
        ]
        spans = [
            _around(words, passages) for words, (passages, _) in zip(found, across, strict=True)
        ]
        texts = records.parts(
            connection,
            [(words.document.id, *span) for words, span in zip(found, spans, strict=True)],
        )
    return [
        Placed(_containing(passages, words), words.document, Stretch(span[0], text, tuple(known)))
        if passages
        else None
        for words, (passages, known), span, text in zip(found, across, spans, texts, strict=True)
    ]


def _around(words: Words, passages: Sequence[Passage]) -> Span:
    """The passages whole, and no less than AROUND on either side."""
    first = min([words.start - AROUND, *(passage.start for passage in passages)])
    last = max([words.end + AROUND, *(passage.end for passage in passages)])
    return max(0, first), last


def _containing(passages: Sequence[Passage], words: Words) -> Passage:
    before = [passage for passage in passages if passage.start <= words.start]
    return before[-1] if before else passages[0]
