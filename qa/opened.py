"""A library and its models, opened when they are needed: what everything the engine does rests on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Self, TypeVar

from index.errors import IndexesUnusable, LibraryMismatch
from index.library import Library, Snapshot
from index.types import EncoderIdentity
from qa.settings import Settings
from qa.together import Together

if TYPE_CHECKING:
    from index.encoder import Encoder, Purpose
    from index.encoder.reranker import Reranker

P = ParamSpec("P")
T = TypeVar("T")
One = TypeVar("One", bound="Opened")


def mending(
    search: Callable[Concatenate[One, P], T],
) -> Callable[Concatenate[One, P], T]:
    """A search that meets damaged indexes has them made anew, and is done once more."""

    @wraps(search)
    def done(engine: One, /, *arguments: P.args, **options: P.kwargs) -> T:
        try:
            return search(engine, *arguments, **options)
        except IndexesUnusable:
            engine.mend_indexes()
            return search(engine, *arguments, **options)

    return done


class Opened:
    """The library, its newest snapshot, its models. Safe to share between threads."""

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        """So many processes answer from the same library, and share memory and processor."""
        self._settings = settings
        self._processes = processes
        self._lock = threading.RLock()  # opening and loading
        self._together: Together | None = None
        self._library: Library | None = None
        self._snapshot: Snapshot | None = None
        self._encoder: Encoder | None = None
        self._indexing: Encoder | None = None
        self._reranker: Reranker | None = None

    @property
    def settings(self) -> Settings:
        """What it was made with."""
        return self._settings

    @property
    def library(self) -> Path:
        """The library's folder, whether it exists or not."""
        return self._settings.library

    def beside(self, library: Path) -> Self:
        """An engine like this one over another library."""
        return type(self)(replace(self._settings, library=library))

    def close(self) -> None:
        """Close the library."""
        with self._lock:
            if self._library:
                self._library.close()
            self._library = self._snapshot = self._encoder = self._indexing = None
            self._together = None

    def warm_up(self) -> None:
        """Open the library and load the model, so that the first question is as fast as any."""
        with self._lock:
            self._embedding(self.snapshot().identity)
            self._reranking()

    def mend_indexes(self) -> None:
        """Make the indexes anew from the catalog, if they are not as they were written.

        Raises:
            LibraryLocked, IndexesUnusable: when that cannot be done now.
        """
        with self._lock:
            self._open().mend()
            self._snapshot = None

    def snapshot(self) -> Snapshot:
        """The library's newest generation, opened when it is not the one at hand."""
        with self._lock:
            library = self._open()
            at_hand = self._snapshot
            if at_hand is None or at_hand.generation != library.catalog.generation():
                self._snapshot = library.snapshot()
            assert self._snapshot is not None  # set above
            return self._snapshot

    def _open(self) -> Library:
        with self._lock:
            if self._library is None:
                shared = self._processes > 1
                self._library = Library.open(self._settings.library, shared=shared)
            return self._library

    def _embedding(self, recorded: EncoderIdentity) -> Together:
        """What embeds questions by the model that the library recorded."""
        with self._lock:
            encoder, together = self._encoder, self._together
            if not encoder or not together or encoder.identity.checksum != recorded.checksum:
                self._encoder = encoder = self._load(recorded, "questions")
                self._together = together = Together(encoder.encode_queries)
            return together

    def _reranking(self) -> Reranker | None:
        with self._lock:
            if self._reranker is None and self._settings.reranker:
                from index.encoder.reranker import Reranker

                self._reranker = Reranker(self._settings.reranker, self._settings.device)
            return self._reranker

    def _load(self, recorded: EncoderIdentity | None, purpose: Purpose) -> Encoder:
        """The encoder that fits the library, and no other."""
        from index.encoder import DEFAULT_MODEL, load_encoder

        settings, many = self._settings, self._processes
        threads = max(1, (os.cpu_count() or 1) // many) if many > 1 else None
        name = settings.model or (recorded.name if recorded else DEFAULT_MODEL)
        encoder = load_encoder(
            name,
            settings.cache,
            purpose=purpose,
            known=recorded if recorded and recorded.name == name else None,
            device=settings.device,
            threads=threads,
        )
        if recorded and encoder.identity.checksum != recorded.checksum:
            raise LibraryMismatch(
                f"{settings.library}: the library was made with the model {recorded.name}, and "
                f"{name} has other weights.",
                f"Ask with --model {recorded.name}, or index again into a new folder: "
                f"qa add FOLDER --model {name} --library NEW_FOLDER",
            )
        return encoder
