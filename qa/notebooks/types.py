"""What a notebook is. Frozen, slotted, without behaviour."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import DocumentId


@dataclass(frozen=True, slots=True)
class Kept:
    """Words that somebody collected, with all that finds them again."""

    document_id: DocumentId
    sha256: str
    """Of the document's file when they were collected, hex: later it may say something else."""
    start: int
    """Code points of the canonical text, half-open."""
    end: int
    quote: str
    """The words, verbatim."""
    note: str | None = None
    """What their finder wrote to them."""
    id: str | None = None
    """Of the passage they stand in."""
    source: str | None = None
    """What the source is called, for when its document has gone."""
    question: str | None = None
    """That found them."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """Passages in an order."""

    name: str
    title: str
    updated: str
    """UTC, ISO 8601."""
    tag: str
    """Another one for other content; who changes the notebook says which one they saw."""
    passages: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A notebook without its passages."""

    name: str
    title: str
    updated: str
    tag: str
    passages: int
    """How many there are."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody who changes a notebook expects of it."""

    tags: frozenset[str] | None = None
    """It has one of these, or "*" for any; None: whatever it has."""
    none: bool = False
    """There is none of this name yet."""
