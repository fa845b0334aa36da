"""What an answer is made of. Nothing here is generated: every quote stands in a source."""

from __future__ import annotations

from dataclasses import dataclass, field

from index.types import DocumentId, Filters, Locator

DEFAULT_LIMIT = 5
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and of what."""

    question: str
    """A phrase in quotation marks must stand in the passages word for word, if in any."""
    limit: int = DEFAULT_LIMIT
    """How many passages."""
    filters: Filters = field(default_factory=Filters)
    per_document: int | None = None
    """At most so many passages of one document; None for any number."""
    explain: bool = False
    """Whether to say what the scores are made of."""


@dataclass(frozen=True, slots=True)
class Source:
    """The document a passage stands in."""

    id: DocumentId
    path: str
    sha256: str
    """Of the file's bytes when it was indexed, hex."""
    container: str | None
    """The file it lies inside, of a mail's attachment; then `path` goes on with its name."""
    title: str | None
    author: str | None
    """Several are parted by "; "."""
    publication: str | None
    date: str | None
    """ISO 8601: a day, a month or a year."""
    language: str | None
    """ISO 639, where it is clear."""
    url: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence inside a passage; offsets into the document's canonical text."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: `canonical_text[start:end] == quote`.

    Offsets are Unicode code points, half-open.
    """

    id: str
    """Of the passage: made from the document's SHA-256 and the offsets, so it outlives
    indexing the same file again."""
    document: Source
    start: int
    end: int
    locator: Locator
    quote: str


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One kind of evidence for a passage: how strong it is, and what it adds to the score."""

    kind: str
    """meaning (cosines of passage and best sentence), words (BM25), sentence_words (BM25 of the
    best sentence), word_pairs (words that follow one another as asked), coverage (share of the
    question's words in one sentence), exact_words (written as asked), or reranker."""
    score: float
    """As its formula gives it; higher is better."""
    rank: int
    """Among the candidates, from 1."""
    points: float
    """Added to the passage's score."""


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """One ranked passage of an answer."""

    rank: int
    score: float
    """1 is the best any passage could reach for this question; comparable within an answer."""
    citation: Citation
    best_sentence: Sentence
    also_at: tuple[Citation, ...]
    """Other places that say the same in the same words, but for a word here and there."""
    explanation: tuple[ScorePart, ...] | None
    """What the score is made of, where that was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer a question best, best first."""

    question: str
    generation: int
    """Of the library the passages come from; it grows with every change."""
    passages: tuple[CitedPassage, ...]
    notice: str | None
    """Says so where the filters let no document through, or no passage holds a phrase asked for."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a library holds."""

    path: str
    documents: int
    passages: int
    failures: int
    pages_without_text: int
    """Of the documents: scanned pages, of which nothing can be found."""
    model: str | None
    """None before the first document."""
    dimension: int | None
    generation: int
    bytes: int
    """On disk."""
