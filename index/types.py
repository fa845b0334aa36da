"""What the index stores and returns. Frozen, slotted, without behaviour.

All offsets are Unicode code points, half-open, into a document's canonical
text: `canonical[start:end]` is the quote, everywhere and always.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NewType

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
class SourceText:
    """What a reader makes of a file: canonical text and the metadata plain to see."""

    text: str
    title: str | None = None
    date: str | None = None
    """ISO 8601, year-month-day."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage's place: offsets into the canonical text, and those of its sentences."""

    start: int
    end: int
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class NewPassage:
    """A passage ready to be stored."""

    start: int
    end: int
    line_start: int
    line_end: int
    quote: str
    sentences: tuple[Span, ...]
    """Offsets relative to the passage's start."""
    terms: str
    """Lexical terms, parted by spaces."""
    hashes: bytes
    """Terms and written words as numbers, see `index.lexical.hash_sentences`."""
    digest: bytes
    """Of what is embedded; equal digests have equal vectors."""


@dataclass(frozen=True, slots=True)
class NewDocument:
    """A file's content ready to be stored, under a new id or in place of an old version."""

    source: SourceFile
    content: SourceText
    language: str | None
    """ISO 639, None where it is not clear."""
    passages: tuple[NewPassage, ...]
    vectors: tuple[Float16, ...]
    """For each passage [1 + sentences, dimension], unit length: its own vector, then theirs."""


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document, without its text."""

    id: DocumentId
    path: Path
    sha256: str
    title: str | None
    date: str | None
    language: str | None
    """ISO 639, None where it is not clear."""
    length: int
    """Code points of the canonical text."""
    passages: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stored passage with its quote. Lines count from 1, the last one included."""

    id: PassageId
    document_id: DocumentId
    start: int
    end: int
    line_start: int
    line_end: int
    quote: str


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

    places: tuple[str, ...] = ()
    """At or below one of these absolute paths, or matching a glob among them."""
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


@dataclass(frozen=True, slots=True)
class Changes:
    """One commit: everything in it happens, or nothing."""

    stored: tuple[NewDocument, ...] = ()
    moved: tuple[tuple[DocumentId, Path], ...] = ()
    removed: tuple[DocumentId, ...] = ()
    failed: tuple[Failure, ...] = ()
    settled: tuple[Path, ...] = ()
    """Paths whose earlier failure no longer stands."""


@dataclass(slots=True)
class SyncReport:
    """What a sync did, path by path."""

    added: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    moved: list[tuple[Path, Path]] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    skipped: int = 0
    """Files of formats no reader handles, met inside folders."""
    passages: int = 0
    embedded: int = 0
    """Passages the model had to read; the others' vectors were known."""
