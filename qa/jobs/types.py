"""What a job is. Frozen, slotted; how one state follows another stands in `qa.jobs.states`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from index.errors import QuaereError

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATES: tuple[State, ...] = get_args(State)
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent is to be indexed."""

    path: str
    """Where it is kept, real and absolute."""
    name: str
    """As it is shown; the last part of the path."""


@dataclass(frozen=True, slots=True)
class Sync:
    """The library is to be brought in step with folders and files."""

    paths: tuple[str, ...]
    """Real and absolute, at or below what was added."""
    keep_missing: bool = False
    """Documents whose files are gone stay in the library."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has come: what is on disk for good."""

    files_done: int = 0
    files_total: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a job failed, and what would help."""

    code: str
    message: str
    remedy: str

    @classmethod
    def of(cls, error: QuaereError) -> Problem:
        """An error as it is stored."""
        return cls(error.code, error.message, error.remedy)


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that a job could not index."""

    path: str
    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a job has done: how many files were added and so on."""

    document_id: int | None = None
    """Of an upload."""
    added: int = 0
    changed: int = 0
    moved: int = 0
    removed: int = 0
    missing: int = 0
    unchanged: int = 0
    described: int = 0
    skipped: int = 0
    ignored: int = 0
    failed: int = 0
    passages: int = 0
    failures: tuple[FailedFile, ...] = ()
    """The first of those that failed."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work, from when it is asked for until long after it has ended."""

    number: int
    """In the order they were asked for; clocks may be set back."""
    id: str
    asked: Upload | Sync
    state: State
    created: str
    """UTC, ISO 8601 with milliseconds."""
    started: str | None = None
    ended: str | None = None
    progress: Progress = Progress()
    result: Result | None = None
    problem: Problem | None = None
    attempts: int = 0
    """How often it was begun, without those that were put back in order."""
    cancel_requested: bool = False
    revision: int = 1
    """Grows with every change."""
