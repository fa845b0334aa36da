"""Documents' files on disk, shown only while they hold the very bytes that were indexed."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from io import BufferedReader, FileIO

from index.errors import DocumentInside, OriginalChanged, OriginalMissing
from index.scan import MAX_BYTES
from index.types import Document


@dataclass(frozen=True, slots=True)
class Original:
    """A document's file, open at its beginning."""

    document: Document
    file: BufferedReader
    size: int


def opened(document: Document) -> Original:
    """Open a document's file; no other bytes than those that were indexed are ever given out.

    Raises:
        DocumentInside, OriginalMissing, OriginalChanged: with the remedy.
    """
    if document.container:
        raise DocumentInside(
            f"{document.path}: the document lies inside {document.container}.",
            "Ask for that file's document instead.",
        )
    try:
        file: BufferedReader = BufferedReader(FileIO(document.path, opener=_without_waiting))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OriginalMissing(
            f"{document.path}: the document's file cannot be read ({reason}).",
            "Put the file back, or bring the library in step with the disk: qa add FOLDER",
        ) from None
    try:
        return Original(document, file, _size_if_unchanged(document, file))
    except BaseException:
        file.close()
        raise


def _without_waiting(path: str, flags: int) -> int:
    # A pipe that took the file's place would keep us waiting for who writes into it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _size_if_unchanged(document: Document, file: BufferedReader) -> int:
    status = os.fstat(file.fileno())
    readable = stat.S_ISREG(status.st_mode) and status.st_size <= MAX_BYTES
    if not readable or hashlib.file_digest(file, "sha256").hexdigest() != document.sha256:
        raise OriginalChanged(
            f"{document.path}: the file has changed since it was indexed.",
            "Bring the library in step with the disk (qa add FOLDER), then ask again.",
        )
    file.seek(0)
    return status.st_size
