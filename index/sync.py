"""The story of indexing: what changed, read it, cut it, embed it, commit it.

Work goes in batches, each one commit. A process that is killed loses the batch
it was at; the next sync finds what is still to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import changes, library, plan, readers, records
from index.batches import Batch, batches, embed
from index.catalog import FILE_NAME, Catalog
from index.describe import describe, forget, languages_given, remember
from index.encoder import Encoder
from index.errors import (
    DocumentMissing,
    FileRefused,
    LibraryMismatch,
    LibraryMissing,
    NothingToIndex,
)
from index.library import Writer
from index.scan import SIDECAR, Scan, scan, shown
from index.types import (
    Changes,
    Document,
    DocumentId,
    EncoderIdentity,
    Failure,
    FileState,
    Move,
    NewDocument,
    SourceFile,
    SyncReport,
)

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


@dataclass(slots=True)
class _Work:
    """What there is to do, and what is known about it."""

    found: Scan
    todo: plan.Plan
    attached: list[Document]
    """Documents that lie inside files."""
    standing: list[Failure]
    """Files that failed before and are still the same."""
    earlier: set[Path]
    """Every path under the roots that failed before."""
    pending: list[SourceFile] = field(init=False)
    """In the order they are read: a copy finds the vectors of what is edited since."""

    def __post_init__(self) -> None:
        hopeless = {failure.path for failure in self.standing}
        new = self.todo.added + self.todo.changed
        self.pending = [source for source in new if source.path not in hopeless]

    def inside(self, containers: Iterable[Path]) -> list[Document]:
        """Documents that lie inside these files."""
        chosen = set(containers)
        return [document for document in self.attached if document.container in chosen]


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
        return _would_do(path, found)
    with library.write(path) as writer:
        work = _work(writer.catalog, found)
        if nothing:
            writer.commit(Changes(settled=tuple(work.earlier)))
            raise _nothing_to_index(found, len(work.todo.gone))
        return _carry_out(writer, work, load_encoder, notify, options)


def remove(path: Path, sources: Iterable[Path]) -> list[Path]:
    """Take the documents at or under `sources` out of the library; the files are not touched.

    Raises:
        DocumentMissing: when the library knows none of them.
    """
    roots = {
        shown(root)
        for source in sources
        for root in (source.absolute(), Path(os.path.realpath(source)))  # even of a link's loop
    }
    library.Library.open(path).close()  # never make a library in order to remove from it
    with library.write(path) as writer:
        with writer.catalog.snapshot() as connection:
            chosen = {d.id: d.path for root in roots for d in records.documents(connection, root)}
            beside = {root.with_name(root.name + SIDECAR) for root in roots}
            failed = {
                failure.path
                for root in roots | beside
                for failure in records.failures(connection, root)
            }
        if not chosen and not failed:
            raise DocumentMissing(
                f"{', '.join(sorted(map(str, roots)))}: no document there is in the library.",
                "Name files or folders as they were when they were added.",
            )
        failed |= forget(writer, roots)
        writer.commit(Changes(removed=tuple(chosen), settled=tuple(failed)))
    return sorted({*chosen.values(), *failed})


def _carry_out(
    writer: Writer, work: _Work, load_encoder: LoadEncoder, notify: Notify, options: Options
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
    report = _report(work, keep_missing=options.keep_missing)
    _settle(writer, work, [d.id for d in gone if d not in last])
    if encoder:
        _index(writer, encoder, work, report, notify)
    if last:
        writer.commit(Changes(removed=tuple(document.id for document in last)))
    failed, described = describe(writer, work.found)
    report.failed += failed
    report.described = described
    _remember(writer, work, [document.path for document in gone])
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


def _would_do(path: Path, found: Scan) -> SyncReport:
    if not (path / FILE_NAME).exists():
        todo = plan.compare([], found.files)
        return replace(_report(_Work(found, todo, [], [], set())), dry_run=True)
    with closing(library.Library.open(path)) as opened:
        return replace(_report(_work(opened.catalog, found)), dry_run=True)


def _work(catalog: Catalog, found: Scan) -> _Work:
    """Compare what the library knows under the roots with what was found there."""
    with catalog.snapshot() as connection:
        documents = {d.id: d for root in found.roots for d in records.documents(connection, root)}
        failures = {f.path: f for root in found.roots for f in records.failures(connection, root)}
    known = [document for document in documents.values() if document.container is None]
    attached = [document for document in documents.values() if document.container]
    todo = plan.compare(_not_refused(known, found), found.files)
    return _Work(found, todo, attached, _standing(failures, found, todo), set(failures))


def _not_refused(known: list[Document], found: Scan) -> list[Document]:
    """Documents but for those whose file is there and cannot be read now."""
    refused = {refusal.path for refusal in found.refused}
    if not refused:
        return known
    return [d for d in known if refused.isdisjoint((d.path, *d.path.parents))]


def _standing(failures: dict[Path, Failure], found: Scan, todo: plan.Plan) -> list[Failure]:
    """Earlier failures of files that are still the same, and were not named outright.

    Of what lies inside a file, while that file is unchanged.
    """
    now = {source.path: source.sha256 for source in found.files}
    unchanged = {document.path for document in todo.unchanged}
    return [
        failure
        for path, failure in failures.items()
        if (failure.sha256 and now.get(path) == failure.sha256 and path not in found.named)
        or not unchanged.isdisjoint(path.parents)
    ]


def _report(work: _Work, *, keep_missing: bool = False) -> SyncReport:
    """What is plain before anything is read."""
    todo, found = work.todo, work.found
    pending = {source.path for source in work.pending}
    gone = [document.path for document in todo.gone + work.inside(d.path for d in todo.gone)]
    return SyncReport(
        added=[source.path for source in todo.added if source.path in pending],
        changed=[source.path for source in todo.changed if source.path in pending],
        moved=[(document.path, target) for document, target in todo.moved],
        removed=[] if keep_missing else gone,
        missing=gone if keep_missing else [],
        unchanged=[document.path for document in todo.unchanged],
        failed=[_failure(refusal) for refusal in found.refused] + work.standing,
        skipped=found.skipped,
        ignored=found.ignored,
    )


def _settle(writer: Writer, work: _Work, removed: Sequence[DocumentId]) -> None:
    """Commit what needs no embedding: moves, removals, which failures stand."""
    failed = tuple(_failure(refusal) for refusal in work.found.refused)
    stand = {source.path for source in work.pending}
    stand |= {failure.path for failure in (*failed, *work.standing)}
    settled = Changes(
        moved=tuple(_moves(work)),
        removed=tuple(removed),
        failed=failed,
        settled=tuple(work.earlier - stand),
    )
    if settled != Changes():
        writer.commit(settled)


def _moves(work: _Work) -> Iterable[Move]:
    for document, target in work.todo.moved:
        yield Move(document.id, target)
        for inside in work.inside([document.path]):
            yield Move(inside.id, target / inside.path.relative_to(document.path), target)


def _index(
    writer: Writer, encoder: Encoder, work: _Work, report: SyncReport, notify: Notify
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


def _detached(work: _Work, batch: Batch) -> list[Document]:
    """Documents inside a batch's files that are there no longer."""
    failed = {failure.path for failure in batch.failed}
    kept = {one.source.path for one in batch.prepared}
    read = [path for path in batch.files if path not in failed]
    return [document for document in work.inside(read) if document.path not in kept]


def _remember(writer: Writer, work: _Work, gone: Sequence[Path]) -> None:
    """Note how files were, and let go of what only an unfinished sync needs."""
    with writer.catalog.transaction() as connection:
        changes.drop_spare(connection)
        changes.drop_file_states(connection, gone)
        changes.put_file_states(connection, work.found.states)


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


def _failure(refusal: FileRefused) -> Failure:
    return Failure(refusal.path, refusal.code, refusal.message, refusal.remedy)


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
