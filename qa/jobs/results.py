"""What came of jobs, from what a sync reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FileRefused
from qa.jobs import states
from qa.jobs.types import FailedFile, Job, Problem, Progress, Result

if TYPE_CHECKING:
    from index import sync
    from index.types import Document, Failure, SyncReport

LISTED = 100
"""Failures in a job's result; qa status --failed lists all that stand."""


def progress_of(job: Job, told: sync.Progress) -> Job:
    """How far a job has come by now."""
    return replace(job, progress=Progress(told.files_done, told.files_total, told.passages))


def result_of(report: SyncReport, refused: Sequence[FileRefused] = ()) -> Result:
    """What a sync did, in numbers; `refused` could not even be looked at."""
    failures = [FailedFile(str(one.path), one.code, one.message, one.remedy) for one in refused]
    failures += _failed_files(report.failed)
    return Result(
        added=len(report.added),
        changed=len(report.changed),
        moved=len(report.moved),
        removed=len(report.removed),
        missing=len(report.missing),
        unchanged=len(report.unchanged),
        described=len(report.described),
        skipped=report.skipped,
        ignored=report.ignored,
        failed=len(failures),
        passages=report.passages,
        failures=tuple(failures[:LISTED]),
    )


def settled(
    job: Job, path: Path, known: tuple[list[Document], list[Failure]], report: SyncReport
) -> Job:
    """An upload at its end: the document it is now, or why it is none."""
    documents, failures = known
    document = next((one for one in documents if one.path == path), None)
    failure = next((one for one in failures if one.path == path), None)
    inside = _failed_files(failures)
    result = Result(
        document_id=document.id if document else None,
        added=int(path in report.added),
        changed=int(path in report.changed),
        unchanged=int(path in report.unchanged),
        failed=len(inside),
        passages=document.passages if document else 0,
        failures=tuple(inside[:LISTED]),
    )
    if failure:
        problem = Problem(failure.code, failure.message, failure.remedy)
        return states.failed(job, problem, result)
    if document is None:  # removed just now by someone else
        return states.failed(
            job,
            Problem(
                "document-missing",
                f"{path}: the document was removed as soon as it was indexed.",
                "Retry the job, or send the file again.",
            ),
        )
    finished = replace(job, progress=Progress(1, 1, document.passages))
    return states.done(finished, result)


def _failed_files(failed: Sequence[Failure]) -> list[FailedFile]:
    return [FailedFile(str(one.path), one.code, one.message, one.remedy) for one in failed]
