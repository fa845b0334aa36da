"""Is the catalog sound in itself? What its rows say is compared with one another; read only.

Texts are read as bytes: what is no UTF-8 any more SQLite hands out in no other way.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index import records
from index.lexical import passage_terms
from index.public_id import public_id
from index.types import DocumentId, Locator, Mark

UNIT_TOLERANCE = 1e-2
"""How far from 1 the length of a vector may be: ten times what rounding to float16 does to it."""

INTEGRITY_ERRORS = 10
"""After so many SQLite stops looking; the remedy is the same."""

SAMPLE_PASSAGES = 1000
"""Passages whose words are looked at: that takes three times as long as all else about them."""

NAMED = 3
"""Paths in a message; the rest is a number."""

START_AGAIN = (
    "Move the library folder aside; then import an archive of it (qa import FILE), or index again "
    "(qa add FOLDER)."
)

LENGTH_WRONG = "text-length-wrong"

WRONG = {
    LENGTH_WRONG: "the noted length is not the text's",
    "layout-damaged": "where the parts of the text stand in the file is not known",
    "places-wrong": "the passages do not cover the text once, in order",
    "quotes-wrong": "a passage does not say what the text says at its place",
    "ids-wrong": "a passage is cited by an id that is not its own",
    "sentences-wrong": "a sentence lies outside its passage",
    "locators-damaged": "where a passage stands in the file is not known",
    "words-wrong": "the words of a passage are not those of its text",
    "vectors-wrong": "vectors are missing, are no numbers, or have not the length 1",
}
"""What can be wrong with a document."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    code: str
    message: str
    remedy: str
    repairable: bool
    """`index.doctor.repair` mends it."""
    documents: tuple[DocumentId, ...] = ()
    """Those it concerns, where it is about documents."""


class Named(NamedTuple):
    """A document, and the file on disk that it was read from."""

    id: DocumentId
    path: str
    file: Path


class _Text(NamedTuple):
    sha256: str
    length: int
    text: bytes
    marks: bytes | None


class _Passage(NamedTuple):
    public_id: str
    start: int
    end: int
    quote: bytes
    sentences: bytes
    locator: bytes
    terms: bytes
    vectors: bytes


def integrity(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong with its file."""
    rows = connection.execute(f"PRAGMA integrity_check({INTEGRITY_ERRORS})").fetchall()
    if rows != [("ok",)]:
        yield Finding(
            "catalog-damaged",
            f"SQLite finds the catalog damaged: {str(rows[0][0]).splitlines()[-1]}.",
            START_AGAIN,
            repairable=False,
        )


def orphans(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What belongs to documents that are not there."""
    (count,) = connection.execute("SELECT count(*) FROM pragma_foreign_key_check").fetchone()
    if count:
        yield Finding(
            "orphans",
            f"{count:,} passages or layouts belong to documents that are not there.",
            "Remove them with: qa doctor --repair",
            repairable=True,
        )


def texts(connection: sqlite3.Connection, dimension: int) -> Iterator[Finding]:
    """Documents whose text, passages and vectors do not fit together. All of them are read."""
    wrong: dict[str, list[Named]] = defaultdict(list)
    rows = connection.execute(
        "SELECT id, path, coalesce(container, path), sha256, length, CAST(text AS BLOB),"
        " CAST(marks AS BLOB) FROM documents LEFT JOIN layouts ON document_id = id ORDER BY id"
    )
    for id_, path, file, *stored in rows:
        problems = _problems(_Text(*stored), _passages(connection, id_), dimension)
        for code in problems:
            wrong[code].append(Named(DocumentId(id_), path, Path(file)))
    wrong["words-wrong"] = sorted({*wrong["words-wrong"], *_other_words(connection)})
    for code, concerned in sorted(wrong.items()):
        yield from about(code, WRONG[code], concerned)


def about(code: str, what: str, concerned: Sequence[Named]) -> Iterator[Finding]:
    """What is wrong with some documents: it can be mended where the file is still there."""
    here = [one for one in concerned if one.file.is_file() or code == LENGTH_WRONG]
    gone = [one for one in concerned if one not in here]
    for some, remedy in (
        (here, "Run: qa doctor --repair, and then what it says."),
        (gone, "Put the files back, then run: qa doctor --repair. Or give them up: qa remove PATH"),
    ):
        if some:
            ids = tuple(one.id for one in some)
            message = f"{counted(len(some), 'document')}: {what}: {named([o.path for o in some])}."
            yield Finding(code, message, remedy, some is here, ids)


def evenly(count: int, most: int) -> list[int]:
    """At most so many places among `count`, evenly spread, the same ones each time.

    >>> evenly(10, 4), evenly(2, 4)
    ([0, 3, 6, 9], [0, 1])
    """
    places: list[int] = np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()
    return places


def counted(count: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "file"), counted(2000, "file")
    ('1 file', '2,000 files')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are.

    >>> named(["a", "b", "c", "d"])
    'a, b, c and 1 more'
    """
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _passages(connection: sqlite3.Connection, id_: int) -> Iterator[_Passage]:
    rows = connection.execute(
        'SELECT public_id, start, "end", CAST(quote AS BLOB), sentences, CAST(locator AS BLOB),'
        " CAST(terms AS BLOB), vectors FROM passages WHERE document_id = ? ORDER BY start",
        (id_,),
    )
    return (_Passage(*row) for row in rows)


def _other_words(connection: sqlite3.Connection) -> Iterator[Named]:
    """Documents of some passages whose words, taken from the quote again, are not the stored."""
    ids = [id_ for (id_,) in connection.execute("SELECT id FROM passages ORDER BY id")]
    select = (
        "SELECT documents.id, path, coalesce(container, path), language, CAST(quote AS BLOB),"
        " sentences, CAST(terms AS BLOB), hashes FROM passages"
        " JOIN documents ON documents.id = document_id WHERE passages.id = ?"
    )
    for place in evenly(len(ids), SAMPLE_PASSAGES):
        row = connection.execute(select, (ids[place],)).fetchone()
        if row and not _are_words(*row[3:]):
            yield Named(DocumentId(row[0]), row[1], Path(row[2]))


def _are_words(
    language: str | None, said: bytes, sentences: bytes, terms: bytes, hashes: bytes
) -> bool:
    quote = said.decode(errors="replace")
    if not _are_inside(sentences, len(quote)):
        return True  # what is wrong is told elsewhere
    spans = np.frombuffer(sentences, dtype="<i4").reshape(-1, 2).tolist()
    words = passage_terms(quote, [(start, end) for start, end in spans], language)
    return (words.text.encode(), words.hashes) == (terms, hashes)


def _problems(stored: _Text, passages: Iterator[_Passage], dimension: int) -> set[str]:
    """What is wrong with a document, by its code."""
    text = stored.text.decode(errors="replace")
    found = set()
    if len(text) != stored.length:
        found.add(LENGTH_WRONG)
    if not _are_marks(stored.marks):
        found.add("layout-damaged")
    covered = 0
    for passage in passages:
        in_order = covered <= passage.start < passage.end <= len(text)
        if not in_order or text[covered : passage.start].strip():
            found.add("places-wrong")
        if passage.public_id != public_id(stored.sha256, passage.start, passage.end):
            found.add("ids-wrong")
        found.update(_wrong_in(passage, text[passage.start : passage.end], dimension))
        covered = max(covered, passage.end)
    if text[covered:].strip():
        found.add("places-wrong")
    return found


def _wrong_in(passage: _Passage, quote: str, dimension: int) -> Iterator[str]:
    if passage.quote.decode(errors="replace") != quote:
        yield "quotes-wrong"
    if not _are_inside(passage.sentences, passage.end - passage.start):
        yield "sentences-wrong"
    if not _is_locator(passage.locator):
        yield "locators-damaged"
    if "\ufffd" in passage.terms.decode(errors="replace"):
        yield "words-wrong"
    rows = 1 + len(passage.sentences) // 8
    if len(passage.vectors) != 2 * dimension * rows or not _are_unit(passage.vectors, dimension):
        yield "vectors-wrong"


def _are_inside(spans: bytes, length: int) -> bool:
    """Whether spans are there, in order, within so many characters."""
    if not spans or len(spans) % 8:
        return False
    edges = np.frombuffer(spans, dtype="<i4")
    ordered = (np.diff(edges) >= 0).all() and (edges[::2] < edges[1::2]).all()
    return bool(ordered and edges[0] >= 0 and edges[-1] <= length)


def _are_unit(vectors: bytes, dimension: int) -> bool:
    rows = records.matrix(vectors, dimension).astype(np.float32)
    squares = np.einsum("ij,ij->i", rows, rows)  # not a number where one is none
    return bool((np.abs(np.sqrt(squares) - 1) <= UNIT_TOLERANCE).all())


def _is_locator(stored: bytes) -> bool:
    try:
        Locator(**json.loads(stored))
    except (ValueError, TypeError):
        return False
    return True


def _are_marks(stored: bytes | None) -> bool:
    try:
        return stored is not None and all(Mark(*values) for values in json.loads(stored))
    except (ValueError, TypeError):
        return False
