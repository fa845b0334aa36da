"""From paths to source files: what is there, and what its bytes are.

Paths are made real and absolute, so that a file reached through two links is
one file. Hidden files and folders are passed over, and what .gitignore and
.quaereignore leave out; a folder reached twice through links is walked once.
A file that looks as it did when it was last hashed is not hashed again.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import FileRefused, FileTooLarge, FileUnreadable, PathLoops, PathMissing
from index.ignore import IgnoreRules
from index.types import FileState, SourceFile

MAX_BYTES = 100 * 2**20
"""Largest file read. The longest novels are 4 MB of text; 100 MB of text is a data dump."""

SETTLED_NS = 2_000_000_000
"""A file written less than this before it was hashed may have changed again within one tick of
its time stamp; FAT's ticks, the coarsest there are, have two seconds."""

SIDECAR = ".meta.yaml"
"""The end of the name of a file that says what another file's metadata is."""


@dataclass(slots=True)
class Scan:
    """What was found under the paths that were named."""

    roots: list[Path] = field(default_factory=list)
    """The named paths, made real, and where links lead out of them."""
    named: set[Path] = field(default_factory=set)
    """Files that were named outright."""
    files: list[SourceFile] = field(default_factory=list)
    states: dict[Path, FileState] = field(default_factory=dict)
    """Of the files that had to be hashed."""
    sidecars: list[Path] = field(default_factory=list)
    refused: list[FileRefused] = field(default_factory=list)
    skipped: int = 0
    """Files no reader handles."""
    ignored: int = 0
    """Files and folders that rules leave out."""


def scan(
    paths: Iterable[Path],
    is_readable: Callable[[Path], bool],
    known: Mapping[str, FileState] | None = None,
) -> Scan:
    """Find and hash every file at or under `paths`; `known` says how files were before.

    A file named outright is always taken, whatever its suffix; one met inside a
    folder only if `is_readable` knows its format.

    Raises:
        PathMissing, PathLoops: for a named path; nothing is scanned then.
        FileUnreadable: when a named folder cannot be listed.
    """
    found = Scan(roots=[resolve(path) for path in paths])
    take = _Taking(found, known or {}).take
    for root in tuple(found.roots):
        if root.is_dir():
            for path, is_link in _walk(root, found):
                if path.name.endswith(SIDECAR):
                    found.sidecars.append(path)
                elif is_readable(path):
                    take(path, is_link=is_link)
                else:
                    found.skipped += 1
        else:
            found.named.add(root)
            take(root, is_link=False)
            if (beside := root.with_name(root.name + SIDECAR)).is_file():
                found.sidecars.append(beside)
    return found


class _Taking:
    """Files taken into a scan, each once."""

    def __init__(self, found: Scan, known: Mapping[str, FileState]) -> None:
        self._found = found
        self._known = known
        self._seen: set[Path] = set()

    def take(self, path: Path, *, is_link: bool) -> None:
        """Add a file to what was found, or to what is refused."""
        found = self._found
        try:
            real = resolve(path) if is_link or shown(path) != path else path
            if real in self._seen:
                return
            self._seen.add(real)
            inside = not is_link or _is_inside(real, found)
            # What a link leads out to is refused by the link's name: when that goes, so does
            # the failure.
            found.files.append(SourceFile(real, self._hash(real if inside else path, real)))
            if not inside:
                found.roots.append(real)
        except FileRefused as refusal:
            found.refused.append(refusal)

    def _hash(self, path: Path, real: Path) -> str:
        known = self._known.get(str(real))
        if known and _looks_like(path, known):
            return known.sha256
        state = hash_file(path)
        self._found.states[real] = state
        return state.sha256


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


def hash_file(path: Path) -> FileState:
    """A regular file's size, times and SHA-256 of its bytes, in hex.

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
        now = time.time_ns()
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from None
    return FileState(
        sha256, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, now
    )


def _looks_like(path: Path, known: FileState) -> bool:
    """Whether a file cannot have been written to since it was hashed."""
    try:
        status = path.stat()
        # A change of the rights changes no time stamp of the content, and may forbid reading.
        readable = os.access(path, os.R_OK)
    except OSError:
        return False
    seen = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    before = (known.bytes, known.mtime_ns, known.ctime_ns, known.inode)
    settled = max(known.mtime_ns, known.ctime_ns) + SETTLED_NS < known.hashed_ns
    return seen == before and settled and readable


def _walk(root: Path, found: Scan) -> Iterator[tuple[Path, bool]]:
    """Every visible file below `root` in a stable order, and whether it is a link."""
    walked = {root}
    rules: dict[str, IgnoreRules] = {str(root): IgnoreRules(str(root))}

    def unlistable(error: OSError) -> None:
        folder = Path(os.path.realpath(error.filename))
        if folder == root:
            raise _unreadable(folder, error)
        found.refused.append(_unreadable(folder, error))

    for folder, subfolders, names in os.walk(root, onerror=unlistable, followlinks=True):
        here = rules.pop(str(Path(folder)))
        subfolders[:] = [
            name
            for name in sorted(subfolders)
            if _is_visible(folder, name, here, found, is_folder=True)
            and _first_visit(Path(folder, name), walked, found)
        ]
        below = [str(Path(folder, name)) for name in subfolders]
        rules |= {path: here.below(path) for path in below}
        for name in sorted(names):
            if _is_visible(folder, name, here, found, is_folder=False):
                path = Path(folder, name)
                yield path, path.is_symlink() or _through_link(folder, root, walked)


def _is_visible(
    folder: str, name: str, rules: IgnoreRules, found: Scan, *, is_folder: bool
) -> bool:
    if name.startswith("."):
        return False
    if rules.ignores(str(Path(folder, name)), is_folder=is_folder):
        found.ignored += 1
        return False
    return True


def _through_link(folder: str, root: Path, walked: set[Path]) -> bool:
    """Whether a folder was reached through a link: its own name is not its real one then."""
    return folder != str(root) and Path(folder) not in walked


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
