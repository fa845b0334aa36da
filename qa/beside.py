"""Small SQLite databases beside the catalog: opened for each use, so that nothing needs closing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from index import connecting

BUSY_SECONDS = 30
"""How long to wait for another process's change; each takes milliseconds."""


def to_read(file: Path) -> closing[sqlite3.Connection]:
    """A connection for a block that changes nothing.

    Raises:
        sqlite3.Error: when it cannot be opened.
    """
    return _connected(file, "ro")


def to_write(file: Path) -> closing[sqlite3.Connection]:
    """A connection for a block that may change things; the file is made if there is none.

    Raises:
        sqlite3.Error, OSError: when it cannot be opened.
    """
    file.touch()  # the system says why not; SQLite would not
    return _connected(file, "rw")


def write_ahead(connection: sqlite3.Connection) -> None:
    """Have a database written ahead (WAL), so that it can be read meanwhile. It stays so.

    Where two connections turn a new database at once, SQLite refuses one without waiting.

    Raises:
        sqlite3.Error: when it cannot be done.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


@contextmanager
def transaction(connection: sqlite3.Connection, schema: str, known: int) -> Iterator[None]:
    """All that is changed in the block is on disk at its end, or nothing.

    An empty database gets the schema first, which sets the version that is known.

    Raises:
        sqlite3.Error: when it cannot be done.
    """
    with connecting.transaction(connection):
        if version(connection, known) == 0:
            for statement in filter(str.strip, schema.split(";")):
                connection.execute(statement)
        yield


def _connected(file: Path, mode: str) -> closing[sqlite3.Connection]:
    return closing(
        sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,  # transactions are ours to begin and end
        )
    )


def version(connection: sqlite3.Connection, known: int) -> int:
    """The database's version: 0 of an empty one, else the one that is known.

    Raises:
        sqlite3.DatabaseError: when it is another.
    """
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    if found not in (0, known):
        raise sqlite3.DatabaseError("another version of Quaere made them")
    return int(found)
