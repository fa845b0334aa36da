"""What an answer is made of. Nothing here is generated: every quote stands in a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from index.types import DocumentId, Filters, Locator

DEFAULT_LIMIT = 5
MAX_LIMIT = 100
MAX_NEIGHBOURS = 5
"""On either side of each passage of an answer: about a printed page."""


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
    min_score: float = 0.0
    """Passages that score less are left out; see `CitedPassage.score` for what that means."""
    neighbours: int = 0
    """How many passages to show before and after each."""


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
    """What it appeared in."""
    date: str | None
    """ISO 8601: a day, a month or a year."""
    language: str | None
    """ISO 639, where it is clear."""
    url: str | None
    type: str | None = None
    """An item type of the Citation Style Language."""
    publisher: str | None = None
    place: str | None = None
    """Of publication."""
    volume: str | None = None
    issue: str | None = None
    """Of a report or a patent, its own number."""
    pages: str | None = None
    """Of the work within what it appeared in: "12-34"."""
    edition: str | None = None
    doi: str | None = None
    """Bare: "10.1000/xyz"."""
    isbn: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence inside a passage; offsets into the document's canonical text."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class TextQuoteSelector:
    """Finds the words in any version of the text: W3C Web Annotation Data Model, section 4.2.4."""

    exact: str
    prefix: str
    """What stands right before, so that the same words elsewhere are told apart."""
    suffix: str
    type: Literal["TextQuoteSelector"] = "TextQuoteSelector"


@dataclass(frozen=True, slots=True)
class TextPositionSelector:
    """Finds the words in this version of the text: W3C Web Annotation Data Model, section 4.2.5."""

    start: int
    end: int
    type: Literal["TextPositionSelector"] = "TextPositionSelector"


@dataclass(frozen=True, slots=True)
class CharLocation:
    """Offsets, as the citations of language model services name them."""

    start_char_index: int
    end_char_index: int
    """Not included."""
    type: Literal["char_location"] = "char_location"


@dataclass(frozen=True, slots=True)
class PageLocation:
    """Pages, as the citations of language model services name them."""

    start_page_number: int
    """Counted from 1."""
    end_page_number: int
    """Not included."""
    type: Literal["page_location"] = "page_location"


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """A place as the Citation Style Language has it."""

    locator: str
    """Such as "12-14"."""
    label: str
    """What is counted: page, paragraph, line, section, ..."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where the words can be opened."""

    reader: str
    """In the page of `qa serve`, below its address."""
    file: str
    """The file, at the page where it is a PDF, at the words where it is HTML."""
    web: str | None
    """The document's address at the words, where it has one."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a source: `canonical_text[start:end] == quote`.

    Offsets are Unicode code points, half-open.
    """

    id: str
    """Of the passage the words stand in: made from the document's SHA-256 and the passage's
    offsets, so it outlives indexing the same file again."""
    document: Source
    start: int
    end: int
    locator: Locator
    pinpoint: Pinpoint | None
    quote: str
    best_sentence: Sentence | None
    """The sentence nearest to the question, where one was asked."""
    selectors: tuple[TextQuoteSelector, TextPositionSelector]
    locations: tuple[CharLocation | PageLocation, ...]
    links: Links


ReasonKind = Literal["cut", "negation", "hedge", "reported", "contrast"]
"""The sentence goes on; it or a neighbour denies, doubts, tells what someone said, or turns."""

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Something beside the words cited that may turn their meaning."""

    kind: ReasonKind
    where: Side
    words: str
    """Verbatim; of a sentence that goes on, what is left out."""


@dataclass(frozen=True, slots=True)
class Context:
    """The neighbours of words that might be taken out of context, and why."""

    before: Sentence | None
    """What stands before the words: the rest of their sentence, or the sentence before."""
    after: Sentence | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The passages around one in its document, in the text's order; fewer at its ends."""

    before: tuple[Citation, ...]
    after: tuple[Citation, ...]


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
    """How a passage compares with the others of its answer, 0 to 1: of each kind of evidence the
    best candidate has the whole share (`qa.fusion`). So the first passage mostly has 0.7 to 1
    even where nothing answers, and the furthest seldom less than 0.5. A reranker's own score where
    there is one; what it did not read keeps the other, and stands behind."""
    citation: Citation
    also_at: tuple[Citation, ...]
    """Other places that say the same in the same words, but for a word here and there."""
    context: Context | None
    """Where what stands around the passage may turn its meaning."""
    explanation: tuple[ScorePart, ...] | None
    """What the score is made of, where that was asked for."""
    neighbours: Neighbours | None = None
    """The passages around it, where they were asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer a question best, best first."""

    question: str
    generation: int
    """Of the library the passages come from; it grows with every change."""
    passages: tuple[CitedPassage, ...]
    notice: str | None
    """Says so where the filters let no document through, no passage holds a phrase asked for, or
    none scores as much as was asked for."""


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
    roots: tuple[str, ...] = ()
    """The folders and files that were added."""


@dataclass(frozen=True, slots=True)
class DocumentsIn:
    """How many documents are in a language."""

    language: str | None
    """ISO 639; None where it is not clear."""
    documents: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What a reader of a library can choose from."""

    documents: int
    passages: int
    languages: tuple[DocumentsIn, ...]
    """The one with most documents first."""
    date_from: str | None
    """Of the earliest document, ISO 8601: a day, a month or a year."""
    date_to: str | None
    """Of the latest."""
    generation: int
    """Grows with every change."""
    failures: int
    """Files that could not be indexed."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document."""

    level: int
    """From 1."""
    title: str
    start: int
    """Where it begins in the canonical text, as of all parts."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A page or a slide of a document."""

    number: int
    """From 1."""
    label: str
    """What is printed on it; empty if it is not known."""
    start: int


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the parts of a document begin; what its format has not is empty."""

    document_id: DocumentId
    length: int
    """Code points of the canonical text."""
    headings: tuple[Heading, ...]
    pages: tuple[Numbered, ...]
    slides: tuple[Numbered, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words of a document that somebody collected."""

    document_id: DocumentId
    start: int
    end: int
    note: str = ""
    """What they wrote to it."""
    quote: str | None = None
    """The words as they were then; None where that is not known."""
