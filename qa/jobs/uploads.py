"""Files that are sent: kept as real files inside the library, `uploads/<SHA-256>/<name>`.

A file is placed, and taken away, while the jobs are held: so none is taken away that a job was just
made for.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from index import disk
from index.errors import JobsUnusable, QuaereError
from qa.engine import Engine
from qa.jobs.store import Held, Store
from qa.jobs.types import Upload

FOLDER = "uploads"
ARRIVING = ".arriving-"
"""Begins the name of a file that is not whole yet; hidden, so that no sync takes it in."""
DIGITS = 16
"""Of the SHA-256, in a folder's name: sixty-four bits tell any files apart that are no attack, and
what is found in place of a file is never taken for it: the new one takes its place."""
STALE_SECONDS = 3600.0
"""Since it was last written to, a file that is arriving is arriving no more."""
GENERATION = "generation"
"""The library's, when leftovers were last looked for."""


class Arriving:
    """A file that is being received. Use it in a `with` block: what is not kept is gone after."""

    def __init__(self, folder: Path) -> None:
        with _told(folder):
            handle, path = tempfile.mkstemp(prefix=ARRIVING, dir=folder)  # mode 0600
        self._file = os.fdopen(handle, "wb")
        self._path = Path(path)
        self._digest = hashlib.sha256()
        self._folder = folder
        self.bytes = 0

    def __enter__(self) -> Arriving:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def write(self, data: bytes | bytearray) -> None:
        """Add what has come.

        Raises:
            LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
        """
        with _told(self._folder):
            self._file.write(data)
        self._digest.update(data)
        self.bytes += len(data)

    def finish(self) -> None:
        """All of it has come: on disk for good, but under no name yet.

        Raises:
            LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
        """
        with _told(self._folder):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def place(self, name: str) -> Upload:
        """Give it its name, for good. What stands there has the same bytes, or was damaged.

        Raises:
            LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
        """
        with _told(self._folder):
            folder = self._folder / self._digest.hexdigest()[:DIGITS]
            folder.mkdir(exist_ok=True)
            target = folder / name
            self._path.replace(target)
            for changed in (folder, self._folder):
                _sync_folder(changed)
        return Upload(str(target), name)

    def discard(self) -> None:
        """Let go of it, unless it was placed."""
        with contextlib.suppress(OSError):  # what a full disk still refuses
            self._file.close()
        self._path.unlink(missing_ok=True)


def folder_of(library: Path) -> Path:
    """Where a library keeps files that were sent, as documents' paths have it."""
    return library.resolve() / FOLDER


def made_folder(library: Path) -> Path:
    """The same, there for good.

    Raises:
        LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
    """
    folder = folder_of(library)
    with _told(folder):
        if not folder.is_dir():
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(folder.parent)
    return folder


def take_away(held: Held, engine: Engine, path: Path) -> bool:
    """Delete a file that was sent, if no document, failure or open job knows of it."""
    folder = folder_of(engine.library)
    if path.parent.parent != folder or held.awaits(str(path)) or any(engine.known_under(path)):
        return False
    with _told(folder):
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another file of the same bytes
            path.parent.rmdir()
    return True


def sweep(store: Store, engine: Engine) -> None:
    """Delete what was left over when a process was killed, or a document removed by other ways.

    Nothing is deleted once the library has gone back, as when its catalog was lost and made anew:
    what was sent may then be all there is.

    Raises:
        QuaereError: with the remedy.
    """
    folder = folder_of(engine.library)
    if not folder.is_dir():
        return
    generation = engine.status().generation
    with store.held() as held:
        before = held.noted(GENERATION)
        held.note(GENERATION, max(before, generation))
    for path in folder.glob(f"{ARRIVING}*"):
        _drop_stale(path)
    if generation < before:
        return
    documents, failures = engine.known_under(folder)
    known = {one.path for one in documents} | {one.path for one in failures}
    for path in folder.glob("*/*"):
        if path not in known:
            with store.held() as held:
                take_away(held, engine, path)


def _drop_stale(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.stat().st_mtime + STALE_SECONDS < time.time():
            path.unlink()


def _sync_folder(folder: Path) -> None:
    """A new name in a folder survives a power cut only once the folder itself is on disk."""
    if os.name == "nt":  # has no such thing
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except QuaereError:
        raise
    except OSError as error:
        disk.tell(folder, error, "The file was not kept.")
        raise JobsUnusable(
            f"{folder}: the file cannot be kept ({error.strerror or error}).",
            "Check that the disk has room and that you may write there, then send it again.",
        ) from error
