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

from index import connecting, disk
from index.connecting import Seen
from index.errors import (
    LibraryDamaged,
    LibraryError,
    LibraryFull,
    LibraryLocked,
    LibraryMismatch,
    LibraryMissing,
    LibraryReadOnly,
)
from index.types import EncoderIdentity

FILE_NAME = "catalog.sqlite"
SCHEMA_VERSION = 4


class Catalog:
    """An open catalog. Safe to share between threads: one statement at a time."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, seen: Seen | None = None
    ) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.connection = connection
        self._seen = seen

    @classmethod
    def open(cls, folder: Path, *, to_write: bool = False) -> Catalog:
        """Open the catalog in `folder`.

        To read, it need not be possible to write anything there.

        Raises:
            LibraryMissing, LibraryDamaged, LibraryMismatch: with the remedy.
            LibraryReadOnly, LibraryFull: when it is to be written and cannot be.
        """
        path = folder / FILE_NAME
        with _damage_reported(path):
            if not path.is_file():
                raise LibraryMissing(
                    f"{folder}: there is no library here.", "Make one with: qa add FOLDER"
                )
            connection, seen = (
                (connecting.to_write(path), None) if to_write else connecting.to_read(path)
            )
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version == 0:
                connection.close()
                raise sqlite3.DatabaseError("it holds no catalog")
        if version != SCHEMA_VERSION:
            connection.close()
            raise LibraryMismatch(
                f"{path}: the library was made by another version of Quaere.",
                "Upgrade Quaere, or index again with --library NEW_FOLDER.",
            )
        return cls(path, connection, seen)

    @classmethod
    def create(cls, folder: Path) -> Catalog:
        """Make an empty catalog in `folder`, whole or not at all, and open it."""
        path = folder / FILE_NAME
        aside = folder / f".{FILE_NAME}.making"
        schema = resources.files("index").joinpath("schema.sql").read_text(encoding="utf-8")
        with _damage_reported(path):
            aside.unlink(missing_ok=True)
            with contextlib.closing(connecting.to_write(aside, "rwc")) as connection:
                connection.executescript(
                    f"BEGIN;{schema};PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
                )
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            aside.rename(path)
        return cls.open(folder, to_write=True)

    def close(self) -> None:
        """Close the connection."""
        with self.lock:
            self.connection.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is on disk at the end, or none of it."""
        with (
            self.lock,
            _damage_reported(self.path),
            connecting.transaction(self.connection),
        ):
            yield self.connection

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """One read transaction: everything read inside belongs to the same generation.

        One inside another is part of it.
        """
        with self.lock:
            if self.connection.in_transaction:
                yield self.connection
            else:
                with self._reading() as connection:
                    yield connection

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _damage_reported(self.path), self._unchanged():
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("COMMIT")

    def copy(self, target: Path) -> None:
        """Copy the catalog to a new file: one generation whole, while others may commit more."""
        with self.lock, _damage_reported(self.path), self._unchanged():
            self.connection.execute("VACUUM INTO ?", (str(target),))

    def get(self, key: str) -> str | None:
        """A value of the library table."""
        with self.lock, _damage_reported(self.path), self._unchanged():
            row = self.connection.execute(
                "SELECT value FROM library WHERE key = ?", (key,)
            ).fetchone()
        return row[0] if row else None

    @contextlib.contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Where the file is read as one that never changes: hold it to that."""
        if self._seen is None or self.connection.in_transaction:
            yield
            return
        if not self._seen.holds(self.path):  # somebody else may write there
            connection, seen = connecting.to_read(self.path)
            self.connection.close()
            self.connection, self._seen = connection, seen
        seen = self._seen
        try:
            yield
        finally:
            if seen and seen != Seen.of(self.path):
                raise LibraryLocked(
                    f"{self.path}: the catalog was written to while it was read.",
                    "Ask again in a moment.",
                )

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


@contextlib.contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:  # disk full, read-only, no permission
        if "decode to UTF-8" in str(error):
            raise _damaged(path, error) from error
        told = disk.refusal(path, error)
        if isinstance(told, LibraryFull) or (
            isinstance(told, LibraryReadOnly) and isinstance(error, sqlite3.Error)
        ):
            raise told from error
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
