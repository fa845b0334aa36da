"""What can be asked of jobs: a file taken in, a sync, looking, cancelling, retrying."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from index.errors import (
    DocumentMissing,
    LibraryMissing,
    PathMissing,
    PathOutsideRoots,
    RootsMissing,
    UploadGone,
)
from index.types import DocumentId
from qa.engine import Engine
from qa.jobs import states, uploads
from qa.jobs.names import safe_name
from qa.jobs.store import Held, Store
from qa.jobs.types import Job, State, Sync, Upload


class Jobs:
    """The jobs of an engine's library. Opens and makes nothing before it is needed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.store = Store(engine.library)

    def receive(self) -> uploads.Arriving:
        """A file to write what arrives into; a library is made if there is none.

        Raises:
            LibraryError, JobsUnusable: with the remedy.
        """
        self._engine.make_library()
        return uploads.Arriving(uploads.made_folder(self._engine.library))

    def upload(self, arrived: uploads.Arriving, name: str) -> Job:
        """Keep a file that has arrived, and have it indexed. Both survive whatever comes after.

        Raises:
            NameInvalid, FormatUnknown, LibraryError, JobsUnusable: with the remedy.
        """
        safe = safe_name(name)
        arrived.finish()
        with self.store.held() as held:
            return held.add(arrived.place(safe))

    def sync(self, paths: Sequence[str] = (), *, keep_missing: bool = False) -> Job:
        """Have the library brought in step with these paths, or with all that was added.

        Raises:
            RootsMissing, PathOutsideRoots, PathMissing, LibraryError, JobsUnusable: with the
                remedy.
        """
        asked = within_roots(self._engine, paths)
        with self.store.held() as held:
            return held.add(Sync(tuple(map(str, asked)), keep_missing))

    def get(self, id_: str) -> Job:
        """One job.

        Raises:
            JobMissing, JobsUnusable: with the remedy.
        """
        return self.store.get(id_)

    def page(
        self, wanted: Sequence[State], limit: int, before: int | None
    ) -> tuple[list[Job], int | None]:
        """Jobs, the newest first, and the number after which the next page begins, if any."""
        found = self.store.page(wanted, limit + 1, before)
        return found[:limit], found[limit - 1].number if len(found) > limit else None

    def cancel(self, id_: str) -> Job:
        """End a job, or have it end after what is in work; of an upload the file goes too.

        Raises:
            JobMissing, JobConflict, LibraryError, JobsUnusable: with the remedy.
        """
        before = self.store.get(id_)
        if before.state in {"queued", "failed"} and isinstance(before.asked, Upload):
            self._drop_failure(Path(before.asked.path))
        with self.store.held() as held:
            job = held.change(id_, states.cancelled)
            if job.state == "cancelled" and isinstance(job.asked, Upload):
                self._take_away(held, Path(job.asked.path))
        return job

    def retry(self, id_: str) -> Job:
        """Put a job that failed or was cancelled back into the queue.

        Raises:
            JobMissing, JobConflict, UploadGone, LibraryError, JobsUnusable: with the remedy.
        """

        def again(job: Job) -> Job:
            retried = states.retried(job)
            if isinstance(job.asked, Upload) and not Path(job.asked.path).is_file():
                raise UploadGone(
                    f"{job.asked.name}: the file of the job {id_} is kept no longer.",
                    "Send the file again.",
                )
            return retried

        return self.store.change(id_, again)

    def remove_document(self, id_: DocumentId, patience: float = 0) -> None:
        """Take a document out of the library; the file goes too if it was sent to us.

        Another who writes is waited for so many seconds.

        Raises:
            DocumentMissing, DocumentInside, LibraryLocked: with the remedy.
        """
        path = self._engine.document(id_).path
        self._engine.remove_document(id_, patience)
        if path.parent.parent == uploads.folder_of(self._engine.library):
            with self.store.held() as held:
                self._take_away(held, path)

    def _drop_failure(self, path: Path) -> None:
        """No longer list a file as failed, unless it holds a document all the same."""
        documents, failures = self._engine.known_under(path)
        if failures and not documents:
            with contextlib.suppress(DocumentMissing):  # somebody else has done it meanwhile
                self._engine.remove([path])

    def _take_away(self, held: Held, path: Path) -> None:
        with contextlib.suppress(LibraryMissing):
            uploads.take_away(held, self._engine, path)


def within_roots(engine: Engine, paths: Sequence[str]) -> list[Path]:
    """These paths made real, or all that was added.

    Raises:
        RootsMissing, PathOutsideRoots, PathMissing: with the remedy.
    """
    try:
        roots = engine.roots()
    except LibraryMissing:
        roots = []
    if not roots:
        raise RootsMissing(
            "No folder was added to the library yet.",
            "Add one on the machine it runs on, with qa add FOLDER; or send files to "
            "/v1/documents.",
        )
    return [_within(roots, path) for path in paths] or roots


def _within(roots: Sequence[Path], given: str) -> Path:
    # What lies outside is refused alike whether it is there or not: nobody is told which.
    path = Path(given)
    real = Path(os.path.realpath(path)) if path.is_absolute() and "\0" not in given else None
    if real is None or set(roots).isdisjoint((real, *real.parents)):
        raise PathOutsideRoots(
            f"{given}: the path does not lie in what was added to the library.",
            "Name an absolute path at or below a folder that was added; qa status lists them.",
        )
    if not os.path.lexists(real):
        raise PathMissing(
            real, "there is no such file or folder.", "Check the spelling of the path."
        )
    return real
