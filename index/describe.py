"""What sidecars and bibliographies say of documents, brought into the catalog."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import records
from index.bibliography import Bibliography, read_bibliography
from index.catalog import put
from index.errors import FileRefused, MetadataInvalid
from index.library import Writer
from index.metadata import over
from index.scan import SIDECAR, Scan, resolve
from index.sidecar import read_sidecar
from index.types import Changes, Described, Failure, Metadata
from index.work import failure_of

BIBLIOGRAPHIES = "bibliographies"
"""The key in the catalog under which a library remembers its bibliographies, by folder."""


@dataclass(slots=True)
class _Said:
    """What there is beside documents, and what of it could not be read."""

    sidecars: dict[Path, Metadata] = field(default_factory=dict)
    """By the file they stand beside."""
    cited: dict[Path, Bibliography | None] = field(default_factory=dict)
    """By the folder they are for; None is one that cannot be read now."""
    bibliographies: set[Path] = field(default_factory=set)
    """The files of `cited`."""
    failed: list[Failure] = field(default_factory=list)


def describe(writer: Writer, found: Scan) -> tuple[list[Failure], list[Path]]:
    """Bring metadata in step with sidecars and bibliographies.

    Returns what could not be read of them, and the documents whose metadata changed.
    """
    said = _Said()
    unread = _read_sidecars(found, said)
    _read_bibliographies(writer, found, said)
    # What is not on disk now, or cannot be read, keeps what was said of it.
    present = {source.path for source in found.files} - unread
    changed = [
        replace(one, given=given)
        for one in _known(writer, found)
        if (given := _given(one, said, present)) != one.given
    ]
    with writer.catalog.snapshot() as connection:
        standing = records.failures(connection)
    failed = tuple(failure for failure in said.failed if failure not in standing)
    settled = tuple(_settled(writer, found, said, standing))
    if changed or failed or settled:
        writer.commit(Changes(described=tuple(changed), failed=failed, settled=settled))
    return said.failed, [one.path for one in changed]


def remember(writer: Writer, found: Scan, bibliography: Path) -> None:
    """From now on a bibliography describes the documents at or under the roots.

    Raises:
        FileRefused: when it cannot be used; nothing has changed.
    """
    path = resolve(bibliography)
    read_bibliography(path)
    _note(writer, _remembered(writer) | dict.fromkeys(found.roots, path))


def forget(writer: Writer, roots: Collection[Path]) -> set[Path]:
    """Let go of bibliographies for these folders; returns those that no folder has any more."""
    known = _remembered(writer)
    kept = {folder: path for folder, path in known.items() if folder not in roots}
    if kept != known:
        _note(writer, kept)
    return set(known.values()) - set(kept.values())


def _note(writer: Writer, known: Mapping[Path, Path]) -> None:
    written = {str(folder): str(path) for folder, path in known.items()}
    with writer.catalog.transaction() as connection:
        put(connection, BIBLIOGRAPHIES, json.dumps(written))


def languages_given(writer: Writer, found: Scan) -> dict[Path, str]:
    """Languages that edits, sidecars and bibliographies give, by path: words are stemmed by these.

    Of a new bibliography not yet; what it says comes after, with `describe`.
    """
    said = _Said()
    _read_sidecars(found, said)
    given = dict(said.sidecars)
    for one in _known(writer, found):
        given[one.path] = over(one.edited, over(said.sidecars.get(one.path, Metadata()), one.given))
    return {path: known.language for path, known in given.items() if known.language}


def _known(writer: Writer, found: Scan) -> list[Described]:
    with writer.catalog.snapshot() as connection:
        documents = {d.id: d for root in found.roots for d in records.described(connection, root)}
    return list(documents.values())


def _read_sidecars(found: Scan, said: _Said) -> set[Path]:
    """Read every sidecar; returns the files beside those that cannot be read."""
    unread = set()
    for path in found.sidecars:
        # By its real path, as the scan has it, where a link leads to it.
        beside = Path(os.path.realpath(path.with_name(path.name.removesuffix(SIDECAR))))
        try:
            said.sidecars[beside] = read_sidecar(path)
        except FileRefused as refusal:
            said.failed.append(failure_of(refusal))
            unread.add(beside)
    return unread


def _read_bibliographies(writer: Writer, found: Scan, said: _Said) -> None:
    """Read the bibliographies for folders around and below the roots, each once."""
    wanted = {folder: path for folder, path in _remembered(writer).items() if _near(folder, found)}
    said.bibliographies = set(wanted.values())
    read: dict[Path, Bibliography | None] = {}
    for path in said.bibliographies:
        try:
            read[path] = read_bibliography(path)
        except FileRefused as refusal:
            said.failed.append(failure_of(refusal))
            read[path] = None
    said.cited = {folder: read[path] for folder, path in wanted.items()}


def _near(folder: Path, found: Scan) -> bool:
    return any(root.is_relative_to(folder) or folder.is_relative_to(root) for root in found.roots)


def _given(one: Described, said: _Said, present: set[Path]) -> Metadata:
    """What sidecar and bibliography say; where one cannot be asked, what was said holds."""
    sidecar = said.sidecars.get(one.path, Metadata())
    around = (one.path, *one.path.parents)
    bibliographies = (said.cited[folder] for folder in around if folder in said.cited)
    innermost = next(bibliographies, Bibliography(Path(), []))
    if innermost is None or present.isdisjoint(around):
        return over(sidecar, one.given)
    return over(sidecar, innermost.find(one.path, one.stated) or Metadata())


def _settled(
    writer: Writer, found: Scan, said: _Said, standing: Iterable[Failure]
) -> Iterator[Path]:
    """Sidecars and bibliographies that failed before and do not any more, or are not used."""
    failing = {failure.path for failure in said.failed}
    elsewhere = set(_remembered(writer).values()) - said.bibliographies
    for failure in standing:
        path = failure.path
        if failure.code != MetadataInvalid.code or path in failing or path in elsewhere:
            continue
        beside = path.with_name(path.name.removesuffix(SIDECAR))
        if beside == path or any(beside.is_relative_to(root) for root in found.roots):
            yield path


def _remembered(writer: Writer) -> dict[Path, Path]:
    known: dict[str, str] = json.loads(writer.catalog.get(BIBLIOGRAPHIES) or "{}")
    return {Path(folder): Path(path) for folder, path in known.items()}
