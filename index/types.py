"""What the index stores and returns. Frozen, slotted, without behaviour.

All offsets are Unicode code points, half-open, into a document's canonical
text: `canonical[start:end]` is the quote, everywhere and always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NewType

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Float16 = NDArray[np.float16]
    Float32 = NDArray[np.float32]
    Int64 = NDArray[np.int64]
    UInt32 = NDArray[np.uint32]

DocumentId = NewType("DocumentId", int)
PassageId = NewType("PassageId", int)

Span = tuple[int, int]
"""(start, end): code points, half-open."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as found on disk: its real, absolute path and its bytes' SHA-256."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document beside its text. None is not known."""

    title: str | None = None
    author: str | None = None
    """Several are parted by "; ". "Family, Given" where the source says which is which."""
    publication: str | None = None
    """What it appeared in: a newspaper, a journal, a site, a book of several works."""
    date: str | None = None
    """Of publication, ISO 8601: a day, a month (2025-10) or a year."""
    language: str | None = None
    """ISO 639-1, lower case, without a region."""
    url: str | None = None
    type: str | None = None
    """What kind of work: an item type of the Citation Style Language, see `index.works`."""
    publisher: str | None = None
    """Who published it: a house, a company, an institution; of a thesis, the university."""
    place: str | None = None
    """Where it was published: a city."""
    volume: str | None = None
    """Of the journal or of a work in several volumes."""
    issue: str | None = None
    """Of the journal or newspaper; of a report or a patent, its own number."""
    pages: str | None = None
    """Where it stands in what it appeared in: "12-34"."""
    edition: str | None = None
    """As it is written: "2" or "Revised"."""
    doi: str | None = None
    """Without an address around it: "10.1000/xyz"."""
    isbn: str | None = None
    """With hyphens or without, as it is written."""


@dataclass(frozen=True, slots=True)
class Mark:
    """From `start` on the text stands at this place, until the next mark of the same kind."""

    start: int
    kind: Literal["page", "slide", "row", "heading", "part"]
    number: int
    """Of the page, slide or row, from 1; a heading's level, from 1; of a part, from 1 or 0."""
    label: str = ""
    """A page's printed number, a heading's words, what a part is: "footnote 3", "comment by
    Ana", "speaker notes". An empty one ends the part, or the headings from that level down."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a file, to be read as a document of its own."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader makes of a file: canonical text, where its parts stand, and what it states."""

    text: str
    """Paragraphs are parted by a blank line. In a row of a table, cells are parted by tabs."""
    metadata: Metadata = Metadata()
    marks: tuple[Mark, ...] = ()
    """By ascending start."""
    breaks: tuple[int, ...] = ()
    """Ascending offsets that no passage crosses, unless a sentence does: ends of pages, slides."""
    is_the_file: bool = False
    """The text is the decoded file, so that its lines are the file's lines."""
    characters: bytes = b""
    """Where the characters stand on the pages of a PDF, see `index.readers.pdf`; else empty."""
    pages_without_text: int = 0
    attachments: tuple[Attachment, ...] = ()
    quotations: tuple[Span, ...] = ()
    """Block quotations, ascending, where the format tells them; a library does not keep them."""


BoxesBy = Literal["line", "word"]
"""Whether words have a box for each part of a line, or each word its own."""


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a line on a page, in fractions of its width and height, from its upper left corner."""

    start: int
    """Of the words in it, in the canonical text."""
    end: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """Where some words are printed on a page, as it is shown: turned and cut as the file says."""

    number: int
    """From 1."""
    width: float
    """In points, 1/72 inch."""
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a passage stands, as people say it. Numbers count from 1, the last one included.

    What does not apply to a kind of file is None or empty.
    """

    page_start: int | None = None
    """Counted from the file's first page, whatever is printed on it."""
    page_end: int | None = None
    page_label_start: str | None = None
    """The printed page number, such as "xii", where the file states it."""
    page_label_end: str | None = None
    slide_start: int | None = None
    slide_end: int | None = None
    row_start: int | None = None
    row_end: int | None = None
    headings: tuple[str, ...] = ()
    """The path of headings the passage begins under, the outermost first."""
    paragraph_start: int | None = None
    """Counted under the innermost of the headings, or in the whole text without any."""
    paragraph_end: int | None = None
    """Counted on, also where the passage runs past another heading."""
    line_start: int | None = None
    """Lines of the file, where the text is the file itself."""
    line_end: int | None = None
    part: str | None = None
    """What part of the document, beside its main text: "footnote 3", "speaker notes"."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage's place: offsets into the canonical text, and those of its sentences."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """A passage's words, stemmed by one language."""

    text: str
    """Lexical terms, parted by spaces."""
    hashes: bytes
    """Terms and written words as numbers, see `index.lexical.hash_sentences`."""


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage ready to be stored."""

    start: int
    end: int
    locator: Locator
    quote: str
    sentences: tuple[Span, ...]
    """Offsets relative to the passage's start."""
    terms: Terms
    digest: bytes
    """Of what is embedded; equal digests have equal vectors."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file's content ready to be stored, under a new id or in place of an old version."""

    source: SourceFile
    container: Path | None
    """The file on disk it was found inside, None for a file itself."""
    content: SourceText
    """Its language is what the words show, or else what the file states."""
    passages: tuple[NewPassage, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text."""

    id: DocumentId
    path: Path
    """Of what lies inside a file: that file's path with its name below."""
    sha256: str
    container: Path | None
    """The file on disk it was found inside, None for a file itself."""
    metadata: Metadata
    """What holds: an edit before a sidecar or bibliography, these before what the file states."""
    length: int
    """Code points of the canonical text."""
    pages_without_text: int
    passages: int


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a document's metadata, by who said it."""

    id: DocumentId
    path: Path
    stated: Metadata
    """By the file itself; the language as its words show it."""
    given: Metadata
    """By a sidecar or a bibliography."""
    edited: Metadata
    """By the user, with `qa edit`."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with its quote."""

    id: PassageId
    public_id: str
    """Outlives indexing the file again, see `index.public_id`."""
    document_id: DocumentId
    start: int
    end: int
    locator: Locator
    quote: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a canonical text, and the sentences in it."""

    start: int
    """Of `text`, in the canonical text."""
    text: str
    sentences: tuple[Span, ...]
    """In the canonical text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage, the document it stands in, and what stands around it there."""

    passage: Passage
    document: Document
    around: Stretch


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The passages around one in its document, in the text's order; fewer at its ends."""

    before: tuple[Placed, ...]
    after: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """What rescoring needs to know of a passage, as stored: most of it is read all at once."""

    id: PassageId
    document_id: DocumentId
    sentences: bytes
    """Little-endian int32 [sentences, 2]: (start, end) relative to the passage's start."""
    hashes: bytes
    """Of its words, see `index.lexical.hash_sentences`."""
    vectors: bytes
    """Little-endian float16 [1 + sentences, dimension]: the passage's, then each sentence's."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents are asked; what is left empty does not filter."""

    paths: tuple[str, ...] = ()
    """At or below one of these absolute paths, taken as they are: [ ] * ? stand for themselves."""
    globs: tuple[str, ...] = ()
    """Whose whole path matches one of these, as SQLite's GLOB has it: * runs over / too."""
    date_from: str | None = None
    """Dated on this day or later, ISO 8601; undated documents are left out."""
    date_to: str | None = None
    """Dated on this day or before."""
    languages: tuple[str, ...] = ()
    """In one of these languages, ISO 639."""
    document_ids: tuple[DocumentId, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found by one index; a higher score is better."""

    id: PassageId
    score: float


@dataclass(frozen=True, slots=True)
class EncoderIdentity:
    """Which model made a library's vectors."""

    name: str
    dimension: int
    checksum: str
    """SHA-256 over the model's weights and configuration."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed, why, and what to do."""

    path: Path
    code: str
    message: str
    remedy: str
    sha256: str | None = None
    """Of the file that failed; None where it could not even be read. It is not tried again
    while it is the same."""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was when it was last hashed; while it looks the same, it is the same."""

    sha256: str
    bytes: int
    mtime_ns: int
    ctime_ns: int
    """Changes with every write and cannot be set, so that a file made to look older is seen."""
    inode: int
    hashed_ns: int
    """When, by the clock that stamps files."""


@dataclass(frozen=True, slots=True)
class Move:
    """A document whose file has another path now."""

    id: DocumentId
    target: Path
    container: Path | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """One commit: everything in it happens, or nothing."""

    stored: tuple[NewDocument, ...] = ()
    vectors: Mapping[bytes, Float16] = field(default_factory=dict)
    """By digest, for passages of `stored` whose vectors the catalog does not have: each
    [1 + sentences, dimension], unit length: the passage's own, then its sentences'."""
    moved: tuple[Move, ...] = ()
    removed: tuple[DocumentId, ...] = ()
    failed: tuple[Failure, ...] = ()
    settled: tuple[Path, ...] = ()
    """Paths whose earlier failure no longer stands."""
    described: tuple[Described, ...] = ()


@dataclass(slots=True)
class SyncReport:
    """What a sync did, path by path."""

    added: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    moved: list[tuple[Path, Path]] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    missing: list[Path] = field(default_factory=list)
    """Gone from disk and kept in the library, where that was asked for."""
    unchanged: list[Path] = field(default_factory=list)
    described: list[Path] = field(default_factory=list)
    """Whose metadata a sidecar or a bibliography changed."""
    failed: list[Failure] = field(default_factory=list)
    skipped: int = 0
    """Files of formats no reader handles, met inside folders."""
    ignored: int = 0
    """Files and folders that .gitignore or .quaereignore leave out."""
    pages_without_text: int = 0
    """Of what was read."""
    passages: int = 0
    embedded: int = 0
    """Passages the model had to read; the others' vectors were known."""
    dry_run: bool = False
    """Nothing was changed; this is what would be."""
