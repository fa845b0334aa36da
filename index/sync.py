"""The story of indexing: what changed, read it, cut it, embed it, commit it.

Work goes in batches, each one commit. A process that is killed loses the batch
it was at; the next sync finds what is still to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from index import library, plan, readers, records
from index.catalog import FILE_NAME, put
from index.encoder import Encoder, EncoderInput
from index.errors import DocumentMissing, FileRefused, LibraryMismatch, NothingToIndex
from index.library import Writer
from index.prepare import Prepared, prepare
from index.scan import Scan, scan, shown
from index.segment import longest_passage
from index.sentences import SentenceSplitter, train
from index.types import (
    Changes,
    Document,
    DocumentId,
    EncoderIdentity,
    Failure,
    NewDocument,
    SourceFile,
    SyncReport,
)

if TYPE_CHECKING:
    from index.types import Float16

BATCH_PASSAGES = 512
"""Passages a commit: some seconds of embedding, so a kill loses little and commits cost little."""

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
class _Batch:
    """Files read and cut, and those that could not be."""

    prepared: list[Prepared]
    failed: list[Failure]


def sync(
    path: Path, sources: Sequence[Path], load_encoder: LoadEncoder, notify: Notify
) -> SyncReport:
    """Bring the library at `path` in step with the files at or under `sources`.

    Raises:
        PathMissing, PathLoops, NothingToIndex, LibraryError, EncoderError: nothing has changed.
    """
    found = scan(sources, readers.is_readable)
    nothing = not found.files and not found.refused
    if nothing and not (path / FILE_NAME).exists():
        raise _nothing_to_index(found)
    with library.write(path) as writer:
        known = _known(writer, found)
        if nothing:
            writer.commit(Changes(settled=tuple(_earlier_failures(writer, found))))
            raise _nothing_to_index(found, len(known))
        todo = plan.compare(known, found.files)
        pending = todo.added + todo.changed  # a copy finds the vectors of what is edited since
        encoder = _matching(load_encoder(writer.catalog.identity()), writer) if pending else None
        in_the_way = {target for _, target in todo.moved}
        # What is gone stays until what may replace it is in, and lends it its vectors.
        last = {d.id for d in todo.gone if pending and d.path not in in_the_way}
        report = _settle(writer, found, todo, last)
        if encoder:
            _index(writer, encoder, pending, report, notify)
        if last:
            writer.commit(Changes(removed=tuple(last)))
        stored = {source.path for source in pending} - {failure.path for failure in report.failed}
        report.changed = [source.path for source in todo.changed if source.path in stored]
        report.added = [source.path for source in todo.added if source.path in stored]
        return report


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
            failed = {f.path for root in roots for f in records.failures(connection, root)}
        if not chosen and not failed:
            raise DocumentMissing(
                f"{', '.join(sorted(map(str, roots)))}: no document there is in the library.",
                "Name files or folders as they were when they were added.",
            )
        writer.commit(Changes(removed=tuple(chosen), settled=tuple(failed)))
    return sorted({*chosen.values(), *failed})


def _known(writer: Writer, found: Scan) -> list[Document]:
    """Documents under the roots, but for those whose file is there and cannot be read now."""
    with writer.catalog.snapshot() as connection:
        documents = {d.id: d for root in found.roots for d in records.documents(connection, root)}
    refused = {refusal.path for refusal in found.refused}
    return [
        document
        for document in documents.values()
        if refused.isdisjoint((document.path, *document.path.parents))
    ]


def _settle(writer: Writer, found: Scan, todo: plan.Plan, last: set[DocumentId]) -> SyncReport:
    """Commit what needs no embedding, but for the last: moves, removals, which failures stand."""
    pending = {source.path for source in todo.changed + todo.added}
    failed = tuple(_failure(refusal) for refusal in found.refused)
    earlier = _earlier_failures(writer, found)
    changes = Changes(
        moved=tuple((document.id, target) for document, target in todo.moved),
        removed=tuple(document.id for document in todo.gone if document.id not in last),
        failed=failed,
        settled=tuple(earlier - pending - {failure.path for failure in failed}),
    )
    if changes != Changes():
        writer.commit(changes)
    return SyncReport(
        moved=[(document.path, target) for document, target in todo.moved],
        removed=[document.path for document in todo.gone],
        unchanged=[document.path for document in todo.unchanged],
        failed=list(failed),
        skipped=found.skipped,
    )


def _earlier_failures(writer: Writer, found: Scan) -> set[Path]:
    with writer.catalog.snapshot() as connection:
        return {f.path for root in found.roots for f in records.failures(connection, root)}


def _index(
    writer: Writer,
    encoder: Encoder,
    pending: Sequence[SourceFile],
    report: SyncReport,
    notify: Notify,
) -> None:
    done = 0
    notify(Progress(done, len(pending), report.passages))
    for batch in _batches(writer, encoder, pending):
        writer.commit(_embedded(writer, encoder, batch, report), encoder.identity)
        report.failed.extend(batch.failed)
        done += len(batch.prepared) + len(batch.failed)
        notify(Progress(done, len(pending), report.passages))


def _batches(writer: Writer, encoder: Encoder, pending: Sequence[SourceFile]) -> Iterator[_Batch]:
    """Read and cut files until there are enough passages for a commit."""
    splitter = SentenceSplitter(_learned(writer, pending))
    limit = longest_passage(encoder.max_passage_tokens)
    batch, size = _Batch([], []), 0
    for source in pending:
        try:
            content = readers.read(source)
            prepared = prepare(source, content, splitter, encoder.count_tokens, limit)
        except FileRefused as refusal:
            batch.failed.append(_failure(refusal))
            continue
        batch.prepared.append(prepared)
        size += len(prepared.passages)
        if size >= BATCH_PASSAGES:
            yield batch
            batch, size = _Batch([], []), 0
    if batch.prepared or batch.failed:
        yield batch


def _learned(writer: Writer, pending: Sequence[SourceFile]) -> str | None:
    """What Punkt learned from this library's texts: once, when there was enough; then kept."""
    learned = writer.catalog.get("punkt")
    if learned is None:
        with writer.catalog.snapshot() as connection:
            learned = train(chain(records.texts(connection), _texts(pending)))
        if learned is not None:
            with writer.catalog.transaction() as connection:
                put(connection, "punkt", learned)
    return learned


def _texts(sources: Iterable[SourceFile]) -> Iterator[str]:
    for source in sources:
        try:
            yield readers.read(source).text
        except FileRefused:  # reported when its turn comes
            continue


def _embedded(writer: Writer, encoder: Encoder, batch: _Batch, report: SyncReport) -> Changes:
    """The batch with vectors; what was embedded before, here or in another file, is not again."""
    passages = {p.digest: p for prepared in batch.prepared for p in prepared.passages}
    with writer.catalog.snapshot() as connection:
        vectors: dict[bytes, Float16] = records.vectors_by_digest(
            connection, passages, encoder.identity.dimension
        )
    new = [passage for digest, passage in passages.items() if digest not in vectors]
    inputs = [EncoderInput(passage.quote, passage.sentences) for passage in new]
    vectors.update(
        zip((passage.digest for passage in new), encoder.encode_passages(inputs), strict=True)
    )
    report.embedded += len(new)
    report.passages += sum(len(prepared.passages) for prepared in batch.prepared)
    stored = tuple(
        NewDocument(
            p.source,
            p.content,
            p.language,
            p.passages,
            tuple(vectors[passage.digest] for passage in p.passages),
        )
        for p in batch.prepared
    )
    return Changes(stored=stored, failed=tuple(batch.failed))


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
