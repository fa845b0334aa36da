"""Changes carried out: what a transaction writes into the catalog's tables."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index.lexical import passage_terms
from index.metadata import effective
from index.public_id import public_id
from index.records import CHUNK, METADATA, Indexable, matrix, sentences_of, vectors_by_digest
from index.types import (
    Changes,
    Described,
    DocumentId,
    FileState,
    Metadata,
    Move,
    PassageId,
)

if TYPE_CHECKING:
    from index.types import Float16, NewDocument, NewPassage


@dataclass(slots=True)
class PassageChanges:
    """What a transaction did to passages; the derived indexes follow it."""

    removed: list[PassageId] = field(default_factory=list)
    added: list[Indexable] = field(default_factory=list)


def apply(connection: sqlite3.Connection, changes: Changes, dimension: int) -> PassageChanges:
    """Carry out changes inside a transaction. `dimension` is that of the library's vectors."""
    done = PassageChanges()
    # What goes makes way at once, and stays to the end: its passages lend their vectors.
    _park(connection, changes.removed)
    _move(connection, changes.moved)
    replaced = [
        id_
        for new in changes.stored
        for id_ in _store(connection, new, changes.vectors, dimension, done)
    ]
    done.removed += _remove_passages(connection, replaced)
    for document in changes.removed:
        done.removed += _remove_passages(connection, _passage_ids(connection, document))
        connection.execute("DELETE FROM documents WHERE id = ?", (document,))
    for one in changes.described:
        _describe(connection, one, dimension, done)
    connection.executemany(
        "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)",
        [(str(one.path), one.code, one.message, one.remedy, one.sha256) for one in changes.failed],
    )
    settled = [str(path) for path in changes.settled]
    settled += [str(new.source.path) for new in changes.stored]
    connection.executemany("DELETE FROM failures WHERE path = ?", [(path,) for path in settled])
    return done


def spare(connection: sqlite3.Connection, vectors: Mapping[bytes, Float16]) -> None:
    """Keep vectors of a document that is not embedded to its end yet."""
    connection.executemany(
        "INSERT OR REPLACE INTO spare_vectors VALUES (?, ?)",
        [(digest, rows.astype("<f2").tobytes()) for digest, rows in vectors.items()],
    )


def drop_spare(connection: sqlite3.Connection) -> None:
    """Forget vectors that were kept for documents, which are stored by now or given up."""
    connection.execute("DELETE FROM spare_vectors")


def put_file_states(connection: sqlite3.Connection, states: Mapping[Path, FileState]) -> None:
    """Note how files were when they were hashed."""
    connection.executemany(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(str(path), *astuple(state)) for path, state in states.items()],
    )


def drop_file_states(connection: sqlite3.Connection, paths: Sequence[Path]) -> None:
    """Forget files that are no longer there."""
    connection.executemany("DELETE FROM files WHERE path = ?", [(str(path),) for path in paths])


def _store(
    connection: sqlite3.Connection,
    new: NewDocument,
    vectors: Mapping[bytes, Float16],
    dimension: int,
    done: PassageChanges,
) -> list[PassageId]:
    """Insert a document, or put new content in the place of an old version at its path.

    Returns the old version's passages, which are still there.
    """
    path = str(new.source.path)
    row = connection.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()
    before = _passage_ids(connection, DocumentId(row[0])) if row else []
    id_ = _upsert_document(connection, new)
    for start in range(0, len(new.passages), CHUNK):
        chunk = new.passages[start : start + CHUNK]
        unknown = [passage.digest for passage in chunk if passage.digest not in vectors]
        known = vectors_by_digest(connection, unknown, dimension)
        for passage in chunk:
            rows = vectors[passage.digest] if passage.digest in vectors else known[passage.digest]
            named = public_id(new.source.sha256, passage.start, passage.end)
            passage_id = _store_passage(connection, id_, named, passage, rows)
            done.added.append(Indexable(passage_id, passage.terms.text, rows[0]))
    return before


def _upsert_document(connection: sqlite3.Connection, new: NewDocument) -> int:
    path, content = str(new.source.path), new.content
    select = "SELECT given, edited FROM documents WHERE path = ?"
    known = connection.execute(select, (path,)).fetchone() or ("{}", "{}")
    given, edited = (Metadata(**json.loads(one)) for one in known)
    stated = content.metadata
    values = {
        "path": path,
        "sha256": new.source.sha256,
        "container": str(new.container) if new.container else None,
        "length": len(content.text),
        "pages_without_text": content.pages_without_text,
        **asdict(effective(stated, given, edited)),
        "stated": _json(stated),
        "given": _json(given),
        "edited": _json(edited),
        "text": content.text,
    }
    update = ", ".join(f"{name} = excluded.{name}" for name in values if name != "path")
    (id_,) = connection.execute(
        f"INSERT INTO documents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
        f" ON CONFLICT (path) DO UPDATE SET {update} RETURNING id",
        tuple(values.values()),
    ).fetchone()
    marks = json.dumps([astuple(mark) for mark in content.marks], ensure_ascii=False)
    connection.execute(
        "INSERT OR REPLACE INTO layouts VALUES (?, ?, ?)", (id_, marks, content.characters)
    )
    return int(id_)


def _store_passage(
    connection: sqlite3.Connection,
    document_id: int,
    named: str,
    passage: NewPassage,
    vectors: Float16,
) -> PassageId:
    import numpy as np

    locator = {name: value for name, value in asdict(passage.locator).items() if value}
    cursor = connection.execute(
        'INSERT INTO passages (public_id, document_id, start, "end", locator, quote,'
        " sentences, terms, hashes, digest, vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            named,
            document_id,
            passage.start,
            passage.end,
            json.dumps(locator, ensure_ascii=False),
            passage.quote,
            np.array(passage.sentences, dtype="<i4").tobytes(),
            passage.terms.text,
            passage.terms.hashes,
            passage.digest,
            vectors.astype("<f2").tobytes(),
        ),
    )
    assert cursor.lastrowid is not None  # an INSERT always sets it
    return PassageId(cursor.lastrowid)


def _describe(
    connection: sqlite3.Connection, one: Described, dimension: int, done: PassageChanges
) -> None:
    holds = effective(one.stated, one.given, one.edited)
    (stemmed_by,) = connection.execute(
        "SELECT language FROM documents WHERE id = ?", (one.id,)
    ).fetchone()
    names = ", ".join(f"{name} = ?" for name in METADATA)
    connection.execute(
        f"UPDATE documents SET {names}, given = ?, edited = ? WHERE id = ?",
        (*astuple(holds), _json(one.given), _json(one.edited), one.id),
    )
    if holds.language != stemmed_by:
        _restem(connection, one.id, holds.language, dimension, done)


def _restem(
    connection: sqlite3.Connection,
    id_: DocumentId,
    language: str | None,
    dimension: int,
    done: PassageChanges,
) -> None:
    """Stem a document's words by another language."""
    for passage_id, quote, sentences in sentences_of(connection, id_):
        terms = passage_terms(quote, sentences, language)
        (vectors,) = connection.execute(
            "UPDATE passages SET terms = ?, hashes = ? WHERE id = ? RETURNING vectors",
            (terms.text, terms.hashes, passage_id),
        ).fetchone()
        done.removed.append(passage_id)
        done.added.append(Indexable(passage_id, terms.text, matrix(vectors, dimension)[0]))


def _passage_ids(connection: sqlite3.Connection, id_: DocumentId) -> list[PassageId]:
    rows = connection.execute("SELECT id FROM passages WHERE document_id = ?", (id_,))
    return [PassageId(row[0]) for row in rows]


def _remove_passages(
    connection: sqlite3.Connection, ids: Sequence[PassageId]
) -> Sequence[PassageId]:
    connection.executemany("DELETE FROM passages WHERE id = ?", [(id_,) for id_ in ids])
    return ids


def _move(connection: sqlite3.Connection, moved: Sequence[Move]) -> None:
    _park(connection, [one.id for one in moved])  # two documents may swap their paths
    connection.executemany(
        "UPDATE documents SET path = ?, container = ? WHERE id = ?",
        [(str(one.target), str(one.container) if one.container else None, one.id) for one in moved],
    )


def _park(connection: sqlite3.Connection, ids: Sequence[DocumentId]) -> None:
    """Give documents names no file can have."""
    connection.executemany(
        "UPDATE documents SET path = ? WHERE id = ?", [(f"\0{id_}", id_) for id_ in ids]
    )


def _json(known: Metadata) -> str:
    return json.dumps({k: v for k, v in asdict(known).items() if v is not None}, ensure_ascii=False)
