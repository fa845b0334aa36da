"""The derived indexes of one generation: FAISS and tantivy, side by side in a folder.

    LIBRARY/derived/7/          made from generation 7 of the catalog, never changed
        vectors.faiss
        lexical/
        manifest.json           sizes of all files, written last

A generation is made aside and renamed into place whole; a folder that exists
is complete, unless something damaged it since, which opening it detects. The
next generation's lexical folder begins as hard links to this one's files,
since tantivy never changes a segment it has written.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import lexical, records
from index.lexical import LexicalIndex
from index.records import Indexable, PassageChanges
from index.types import PassageId
from index.vectors import VectorIndex

FOLDER = "derived"
REBUILD_CHUNK = 4096
"""Passages held in memory at once while rebuilding."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Both indexes of a generation, open for reading."""

    generation: int
    vectors: VectorIndex
    lexical: LexicalIndex


def generations(library: Path) -> list[int]:
    """Which generations have a folder, newest first."""
    with contextlib.suppress(FileNotFoundError):
        names = [entry.name for entry in os.scandir(library / FOLDER)]
        return sorted((int(name) for name in names if name.isdigit()), reverse=True)
    return []


def open_derived(library: Path, generation: int) -> Derived | None:
    """The indexes of a generation; None when they are missing, incomplete or damaged."""
    folder = library / FOLDER / str(generation)
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["sizes"] != _sizes(folder):
            return None
        vectors = VectorIndex.load(folder / "vectors.faiss")
        words = LexicalIndex(folder / "lexical")
        complete = len(vectors) == len(words) == manifest["passages"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Derived(generation, vectors, words) if complete else None


def advance(library: Path, current: Derived, generation: int, changes: PassageChanges) -> Derived:
    """Make the next generation from the current one and what changed, and publish it.

    `current.vectors` is changed in place: the writer's copy is no reader's.
    """
    current.vectors.remove(changes.removed)
    _add(current.vectors, changes.added)
    with _aside(library) as folder:
        before = library / FOLDER / str(current.generation) / "lexical"
        shutil.copytree(before, folder / "lexical", copy_function=_link, ignore=_lock_files)
        added = [(passage.id, passage.terms) for passage in changes.added]
        lexical.update(folder / "lexical", changes.removed, added)
        return _publish(library, folder, current.vectors, generation)


def rebuild(
    library: Path, connection: sqlite3.Connection, generation: int, dimension: int
) -> Derived:
    """Make a generation's indexes from the catalog alone, and publish them."""
    vectors = VectorIndex.empty(dimension)
    with _aside(library) as folder:
        (folder / "lexical").mkdir()
        lexical.update(
            folder / "lexical", [], _indexing(vectors, records.indexable(connection, dimension))
        )
        return _publish(library, folder, vectors, generation)


def discard_old(library: Path, generation: int) -> None:
    """Remove what no reader will open any more: other generations, and what a kill left aside."""
    for entry in os.scandir(library / FOLDER):
        if entry.name != str(generation):
            shutil.rmtree(entry.path, ignore_errors=True)


def _indexing(
    vectors: VectorIndex, passages: Iterable[Indexable]
) -> Iterator[tuple[PassageId, str]]:
    """Add the vectors chunk by chunk while handing the terms on: one pass over the catalog."""
    chunk: list[Indexable] = []
    for passage in passages:
        chunk.append(passage)
        if len(chunk) == REBUILD_CHUNK:
            _add(vectors, chunk)
            chunk.clear()
        yield passage.id, passage.terms
    _add(vectors, chunk)


def _add(vectors: VectorIndex, passages: Sequence[Indexable]) -> None:
    if passages:
        vectors.add([passage.id for passage in passages], np.array([p.vector for p in passages]))


@contextlib.contextmanager
def _aside(library: Path) -> Iterator[Path]:
    folder = library / FOLDER / f".making-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publish(library: Path, folder: Path, vectors: VectorIndex, generation: int) -> Derived:
    vectors.save(folder / "vectors.faiss")
    manifest = {"passages": len(vectors), "sizes": _sizes(folder)}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    place = library / FOLDER / str(generation)
    shutil.rmtree(place, ignore_errors=True)  # there only if it was found damaged
    folder.rename(place)
    discard_old(library, generation)
    return Derived(generation, vectors, LexicalIndex(place / "lexical"))


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and not path.name.endswith(".lock")
    }


def _lock_files(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".lock")]


def _link(source: str, target: str) -> None:
    if source.endswith(".json"):  # tantivy replaces these; no byte of them may be shared
        shutil.copy2(source, target)
        return
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)
