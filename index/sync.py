"""The story of indexing: what changed, read it, cut it, embed it, commit it.

Work goes in batches, each one commit. A process that is killed loses the batch
it was at; the next sync finds what is still to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from index import changes, library, plan, readers, records, roots
from index.batches import Batch, batches, embed
from index.bibliography import read_bibliography
from index.catalog import FILE_NAME, Catalog
from index.describe import describe, forget, languages_given, remember
from index.encoder import Encoder
from index.errors import (
    DocumentInside,
    DocumentMissing,
    LibraryMismatch,
    LibraryMissing,
    NothingToIndex,
)
from index.library import Writer
from index.scan import SIDECAR, Scan, resolve, scan, shown
from index.types import (
    Changes,
    Document,
    DocumentId,
    EncoderIdentity,
    Failure,
    FileState,
    NewDocument,
    SourceFile,
    SyncReport,
)
from index.work import Work, failure_of, moves, report_of, work_for

LoadEncoder = Callable[[EncoderIdentity | None], Encoder]
"""An encoder, given the model the library was made with, or None for a new library."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sync has come; told after each commit."""

    files_done: int
    files_total: int
    passages: int
    """On disk for good, in this sync."""


Notify = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to bring a library in step."""

    keep_missing: bool = False
    """Documents whose files are gone stay in the library."""
    dry_run: bool = False
    """Change nothing; report what would be."""
    bibliography: Path | None = None
    """What is cited there is known of the files at or under the sources, from now on."""


def sync(
    path: Path,
    sources: Sequence[Path],
    load_encoder: LoadEncoder,
    notify: Notify,
    options: Options = Options(),
) -> SyncReport:
    """Bring the library at `path` in step with the files at or under `sources`.

    Raises:
        PathMissing, PathLoops, NothingToIndex, LibraryError, EncoderError: nothing has changed.
    """
    found = scan(sources, readers.is_readable, _file_states(path))
    nothing = not found.files and not found.refused
    if nothing and not (path / FILE_NAME).exists():
        raise _nothing_to_index(found)
    if options.dry_run:
        return _would_do(path, found, options)
    with library.write(path) as writer:
        work = work_for(writer.catalog, found)
        if nothing:
            writer.commit(Changes(settled=tuple(work.earlier)))
            raise _nothing_to_index(found, len(work.todo.gone))
        report = _carry_out(writer, work, load_encoder, notify, options)
        # Not where links lead to from there: that is found again for as long as they do.
        roots.note(writer, found.roots[: len(sources)])
        return report


def remove(path: Path, sources: Iterable[Path]) -> list[Path]:
    """Take the documents at or under `sources` out of the library; the files are not touched.

    Raises:
        DocumentMissing: when the library knows none of them.
    """
    named = {
        shown(root)
        for source in sources
        for root in (source.absolute(), Path(os.path.realpath(source)))  # even of a link's loop
    }
    with library.write(path, make=False) as writer:
        return _take_out(writer, named)


def remove_document(path: Path, id_: DocumentId, patience: float = 0) -> None:
    """Take one document, and what lies inside it, out of the library; its file is not touched.

    By its number, not by its path: what lies at that path now may be a link to others. Another who
    writes is waited for so many seconds.

    Raises:
        DocumentMissing, DocumentInside: with the remedy.
    """
    with library.write(path, patience, make=False) as writer:
        with writer.catalog.snapshot() as connection:
            document = records.document(connection, id_)
        if document is None:
            raise DocumentMissing.numbered(id_)
        if document.container:
            raise DocumentInside(
                f"{document.path}: the document lies inside {document.container}.",
                "Remove that file's document; what lies inside goes with it.",
            )
        _take_out(writer, {document.path})


def _take_out(writer: Writer, named: set[Path]) -> list[Path]:
    with writer.catalog.snapshot() as connection:
        chosen = {d.id: d.path for root in named for d in records.documents(connection, root)}
        beside = {root.with_name(root.name + SIDECAR) for root in named}
        failed = {
            failure.path
            for root in named | beside
            for failure in records.failures(connection, root)
        }
    added = roots.forget(writer, named)  # it may have become empty since
    if not chosen and not failed and not added:
        raise DocumentMissing(
            f"{', '.join(sorted(map(str, named)))}: no document there is in the library.",
            "Name files or folders as they were when they were added.",
        )
    failed |= forget(writer, named)
    writer.commit(Changes(removed=tuple(chosen), settled=tuple(failed)))
    _forget_states(writer, named)
    return sorted({*chosen.values(), *failed})


def _carry_out(
    writer: Writer, work: Work, load_encoder: LoadEncoder, notify: Notify, options: Options
) -> SyncReport:
    if options.bibliography:
        remember(writer, work.found, options.bibliography)
    encoder = None
    if work.pending:
        encoder = _matching(load_encoder(writer.catalog.identity()), writer)
    gone = [] if options.keep_missing else work.todo.gone
    gone = gone + work.inside(document.path for document in gone)
    moving = {target for _, target in work.todo.moved}
    # What is gone stays until what may replace it is in, and lends it its vectors.
    last = [d for d in gone if encoder and d.path not in moving]
    report = report_of(work, keep_missing=options.keep_missing)
    _settle(writer, work, [d.id for d in gone if d not in last])
    if encoder:
        _index(writer, encoder, work, report, notify)
    if last:
        writer.commit(Changes(removed=tuple(document.id for document in last)))
    failed, described = describe(writer, work.found)
    report.failed += failed
    report.described = described
    _forget_states(writer, work.found.roots, {str(source.path) for source in work.found.files})
    _remember(writer, work)
    stored = {source.path for source in work.pending} - {failure.path for failure in report.failed}
    report.changed = [source.path for source in work.todo.changed if source.path in stored]
    report.added = [source.path for source in work.todo.added if source.path in stored]
    return report


def _file_states(path: Path) -> dict[str, FileState]:
    """How files were when a library last saw them; nothing where there is none."""
    try:
        opened = Catalog.open(path)
    except LibraryMissing:
        return {}
    with closing(opened) as catalog, catalog.snapshot() as connection:
        return records.file_states(connection)


def _would_do(path: Path, found: Scan, options: Options) -> SyncReport:
    if options.bibliography:
        read_bibliography(resolve(options.bibliography))  # refused now as it would be then
    if not (path / FILE_NAME).exists():
        todo = plan.compare([], found.files)
        return replace(report_of(Work(found, todo, [], [], {})), dry_run=True)
    with closing(library.Library.open(path)) as opened:
        work = work_for(opened.catalog, found)
    if not found.files and not found.refused:
        raise _nothing_to_index(found, len(work.todo.gone))
    return replace(report_of(work, keep_missing=options.keep_missing), dry_run=True)


def _settle(writer: Writer, work: Work, removed: Sequence[DocumentId]) -> None:
    """Commit what needs no embedding: moves, removals, which failures stand."""
    failed = [failure_of(refusal) for refusal in work.found.refused]
    stand = {source.path for source in work.pending}
    stand |= {failure.path for failure in (*failed, *work.standing)}
    failed += [one for one in work.standing if work.earlier.get(one.path) != one]
    settled = Changes(
        moved=tuple(moves(work)),
        removed=tuple(removed),
        failed=tuple(failed),
        settled=tuple(work.earlier.keys() - stand),
    )
    if settled != Changes():
        writer.commit(settled)


def _index(
    writer: Writer, encoder: Encoder, work: Work, report: SyncReport, notify: Notify
) -> None:
    done, total = 0, len(work.pending)
    sources = {source.path: source for source in work.pending}

    def told(embedded: int) -> None:
        notify(Progress(done, total, report.passages + embedded))

    told(0)
    languages = languages_given(writer, work.found)
    for batch in batches(writer, encoder, work.pending, languages):
        vectors, embedded = embed(writer, encoder, batch, told)
        stored = tuple(_documents(batch, sources))
        failed = tuple(_hashed(failure, sources) for failure in batch.failed)
        removed = tuple(d.id for d in _detached(work, batch))
        writer.commit(
            Changes(stored=stored, vectors=vectors, failed=failed, removed=removed),
            encoder.identity,
        )
        report.failed += failed
        report.passages += batch.passages
        report.embedded += embedded
        report.pages_without_text += sum(p.content.pages_without_text for p in batch.prepared)
        done += len(batch.files)
        told(0)


def _documents(batch: Batch, sources: dict[Path, SourceFile]) -> Iterable[NewDocument]:
    """What a batch adds to the library."""
    for one in batch.prepared:
        path = one.source.path
        container = None if path in sources else next(p for p in path.parents if p in sources)
        yield NewDocument(one.source, container, one.content, one.passages)


def _hashed(failure: Failure, sources: dict[Path, SourceFile]) -> Failure:
    """A failure with what failed, if reading it again would fail again."""
    if failure.code == "file-unreadable" or failure.path not in sources:
        return failure
    return replace(failure, sha256=sources[failure.path].sha256)


def _detached(work: Work, batch: Batch) -> list[Document]:
    """Documents inside a batch's files that are there no longer."""
    failed = {failure.path for failure in batch.failed}
    kept = {one.source.path for one in batch.prepared}
    read = [path for path in batch.files if path not in failed]
    return [document for document in work.inside(read) if document.path not in kept]


def _remember(writer: Writer, work: Work) -> None:
    """Note how files were, and let go of what only an unfinished sync needs."""
    with writer.catalog.transaction() as connection:
        changes.drop_spare(connection)
        changes.put_file_states(connection, work.found.states)


def _forget_states(writer: Writer, named: Collection[Path], present: Collection[str] = ()) -> None:
    """Let go of how files at or under `named` were, but for those that are there now."""
    with writer.catalog.transaction() as connection:
        absent = (Path(path) for path in records.file_states(connection) if path not in present)
        under = [path for path in absent if not {path, *path.parents}.isdisjoint(named)]
        changes.drop_file_states(connection, under)


def _matching(encoder: Encoder, writer: Writer) -> Encoder:
    """The encoder, if it is the one the library was made with."""
    recorded = writer.catalog.identity()
    if recorded and recorded.checksum != encoder.identity.checksum:
        raise LibraryMismatch(
            f"{writer.path}: the library was made with the model {recorded.name}, "
            f"this is {encoder.identity.name} with other weights.",
            f"Use --model {recorded.name}, or index into a new folder with --library NEW_FOLDER.",
        )
    return encoder


def _nothing_to_index(found: Scan, known: int = 0) -> NothingToIndex:
    where = ", ".join(str(root) for root in found.roots)
    formats = ", ".join(sorted(readers.READERS))
    if known:  # an unmounted drive looks just like this
        return NothingToIndex(
            f"{where}: nothing is there any more; its {known:,} documents stay in the library.",
            f"If they are gone for good, run: qa remove {where}",
        )
    skipped = f" ({found.skipped:,} files of other kinds)" if found.skipped else ""
    return NothingToIndex(
        f"{where}: no file to index is there{skipped}.",
        f"Quaere reads {formats}: put such files there, or name another folder.",
    )
