"""Citations: where a passage stands, in terms that stay true for years."""

from __future__ import annotations

import hashlib

from index.types import Document, Passage, Span
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
        line_start=passage.line_start,
        line_end=passage.line_end,
        quote=passage.quote,
    )


def source(document: Document) -> Source:
    """A document as citations name it."""
    return Source(
        document.id,
        str(document.path),
        document.sha256,
        document.title,
        document.date,
        document.language,
    )


def sentence(passage: Passage, span: Span) -> Sentence:
    """The sentence at a span relative to the passage."""
    start, end = span
    return Sentence(passage.start + start, passage.start + end, passage.quote[start:end])


def lines(citation: Citation) -> str:
    """The lines as people write them: "12" or "12-14"."""
    if citation.line_start == citation.line_end:
        return str(citation.line_start)
    return f"{citation.line_start}-{citation.line_end}"
