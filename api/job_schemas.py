"""Wire models of jobs, and of what asks for them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from api.wire import Text, Wire
from qa.jobs.types import Job, State, Upload

MAX_JOBS = 1000
DEFAULT_JOBS = 100
MAX_PATHS = 100
MAX_PATH_CHARACTERS = 4096
MAX_NAME_CHARACTERS = 1000

NOW = "2026-03-02T09:15:00.120Z"
RESULT: dict[str, Any] = {
    "document_id": 21,
    "added": 1,
    "changed": 0,
    "moved": 0,
    "removed": 0,
    "missing": 0,
    "unchanged": 0,
    "described": 0,
    "skipped": 0,
    "ignored": 0,
    "failed": 0,
    "passages": 5,
    "failures": [],
}
JOB: dict[str, Any] = {
    "id": "9e675ebbfd2dfdd3",
    "kind": "upload",
    "state": "done",
    "upload": {
        "path": "/home/ana/.local/share/quaere/library/uploads/7fc7f05480c22e4a/embassy.txt",
        "name": "embassy.txt",
    },
    "sync": None,
    "created": NOW,
    "started": "2026-03-02T09:15:00.370Z",
    "ended": "2026-03-02T09:15:02.008Z",
    "progress": {"files_done": 1, "files_total": 1, "passages": 5},
    "result": RESULT,
    "problem": None,
    "attempts": 1,
    "cancel_requested": False,
}


class NewText(Wire):
    """A text to be kept as a file and indexed."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [
                {"name": "embassy.txt", "text": "The embassy in the capital was opened that day."}
            ]
        },
    )

    name: Annotated[
        Text,
        Field(
            max_length=MAX_NAME_CHARACTERS,
            description="The file's name; its suffix says how it is read.",
        ),
    ]
    text: Text


class SyncRequest(Wire):
    """What to bring the library in step with."""

    model_config = ConfigDict(
        strict=True, json_schema_extra={"examples": [{"paths": ["/home/ana/sources"]}]}
    )

    paths: Annotated[
        list[Annotated[Text, Field(max_length=MAX_PATH_CHARACTERS)]] | None,
        Field(
            min_length=1,
            max_length=MAX_PATHS,
            description="Absolute, at or below what was added with `qa add`; all of that if left "
            "out.",
        ),
    ] = None
    keep_missing: Annotated[
        bool, Field(description="Keep documents whose files are gone in the library.")
    ] = False


class JobsQuery(Wire):
    """Which jobs are listed."""

    limit: Annotated[int, Field(ge=1, le=MAX_JOBS, description="How many jobs to return.")] = (
        DEFAULT_JOBS
    )
    cursor: Annotated[
        str | None,
        Field(
            max_length=200,
            description="The `next_cursor` of the answer before, to the same question.",
        ),
    ] = None
    state: Annotated[
        tuple[State, ...],
        Field(
            max_length=5,
            description="In one of these states. May be repeated.",
            examples=[["failed"]],
        ),
    ] = ()


class UploadModel(Wire):
    """A file that was sent."""

    path: Annotated[str, Field(description="Where the service keeps it.")]
    name: str


class SyncModel(Wire):
    """Folders and files the library is brought in step with."""

    paths: list[str]
    keep_missing: bool


class ProgressModel(Wire):
    """What is on disk for good by now."""

    files_done: int
    files_total: int
    passages: int


class FailedFileModel(Wire):
    """A file that could not be indexed, why, and what to do."""

    path: str
    code: str
    message: str
    remedy: str


class ResultModel(Wire):
    """What a job has done: how many files were added and so on."""

    document_id: Annotated[int | None, Field(description="Of an upload.")]
    added: int
    changed: int
    moved: int
    removed: int
    missing: Annotated[int, Field(description="Gone from disk and kept, if that was asked for.")]
    unchanged: int
    described: Annotated[int, Field(description="Whose metadata a sidecar changed.")]
    skipped: Annotated[int, Field(description="Of formats nobody reads.")]
    ignored: Annotated[int, Field(description="Left out by .gitignore or .quaereignore.")]
    failed: int
    passages: int
    failures: Annotated[list[FailedFileModel], Field(description="The first hundred.")]


class JobProblemModel(Wire):
    """Why a job failed, and what would help."""

    code: Annotated[str, Field(description="Stable, for programs.")]
    message: str
    remedy: str


class JobModel(Wire):
    """Work that was asked for, and what has come of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [JOB]})

    id: str
    kind: Annotated[str, Field(description="upload or sync.")]
    state: State
    upload: UploadModel | None
    sync: SyncModel | None
    created: Annotated[str, Field(description="UTC, ISO 8601.")]
    started: str | None
    ended: str | None
    progress: ProgressModel
    result: ResultModel | None
    problem: JobProblemModel | None
    attempts: Annotated[int, Field(description="How often it was begun.")]
    cancel_requested: bool

    @classmethod
    def of(cls, job: Job) -> JobModel:
        """A stored job."""
        stored = asdict(job)
        asked = stored.pop("asked")
        kind = "upload" if isinstance(job.asked, Upload) else "sync"
        known = {name: stored[name] for name in cls.model_fields if name in stored}
        return cls.model_validate(
            {**known, "kind": kind, "upload": None, "sync": None, kind: asked}
        )


class JobsModel(Wire):
    """Jobs, the newest first."""

    jobs: list[JobModel]
    next_cursor: Annotated[
        str | None, Field(description="Gets the jobs that come next; null: there are none.")
    ]
