"""Do the derived indexes of a generation agree with the catalog? Read only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index import derived, records
from index.checks import SAMPLE_PASSAGES, Finding, counted, evenly, named
from index.types import PassageId

if TYPE_CHECKING:
    from index.derived import Derived
    from index.types import Int64

CHUNK = 4096
"""Vectors compared at once: some megabytes."""

CODES = frozenset(
    ("indexes-missing", "indexes-damaged", "ids-disagree", "vectors-disagree", "words-disagree")
)
"""What is found here; making the indexes anew mends all of it."""

REMEDY = "Make the indexes anew from the catalog with: qa doctor --repair"


@dataclass(slots=True)
class Compared:
    """What the derived indexes hold, and where they disagree with the catalog."""

    findings: list[Finding] = field(default_factory=list)
    vectors: int = 0
    lexical: int = 0


def compare(
    library: Path, connection: sqlite3.Connection, generation: int, dimension: int
) -> Compared:
    """Compare every id and vector, and the words of some passages."""
    if not (library / derived.FOLDER / str(generation)).is_dir():
        message = f"The indexes of generation {generation:,} are not there."
        return Compared([_finding("indexes-missing", message)])
    # Damaged ones are not even opened: neither FAISS nor tantivy is made to survive them.
    if damaged := derived.damaged(library, generation):
        message = f"Not as they were written: {named(damaged)}."
        return Compared([_finding("indexes-damaged", message)])
    opened = derived.open_derived(library, generation)
    if opened is None:
        return Compared([_finding("indexes-damaged", "The indexes cannot be opened.")])
    held = Compared([], len(opened.vectors), len(opened.lexical))
    passages = _ids(connection)
    vectors = opened.vectors.ids()
    words = np.fromiter(opened.lexical.ids(), np.int64)
    held.findings += _same_ids("FAISS", vectors, passages)
    held.findings += _same_ids("tantivy", words, passages)
    held.findings += _same_vectors(opened, connection, np.intersect1d(passages, vectors), dimension)
    held.findings += _same_words(opened, connection, np.intersect1d(passages, words))
    return held


def _finding(code: str, message: str) -> Finding:
    return Finding(code, message, REMEDY, repairable=True)


def _ids(connection: sqlite3.Connection) -> Int64:
    return np.fromiter((id_ for (id_,) in connection.execute("SELECT id FROM passages")), np.int64)


def _same_ids(index: str, held: Int64, passages: Int64) -> Iterator[Finding]:
    lacks = len(np.setdiff1d(passages, held))
    more = len(held) - len(passages) + lacks  # those twice included
    if lacks or more:
        yield _finding(
            "ids-disagree",
            f"Of {counted(len(passages), 'passage')} {index} lacks {lacks:,}, "
            f"and it holds {more:,} that are not there, or twice.",
        )


def _same_vectors(
    opened: Derived, connection: sqlite3.Connection, shared: Int64, dimension: int
) -> Iterator[Finding]:
    """Bit by bit: FAISS holds float16 too. What is no vector in the catalog is told elsewhere."""
    first = "SELECT id, substr(vectors, 1, ?) FROM passages ORDER BY id"
    rows = connection.execute(first, (2 * dimension,))
    differing = 0
    while chunk := list(islice(rows, CHUNK)):
        known = {id_: blob for id_, blob in chunk if len(blob) == 2 * dimension}
        ids = np.intersect1d(np.fromiter(known, np.int64), shared)
        if len(ids):
            stored = records.matrix(b"".join(known[id_] for id_ in ids.tolist()), dimension)
            indexed = opened.vectors.stored(ids).astype(np.float16)
            differing += int((indexed.view(np.uint16) != stored.view(np.uint16)).any(axis=1).sum())
    if differing:
        yield _finding("vectors-disagree", f"FAISS holds other vectors of {differing:,} passages.")


def _same_words(
    opened: Derived, connection: sqlite3.Connection, shared: Int64
) -> Iterator[Finding]:
    ids = shared[evenly(len(shared), SAMPLE_PASSAGES)].tolist()
    lost = 0
    for id_ in ids:
        select = "SELECT CAST(terms AS BLOB) FROM passages WHERE id = ?"
        (terms,) = connection.execute(select, (id_,)).fetchone()
        words = terms.decode(errors="replace").split()
        lost += not opened.lexical.holds(PassageId(id_), words)
    if lost:
        yield _finding(
            "words-disagree",
            f"tantivy does not find {lost:,} of {counted(len(ids), 'passage')} by their words.",
        )
