"""Small SQLite databases beside the catalog: opened for each use, so that nothing needs closing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

BUSY_SECONDS = 30
"""How long to wait for another process's change; each takes milliseconds."""


def connected(file: Path, mode: str) -> closing[sqlite3.Connection]:
    """A connection for a block; `mode` as SQLite's addresses have it: ro, rw, rwc.

    Raises:
        sqlite3.Error: when it cannot be opened.
    """
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
