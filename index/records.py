"""What stands in the catalog's tables: documents, passages, vectors, failures.

Functions that write take the connection of an open transaction; functions
that read take the connection of a snapshot, or the catalog for a single read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.types import (
    Candidate,
    Changes,
    Document,
    DocumentId,
    Failure,
    Filters,
    Passage,
    PassageId,
)

if TYPE_CHECKING:
    from index.types import Float16, NewDocument, NewPassage

CHUNK = 500
"""Ids bound to one statement; SQLite allows 32,766."""

_DOCUMENT = (
    "SELECT id, path, sha256, title, date, language, length,"
    " (SELECT count(*) FROM passages WHERE document_id = documents.id) FROM documents"
)
_UNDER = "(path = ? OR substr(path, 1, length(?)) = ?)"


class Indexable(NamedTuple):
    """What the derived indexes hold of a passage."""

    id: PassageId
    terms: str
    vector: Float16


@dataclass(slots=True)
class PassageChanges:
    """What a transaction did to passages; the derived indexes follow it."""

    removed: list[PassageId] = field(default_factory=list)
    added: list[Indexable] = field(default_factory=list)


def documents(connection: sqlite3.Connection, under: Path | None = None) -> list[Document]:
    """All documents, or those at or below a path, by path."""
    if under is None:
        rows = connection.execute(f"{_DOCUMENT} ORDER BY path")
    else:
        rows = connection.execute(f"{_DOCUMENT} WHERE {_UNDER} ORDER BY path", _root(under))
    return [_document(row) for row in rows]


def document(connection: sqlite3.Connection, id_: DocumentId) -> Document | None:
    """One document."""
    row = connection.execute(f"{_DOCUMENT} WHERE id = ?", (id_,)).fetchone()
    return _document(row) if row else None


def text(connection: sqlite3.Connection, id_: DocumentId) -> str | None:
    """A document's canonical text."""
    row = connection.execute("SELECT text FROM documents WHERE id = ?", (id_,)).fetchone()
    return str(row[0]) if row else None


def texts(connection: sqlite3.Connection) -> Iterator[str]:
    """Every canonical text, in the order the documents came."""
    for (value,) in connection.execute("SELECT text FROM documents ORDER BY id"):
        yield value


def passages(connection: sqlite3.Connection, ids: Sequence[PassageId]) -> dict[PassageId, Passage]:
    """The passages with these ids that still exist."""
    columns = 'id, document_id, start, "end", line_start, line_end, quote'
    return {
        PassageId(row[0]): Passage(PassageId(row[0]), DocumentId(row[1]), *row[2:])
        for row in _by_ids(connection, f"SELECT {columns} FROM passages WHERE id IN", ids)
    }


def reprints(
    connection: sqlite3.Connection, ids: Sequence[PassageId]
) -> list[tuple[PassageId, PassageId]]:
    """Pairs of a passage among `ids` and another with exactly its text, by id."""
    select = (
        "SELECT one.id, other.id FROM passages AS one JOIN passages AS other"
        " ON other.digest = one.digest AND other.id != one.id WHERE one.id IN"
    )
    return sorted(
        (PassageId(one), PassageId(other)) for one, other in _by_ids(connection, select, ids)
    )


def passages_within(connection: sqlite3.Connection, filters: Filters) -> list[PassageId]:
    """Passages of the documents that all filters let through."""
    where, values = _where(filters)
    rows = connection.execute(
        "SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
        f" WHERE {where}",
        values,
    )
    return [PassageId(id_) for (id_,) in rows]


def languages(connection: sqlite3.Connection) -> tuple[str | None, ...]:
    """Every language some document is in, in a fixed order."""
    rows = connection.execute("SELECT DISTINCT language FROM documents ORDER BY language")
    return tuple(language for (language,) in rows)


def _where(filters: Filters) -> tuple[str, list[str | int]]:
    """The condition on documents, and the values bound in it."""
    conditions: list[tuple[str, Sequence[str | int]]] = []
    if filters.places:
        one = f"({_UNDER} OR path GLOB ?)"
        roots = [_root(Path(place)) for place in filters.places]
        values = [value for root in roots for value in (*root, root[0])]
        conditions.append((f"({' OR '.join([one] * len(roots))})", values))
    if filters.date_from:
        conditions.append(("date >= ?", [filters.date_from]))
    if filters.date_to:
        conditions.append(("date <= ?", [filters.date_to]))
    if filters.languages:
        conditions.append((f"language IN ({_marks(filters.languages)})", filters.languages))
    if filters.document_ids:
        marks = _marks(filters.document_ids)
        conditions.append((f"documents.id IN ({marks})", filters.document_ids))
    where = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    return where, [value for _, values in conditions for value in values]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def candidates(connection: sqlite3.Connection, ids: Sequence[PassageId]) -> list[Candidate]:
    """What rescoring needs, for the passages with these ids that still exist."""
    select = "SELECT id, document_id, sentences, hashes, vectors FROM passages WHERE id IN"
    return [Candidate(*row) for row in _by_ids(connection, select, ids)]


def vectors_by_digest(
    connection: sqlite3.Connection, digests: Iterable[bytes], dimension: int
) -> dict[bytes, Float16]:
    """Vectors already known for what was embedded before."""
    select = "SELECT digest, vectors FROM passages WHERE digest IN"
    rows = _by_ids(connection, select, list(digests))
    return {digest: _matrix(vectors, dimension) for digest, vectors in rows}


def indexable(connection: sqlite3.Connection, dimension: int) -> Iterator[Indexable]:
    """Every passage, as the derived indexes hold it."""
    first_vector = f"substr(vectors, 1, {2 * dimension})"
    for row in connection.execute(f"SELECT id, terms, {first_vector} FROM passages ORDER BY id"):
        yield Indexable(PassageId(row[0]), row[1], _matrix(row[2], dimension)[0])


def count(connection: sqlite3.Connection, table: str) -> int:
    """Rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def failures(connection: sqlite3.Connection, under: Path | None = None) -> list[Failure]:
    """Files that could not be indexed, at or below a path."""
    select = f"SELECT * FROM failures WHERE {_UNDER} ORDER BY path"
    rows = connection.execute(select, _root(under or Path("/")))
    return [Failure(Path(path), code, message, remedy) for path, code, message, remedy in rows]


def apply(connection: sqlite3.Connection, changes: Changes) -> PassageChanges:
    """Carry out changes inside a transaction."""
    done = PassageChanges()
    for id_ in changes.removed:
        done.removed += _remove_passages(connection, id_)
        connection.execute("DELETE FROM documents WHERE id = ?", (id_,))
    _move(connection, changes.moved)
    for new in changes.stored:
        _store(connection, new, done)
    for failure in changes.failed:
        connection.execute(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?)",
            (str(failure.path), failure.code, failure.message, failure.remedy),
        )
    settled = [str(path) for path in changes.settled]
    settled += [str(new.source.path) for new in changes.stored]
    connection.executemany("DELETE FROM failures WHERE path = ?", [(path,) for path in settled])
    return done


def _store(connection: sqlite3.Connection, new: NewDocument, done: PassageChanges) -> None:
    """Insert a document, or put new content in the place of an old version at its path."""
    path, content = str(new.source.path), new.content
    row = connection.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()
    if row:
        done.removed += _remove_passages(connection, DocumentId(row[0]))
    (id_,) = connection.execute(
        "INSERT INTO documents (path, sha256, text, length, title, date, language)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256,"
        " text = excluded.text, length = excluded.length, title = excluded.title,"
        " date = excluded.date, language = excluded.language RETURNING id",
        (
            path,
            new.source.sha256,
            content.text,
            len(content.text),
            content.title,
            content.date,
            new.language,
        ),
    ).fetchone()
    for passage, vectors in zip(new.passages, new.vectors, strict=True):
        passage_id = _store_passage(connection, id_, passage, vectors)
        done.added.append(Indexable(passage_id, passage.terms, vectors[0]))


def _store_passage(
    connection: sqlite3.Connection, document_id: int, passage: NewPassage, vectors: Float16
) -> PassageId:
    import numpy as np

    cursor = connection.execute(
        'INSERT INTO passages (document_id, start, "end", line_start, line_end, quote,'
        " sentences, terms, hashes, digest, vectors) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            document_id,
            passage.start,
            passage.end,
            passage.line_start,
            passage.line_end,
            passage.quote,
            np.array(passage.sentences, dtype="<i4").tobytes(),
            passage.terms,
            passage.hashes,
            passage.digest,
            vectors.astype("<f2").tobytes(),
        ),
    )
    assert cursor.lastrowid is not None  # an INSERT always sets it
    return PassageId(cursor.lastrowid)


def _remove_passages(connection: sqlite3.Connection, id_: DocumentId) -> list[PassageId]:
    rows = connection.execute("DELETE FROM passages WHERE document_id = ? RETURNING id", (id_,))
    return [PassageId(row[0]) for row in rows.fetchall()]


def _move(connection: sqlite3.Connection, moved: Sequence[tuple[DocumentId, Path]]) -> None:
    # By way of a name no file can have: two documents may swap their paths.
    set_path = "UPDATE documents SET path = ? WHERE id = ?"
    connection.executemany(set_path, [(f"\0{id_}", id_) for id_, _ in moved])
    connection.executemany(set_path, [(str(path), id_) for id_, path in moved])


def _by_ids(
    connection: sqlite3.Connection, select: str, ids: Sequence[int] | Sequence[bytes]
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        yield from connection.execute(f"{select} ({_marks(chunk)})", chunk)


def _document(row: tuple[Any, ...]) -> Document:
    id_, path, *rest = row
    return Document(DocumentId(id_), Path(path), *rest)


def _root(path: Path) -> tuple[str, str, str]:
    """What _UNDER binds: the path itself, and twice what stands before all that is below it."""
    below = str(path).rstrip("/\\") + "/"
    return str(path), below, below


def _matrix(blob: bytes, dimension: int) -> Float16:
    import numpy as np

    matrix: Float16 = np.frombuffer(blob, dtype="<f2").reshape(-1, dimension)
    return matrix
