"""What a file system refuses, told: there is no room, or nothing may be written."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from pathlib import Path

from index.errors import LibraryError, LibraryFull, LibraryReadOnly

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No room on the disk, beyond a quota, beyond what one file may have."""

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)

SQLITE_FULL = (
    "SQLITE_FULL",
    "SQLITE_IOERR_WRITE",
    "SQLITE_IOERR_SHMOPEN",
    "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_TRUNCATE",
)
"""By https://sqlite.org/rescode.html; all but the first as SQLite meets them in the files it makes
beside the database, where it does not say which of the reasons it was."""

KEPT = "What was committed before is kept; this was not."


def refusal(path: Path, error: Exception, kept: str = KEPT) -> LibraryError:
    """The error to tell where the file system did not let us write to the library at `path`.

    `kept` says what became of the work.
    """
    reason = _reason(error)
    if is_full(error):
        return LibraryFull(
            f"{path}: there is no room left on the disk ({reason}). {kept}",
            "Make room, then run it again.",
        )
    if _is_read_only(error):
        return LibraryReadOnly(
            f"{path}: the library cannot be written ({reason}). {kept}",
            "Give yourself permission to write there, or work on a copy elsewhere: "
            "qa export FILE, then qa import FILE --library NEW_FOLDER.",
        )
    return LibraryError(
        f"{path}: the library cannot be written ({reason}). {kept}",
        "Check that the disk has room and that you may write there, then run it again.",
    )


def tell(path: Path, error: Exception, kept: str) -> None:
    """Raise what `refusal` says, if it is that there is no room, or that nothing may be written.

    Raises:
        LibraryFull, LibraryReadOnly: then.
    """
    told = refusal(path, error, kept)
    if isinstance(told, LibraryFull | LibraryReadOnly):
        raise told from error


def is_full(error: Exception) -> bool:
    """Whether there was no room for what was to be written."""
    return _has(error, FULL) or getattr(error, "sqlite_errorname", "") in SQLITE_FULL


def _reason(error: Exception) -> str:
    if isinstance(error, shutil.Error) and is_full(error):  # of a folder copied: every file's
        return os.strerror(errno.ENOSPC)
    return getattr(error, "strerror", None) or str(error)


def _is_read_only(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith("SQLITE_READONLY")
    return _has(error, READ_ONLY)


def _has(error: Exception, numbers: tuple[int, ...]) -> bool:
    """Whether the system gave one of these reasons; FAISS and tantivy pass on its words only."""
    number = getattr(error, "errno", None)
    if number is not None:
        return number in numbers
    return any(os.strerror(one) in str(error) for one in numbers)
