"""Examining a library, and mending it.

Everything is compared with what it was made from: files with texts, texts
with passages, the catalog with the derived indexes. These are made anew where
they are wrong; a document that is wrong is taken out of the answers, and the
next sync reads its file again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from index import agreement, checks, derived, library, locking, rereading
from index.catalog import Catalog, put
from index.changes import drop_spare
from index.checks import LENGTH_WRONG, Finding, counted, named
from index.library import Library
from index.records import count, text
from index.rereading import UNREAD
from index.types import DocumentId


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What an examination found, and how much it looked at."""

    findings: tuple[Finding, ...]
    """Damage."""
    notes: tuple[Finding, ...] = ()
    """What is no damage: files that changed, leftovers."""
    documents: int = 0
    passages: int = 0
    """Each compared with its document's text."""
    vectors: int = 0
    """In FAISS."""
    lexical: int = 0
    """In tantivy, passages with their words."""
    files: int = 0
    """Read again and compared."""

    @property
    def sound(self) -> bool:
        """Whether there is no damage."""
        return not self.findings


def examine(path: Path, *, read_files: bool = True) -> Diagnosis:
    """Examine the library at `path`; nobody writes to it meanwhile.

    `read_files` also reads some files again, which takes longest.

    Raises:
        LibraryMissing, LibraryLocked, LibraryDamaged, LibraryMismatch: with the remedy.
    """
    Library.open(path).close()  # where there is none, no lock is left behind
    with locking.locked(path), closing(Library.open(path)) as opened:
        return _examine(path, opened.catalog, read_files=read_files)


def repair(path: Path, *, read_files: bool = True) -> list[str]:
    """Examine the library at `path` and mend what can be mended; returns what was done.

    Raises:
        LibraryMissing, LibraryLocked, LibraryDamaged, LibraryMismatch: with the remedy.
    """
    with library.write(path, make=False) as writer:
        return _mend(path, writer.catalog, _examine(path, writer.catalog, read_files=read_files))


def _examine(path: Path, catalog: Catalog, *, read_files: bool) -> Diagnosis:
    with catalog.snapshot() as connection:
        if damage := tuple(checks.integrity(connection)):
            return Diagnosis(damage)  # nothing else that is read there can be relied on
        generation, identity = catalog.generation(), catalog.identity()
        findings = list(checks.orphans(connection))
        compared = agreement.Compared()
        if identity:
            findings += checks.texts(connection, identity.dimension)
            compared = agreement.compare(path, connection, generation, identity.dimension)
        elif count(connection, "passages"):
            findings.append(_MODEL_UNKNOWN)
        reread = rereading.reread(connection) if read_files else rereading.Reread()
        return Diagnosis(
            findings=(*findings, *compared.findings, *reread.findings),
            notes=(*reread.notes, *_left_over(path, connection, generation)),
            documents=count(connection, "documents"),
            passages=count(connection, "passages"),
            vectors=compared.vectors,
            lexical=compared.lexical,
            files=reread.files,
        )


_MODEL_UNKNOWN = Finding(
    "model-unknown",
    "The catalog does not say which model made its vectors.",
    checks.START_AGAIN,
    repairable=False,
)


def _left_over(path: Path, connection: sqlite3.Connection, generation: int) -> Iterator[Finding]:
    """What interrupted commands and repairs left; none of it does harm."""
    select = "SELECT path FROM documents WHERE sha256 = ? ORDER BY path"
    if unread := [name for (name,) in connection.execute(select, (UNREAD,))]:
        yield Finding(
            "unread",
            f"{counted(len(unread), 'document')} must be read again: {named(unread)}.",
            "Read them with: qa add FOLDER",
            repairable=False,
        )
    if spare := count(connection, "spare_vectors"):
        yield Finding(
            "spare-vectors",
            f"Vectors of {counted(spare, 'passage')} wait for a qa add that was stopped.",
            "Run that again, or drop them with: qa doctor --repair",
            repairable=True,
        )
    if folders := derived.leftovers(path, generation):
        yield Finding(
            "leftovers",
            f"Folders were left over: {named([folder.name for folder in folders])}.",
            "The next qa add removes them, and so does: qa doctor --repair",
            repairable=True,
        )


def _mend(path: Path, catalog: Catalog, diagnosis: Diagnosis) -> list[str]:
    """What can be mended, in one transaction; then the indexes, if it is theirs or they lag."""
    mendable = [one for one in (*diagnosis.findings, *diagnosis.notes) if one.repairable]
    codes = {one.code for one in mendable}
    lengths = {id_ for one in mendable if one.code == LENGTH_WRONG for id_ in one.documents}
    wrong = {id_ for one in mendable if one.code != LENGTH_WRONG for id_ in one.documents}
    done = []
    with catalog.transaction() as connection:
        if "orphans" in codes:
            _drop_orphans(connection)
            done.append("Removed what belonged to documents that are not there.")
        if lengths - wrong:
            _correct_lengths(connection, lengths - wrong)
            done.append(f"Corrected the length of {counted(len(lengths - wrong), 'document')}.")
        if wrong:
            unread = _take_out(connection, wrong)
            done.append(
                f"Took {counted(len(unread), 'document')} out of the answers: {named(unread)}. "
                "Have them read again with: qa add FOLDER"
            )
        if "spare-vectors" in codes:
            drop_spare(connection)
            done.append("Dropped the vectors that a stopped qa add had left.")
        anew = bool(wrong or codes & {"orphans", *agreement.CODES})
        if anew:  # a new generation, so that processes that have the old one open see it
            put(connection, "generation", str(catalog.generation() + 1))
    return done + _mend_indexes(path, catalog, anew=anew, left_over="leftovers" in codes)


def _drop_orphans(connection: sqlite3.Connection) -> None:
    for table in ("passages", "layouts"):
        connection.execute(
            f"DELETE FROM {table} WHERE document_id NOT IN (SELECT id FROM documents)"
        )


def _correct_lengths(connection: sqlite3.Connection, ids: Iterable[DocumentId]) -> None:
    for id_ in ids:  # not by SQLite, which ends a text at its first NUL
        length = len(text(connection, id_) or "")
        connection.execute("UPDATE documents SET length = ? WHERE id = ?", (length, id_))


def _take_out(connection: sqlite3.Connection, ids: Iterable[DocumentId]) -> list[str]:
    """Empty these documents, and the files they lie in, so that the next sync reads them again.

    Their rows stay, since what a user has edited of them is nowhere else.
    """
    bound = ",".join(str(int(id_)) for id_ in ids)
    rows = connection.execute(
        f"SELECT id, path FROM documents WHERE id IN ({bound}) OR path IN"
        f" (SELECT container FROM documents WHERE id IN ({bound})) ORDER BY path"
    ).fetchall()
    for id_, _ in rows:
        connection.execute("DELETE FROM passages WHERE document_id = ?", (id_,))
        connection.execute("INSERT OR REPLACE INTO layouts VALUES (?, '[]', x'')", (id_,))
        connection.execute(
            "UPDATE documents SET sha256 = ?, text = '', length = 0, pages_without_text = 0"
            " WHERE id = ?",
            (UNREAD, id_),
        )
    return [path for _, path in rows]


def _mend_indexes(path: Path, catalog: Catalog, *, anew: bool, left_over: bool) -> list[str]:
    identity = catalog.identity()
    if anew and identity:
        with catalog.snapshot() as connection:
            derived.rebuild(path, connection, catalog.generation(), identity.dimension)
        return ["Made the indexes anew from the catalog."]
    if left_over:
        derived.discard_old(path, catalog.generation())
        return ["Removed folders that were left over."]
    return []
