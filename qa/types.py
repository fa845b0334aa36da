"""What an answer is made of. Nothing here is generated: every quote stands in a source."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import DocumentId


@dataclass(frozen=True, slots=True)
class Source:
    """The document a passage stands in."""

    id: DocumentId
    path: str
    sha256: str
    """Of the file's bytes when it was indexed, hex."""
    title: str | None
    date: str | None
    """ISO 8601, where the document states it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence inside a passage; offsets into the document's canonical text."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: `canonical_text[start:end] == quote`.

    Offsets are Unicode code points, half-open; lines count from 1, the last one included.
    """

    id: str
    """Of the passage: made from the document's SHA-256 and the offsets, so it outlives
    indexing the same file again."""
    document: Source
    start: int
    end: int
    line_start: int
    line_end: int
    quote: str


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """One ranked passage of an answer."""

    rank: int
    score: float
    """1 is the best any passage could reach for this question; comparable within an answer."""
    citation: Citation
    best_sentence: Sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer a question best, best first."""

    question: str
    generation: int
    """Of the library the passages come from; it grows with every change."""
    passages: tuple[CitedPassage, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds."""

    path: str
    documents: int
    passages: int
    failures: int
    model: str | None
    """None before the first document."""
    dimension: int | None
    generation: int
    bytes: int
    """On disk."""
