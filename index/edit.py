"""Metadata set by hand: it holds before what the file or anything beside it says."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from index import library, records, works
from index.errors import DocumentMissing, MetadataInvalid
from index.scan import shown
from index.types import Changes, Document, DocumentId, Metadata

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)


def _iso_date(written: str) -> str | None:
    """A day, a month or a year, as ISO 8601 has it."""
    try:
        if not _DATE.fullmatch(written):  # fromisoformat takes weeks too
            raise ValueError
        date.fromisoformat(written + "0000-01-01"[len(written) :])
    except ValueError:
        return None
    return written


_READ_AS: dict[str, tuple[Callable[[str], str | None], str, str]] = {
    "date": (_iso_date, "is no date", "Write it as 2025-10-08, 2025-10 or 2025"),
    **works.READ_AS,
}
"""How the values of some fields are read, and what to say where they cannot be."""


def edit(path: Path, document: Path | DocumentId, edits: Metadata, patience: float = 0) -> Document:
    """Edit a document of the library at `path`, named by its own path or its number.

    What is None in `edits` stays as it is; what is empty is what the file says again. Another who
    writes is waited for so many seconds.

    Raises:
        DocumentMissing, MetadataInvalid, LibraryError: nothing has changed.
    """
    changed = _read(document, edits)
    with library.write(path, patience, make=False) as writer:
        with writer.catalog.snapshot() as connection:
            found = _find(connection, document)
            known = records.described(connection, found.path)[0]
        edited = Metadata(
            **{name: value or None for name, value in (asdict(known.edited) | changed).items()}
        )
        writer.commit(Changes(described=(replace(known, edited=edited),)))
        with writer.catalog.snapshot() as connection:
            now = records.document(connection, found.id)
    assert now is not None  # we hold the lock
    return now


def _find(connection: sqlite3.Connection, named: Path | DocumentId) -> Document:
    if isinstance(named, Path):
        within = records.documents(connection, shown(named))
        found = next((one for one in within if one.path == named), None)
    else:  # a number too long for SQLite is no document's
        found = records.document(connection, named) if named.bit_length() < 64 else None
    if found:
        return found
    raise DocumentMissing(
        f"{named}: the library holds no such document.",
        "Name a file as it was when it was added, or a document's number; "
        "qa ask --format json shows both.",
    )


def _read(document: Path | DocumentId, edits: Metadata) -> dict[str, str]:
    """What is said, as it is stored; what is empty stays so."""
    said = {name: value for name, value in asdict(edits).items() if value is not None}
    for name, (read, wrong, remedy) in _READ_AS.items():
        if not said.get(name):
            continue
        value = read(said[name])
        if value is None:
            raise MetadataInvalid(Path(str(document)), f"{said[name]} {wrong}.", f"{remedy}.")
        said[name] = value
    return said
