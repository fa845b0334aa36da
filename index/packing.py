"""The file an archive is: a zip with a manifest and a copy of a catalog.

    manifest.json       what the archive holds, and the checksum of what follows
    catalog.sqlite      a copy of the catalog, one generation whole

Nothing in an archive is believed: it may be cut off, changed, or made to do harm.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.catalog import FILE_NAME, SCHEMA_VERSION
from index.errors import ArchiveInvalid
from index.segment import VERSION as SEGMENTER_VERSION
from index.types import EncoderIdentity

FORMAT = 1
"""Rises when older versions could not read an archive any more."""

MANIFEST = "manifest.json"

MANIFEST_BYTES = 2**16
"""Of a manifest, at most; ours have some hundred."""

COMPRESSION = zipfile.ZIP_DEFLATED
COMPRESSION_LEVEL = 1
"""Most of a catalog are vectors, which hardly compress: level 6 saves 2 % more in half more time."""

CHUNK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds."""

    generation: int
    documents: int
    passages: int
    encoder: EncoderIdentity | None
    """Which model made the vectors; None if there are none."""
    bytes: int
    """Of the catalog."""
    sha256: str
    """Of the catalog."""
    format: int = FORMAT
    schema: int = SCHEMA_VERSION
    """Version of the catalog's tables."""
    segmenter: str = SEGMENTER_VERSION
    """Version of what cut the passages."""


def pack(target: Path, copy: Path, manifest: Manifest) -> None:
    """Write an archive of a copy of a catalog; on return it is on disk for good."""
    with target.open("wb") as file:
        with zipfile.ZipFile(
            file, "w", COMPRESSION, compresslevel=COMPRESSION_LEVEL, allowZip64=True
        ) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2))
            archive.write(copy, FILE_NAME)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and what it says it holds.

    Raises:
        ArchiveInvalid: with the remedy.
    """
    with _invalid_reported(file):
        archive = zipfile.ZipFile(file)
    with archive:
        members = sorted((info.filename, info.compress_type) for info in archive.infolist())
        if members != [(FILE_NAME, COMPRESSION), (MANIFEST, COMPRESSION)]:
            raise not_an_archive(file)
        with _invalid_reported(file), archive.open(MANIFEST) as member:
            manifest = _manifest(file, member.read(MANIFEST_BYTES))
        yield archive, manifest


def unpack(archive: zipfile.ZipFile, manifest: Manifest, target: Path) -> None:
    """Write the catalog to `target`, if it has the length and checksum the manifest says.

    Raises:
        ArchiveInvalid, OSError: when it has not; when it cannot be written.
    """
    file = Path(str(archive.filename))
    checksum = hashlib.sha256()
    length = 0
    with target.open("wb") as unpacked:
        for chunk in _chunks(archive, file):
            length += len(chunk)
            if length > manifest.bytes:
                break
            checksum.update(chunk)
            unpacked.write(chunk)
        unpacked.flush()
        os.fsync(unpacked.fileno())
    if (length, checksum.hexdigest()) != (manifest.bytes, manifest.sha256):
        raise not_an_archive(file)


def not_an_archive(file: Path) -> ArchiveInvalid:
    """The error for all that an archive can have wrong; which it is would help nobody."""
    return ArchiveInvalid(
        f"{file}: this is no archive of a library, or it is damaged.",
        "Name a file that qa export has written; if it was one, copy it again from where it was.",
    )


def _chunks(archive: zipfile.ZipFile, file: Path) -> Iterator[bytes]:
    with _invalid_reported(file), archive.open(FILE_NAME) as member:
        while chunk := member.read(CHUNK_BYTES):
            yield chunk


def _manifest(file: Path, raw: bytes) -> Manifest:
    try:
        known = json.loads(raw)
        _check_versions(file, int(known["format"]), int(known["schema"]), known["segmenter"])
        return Manifest(
            generation=int(known["generation"]),
            documents=int(known["documents"]),
            passages=int(known["passages"]),
            encoder=_identity(known["encoder"]),
            bytes=int(known["bytes"]),
            sha256=str(known["sha256"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise not_an_archive(file) from None


def _identity(known: Any) -> EncoderIdentity | None:
    if known is None:
        return None
    identity = EncoderIdentity(str(known["name"]), int(known["dimension"]), str(known["checksum"]))
    if identity.dimension < 1:
        raise ValueError
    return identity


def _check_versions(file: Path, format_: int, schema: int, segmenter: object) -> None:
    if format_ > FORMAT or schema > SCHEMA_VERSION:
        raise ArchiveInvalid(
            f"{file}: the archive was made by a newer version of Quaere.",
            "Upgrade Quaere, then import it again.",
        )
    if (format_, schema, segmenter) != (FORMAT, SCHEMA_VERSION, SEGMENTER_VERSION):
        raise ArchiveInvalid(
            f"{file}: the archive was made by another version of Quaere.",
            "Import it with that version, or index the documents again: qa add FOLDER",
        )


@contextlib.contextmanager
def _invalid_reported(file: Path) -> Iterator[None]:
    """Whatever reading a broken zip archive raises, as one error."""
    try:
        yield
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise ArchiveInvalid(
            f"{file}: the file cannot be read ({(error.strerror or str(error)).lower()}).",
            "Check the spelling of the path, and that you may read it.",
        ) from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,  # encrypted
    ):
        raise not_an_archive(file) from None
