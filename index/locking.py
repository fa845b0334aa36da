"""One process writes a library at a time, under a lock that names it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index import disk
from index.errors import LibraryLocked

if TYPE_CHECKING:
    from filelock import FileLock

LOCK = "lock"
OWNER = "lock.owner"

NOTHING_DONE = "Nothing has changed."


@contextlib.contextmanager
def locked(path: Path, patience: float = 0) -> Iterator[FileLock]:
    """Hold the writer's lock, or say who still does after `patience` seconds.

    Raises:
        LibraryLocked, LibraryReadOnly, LibraryFull: with the remedy.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path / LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        raise held(path) from None
    except OSError as error:
        raise disk.refusal(path, error, NOTHING_DONE) from error
    try:
        _sign(path)
        yield lock
    finally:
        lock.release()


def held(path: Path) -> LibraryLocked:
    """The error that names who holds the lock."""
    try:
        owner = json.loads((path / OWNER).read_text())
        who = f"process {owner['pid']} on {owner['host']}"
    except (OSError, ValueError, KeyError, TypeError):  # between taking the lock and signing
        who = "another process"
    return LibraryLocked(
        f"{path}: the library is being written by {who}.",
        "Wait until it has finished, then run the command again.",
    )


def _sign(path: Path) -> None:
    owner = {"pid": os.getpid(), "host": socket.gethostname()}
    try:
        (path / OWNER).write_text(json.dumps(owner))
    except OSError as error:
        if not disk.is_full(error):  # who only needs the lock can go on without room
            raise disk.refusal(path, error, NOTHING_DONE) from error
