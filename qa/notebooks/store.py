"""Notebooks on disk: one table in SQLite, beside the catalog.

Connections are opened for each use, as for jobs. There is no WAL: what is written seldom needs none,
and without one the file can be read where nothing can be written beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index import disk
from index.errors import (
    NotebookChanged,
    NotebookMissing,
    NotebooksFull,
    NotebooksUnusable,
)
from qa import beside
from qa.notebooks.types import Kept, Listed, Notebook, Seen

FILE_NAME = "notebooks.sqlite"
SCHEMA_VERSION = 1
MAX_NOTEBOOKS = 100
"""With what one may hold, 400 MB at most."""

WHATEVER = Seen()

SCHEMA = f"""
CREATE TABLE notebooks (
    name     TEXT PRIMARY KEY,
    title    TEXT NOT NULL,
    updated  TEXT NOT NULL,
    tag      TEXT NOT NULL,
    count    INTEGER NOT NULL,
    passages TEXT NOT NULL                       -- JSON, last as it is long
) STRICT, WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
"""


class Notebooks:
    """The notebooks of a library. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    def all(self) -> list[Listed]:
        """Every notebook, the one changed last first.

        Raises:
            NotebooksUnusable: with the remedy.
        """
        with self._reading() as connection:
            rows = (
                connection.execute(
                    "SELECT name, title, updated, tag, count FROM notebooks"
                    " ORDER BY updated DESC, name"
                ).fetchall()
                if connection
                else []
            )
        return [Listed(*row) for row in rows]

    def get(self, name: str) -> Notebook:
        """One notebook.

        Raises:
            NotebookMissing, NotebooksUnusable: with the remedy.
        """
        with self._reading() as connection:
            row = _row(connection, name) if connection else None
        if row is None:
            raise _missing(name)
        name, title, updated, tag, _, passages = row
        return Notebook(
            name, title, updated, tag, tuple(Kept(**one) for one in json.loads(passages))
        )

    def put(
        self, name: str, title: str, passages: Sequence[Kept], seen: Seen = WHATEVER
    ) -> tuple[Notebook, bool]:
        """Keep a notebook in place of what had its name; also says whether there was none.

        Once this returns it is on disk for good.

        Raises:
            NotebookChanged: when it is not as its writer expects.
            NotebooksFull: when there are too many.
            LibraryFull, LibraryReadOnly, NotebooksUnusable: with the remedy.
        """
        updated = datetime.now(UTC).isoformat(timespec="milliseconds")
        stored = json.dumps([asdict(one) for one in passages], ensure_ascii=False)
        tag = hashlib.sha256(f"{title}\n{stored}".encode()).hexdigest()[:32]
        with self._writing() as connection:
            before = _row(connection, name)
            _check(name, before, seen)
            (count,) = connection.execute("SELECT count(*) FROM notebooks").fetchone()
            if before is None and count >= MAX_NOTEBOOKS:
                raise NotebooksFull(
                    f"There are {count} notebooks, and no more are kept.",
                    "Delete one that is not needed any more.",
                )
            connection.execute(
                "INSERT OR REPLACE INTO notebooks VALUES (?, ?, ?, ?, ?, ?)",
                (name, title, updated, tag, len(passages), stored),
            )
        return Notebook(name, title, updated, tag, tuple(passages)), before is None

    def remove(self, name: str, seen: Seen = WHATEVER) -> None:
        """Delete a notebook.

        Raises:
            NotebookMissing: when there is none.
            NotebookChanged: when it is not as its remover expects.
            LibraryFull, LibraryReadOnly, NotebooksUnusable: with the remedy.
        """
        if not self._file.exists():
            raise _missing(name)
        with self._writing() as connection:
            before = _row(connection, name)
            if before is None:
                raise _missing(name)
            _check(name, before, seen)
            connection.execute("DELETE FROM notebooks WHERE name = ?", (name,))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """All that is changed in the block is on disk at its end, or nothing."""
        with self._connected(to_write=True) as connection:
            # EXTRA: without WAL, a commit is only safe once the folder is on disk too.
            connection.execute("PRAGMA synchronous = EXTRA")
            with beside.transaction(connection, SCHEMA, SCHEMA_VERSION):
                yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None before the first notebook."""
        if not self._file.exists():
            yield None
            return
        with self._connected(to_write=False) as connection:
            yield connection if beside.version(connection, SCHEMA_VERSION) else None

    @contextlib.contextmanager
    def _connected(self, *, to_write: bool) -> Iterator[sqlite3.Connection]:
        try:
            with (beside.to_write if to_write else beside.to_read)(self._file) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            disk.tell(self._file, error, disk.KEPT)
            raise NotebooksUnusable(
                f"{self._file}: the notebooks cannot be used ({error}).",
                "Check that you may read and write there. If the file is damaged, put a copy of "
                "it back, or move it aside.",
            ) from error


def _row(connection: sqlite3.Connection, name: str) -> tuple[Any, ...] | None:
    found: tuple[Any, ...] | None = connection.execute(
        "SELECT * FROM notebooks WHERE name = ?", (name,)
    ).fetchone()
    return found


def _check(name: str, row: tuple[Any, ...] | None, seen: Seen) -> None:
    if seen.none and row is not None:
        raise NotebookChanged(
            f"There is a notebook {name} already.", "Choose another name, or change that one."
        )
    tag = row[3] if row else None
    if seen.tags is not None and (tag is None or not seen.tags & {tag, "*"}):
        what = "has been changed since" if row else "has been deleted"
        raise NotebookChanged(
            f"The notebook {name} {what}.", "Get it as it is now, and make the change to that."
        )


def _missing(name: str) -> NotebookMissing:
    return NotebookMissing(
        f"There is no notebook {name}.", "List the notebooks to see their names."
    )
