"""What the service answers with, where the library has no type of the same fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict, TypeVar

from index.types import DocumentId
from qa.jobs.types import Problem, Progress, Result, State, Sync, Upload
from qa.notebooks.types import Listed
from qa.types import Answer, Contents, Source

Item_co = TypeVar("Item_co", covariant=True)


class Page(Protocol[Item_co]):
    """Part of a listing."""

    @property
    def items(self) -> tuple[Item_co, ...]:
        """What is listed here."""

    @property
    def next_cursor(self) -> str | None:
        """Leads on; None where nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Source):
    """A document in the library, and what is known of it."""

    length: int
    """Code points of the canonical text."""
    pages_without_text: int
    """Scanned pages, of which nothing is found."""
    passages: int
    """How many it was cut into."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Documents in the order asked for."""

    documents: tuple[Document, ...]
    next_cursor: str | None

    @property
    def items(self) -> tuple[Document, ...]:
        """The documents."""
        return self.documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Library(Contents):
    """What the service's library holds."""

    can_write: bool
    """Whether the client's key, if one is asked for, lets it change things."""
    key: str | None
    """That key's name."""


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be indexed."""

    path: str
    code: str
    """Stable, for programs."""
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Failures:
    """Files that could not be indexed, by path."""

    failures: tuple[FailedFile, ...]
    next_cursor: str | None

    @property
    def items(self) -> tuple[FailedFile, ...]:
        """The files."""
        return self.failures


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """What became of one of several questions."""

    answer: Answer | None
    problem: dict[str, str | int | None] | None
    """As RFC 9457 has it, where there is no answer."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What became of several questions, in their order."""

    answers: tuple[OneOfMany, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Part of a document's canonical text."""

    document_id: DocumentId
    start: int
    """Code points, half-open."""
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a service was asked for, and what has come of it."""

    id: str
    kind: Literal["upload", "sync"]
    state: State
    upload: Upload | None
    sync: Sync | None
    created: str
    """UTC, ISO 8601, as the two after it."""
    started: str | None
    ended: str | None
    progress: Progress
    result: Result | None
    problem: Problem | None
    attempts: int
    """How often it was begun."""
    cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs, the newest first."""

    jobs: tuple[Job, ...]
    next_cursor: str | None

    @property
    def items(self) -> tuple[Job, ...]:
        """The jobs."""
        return self.jobs


@dataclass(frozen=True, slots=True)
class Notebooks:
    """Every notebook, the one changed last first."""

    notebooks: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """The process is alive."""

    status: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The service answers questions."""

    status: str
    generation: int
    """Of the library; it grows with every change."""


class Edits(TypedDict, total=False):
    """What is to hold of a document, see `index.types.Metadata`; None takes an edit back."""

    title: str | None
    author: str | None
    publication: str | None
    date: str | None
    language: str | None
    url: str | None
    type: str | None
    publisher: str | None
    place: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    edition: str | None
    doi: str | None
    isbn: str | None
