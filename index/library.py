"""A library: the catalog and what is derived from it, as one.

One process writes at a time, under a lock that names it. Readers need no lock:
they work on the newest complete generation and open the next when there is one.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import catalog as catalog_module
from index import changes as writing
from index import derived, records, segment
from index.catalog import Catalog, put
from index.derived import Derived
from index.errors import (
    LibraryEmpty,
    LibraryError,
    LibraryLocked,
    LibraryMismatch,
    NotALibrary,
)
from index.recent import Recent
from index.scan import shown
from index.types import (
    Candidate,
    Changes,
    EncoderIdentity,
    Filters,
    Passage,
    PassageId,
    Placed,
)

if TYPE_CHECKING:
    from filelock import FileLock

    from index.lexical import LexicalIndex
    from index.vectors import VectorIndex

LOCK = "lock"
OWNER = "lock.owner"
OPENING_ATTEMPTS = 5
"""A generation may be replaced between reading its number and opening it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation of a library, open for reading."""

    generation: int
    identity: EncoderIdentity
    vectors: VectorIndex
    lexical: LexicalIndex
    languages: tuple[str | None, ...]
    """Every language some document is in, in a fixed order."""
    catalog: Catalog
    recent: Recent = field(default_factory=Recent, compare=False, repr=False)

    def candidates(self, ids: Sequence[PassageId]) -> list[Candidate]:
        """What rescoring needs of these passages, ids ascending; those removed since left out."""
        with self.catalog.snapshot() as connection:
            read = partial(records.candidates, connection)
            # What was committed since may have removed some that are held.
            current = self.catalog.generation() == self.generation
            return self.recent.of(ids, read) if current else read(ids)

    def within(self, filters: Filters) -> set[PassageId]:
        """Passages of the documents that all filters let through."""
        with self.catalog.snapshot() as connection:
            return set(records.passages_within(connection, filters))

    def reprints(self, ids: Sequence[PassageId]) -> list[tuple[PassageId, PassageId]]:
        """Pairs of a passage among `ids` and another with exactly its text, by id."""
        with self.catalog.snapshot() as connection:
            return records.reprints(connection, ids)

    def quotes(self, ids: Sequence[PassageId]) -> dict[PassageId, str]:
        """What these passages say, those removed since left out."""
        with self.catalog.snapshot() as connection:
            return {id_: p.quote for id_, p in records.passages(connection, ids).items()}

    def passages_like(self, path: Path | None, sha256: str | None) -> int:
        """How many passages the documents at a path, or made of these bytes, have."""
        with self.catalog.snapshot() as connection:
            ids = records.documents_like(connection, path, sha256)
            found = [records.document(connection, id_) for id_ in ids]
        return sum(document.passages for document in found if document)

    def placed(self, ids: Sequence[PassageId]) -> list[Placed]:
        """Passages in their documents, in the order asked; those removed since are left out."""
        with self.catalog.snapshot() as connection:
            found = records.passages(connection, ids)
            return records.placed(connection, [found[id_] for id_ in ids if id_ in found])

    def placed_as(self, public_id: str) -> Placed | None:
        """The passage with this public id in its document."""
        with self.catalog.snapshot() as connection:
            passage = records.passage_named(connection, public_id)
            return records.placed(connection, [passage])[0] if passage else None

    def neighbours(self, passage: Passage, count: int) -> tuple[list[Placed], list[Placed]]:
        """Up to `count` passages before this one in its document, and up to so many after it."""
        with self.catalog.snapshot() as connection:
            before, after = records.neighbours(connection, passage, count)
            return records.placed(connection, before), records.placed(connection, after)


class Library:
    """A library open for reading."""

    def __init__(self, path: Path, catalog: Catalog, *, shared: bool = False) -> None:
        self.path = path
        self.catalog = catalog
        self._shared = shared

    @classmethod
    def open(cls, path: Path, *, shared: bool = False) -> Library:
        """Open the library at `path`; `shared` says that processes beside this one read it too.

        Raises:
            LibraryMissing, LibraryDamaged, LibraryMismatch: with the remedy.
        """
        return cls(path, _checked(Catalog.open(path)), shared=shared)

    def close(self) -> None:
        """Close the catalog. Snapshots taken from it can no longer be read."""
        self.catalog.close()

    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())

    def snapshot(self) -> Snapshot:
        """The newest generation that is complete.

        After a crash, or damage to what is derived, it is rebuilt first; while another process
        is about to publish the newest generation, it is the one before.

        Raises:
            LibraryEmpty, LibraryLocked: when there is nothing to read (yet).
        """
        identity = self.catalog.identity()
        opened = self._newest(identity) if identity else None
        if identity is None or opened is None or not len(opened.vectors):
            raise LibraryEmpty(
                f"{self.path}: the library holds no documents.", "Add some with: qa add FOLDER"
            )
        with self.catalog.snapshot() as connection:
            languages = records.languages(connection)
        return Snapshot(
            opened.generation, identity, opened.vectors, opened.lexical, languages, self.catalog
        )

    def _newest(self, identity: EncoderIdentity) -> Derived:
        for _ in range(OPENING_ATTEMPTS):
            if opened := self._at(self.catalog.generation()):
                return opened
            try:
                with locked(self.path):
                    return current(self.path, self.catalog, identity)
            except LibraryLocked:
                for generation in derived.generations(self.path):
                    if opened := self._at(generation):
                        return opened
        raise _locked(self.path)

    def _at(self, generation: int) -> Derived | None:
        return derived.open_derived(self.path, generation, shared=self._shared)


class Writer:
    """A library held for writing; made by `write`."""

    def __init__(self, path: Path, catalog: Catalog) -> None:
        self.path = path
        self.catalog = catalog
        self._derived: Derived | None = None

    def commit(self, changes: Changes, identity: EncoderIdentity | None = None) -> None:
        """Carry out changes: one transaction of the catalog, then the derived indexes.

        Once this returns the changes are on disk for good. `identity` says which model made
        the new documents' vectors; it must be the library's own, if it has one.
        """
        recorded = self.catalog.identity()
        known = recorded or identity
        found_anew = changes.stored or changes.moved or changes.removed or changes.described
        if known is None or not found_anew:
            with self.catalog.transaction() as connection:  # failures only: nothing to find
                writing.apply(connection, changes, dimension=0)
            return
        if recorded and self._derived is None:
            self._derived = current(self.path, self.catalog, recorded)
        with self.catalog.transaction() as connection:
            generation = self.catalog.generation() + 1
            put(connection, "generation", str(generation))
            _put_identity(connection, known)
            applied = writing.apply(connection, changes, known.dimension)
        if self._derived:
            self._derived = derived.advance(self.path, self._derived, generation, applied)
        else:
            self._derived = current(self.path, self.catalog, known)


def current(path: Path, catalog: Catalog, identity: EncoderIdentity) -> Derived:
    """The derived indexes of the catalog's generation, rebuilt if need be; under the lock."""
    with catalog.snapshot() as connection:
        generation = catalog.generation()
        opened = derived.open_derived(path, generation)
        return opened or derived.rebuild(path, connection, generation, identity.dimension)


@contextlib.contextmanager
def write(path: Path, patience: float = 0) -> Iterator[Writer]:
    """Hold the library at `path` for writing; it is made if there is none.

    Raises:
        LibraryLocked: when another process writes, and still does after `patience` seconds.
        NotALibrary, LibraryDamaged, LibraryMismatch: with the remedy.
    """
    make_folder(path)
    with locked(path, patience):
        if (path / catalog_module.FILE_NAME).exists():
            catalog = _checked(Catalog.open(path))
        else:
            catalog = Catalog.create(path)
        try:
            if catalog.get("segmenter") is None:  # new, or killed before it could be noted
                with catalog.transaction() as connection:
                    put(connection, "segmenter", segment.VERSION)
            yield Writer(path, catalog)
        except OSError as error:
            raise _unusable(path, error) from error
        finally:
            catalog.close()


@contextlib.contextmanager
def locked(path: Path, patience: float = 0) -> Iterator[FileLock]:
    """Hold the writer's lock, or say who still does after `patience` seconds."""
    from filelock import FileLock, Timeout

    lock = FileLock(path / LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        raise _locked(path) from None
    except OSError as error:
        raise _unusable(path, error) from None
    try:
        owner = {"pid": os.getpid(), "host": socket.gethostname()}
        (path / OWNER).write_text(json.dumps(owner))
        yield lock
    finally:
        lock.release()


def _locked(path: Path) -> LibraryLocked:
    try:
        owner = json.loads((path / OWNER).read_text())
        who = f"process {owner['pid']} on {owner['host']}"
    except (OSError, ValueError, KeyError, TypeError):  # between taking the lock and signing
        who = "another process"
    return LibraryLocked(
        f"{path}: the library is being written by {who}.",
        "Wait until it has finished, then run the command again.",
    )


def _unusable(path: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"{path}: the library cannot be written ({error.strerror or error}).",
        "Check that the disk has room and that you may write there, then run it again.",
    )


def make_folder(path: Path) -> None:
    """Make the folder of a library, unless it is there and holds one or nothing.

    Raises:
        NotALibrary, LibraryError: with the remedy.
    """
    if shown(path) != path:
        raise LibraryError(
            f"{shown(path)}: the folder's name is not valid UTF-8.",
            "Choose another folder with --library.",
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
        ours = {LOCK, OWNER}
        others = [
            entry.name
            for entry in path.iterdir()
            if entry.name not in ours and entry.name[0] != "."
        ]
    except OSError as error:
        raise LibraryError(
            f"{path}: the library cannot be made there ({error.strerror}).",
            "Choose another folder with --library, or give yourself permission to write there.",
        ) from None
    if others and catalog_module.FILE_NAME not in others:
        raise NotALibrary(
            f"{path}: the folder is not empty and holds no library.",
            "Name an empty or a new folder with --library.",
        )


def _checked(catalog: Catalog) -> Catalog:
    version = catalog.get("segmenter")
    if version not in (None, segment.VERSION):
        raise LibraryMismatch(
            f"{catalog.path.parent}: another version of Quaere cut this library's passages.",
            "Index again into a new folder: qa add FOLDER --library NEW_FOLDER",
        )
    return catalog


def _put_identity(connection: sqlite3.Connection, identity: EncoderIdentity) -> None:
    put(connection, "encoder.name", identity.name)
    put(connection, "encoder.dimension", str(identity.dimension))
    put(connection, "encoder.checksum", identity.checksum)
