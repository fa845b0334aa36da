"""From paths to source files: what is there, and what its bytes are.

Paths are made real and absolute, so that a file reached through two links is
one file. Hidden files and folders are passed over; a folder reached twice
through links is walked once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import FileRefused, FileTooLarge, FileUnreadable, PathLoops, PathMissing
from index.types import SourceFile

MAX_BYTES = 100 * 2**20
"""Largest file read. The longest novels are 4 MB of text; 100 MB of text is a data dump."""


@dataclass(slots=True)
class Scan:
    """What was found under the paths that were named."""

    roots: list[Path] = field(default_factory=list)
    """The named paths, made real, and where links lead out of them."""
    files: list[SourceFile] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)
    skipped: int = 0


def scan(paths: Iterable[Path], is_readable: Callable[[Path], bool]) -> Scan:
    """Find and hash every file at or under `paths`.

    A file named outright is always taken, whatever its suffix; one met inside a
    folder only if `is_readable` knows its format.

    Raises:
        PathMissing, PathLoops: for a named path; nothing is scanned then.
        FileUnreadable: when a named folder cannot be listed.
    """
    found = Scan(roots=[resolve(path) for path in paths])
    seen: set[Path] = set()
    for root in tuple(found.roots):
        if root.is_dir():
            for path in _walk(root, found):
                if is_readable(path):
                    _take(path, seen, found)
                else:
                    found.skipped += 1
        else:
            _take(root, seen, found)
    return found


def resolve(path: Path) -> Path:
    """The real, absolute path of something that exists."""
    try:
        real = path.resolve(strict=True)
    except FileNotFoundError:
        if path.is_symlink():
            raise PathMissing(
                shown(path),
                "this symbolic link points at nothing.",
                "Remove the link, or point it at a file.",
            ) from None
        raise PathMissing(
            shown(path), "there is no such file or folder.", "Check the spelling of the path."
        ) from None
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) or error.errno == errno.ELOOP:
            raise PathLoops(
                shown(path),
                "this symbolic link leads back to itself.",
                "Remove the link, or point it at a file.",
            ) from None
        raise _unreadable(path, error) from None
    if shown(real) != real:
        raise FileUnreadable(
            shown(real),
            "the name is not valid UTF-8, so no citation could give it.",
            "Rename the file or the folder, then run the command again.",
        )
    return real


def hash_file(path: Path) -> str:
    """SHA-256 of a regular file's bytes, in hex.

    Raises:
        FileUnreadable, FileTooLarge: with the remedy.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FileUnreadable(
                shown(path), "this is not a regular file.", "Name a file or a folder of files."
            )
        if status.st_size > MAX_BYTES:
            raise FileTooLarge(
                shown(path),
                f"the file has {status.st_size / 2**20:,.0f} MB; "
                f"Quaere reads at most {MAX_BYTES // 2**20} MB.",
                "Split the file into smaller ones.",
            )
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from None


def _take(path: Path, seen: set[Path], found: Scan) -> None:
    try:
        real = resolve(path)
        if real in seen:
            return
        seen.add(real)
        inside = _is_inside(real, found)
        # What a link leads out to is refused by the link's name: when that goes, so does the failure.
        found.files.append(SourceFile(real, hash_file(real if inside else path)))
        if not inside:
            found.roots.append(real)
    except FileRefused as refusal:
        found.refused.append(refusal)


def _walk(root: Path, found: Scan) -> Iterator[Path]:
    """Every visible file below `root`, in a stable order, each folder once."""
    walked = {root}

    def unlistable(error: OSError) -> None:
        folder = Path(os.path.realpath(error.filename))
        if folder == root:
            raise _unreadable(folder, error)
        found.refused.append(_unreadable(folder, error))

    for folder, subfolders, names in os.walk(root, onerror=unlistable, followlinks=True):
        visible = [Path(folder, name) for name in sorted(subfolders) if name[0] != "."]
        subfolders[:] = [sub.name for sub in visible if _first_visit(sub, walked, found)]
        for name in sorted(names):
            if name[0] != ".":
                yield Path(folder, name)


def _first_visit(folder: Path, walked: set[Path], found: Scan) -> bool:
    real = Path(os.path.realpath(folder))
    if real in walked:
        return False
    walked.add(real)
    if shown(real) == real and not _is_inside(real, found):
        found.roots.append(real)
    return True


def _is_inside(real: Path, found: Scan) -> bool:
    return any(real.is_relative_to(root) for root in found.roots)


def shown(path: Path) -> Path:
    """A path in characters that can be stored and printed: bytes that are no UTF-8 become �."""
    return Path(os.fsencode(path).decode(errors="replace"))


def _unreadable(path: Path, error: OSError) -> FileUnreadable:
    reason = error.strerror or str(error)
    return FileUnreadable(
        shown(path.parent.resolve() / path.name),
        f"the system refuses to read it ({reason.lower()}).",
        "Give yourself permission to read it (chmod u+r), then run the command again.",
    )
