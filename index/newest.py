"""The newest generation's indexes: opened, made anew, or for the time being those before."""

from __future__ import annotations

import contextlib
import copy
import logging
import time
from collections.abc import Iterator
from pathlib import Path

from index import derived, disk
from index.catalog import Catalog
from index.derived import Derived
from index.errors import (
    IndexesUnusable,
    LibraryError,
    LibraryFull,
    LibraryLocked,
    LibraryReadOnly,
)
from index.locking import held, locked
from index.types import EncoderIdentity

OPENING_ATTEMPTS = 5
"""A generation may be replaced between reading its number and opening it."""

RETRY_SECONDS = 10.0
"""After indexes could not be written. Until then the older ones answer: trying with each question
would make all of them slow."""

DAMAGE = "the indexes are damaged and made anew, which a failing disk may be the reason for"

log = logging.getLogger("quaere")


def current(path: Path, catalog: Catalog, identity: EncoderIdentity) -> Derived:
    """The derived indexes of the catalog's generation, rebuilt if need be; under the lock."""
    with catalog.snapshot() as connection:
        generation = catalog.generation()
        opened = derived.open_derived(path, generation)
        return opened or derived.rebuild(path, connection, generation, identity.dimension)


class Newest:
    """Opens the indexes of a library that is read."""

    def __init__(self, path: Path, catalog: Catalog, *, shared: bool = False) -> None:
        """`shared` says that processes beside this one read it too."""
        self._shared = shared
        self._path = path
        self._catalog = catalog
        self._older: Derived | None = None
        self._refused: IndexesUnusable | None = None
        self._retry_at = 0.0

    def open(self, identity: EncoderIdentity) -> Derived:
        """The newest generation that is complete.

        Raises:
            LibraryLocked, IndexesUnusable: when there is none, and none can be made now.
        """
        for _ in range(OPENING_ATTEMPTS):
            if opened := self._at(self._catalog.generation()):
                self._older = self._refused = None
                return opened
            refused: IndexesUnusable | None = None
            try:
                with self._writing():
                    return current(self._path, self._catalog, identity)
            except IndexesUnusable as error:
                refused = error
            except LibraryLocked:
                pass  # another process is about to publish it
            if older := self._before():
                return older
            if refused:
                raise refused
        raise held(self._path)

    def mend(self, identity: EncoderIdentity) -> None:
        """Make the indexes anew, if they are not as they were published.

        Raises:
            LibraryLocked, IndexesUnusable: when that cannot be done now.
        """
        with self._writing(), self._catalog.snapshot() as connection:
            generation = self._catalog.generation()
            if files := derived.damaged(self._path, generation):
                log.warning("%s: %s; %s", self._path, DAMAGE, ", ".join(files))
                derived.rebuild(self._path, connection, generation, identity.dimension)

    def _at(self, generation: int) -> Derived | None:
        return derived.open_derived(self._path, generation, shared=self._shared)

    def _before(self) -> Derived | None:
        """The newest generation that can be opened, kept while there is no newer one."""
        for generation in derived.generations(self._path):
            if self._older is None or self._older.generation != generation:
                self._older = self._at(generation)
            if self._older:
                return self._older
        return None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Under the lock; where the indexes cannot be written, not again for a while."""
        if self._refused and time.monotonic() < self._retry_at:
            raise copy.copy(self._refused)
        try:
            with locked(self._path):
                yield
        except (OSError, LibraryFull, LibraryReadOnly) as error:
            self._refused = self._unusable(error)
            self._retry_at = time.monotonic() + RETRY_SECONDS
            raise copy.copy(self._refused) from error

    def _unusable(self, error: Exception) -> IndexesUnusable:
        told = error if isinstance(error, LibraryError) else disk.refusal(self._path, error)
        cause = error.__cause__ or error
        reason = getattr(cause, "strerror", None) or str(cause)
        return IndexesUnusable(
            f"{self._path}: the indexes are missing or damaged, and cannot be made anew from the "
            f"catalog ({reason}).",
            told.remedy,
        )
