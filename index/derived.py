"""The derived indexes of one generation: FAISS and tantivy, side by side in a folder.

    LIBRARY/derived/7/          made from generation 7 of the catalog, never changed
        vectors.faiss
        lexical/
        manifest.json           sizes and SHA-256 of all files, written last

A generation is made aside, before the catalog commits what it is made from,
and renamed into place whole right after; a folder that exists is complete, unless something damaged it since, which opening it detects. The
next generation's lexical folder begins as hard links to this one's files,
since tantivy never changes a segment it has written. Opening compares sizes,
which takes no time; `damaged` compares checksums.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import lexical, records
from index.changes import PassageChanges
from index.lexical import LexicalIndex
from index.records import Indexable
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


@dataclass(frozen=True, slots=True)
class Made:
    """Both indexes of a generation, whole, but aside: no reader opens them."""

    generation: int
    folder: Path
    vectors: VectorIndex


def generations(library: Path) -> list[int]:
    """Which generations have a folder, newest first."""
    with contextlib.suppress(FileNotFoundError):
        names = [entry.name for entry in (library / FOLDER).iterdir()]
        return sorted((int(name) for name in names if name.isdigit()), reverse=True)
    return []


def open_derived(library: Path, generation: int, *, shared: bool = False) -> Derived | None:
    """The indexes of a generation; None when they are missing, incomplete or damaged.

    Those that are `shared` lie in memory once for all processes, and can only be read.
    """
    folder = library / FOLDER / str(generation)
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["sizes"] != _sizes(folder):
            return None
        vectors = VectorIndex.load(folder / "vectors.faiss", mapped=shared)
        words = LexicalIndex(folder / "lexical")
        complete = len(vectors) == len(words) == manifest["passages"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Derived(generation, vectors, words) if complete else None


def advance(
    library: Path, aside: Path, current: Derived, generation: int, changes: PassageChanges
) -> Made:
    """Make the next generation from the current one and what changed, in the folder `aside`.

    `current.vectors` is changed in place: the writer's copy is no reader's.
    """
    current.vectors.remove(changes.removed)
    _add(current.vectors, changes.added)
    before = library / FOLDER / str(current.generation)
    shutil.copytree(before / "lexical", aside / "lexical", copy_function=_link, ignore=_lock_files)
    added = [(passage.id, passage.terms) for passage in changes.added]
    lexical.update(aside / "lexical", changes.removed, added)
    return _made(aside, current.vectors, generation, before)


def anew(aside: Path, connection: sqlite3.Connection, generation: int, dimension: int) -> Made:
    """Make a generation's indexes from the catalog alone, in the folder `aside`."""
    vectors = VectorIndex.empty(dimension)
    shutil.rmtree(aside / "lexical", ignore_errors=True)  # of an attempt that met damage
    (aside / "lexical").mkdir()
    passages = records.indexable(connection, dimension)
    lexical.update(aside / "lexical", [], _indexing(vectors, passages))
    return _made(aside, vectors, generation)


def publish(library: Path, made: Made) -> Derived:
    """Let readers open a generation."""
    place = library / FOLDER / str(made.generation)
    shutil.rmtree(place, ignore_errors=True)  # there only if it was found damaged
    made.folder.rename(place)
    discard_old(library, made.generation)
    return Derived(made.generation, made.vectors, LexicalIndex(place / "lexical"))


def rebuild(
    library: Path, connection: sqlite3.Connection, generation: int, dimension: int
) -> Derived:
    """Make a generation's indexes from the catalog alone, and publish them."""
    with made_aside(library) as folder:
        return publish(library, anew(folder, connection, generation, dimension))


def damaged(library: Path, generation: int) -> list[str]:
    """Files of a generation that are not as they were published; the manifest, if it is gone."""
    folder = library / FOLDER / str(generation)
    published = _published(folder)
    if not published:
        return ["manifest.json"]
    names = published.keys() | _sizes(folder).keys()
    return sorted(name for name in names if not _is(folder / name, published.get(name)))


def leftovers(library: Path, generation: int) -> list[Path]:
    """Folders of other generations, and what a kill left aside."""
    with contextlib.suppress(FileNotFoundError):
        found = (library / FOLDER).iterdir()
        return sorted(path for path in found if path.name != str(generation) and path.is_dir())
    return []


def discard_old(library: Path, generation: int) -> None:
    """Remove what no reader will open any more."""
    for path in leftovers(library, generation):
        shutil.rmtree(path, ignore_errors=True)


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
def made_aside(library: Path) -> Iterator[Path]:
    """A folder to make a generation in; what is left of it at the end is removed."""
    folder = library / FOLDER / f".making-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(folder: Path, vectors: VectorIndex, generation: int, before: Path | None = None) -> Made:
    vectors.save(folder / "vectors.faiss")
    checksums = _checksums(folder, before)
    manifest = {"passages": len(vectors), "sizes": _sizes(folder), "sha256": checksums}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return Made(generation, folder, vectors)


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json" and not path.name.endswith(".lock")
    }


def _checksums(folder: Path, before: Path | None) -> dict[str, str]:
    """SHA-256 of each file. Segments linked from the generation before keep the one they had.

    That takes no time, and damage they took since is not published as if it were right.
    """
    known = _published(before) if before else {}
    return {
        name: known[name] if name in known and _is_segment(name) else _sha256(folder / name)
        for name in _sizes(folder)
    }


def _is_segment(name: str) -> bool:
    """Whether tantivy wrote this file once and for all; its names for them are random."""
    return name.startswith("lexical/") and not name.endswith(".json")


def _published(folder: Path) -> dict[str, str]:
    """The checksums a generation was published with; none where they cannot be read."""
    try:
        published = json.loads((folder / "manifest.json").read_text())["sha256"]
        return {str(name): str(value) for name, value in published.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _is(path: Path, sha256: str | None) -> bool:
    try:
        return _sha256(path) == sha256
    except OSError:
        return False


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
