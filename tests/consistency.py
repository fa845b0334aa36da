"""What a library holds, and whether all its parts agree on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from index import records
from index.library import Library

Held = dict[str, tuple[str, tuple[tuple[int, int, str], ...]]]
"""By path: the SHA-256 and the passages, each (start, end, quote)."""


def held(library: Path) -> Held:
    """Every document with its passages."""
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        documents = records.documents(connection)
        return {
            str(document.path): (
                document.sha256,
                tuple(
                    connection.execute(
                        'SELECT start, "end", quote FROM passages WHERE document_id = ?'
                        " ORDER BY start",
                        (document.id,),
                    )
                ),
            )
            for document in documents
        }


def check_indexes(library: Path, every: int = 1) -> None:
    """FAISS and tantivy hold the catalog's passages: all of them, no others, none twice.

    A search by every so many-eth vector, and by its passage's terms, is compared in full.
    """
    with closing(Library.open(library)) as opened:
        snapshot = opened.snapshot()
        with opened.catalog.snapshot() as connection:
            passages = list(records.indexable(connection, snapshot.identity.dimension))
        ids = [passage.id for passage in passages]
        assert snapshot.generation == opened.catalog.generation()
        assert len(snapshot.vectors) == len(snapshot.lexical) == len(ids)
        vectors = np.array([passage.vector for passage in passages], dtype=np.float32)
        for passage in passages[::every]:
            query = passage.vector.astype(np.float32)
            scores = {hit.id: hit.score for hit in snapshot.vectors.search(query, len(ids))}
            assert sorted(scores) == ids
            assert np.allclose([scores[id_] for id_ in ids], vectors @ query, atol=1e-3)
            terms = dict.fromkeys(passage.terms.split(), 1.0)
            matching = {hit.id for hit in snapshot.lexical.search(terms, len(ids))}
            expected = {p.id for p in passages if not terms.keys().isdisjoint(p.terms.split())}
            assert matching == expected


def check_catalog(library: Path) -> None:
    """SQLite itself finds nothing wrong."""
    with closing(sqlite3.connect(library / "catalog.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
