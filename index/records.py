"""What stands in the catalog's tables: documents, passages, vectors, failures; read only.

Every function takes the connection of a snapshot or a transaction. What is
written is in `index.changes`.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.errors import DocumentMissing
from index.types import (
    Candidate,
    Described,
    Document,
    DocumentId,
    Failure,
    FileState,
    Filters,
    Locator,
    Mark,
    Metadata,
    Passage,
    PassageId,
    Placed,
    Span,
    Stretch,
)

if TYPE_CHECKING:
    from index.types import Float16

CHUNK = 500
"""Ids bound to one statement; SQLite allows 32,766."""

AROUND = 64
"""Characters on either side of a passage that its stretch has at least, if the text has them."""

METADATA = tuple(field.name for field in fields(Metadata))

_DOCUMENT = (
    f"SELECT id, path, sha256, container, {', '.join(METADATA)}, length, pages_without_text,"
    " (SELECT count(*) FROM passages WHERE document_id = documents.id) FROM documents"
)
_UNDER = "(path = ? OR substr(path, 1, length(?)) = ?)"
_LAST_DAY = "date || substr('9999-12-31', length(date) + 1)"
"""A month or a year counts with its last day; of two strings the shorter sorts first."""
_PASSAGE_COLUMNS = ("id", "public_id", "document_id", "start", '"end"', "locator", "quote")
_PASSAGE = f"SELECT {', '.join(_PASSAGE_COLUMNS)} FROM passages"


class Indexable(NamedTuple):
    """What the derived indexes hold of a passage."""

    id: PassageId
    terms: str
    vector: Float16


def documents(connection: sqlite3.Connection, under: Path | None = None) -> list[Document]:
    """All documents, or those at or below a path, by path."""
    if under is None:
        rows = connection.execute(f"{_DOCUMENT} ORDER BY path")
    else:
        rows = connection.execute(f"{_DOCUMENT} WHERE {_UNDER} ORDER BY path", _root(under))
    return [_document(row) for row in rows]


def holds(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether any document is at or below a path."""
    select = f"SELECT EXISTS (SELECT 1 FROM documents WHERE {_UNDER})"
    return bool(connection.execute(select, _root(path)).fetchone()[0])


def document(connection: sqlite3.Connection, id_: DocumentId) -> Document | None:
    """One document."""
    row = connection.execute(f"{_DOCUMENT} WHERE id = ?", (id_,)).fetchone()
    return _document(row) if row else None


def existing(connection: sqlite3.Connection, id_: DocumentId) -> Document:
    """One document.

    Raises:
        DocumentMissing: with the remedy.
    """
    found = document(connection, id_)
    if found is None:
        raise DocumentMissing.numbered(id_)
    return found


def documents_of(connection: sqlite3.Connection, ids: Sequence[DocumentId]) -> list[Document]:
    """The documents with these ids that still exist, in no order."""
    return [_document(row) for row in _by_ids(connection, f"{_DOCUMENT} WHERE id IN", ids)]


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
    rows = _by_ids(connection, f"{_PASSAGE} WHERE id IN", ids)
    return {PassageId(row[0]): as_passage(row) for row in rows}


def passage_named(connection: sqlite3.Connection, public_id: str) -> Passage | None:
    """The passage with this public id; of two files with the same bytes, the first one's."""
    select = f"{_PASSAGE} WHERE public_id = ? ORDER BY id LIMIT 1"
    row = connection.execute(select, (public_id,)).fetchone()
    return as_passage(row) if row else None


def around(
    connection: sqlite3.Connection, ids: Sequence[PassageId], count: int
) -> Iterator[tuple[Any, ...]]:
    """For each of these passages a row for itself and for `count` on either side in its document.

    In no order; each row is the id of the passage it is for, then what `as_passage` reads, then the
    sentences as stored. One statement for all of them.
    """
    of_document = "SELECT id FROM passages WHERE document_id = wanted.document_id AND start"
    columns = ", ".join(f"near.{column}" for column in _PASSAGE_COLUMNS)
    select = (
        f"SELECT wanted.id, {columns}, near.sentences FROM passages AS wanted JOIN passages AS near"
        f" ON near.id IN (SELECT * FROM ({of_document} < wanted.start ORDER BY start DESC"
        f" LIMIT {count:d}) UNION ALL SELECT * FROM ({of_document} >= wanted.start ORDER BY start"
        f" LIMIT {count + 1:d})) WHERE wanted.id IN"
    )
    return _by_ids(connection, select, ids)


def placed(connection: sqlite3.Connection, passages: Sequence[Passage]) -> list[Placed]:
    """Each passage in its document, with what stands around it."""
    ids = {passage.document_id for passage in passages}
    documents = {one.id: one for one in documents_of(connection, list(ids))}
    return [
        Placed(passage, documents[passage.document_id], stretch(connection, passage))
        for passage in passages
        if passage.document_id in documents
    ]


def stretch(connection: sqlite3.Connection, passage: Passage) -> Stretch:
    """A passage with those right before and after it, or a little more where they are short."""
    here = (passage.document_id, passage.start)
    places = 'SELECT start, "end", sentences FROM passages WHERE document_id = ? AND start'
    rows = [
        *connection.execute(f"{places} < ? ORDER BY start DESC LIMIT 1", here),
        *connection.execute(f"{places} >= ? ORDER BY start LIMIT 2", here),
    ]
    start = max(0, min(rows[0][0], passage.start - AROUND))
    end = max(rows[-1][1], passage.end + AROUND)
    (text,) = connection.execute(
        "SELECT substr(text, ?, ?) FROM documents WHERE id = ?",
        (start + 1, end - start, passage.document_id),
    ).fetchone()
    spans = (span for row in rows for span in spans_of(row[2], row[0]))
    return Stretch(start, text, tuple(spans))


def places(
    connection: sqlite3.Connection, ids: Sequence[PassageId]
) -> dict[PassageId, tuple[DocumentId, int, int]]:
    """Document, start and end of the passages with these ids that still exist."""
    rows = _by_ids(
        connection, 'SELECT id, document_id, start, "end" FROM passages WHERE id IN', ids
    )
    return {PassageId(id_): (DocumentId(of), start, end) for id_, of, start, end in rows}


def parts(
    connection: sqlite3.Connection, wanted: Sequence[tuple[DocumentId, int, int]]
) -> list[str]:
    """Parts of canonical texts, in the order asked; each text is read once and let go."""
    found = [""] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place][0])
    for id_, those in groupby(order, key=lambda place: wanted[place][0]):
        whole = text(connection, id_) or ""
        for place in those:
            _, start, end = wanted[place]
            found[place] = whole[max(0, start) : max(0, end)]
    return found


def across(
    connection: sqlite3.Connection, id_: DocumentId, words: Span
) -> tuple[list[Passage], list[Span]]:
    """The passages in which these words of a document stand, and one more on either side.

    With them the spans of all their sentences, in the canonical text.
    """
    start, end = words
    select = f"{_PASSAGE.replace(' FROM', ', sentences FROM')} WHERE document_id = ? AND start"
    rows = [
        *connection.execute(f"{select} <= ? ORDER BY start DESC LIMIT 2", (id_, start)).fetchall(),
        *connection.execute(f"{select} > ? AND start < ? ORDER BY start", (id_, start, end)),
        *connection.execute(
            f"{select} > ? AND start >= ? ORDER BY start LIMIT 1", (id_, start, end)
        ),
    ]
    rows.sort(key=lambda row: row[3])
    sentences = [span for row in rows for span in spans_of(row[-1], row[3])]
    return [as_passage(row[:-1]) for row in rows], sentences


def passages_of(connection: sqlite3.Connection, id_: DocumentId) -> Iterator[Passage]:
    """A document's passages, in the text's order."""
    rows = connection.execute(f"{_PASSAGE} WHERE document_id = ? ORDER BY start", (id_,))
    return map(as_passage, rows)


def sentences_of(
    connection: sqlite3.Connection, id_: DocumentId
) -> Iterator[tuple[PassageId, str, tuple[Span, ...]]]:
    """A document's passages, each with its quote and the spans of its sentences in it."""
    select = "SELECT id, quote, sentences FROM passages WHERE document_id = ? ORDER BY start"
    for passage_id, quote, blob in connection.execute(select, (id_,)).fetchall():
        yield passage_id, quote, spans_of(blob)


def spans_of(blob: bytes, offset: int = 0) -> tuple[Span, ...]:
    """The spans of a passage's sentences as stored, which begins at this offset."""
    return tuple((offset + start, offset + end) for start, end in struct.iter_unpack("<ii", blob))


def marks(connection: sqlite3.Connection, id_: DocumentId) -> tuple[Mark, ...]:
    """Where the parts of a document's text stand in its file."""
    row = connection.execute("SELECT marks FROM layouts WHERE document_id = ?", (id_,)).fetchone()
    return tuple(Mark(*values) for values in json.loads(row[0])) if row else ()


def characters(connection: sqlite3.Connection, id_: DocumentId) -> bytes:
    """Where a PDF's characters stand on its pages, see `index.readers.pdf_characters`."""
    select = "SELECT characters FROM layouts WHERE document_id = ?"
    row = connection.execute(select, (id_,)).fetchone()
    return bytes(row[0]) if row else b""


def described(connection: sqlite3.Connection, under: Path) -> list[Described]:
    """What is known of the documents at or below a path, by who said it."""
    rows = connection.execute(
        f"SELECT id, path, stated, given, edited FROM documents WHERE {_UNDER} ORDER BY path",
        _root(under),
    )
    return [
        Described(DocumentId(id_), Path(path), *(Metadata(**json.loads(one)) for one in known))
        for id_, path, *known in rows
    ]


def file_states(connection: sqlite3.Connection) -> dict[str, FileState]:
    """How files were when last hashed, by path."""
    return {path: FileState(*row) for path, *row in connection.execute("SELECT * FROM files")}


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


def documents_like(
    connection: sqlite3.Connection, path: Path | None, sha256: str | None
) -> list[DocumentId]:
    """Documents at a path, or made of these bytes; none for None."""
    rows = connection.execute(
        "SELECT id FROM documents WHERE path = ? UNION SELECT id FROM documents WHERE sha256 = ?",
        (str(path) if path else None, sha256),
    )
    return [DocumentId(id_) for (id_,) in rows]


def passages_within(connection: sqlite3.Connection, filters: Filters) -> list[PassageId]:
    """Passages of the documents that all filters let through."""
    condition, values = where(filters)
    rows = connection.execute(
        "SELECT passages.id FROM passages JOIN documents ON documents.id = document_id"
        f" WHERE {condition}",
        values,
    )
    return [PassageId(id_) for (id_,) in rows]


def languages(connection: sqlite3.Connection) -> tuple[str | None, ...]:
    """Every language some document is in, in a fixed order."""
    rows = connection.execute("SELECT DISTINCT language FROM documents ORDER BY language")
    return tuple(language for (language,) in rows)


def documents_by_language(connection: sqlite3.Connection) -> list[tuple[str | None, int]]:
    """Every language some document is in, and how many are: the one with most first."""
    rows = connection.execute(
        "SELECT language, count(*) FROM documents GROUP BY language ORDER BY 2 DESC, 1"
    )
    return [(language, count) for language, count in rows]


def dates(connection: sqlite3.Connection) -> tuple[str | None, str | None]:
    """The earliest and the latest date of any document; a month or a year counts to its end."""
    dated = "SELECT date FROM documents WHERE date IS NOT NULL ORDER BY"
    first = connection.execute(f"{dated} date LIMIT 1").fetchone()
    last = connection.execute(f"{dated} {_LAST_DAY} DESC LIMIT 1").fetchone()
    return (first[0] if first else None), (last[0] if last else None)


def where(filters: Filters) -> tuple[str, list[str | int]]:
    """The condition on documents, and the values bound in it."""
    conditions: list[tuple[str, Sequence[str | int]]] = []
    if filters.paths:
        roots = [value for path in filters.paths for value in _root(Path(path))]
        conditions.append((_any(_UNDER, len(filters.paths)), roots))
    if filters.globs:
        conditions.append((_any("path GLOB ?", len(filters.globs)), filters.globs))
    if filters.date_from:
        conditions.append((f"{_LAST_DAY} >= ?", [filters.date_from]))
    if filters.date_to:
        conditions.append(("date <= ?", [filters.date_to]))
    if filters.languages:
        conditions.append((f"language IN ({_marks(filters.languages)})", filters.languages))
    if filters.document_ids:
        marks = _marks(filters.document_ids)
        conditions.append((f"documents.id IN ({marks})", filters.document_ids))
    joined = " AND ".join(condition for condition, _ in conditions) or "TRUE"
    return joined, [value for _, values in conditions for value in values]


def _any(condition: str, times: int) -> str:
    return f"({' OR '.join([condition] * times)})"


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def candidates(connection: sqlite3.Connection, ids: Sequence[PassageId]) -> list[Candidate]:
    """What rescoring needs, for the passages with these ids that still exist."""
    select = "SELECT id, document_id, sentences, hashes, vectors FROM passages WHERE id IN"
    return [Candidate(*row) for row in _by_ids(connection, select, ids)]


def vectors_by_digest(
    connection: sqlite3.Connection, digests: Iterable[bytes], dimension: int
) -> dict[bytes, Float16]:
    """Vectors already known for what was embedded before, stored or spare."""
    wanted = list(digests)
    return {
        digest: matrix(vectors, dimension)
        for table in ("spare_vectors", "passages")
        for digest, vectors in _by_ids(
            connection, f"SELECT digest, vectors FROM {table} WHERE digest IN", wanted
        )
    }


def known_digests(connection: sqlite3.Connection, digests: Iterable[bytes]) -> set[bytes]:
    """Those whose vectors are known."""
    wanted = list(digests)
    return {
        digest
        for table in ("spare_vectors", "passages")
        for (digest,) in _by_ids(connection, f"SELECT digest FROM {table} WHERE digest IN", wanted)
    }


def indexable(connection: sqlite3.Connection, dimension: int) -> Iterator[Indexable]:
    """Every passage, as the derived indexes hold it."""
    first_vector = f"substr(vectors, 1, {2 * dimension})"
    for row in connection.execute(f"SELECT id, terms, {first_vector} FROM passages ORDER BY id"):
        yield Indexable(PassageId(row[0]), row[1], matrix(row[2], dimension)[0])


def count(connection: sqlite3.Connection, table: str) -> int:
    """Rows of a table."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def pages_without_text(connection: sqlite3.Connection) -> int:
    """Pages of all documents that hold no text."""
    row = connection.execute("SELECT total(pages_without_text) FROM documents").fetchone()
    return int(row[0])


def failures(connection: sqlite3.Connection, under: Path | None = None) -> list[Failure]:
    """Files that could not be indexed, at or below a path."""
    select = f"SELECT * FROM failures WHERE {_UNDER} ORDER BY path"
    rows = connection.execute(select, _root(under or Path("/")))
    return [Failure(Path(path), *rest) for path, *rest in rows]


def _by_ids(
    connection: sqlite3.Connection, select: str, ids: Sequence[int] | Sequence[bytes]
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        yield from connection.execute(f"{select} ({_marks(chunk)})", chunk)


def _document(row: tuple[Any, ...]) -> Document:
    id_, path, sha256, container, *rest = row
    known, counts = rest[: len(METADATA)], rest[len(METADATA) :]
    inside = Path(container) if container else None
    return Document(DocumentId(id_), Path(path), sha256, inside, Metadata(*known), *counts)


def as_passage(row: tuple[Any, ...]) -> Passage:
    """A passage from the columns of it that these functions select."""
    id_, named, document_id, start, end, located, quote = row
    known = json.loads(located)
    locator = Locator(**(known | {"headings": tuple(known.get("headings", ()))}))
    return Passage(PassageId(id_), named, DocumentId(document_id), start, end, locator, quote)


def _root(path: Path) -> tuple[str, str, str]:
    """What _UNDER binds: the path itself, and twice what stands before all that is below it."""
    below = str(path).rstrip("/\\") + "/"
    return str(path), below, below


def matrix(blob: bytes, dimension: int) -> Float16:
    """A passage's vectors as stored: [1 + sentences, dimension]."""
    import numpy as np

    rows: Float16 = np.frombuffer(blob, dtype="<f2").reshape(-1, dimension)
    return rows
