"""A library: the catalog and what is derived from it, as one.

One process writes at a time, under a lock that names it. Readers need no lock:
they work on the newest complete generation and open the next when there is one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from index import catalog as catalog_module
from index import disk, records, segment
from index.catalog import Catalog, put
from index.errors import (
    LibraryEmpty,
    LibraryError,
    LibraryMismatch,
    NotALibrary,
)
from index.locking import LOCK, OWNER, locked
from index.neighbourhood import neighbours
from index.recent import Recent
from index.scan import shown
from index.types import (
    Candidate,
    Changes,
    EncoderIdentity,
    Filters,
    Neighbourhood,
    Passage,
    PassageId,
    Placed,
)

if TYPE_CHECKING:
    from index.changes import PassageChanges
    from index.derived import Derived, Made
    from index.lexical import LexicalIndex
    from index.newest import Newest
    from index.vectors import VectorIndex

LAGGING = (
    "What was committed is kept. The indexes lag behind: they are made anew by the next question "
    "or command that can write them, and until then the older ones answer."
)


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

    @contextlib.contextmanager
    def moment(self) -> Iterator[bool]:
        """Whether this is still the newest generation; if so, all that is read inside is of it."""
        with self.catalog.snapshot():
            yield self.catalog.generation() == self.generation

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
            return sum(one.passages for one in records.documents_of(connection, ids))

    def placed(self, ids: Sequence[PassageId]) -> list[Placed]:
        """Passages in their documents, in the order asked; those removed since are left out."""
        return self.placed_between(ids, (), 0)[0]

    def placed_as(self, public_id: str) -> Placed | None:
        """The passage with this public id in its document."""
        with self.catalog.snapshot() as connection:
            passage = records.passage_named(connection, public_id)
            return records.placed(connection, [passage])[0] if passage else None

    def placed_between(
        self, ids: Sequence[PassageId], central: Sequence[PassageId], count: int
    ) -> tuple[list[Placed], dict[PassageId, Neighbourhood]]:
        """What `placed` has of `ids`, and `count` neighbours of the `central`, all of one moment."""
        with self.catalog.snapshot() as connection:
            found = records.passages(connection, ids)
            placed = records.placed(connection, [found[id_] for id_ in ids if id_ in found])
            return placed, neighbours(connection, central, count) if count else {}

    def neighbours(self, passage: Passage, count: int) -> Neighbourhood:
        """Up to `count` passages before this one in its document, and up to so many after it."""
        with self.catalog.snapshot() as connection:
            found = neighbours(connection, [passage.id], count)
        return found.get(passage.id, Neighbourhood((), ()))


class Library:
    """A library open for reading."""

    def __init__(self, path: Path, catalog: Catalog, *, shared: bool = False) -> None:
        self.path = path
        self.catalog = catalog
        self._shared = shared

    @cached_property
    def _newest(self) -> Newest:
        from index.newest import Newest  # numpy, which `qa status` does without

        return Newest(self.path, self.catalog, shared=self._shared)

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
        return sum(map(_bytes_of, self.path.rglob("*")))

    def snapshot(self) -> Snapshot:
        """The newest generation that is complete.

        After a crash, or damage to what is derived, it is rebuilt first; while another process
        is about to publish the newest generation, or nothing can be written, it is the one before.

        Raises:
            LibraryEmpty, LibraryLocked: when there is nothing to read (yet).
            IndexesUnusable: when there is none, and none can be made.
        """
        identity = self.catalog.identity()
        opened = self._newest.open(identity) if identity else None
        if identity is None or opened is None or not len(opened.vectors):
            raise LibraryEmpty(
                f"{self.path}: the library holds no documents.", "Add some with: qa add FOLDER"
            )
        with self.catalog.snapshot() as connection:
            languages = records.languages(connection)
        return Snapshot(
            opened.generation, identity, opened.vectors, opened.lexical, languages, self.catalog
        )

    def mend(self) -> None:
        """Make the newest generation's indexes anew, if they are not as they were published.

        Raises:
            LibraryLocked, IndexesUnusable: when that cannot be done now.
        """
        if identity := self.catalog.identity():
            self._newest.mend(identity)


def _bytes_of(path: Path) -> int:
    try:
        status = path.lstat()
    except FileNotFoundError:  # a generation or a journal that went meanwhile
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else 0


class Writer:
    """A library held for writing; made by `write`."""

    def __init__(self, path: Path, catalog: Catalog) -> None:
        self.path = path
        self.catalog = catalog
        self._derived: Derived | None = None

    def commit(self, changes: Changes, identity: EncoderIdentity | None = None) -> None:
        """Carry out changes: one transaction of the catalog, and the derived indexes with it.

        Once this returns the changes are on disk for good. `identity` says which model made
        the new documents' vectors; it must be the library's own, if it has one.
        """
        from index import changes as writing
        from index.newest import current

        recorded = self.catalog.identity()
        known = recorded or identity
        found_anew = changes.stored or changes.moved or changes.removed or changes.described
        if known is None or not found_anew:
            with self.catalog.transaction() as connection:  # failures only: nothing to find
                writing.apply(connection, changes, dimension=0)
            return
        if recorded and self._derived is None:
            self._derived = current(self.path, self.catalog, recorded)
        at_hand, self._derived = self._derived, None  # changed in part, should anything be raised
        self._derived = self._committed(changes, known, at_hand)

    def _committed(
        self, changes: Changes, identity: EncoderIdentity, at_hand: Derived | None
    ) -> Derived:
        """The indexes are made before the catalog's transaction ends: all is changed, or nothing."""
        from index import changes as writing
        from index import derived

        with derived.made_aside(self.path) as aside:
            with self.catalog.transaction() as connection:
                put(connection, "generation", str(self.catalog.generation() + 1))
                _put_identity(connection, identity)
                applied = writing.apply(connection, changes, identity.dimension)
                try:
                    made = self._made(aside, at_hand, applied, identity.dimension)
                except OSError as error:
                    raise disk.refusal(self.path, error) from error
            try:
                return derived.publish(self.path, made)
            except OSError as error:
                raise disk.refusal(self.path, error, LAGGING) from error

    def _made(
        self, aside: Path, at_hand: Derived | None, applied: PassageChanges, dimension: int
    ) -> Made:
        """The indexes of what the catalog holds inside the transaction."""
        from index import derived

        generation = self.catalog.generation()
        if at_hand:
            try:
                return derived.advance(self.path, aside, at_hand, generation, applied)
            except OSError as error:
                if disk.is_full(error):
                    raise  # else they were damaged since; the catalog has all that they hold
        return derived.anew(aside, self.catalog.connection, generation, dimension)


@contextlib.contextmanager
def write(path: Path, patience: float = 0, *, make: bool = True) -> Iterator[Writer]:
    """Hold the library at `path` for writing; if there is none, it is made or else refused.

    Raises:
        LibraryLocked: when another process writes, and still does after `patience` seconds.
        LibraryMissing: when there is none, and none is to be made.
        NotALibrary, LibraryDamaged, LibraryMismatch: with the remedy.
    """
    if not make:
        Library.open(path).close()
    make_folder(path)
    with locked(path, patience):
        if (path / catalog_module.FILE_NAME).exists():
            catalog = _checked(Catalog.open(path, to_write=True))
        else:
            catalog = Catalog.create(path)
        try:
            if catalog.get("segmenter") is None:  # new, or killed before it could be noted
                with catalog.transaction() as connection:
                    put(connection, "segmenter", segment.VERSION)
            yield Writer(path, catalog)
        except OSError as error:
            raise disk.refusal(path, error) from error
        finally:
            catalog.close()


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
