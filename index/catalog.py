"""The catalog: SQLite, the one source of truth. Opening, meta data, transactions.

What stands in its tables is read and written in `index.records`.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from index.errors import LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing
from index.types import EncoderIdentity

FILE_NAME = "catalog.sqlite"
SCHEMA_VERSION = 4
PAGE_BYTES = 16_384
"""A passage with its vectors has about 8 kB: mostly one page, where 4 kB ones took three."""

BUSY_SECONDS = 30
"""How long a reader waits for a commit to end; commits take well under a second."""


class Catalog:
    """An open catalog. Safe to share between threads: one statement at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.connection = connection

    @classmethod
    def open(cls, folder: Path) -> Catalog:
        """Open the catalog in `folder`.

        Raises:
            LibraryMissing, LibraryDamaged, LibraryMismatch: with the remedy.
        """
        path = folder / FILE_NAME
        with _damage_reported(path):
            if not path.is_file():
                raise LibraryMissing(
                    f"{folder}: there is no library here.", "Make one with: qa add FOLDER"
                )
            connection = _connect(path, "rw")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                raise sqlite3.DatabaseError("it holds no catalog")
        if version != SCHEMA_VERSION:
            raise LibraryMismatch(
                f"{path}: the library was made by another version of Quaere.",
                "Upgrade Quaere, or index again with --library NEW_FOLDER.",
            )
        return cls(path, connection)

    @classmethod
    def create(cls, folder: Path) -> Catalog:
        """Make an empty catalog in `folder`, whole or not at all, and open it."""
        path = folder / FILE_NAME
        aside = folder / f".{FILE_NAME}.making"
        aside.unlink(missing_ok=True)
        schema = resources.files("index").joinpath("schema.sql").read_text(encoding="utf-8")
        connection = _connect(aside, "rwc")
        connection.executescript(f"BEGIN;{schema};PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        aside.rename(path)
        return cls.open(folder)

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self.connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is on disk at the end, or none of it."""
        with self.lock, _damage_reported(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One read transaction: everything read inside belongs to the same generation."""
        with self.lock, _damage_reported(self.path):
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.execute("COMMIT")

    def copy(self, target: Path) -> None:
        """Copy the catalog to a new file: one generation whole, while others may commit more."""
        with self.lock, _damage_reported(self.path):
            self.connection.execute("VACUUM INTO ?", (str(target),))

    def get(self, key: str) -> str | None:
        """A value of the library table."""
        with self.lock, _damage_reported(self.path):
            row = self.connection.execute(
                "SELECT value FROM library WHERE key = ?", (key,)
            ).fetchone()
        return row[0] if row else None

    def generation(self) -> int:
        """How many commits there were."""
        return int(self.get("generation") or 0)

    def identity(self) -> EncoderIdentity | None:
        """The model that made the vectors; None before there are any."""
        name, dimension, checksum = (
            self.get(f"encoder.{field}") for field in ("name", "dimension", "checksum")
        )
        if not (name and dimension and checksum):
            return None
        return EncoderIdentity(name, int(dimension), checksum)


def put(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Set a value of the library table, inside a transaction."""
    connection.execute("INSERT OR REPLACE INTO library VALUES (?, ?)", (key, value))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,  # transactions are ours to begin and end
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")  # of a new file; before WAL
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit that was acknowledged survives power loss too, not only kill -9.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextlib.contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:  # disk full, read-only, no permission
        if "decode to UTF-8" in str(error):
            raise _damaged(path, error) from error
        raise LibraryError(
            f"{path}: the catalog cannot be used ({error}).",
            "Check that the disk has room and that you may write there, then run it again.",
        ) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a subclass: our mistake, not the file's
            raise
        raise _damaged(path, error) from error
    except UnicodeDecodeError as error:  # in what SQLite says of a damaged schema
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"{path}: the catalog cannot be read ({str(error)[:100]}).",  # SQLite may quote a text
        "Move the library folder aside and index again with: qa add FOLDER",
    )
