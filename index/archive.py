"""A library written to one file, and a library made from such a file.

The derived indexes are not in the file: they are made anew from the catalog.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index import checks, derived, library, locking, newest, records
from index.catalog import FILE_NAME, Catalog
from index.errors import (
    LibraryDamaged,
    LibraryError,
    LibraryExists,
    LibraryMismatch,
    LibraryUnsound,
)
from index.library import Library
from index.packing import Manifest, not_an_archive, opened, pack, unpack

if TYPE_CHECKING:
    from zipfile import ZipFile

    from index.types import EncoderIdentity

ASIDE = ".importing"
"""Where a library is made before it is one; hidden, so that its folder counts as empty."""


def export(path: Path, file: Path) -> Manifest:
    """Write the library at `path` to a new file, as it is now; others may write to it meanwhile.

    Raises:
        LibraryError: with the remedy; the file is not made.
    """
    file = file.absolute()
    with closing(Library.open(path)) as held, _made_beside(file) as aside:
        copy = aside / FILE_NAME
        held.catalog.copy(copy)
        manifest = _manifest_of(copy, path)
        made = aside / file.name
        pack(made, copy, manifest)
        _refuse_existing(file)
        made.rename(file)
    return manifest


def restore(file: Path, path: Path) -> Manifest:
    """Make a library from an archive, in an empty folder or a new one.

    Raises:
        ArchiveInvalid, LibraryExists, LibraryError: with the remedy; nothing is left at `path`.
    """
    with opened(file) as (archive, manifest):
        _refuse_library(path)
        before = _names(path)
        library.make_folder(path)
        with locking.locked(path):
            _refuse_library(path)  # that somebody else has made meanwhile
            try:
                _make(archive, manifest, path)
            except BaseException:
                _leave_nothing(path, before)
                raise
    return manifest


@contextlib.contextmanager
def _made_beside(file: Path) -> Iterator[Path]:
    """A folder beside `file`, where it can be made and moved into place at once."""
    _refuse_existing(file)
    try:
        with TemporaryDirectory(prefix=f".{file.name}.making-", dir=file.parent) as aside:
            yield Path(aside)
    except OSError as error:
        raise LibraryError(
            f"{file}: the archive cannot be written ({error.strerror or error}).",
            "Check that the folder is there and has room, and that you may write there.",
        ) from error


def _refuse_existing(file: Path) -> None:
    if os.path.lexists(file):
        raise LibraryError(
            f"{file}: there is a file of that name already.",
            "Choose another name, or remove it first.",
        )


def _manifest_of(copy: Path, path: Path) -> Manifest:
    with closing(Catalog.open(copy.parent)) as catalog, catalog.snapshot() as connection:
        generation, identity = catalog.generation(), catalog.identity()
        if not _is_sound(connection, identity):
            raise LibraryUnsound(
                f"{path}: the library is damaged; nobody could import it again.",
                "See what is wrong, and mend it, with: qa doctor --repair",
            )
        documents = records.count(connection, "documents")
        passages = records.count(connection, "passages")
    with copy.open("rb") as file:  # only now: opening it as a catalog changes its first page
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Manifest(generation, documents, passages, identity, copy.stat().st_size, sha256)


def _refuse_library(path: Path) -> None:
    if (path / FILE_NAME).exists():
        raise LibraryExists(
            f"{path}: there is a library already.",
            "Name an empty or a new folder with --library.",
        )


def _names(path: Path) -> set[str] | None:
    """What is in a folder; None where there is none."""
    try:
        return {entry.name for entry in path.iterdir()}
    except OSError:
        return None


def _leave_nothing(path: Path, before: set[str] | None) -> None:
    """Remove what was not in the folder before, and the folder if it was not there."""
    for name in {locking.LOCK, locking.OWNER} - (before or set()):
        (path / name).unlink(missing_ok=True)
    if before is None:
        with contextlib.suppress(OSError):  # somebody else has put something there
            path.rmdir()


def _make(archive: ZipFile, manifest: Manifest, path: Path) -> None:
    """Make the library aside, whole, and move it into place; its catalog makes it a library."""
    aside = path / ASIDE
    shutil.rmtree(aside, ignore_errors=True)  # of one that was killed
    try:
        aside.mkdir()
        if manifest.bytes > shutil.disk_usage(aside).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        unpack(archive, manifest, aside / FILE_NAME)
        _check_catalog(archive, manifest, aside)
        with closing(Catalog.open(aside)) as catalog:
            if manifest.encoder:
                newest.current(aside, catalog, manifest.encoder)
        (aside / FILE_NAME).rename(path / FILE_NAME)
        if manifest.encoder:  # whoever opens the library before this makes them anew
            (aside / derived.FOLDER).rename(path / derived.FOLDER)
    except OSError as error:
        raise LibraryError(
            f"{path}: the library cannot be written ({error.strerror or error}).",
            "Check that the disk has room and that you may write there, then run it again.",
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _check_catalog(archive: ZipFile, manifest: Manifest, folder: Path) -> None:
    """Raise ArchiveInvalid unless the catalog is sound, and what the manifest says."""
    try:
        with closing(Catalog.open(folder)) as catalog, catalog.snapshot() as connection:
            sound = _defined(connection) == _ours() and _is_sound(connection, manifest.encoder)
            says = (catalog.generation(), catalog.identity()) if sound else None
    except (LibraryDamaged, LibraryMismatch):
        says = None
    if says != (manifest.generation, manifest.encoder):
        raise not_an_archive(Path(str(archive.filename)))


def _is_sound(connection: sqlite3.Connection, identity: EncoderIdentity | None) -> bool:
    """Whether SQLite finds nothing wrong, and the indexes can be made from what is there."""
    least = 2 * identity.dimension if identity else 2**31
    short = connection.execute("SELECT 1 FROM passages WHERE length(vectors) < ?", (least,))
    return not any(checks.integrity(connection)) and short.fetchone() is None


def _ours() -> list[tuple[str, str]]:
    schema = resources.files("index").joinpath("schema.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(":memory:")) as model:
        model.executescript(schema)
        return _defined(model)


def _defined(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Tables and indexes; the catalog of somebody else might bring triggers."""
    return sorted(connection.execute("SELECT type, name FROM sqlite_schema").fetchall())
