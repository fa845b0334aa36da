"""How one state of a job follows another; pure but for the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from index.errors import JobConflict
from qa.jobs.types import ENDED, Job, Problem, Progress, Result, Upload

MAX_ATTEMPTS = 3
"""Begun so often and never come to an end, a job is what ends the process."""

CRASHED = Problem(
    "job-crashed",
    f"The process that carries out jobs ended {MAX_ATTEMPTS} times while this one was in work.",
    "The service's log may say why; retry the job once that is mended.",
)


def now() -> str:
    """UTC, ISO 8601 with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def begun(job: Job) -> Job:
    """In work."""
    return replace(
        job, state="running", started=now(), progress=Progress(), attempts=job.attempts + 1
    )


def put_back(job: Job) -> Job:
    """To be begun again, through no fault of its own; or cancelled, if that was asked for."""
    if job.cancel_requested:
        return given_up(job)
    return replace(job, state="queued", started=None, attempts=max(0, job.attempts - 1))


def recovered(job: Job) -> Job:
    """After whoever was at it has ended without a word."""
    if job.cancel_requested:
        return given_up(job)
    if job.attempts >= MAX_ATTEMPTS:
        return failed(job, CRASHED)
    return replace(job, state="queued", started=None)


def done(job: Job, result: Result) -> Job:
    """Carried out."""
    return replace(job, state="done", ended=now(), result=result, problem=None)


def failed(job: Job, problem: Problem, result: Result | None = None) -> Job:
    """Not to be carried out as things are."""
    return replace(job, state="failed", ended=now(), result=result, problem=problem)


def given_up(job: Job) -> Job:
    """Cancelled."""
    return replace(job, state="cancelled", ended=now(), cancel_requested=True)


def cancelled(job: Job) -> Job:
    """As somebody asks for it: at once, or once what is in work is committed.

    Raises:
        JobConflict: with the remedy.
    """
    if job.state == "running":
        return replace(job, cancel_requested=True)
    if job.state == "queued" or (job.state == "failed" and isinstance(job.asked, Upload)):
        return given_up(job)
    raise _conflict(job, "cancelled", "Only what is queued or running, or a failed upload, can.")


def retried(job: Job) -> Job:
    """To be carried out again.

    Raises:
        JobConflict: with the remedy.
    """
    if job.state not in ENDED or job.state == "done":
        raise _conflict(job, "retried", "Only jobs that have failed or were cancelled can.")
    return Job(job.number, job.id, job.asked, "queued", job.created, revision=job.revision)


def _conflict(job: Job, what: str, remedy: str) -> JobConflict:
    return JobConflict(f"The job {job.id} is {job.state} and cannot be {what}.", remedy)
