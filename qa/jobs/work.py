"""Carrying jobs out, the oldest first; several uploads at once, as each start costs a second."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FileRefused, LibraryLocked, PathMissing, QuaereError, UploadGone
from index.types import SyncReport
from qa.engine import Engine
from qa.jobs import states, uploads
from qa.jobs.jobs import within_roots
from qa.jobs.results import progress_of, result_of, settled
from qa.jobs.store import Held, Store
from qa.jobs.types import Job, Problem, Sync, Upload

if TYPE_CHECKING:
    from index.sync import Options, Progress

TOGETHER = 64
"""Uploads in one sync."""
IDLE_SECONDS = 20.0
"""Nothing to do for so long, the process ends and gives its memory back."""
LOOK_SECONDS = 0.2
"""Between looks for new jobs, and at whether a locked library is free."""

GONE = Problem(UploadGone.code, "The file that was sent is kept no longer.", "Send it again.")
UNFORESEEN = Problem(
    "internal-error",
    "The job failed in a way nobody foresaw.",
    "The service's log says where; please report it.",
)

log = logging.getLogger("quaere")


class Stopped(BaseException):
    """The process is to end: what is committed stays, the rest is for the next one."""


class Cancelled(Exception):
    """Somebody no longer wants a job that is in work."""


class Worker:
    """Carries out the jobs of a library; only one may at a time."""

    def __init__(self, engine: Engine, store: Store, stopping: threading.Event) -> None:
        self._engine = engine
        self._store = store
        self._stopping = stopping

    def run(self, idle_seconds: float = IDLE_SECONDS) -> None:
        """Begin with what a killed process left, and end once nothing more comes, or on a stop."""
        self._recover()
        with contextlib.suppress(QuaereError):  # leftovers do no harm
            uploads.sweep(self._store, self._engine)
        idle_since = time.monotonic()
        with contextlib.suppress(Stopped):
            while time.monotonic() - idle_since < idle_seconds:
                self._end_if_stopped()
                if jobs := self._next():
                    self._carry_out(jobs)
                    idle_since = time.monotonic()
                else:
                    self._stopping.wait(LOOK_SECONDS)

    def _recover(self) -> None:
        with self._store.held() as held:
            for job in held.in_state("running"):
                held.change(job.id, states.recovered)

    def _next(self) -> list[Job]:
        if not self._store.open():
            return []
        with self._store.held() as held:
            chosen = together(held.in_state("queued"))
            return [held.change(job.id, states.begun) for job in chosen]

    def _carry_out(self, jobs: Sequence[Job]) -> None:
        try:
            if isinstance(jobs[0].asked, Sync):
                self._sync(jobs[0], jobs[0].asked)
            else:
                self._index(jobs)
        except Stopped:
            self._put_back(jobs)
            raise
        except Cancelled:
            self._put_back(jobs)
        except QuaereError as error:
            self._fail(jobs, Problem.of(error))
        # A library may raise anything; the other jobs must go on.
        except Exception:
            log.exception("a job failed: %s", ", ".join(job.id for job in jobs))
            self._fail(jobs, UNFORESEEN)

    def _sync(self, job: Job, asked: Sync) -> None:
        from index.sync import Options

        # Again: a link may lead elsewhere since.
        paths, refused = self._present(asked.paths)
        report = self._added([job], paths, Options(keep_missing=asked.keep_missing))
        self._change([job], lambda one: states.done(one, result_of(report, refused)))

    def _present(self, paths: Sequence[str]) -> tuple[list[Path], list[FileRefused]]:
        """Those that are there, and those that are not: one that is gone must not stop the others."""
        found, refused = [], []
        for path in paths:
            try:
                found += within_roots(self._engine, [path])
            except PathMissing as missing:
                refused.append(missing)
        if not found and refused:
            raise refused[0]
        return found, list(refused)

    def _index(self, jobs: Sequence[Job]) -> None:
        from index.sync import Options

        present: list[Job] = []
        gone: list[Job] = []
        for job in jobs:
            (present if Path(_upload(job).path).is_file() else gone).append(job)
        self._change(gone, lambda job: states.failed(job, GONE))
        if not present:
            return
        paths = [Path(_upload(job).path) for job in present]
        report = self._added(present, paths, Options(keep_missing=True))
        for job, path in zip(present, paths, strict=True):
            self._settle(job, path, report)

    def _added(self, jobs: Sequence[Job], paths: Sequence[Path], options: Options) -> SyncReport:
        """Sync, as soon as no other process writes the library."""

        def notify(progress: Progress) -> None:
            if len(jobs) == 1:
                self._change(jobs, lambda job: progress_of(job, progress))
            self._end_if_stopped()
            self._end_if_cancelled(jobs)

        while True:
            try:
                return self._engine.add(paths, notify, options)
            except LibraryLocked:
                self._stopping.wait(LOOK_SECONDS)
                self._end_if_stopped()
                self._end_if_cancelled(jobs)

    def _end_if_stopped(self) -> None:
        if self._stopping.is_set():
            raise Stopped

    def _end_if_cancelled(self, jobs: Sequence[Job]) -> None:
        if any(self._store.get(job.id).cancel_requested for job in jobs):
            raise Cancelled

    def _fail(self, jobs: Sequence[Job], problem: Problem) -> None:
        """Several that fail together go on one by one: it may be the fault of one of them."""
        if len(jobs) == 1:
            self._change(jobs, lambda job: states.failed(job, problem))
        else:
            self._change(jobs, states.recovered)

    def _put_back(self, jobs: Sequence[Job]) -> None:
        """What was asked to end has ended, unless all of it was committed already."""
        for job in jobs:
            if isinstance(job.asked, Upload):
                path = Path(job.asked.path)
                documents, _ = self._engine.known_under(path)
                if documents and self._store.get(job.id).cancel_requested:
                    self._settle(job, path, SyncReport())
        self._change(jobs, states.put_back)

    def _settle(self, job: Job, path: Path, report: SyncReport) -> None:
        known = self._engine.known_under(path)
        self._change([job], lambda one: settled(one, path, known, report))

    def _change(self, jobs: Sequence[Job], change: Callable[[Job], Job]) -> None:
        """Change those that are in work still."""

        def changed(job: Job) -> Job:
            return change(job) if job.state == "running" else job

        with self._store.held() as held:
            for job in jobs:
                self._clear_away(held, held.change(job.id, changed))

    def _clear_away(self, held: Held, job: Job) -> None:
        if job.state == "cancelled" and isinstance(job.asked, Upload):
            with contextlib.suppress(QuaereError):  # swept later
                uploads.take_away(held, self._engine, Path(job.asked.path))


def put_back(store: Store) -> None:
    """Have what is in work begun again, for whoever was at it has to end.

    Not an attempt that failed: a long job must outlive any number of restarts.

    Raises:
        LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
    """
    with store.held() as held:
        for job in held.in_state("running"):
            held.change(job.id, states.put_back)


def together(queued: Sequence[Job]) -> list[Job]:
    """Which of these to begin: the oldest, and with an upload those uploads that come after it.

    What was begun before goes alone, as it may have ended the process; so does the same file again.
    """
    chosen: list[Job] = []
    paths: set[str] = set()
    for job in queued[:TOGETHER]:
        if not isinstance(job.asked, Upload) or job.attempts or job.asked.path in paths:
            break
        chosen.append(job)
        paths.add(job.asked.path)
    return chosen or list(queued[:1])


def _upload(job: Job) -> Upload:
    assert isinstance(job.asked, Upload)  # they are taken apart from syncs
    return job.asked


def make_nice(by: int) -> None:
    """Let questions go before this process."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(by)
