"""Connections to the catalog, also where SQLite may not write beside it.

In WAL mode SQLite keeps two more files beside the database, even to read it. On a read-only
medium, in somebody else's folder and on a full disk it cannot make them. There the file is read as
one that never changes (SQLite's `immutable`). That is right as long as every commit stands in the
file itself, and the file stays as it is: `Seen` tells, and whoever reads looks at it each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PAGE_BYTES = 16_384
"""A passage with its vectors has about 8 kB: mostly one page, where 4 kB ones took three."""

BUSY_SECONDS = 30
"""How long a reader waits for a commit to end; commits take well under a second."""

NOTHING_BESIDE = (
    "SQLITE_CANTOPEN",
    "SQLITE_FULL",
    "SQLITE_IOERR_SHMOPEN",
    "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_WRITE",
    "SQLITE_READONLY_CANTINIT",
    "SQLITE_READONLY_DIRECTORY",
)
"""What SQLite says where it cannot make the files beside the database; https://sqlite.org/rescode.html"""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a catalog's file was when it was opened as one that never changes."""

    inode: int
    bytes: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Seen:
        """How the file is now."""
        status = path.stat()
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)

    def holds(self, path: Path) -> bool:
        """Whether the file is so still, and nothing was committed beside it."""
        return self == Seen.of(path) and _is_all(path)


def to_read(path: Path) -> tuple[sqlite3.Connection, Seen | None]:
    """A connection to read by, and how the file was if SQLite takes it for one that never changes.

    Raises:
        sqlite3.Error, OSError: when it cannot be read.
    """
    try:
        return to_write(path), None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname not in NOTHING_BESIDE or not _is_all(path):
            raise
    seen = Seen.of(path)
    connection = _connect(path, "ro&immutable=1")
    try:
        _try(connection)
    except BaseException:
        connection.close()
        raise
    return connection, seen


def to_write(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection that reads and, where the system lets it, writes.

    Raises:
        sqlite3.Error: when it cannot even read.
    """
    connection = _connect(path, mode)
    try:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new file; before WAL
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit that was acknowledged survives power loss too, not only kill -9.
        connection.execute("PRAGMA synchronous = FULL")
        _try(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is changed in the block is on disk at its end, or nothing.

    Raises:
        sqlite3.Error: when it cannot be done.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # on a full disk SQLite may have ended it itself
            connection.execute("ROLLBACK")
        raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,  # transactions are ours to begin and end
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    # What a question sorts is small, and the disk for temporary files may be full.
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _try(connection: sqlite3.Connection) -> None:
    """Read something: only then SQLite opens its files."""
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()


def _is_all(path: Path) -> bool:
    """Whether every commit stands in the file itself."""
    try:
        return path.with_name(f"{path.name}-wal").stat().st_size == 0
    except FileNotFoundError:
        return True
