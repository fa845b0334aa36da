"""Documents page by page, in some order, filtered.

A page begins after the last document of the one before it (keyset pagination), not after so many
documents: what is added or removed meanwhile neither repeats nor hides any other.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from index import records
from index.types import Document, DocumentId, Failure, Filters

Order = Literal["path", "title", "date", "id"]

SORTED_CHARACTERS = 200
"""Of a title; so the place where a page ended stays small, whatever a file states as its title."""

_KEYS: dict[Order, str] = {
    "path": "path",
    "title": f"substr(folded(title), 1, {SORTED_CHARACTERS})",
    "date": "coalesce(date, '')",
    "id": "id",
}
"""What is compared. Documents without a title or a date come before those with one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended."""

    key: str | int
    """Of the last document, as its order compares it."""
    id: DocumentId


@dataclass(frozen=True, slots=True)
class Listing:
    """Which documents are listed, and in which order."""

    filters: Filters = field(default_factory=Filters)
    words: str = ""
    """Stand in the title or the path, whatever their case."""
    order: Order = "path"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Documents in order, and where the next page begins, if there are more."""

    documents: tuple[Document, ...]
    ended: Place | None


@dataclass(frozen=True, slots=True)
class FailurePage:
    """Files that could not be indexed, by path, and the last one's path if there are more."""

    failures: tuple[Failure, ...]
    ended: Path | None


def failures(connection: sqlite3.Connection, limit: int, after: Path | None = None) -> FailurePage:
    """At most `limit` failures, those that come after a path."""
    rows = connection.execute(
        "SELECT * FROM failures WHERE path > ? ORDER BY path LIMIT ?",
        (str(after) if after else "", limit + 1),
    )
    found = [Failure(Path(path), *rest) for path, *rest in rows]
    shown = tuple(found[:limit])
    return FailurePage(shown, shown[-1].path if len(found) > limit else None)


def folded(text: str | None) -> str:
    r"""Text as titles are compared: one form of each character, whatever its case.

    >>> folded("Tô LÂM") == folded("to\u0302 la\u0302m")
    True
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text or "").casefold())


def page(
    connection: sqlite3.Connection, listing: Listing, limit: int, after: Place | None = None
) -> Page:
    """At most `limit` documents, those that come after a place."""
    # SQLite by itself knows the cases of ASCII only.
    connection.create_function("folded", 1, folded, deterministic=True)
    condition, values = records.where(listing.filters)
    key, turn = _KEYS[listing.order], "DESC" if listing.descending else "ASC"
    if listing.words:
        words = folded(listing.words)
        condition += " AND (instr(folded(title), ?) OR instr(folded(path), ?))"
        values += [words, words]
    if after:
        condition += f" AND ({key}, id) {'<' if listing.descending else '>'} (?, ?)"
        values += [after.key, after.id]
    # The ids first: so passages are counted of the documents on this page only.
    chosen = connection.execute(
        f"SELECT id, {key} FROM documents WHERE {condition} ORDER BY {key} {turn}, id {turn}"
        " LIMIT ?",
        [*values, limit + 1],
    ).fetchall()
    shown = chosen[:limit]
    found = {
        one.id: one
        for one in records.documents_of(connection, [DocumentId(id_) for id_, _ in shown])
    }
    ended = Place(shown[-1][1], DocumentId(shown[-1][0])) if len(chosen) > limit else None
    return Page(tuple(found[DocumentId(id_)] for id_, _ in shown), ended)
