"""What there is to do for a library: what it knows, compared with what a scan found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from index import plan, records
from index.catalog import Catalog
from index.errors import FileRefused
from index.scan import Scan
from index.types import Document, Failure, Move, SourceFile, SyncReport


@dataclass(slots=True)
class Work:
    """What there is to do, and what is known about it."""

    found: Scan
    todo: plan.Plan
    attached: list[Document]
    """Documents that lie inside files."""
    standing: list[Failure]
    """Files that failed before and are still the same."""
    earlier: dict[Path, Failure]
    """All that failed before under the roots, by path."""
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


def work_for(catalog: Catalog, found: Scan) -> Work:
    """Compare what the library knows under the roots with what was found there."""
    with catalog.snapshot() as connection:
        documents = {d.id: d for root in found.roots for d in records.documents(connection, root)}
        failures = {f.path: f for root in found.roots for f in records.failures(connection, root)}
    known = [document for document in documents.values() if document.container is None]
    attached = [document for document in documents.values() if document.container]
    todo = plan.compare(_not_refused(known, found), found.files)
    standing = list(_standing(failures, found, todo))
    return Work(found, todo, attached, standing, failures)


def _not_refused(known: list[Document], found: Scan) -> list[Document]:
    """Documents but for those whose file is there and cannot be read now."""
    refused = {refusal.path for refusal in found.refused}
    if not refused:
        return known
    return [d for d in known if refused.isdisjoint((d.path, *d.path.parents))]


def _standing(failures: dict[Path, Failure], found: Scan, todo: plan.Plan) -> Iterable[Failure]:
    """Earlier failures of files that are still the same, and were not named outright.

    Of what lies inside a file, while that file is unchanged; it may have moved.
    """
    now = {source.path: source.sha256 for source in found.files}
    whole = {document.path: document.path for document in todo.unchanged}
    whole |= {document.path: target for document, target in todo.moved}
    for path, failure in failures.items():
        container = next((parent for parent in path.parents if parent in whole), None)
        if container:
            yield _moved(failure, whole[container] / path.relative_to(container))
        elif failure.sha256 and now.get(path) == failure.sha256 and path not in found.named:
            yield failure


def _moved(failure: Failure, target: Path) -> Failure:
    message = failure.message.replace(str(failure.path), str(target), 1)
    return replace(failure, path=target, message=message)


def report_of(work: Work, *, keep_missing: bool = False) -> SyncReport:
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
        failed=[failure_of(refusal) for refusal in found.refused] + work.standing,
        skipped=found.skipped,
        ignored=found.ignored,
    )


def moves(work: Work) -> Iterable[Move]:
    """Where documents have gone, and what lies inside them with them."""
    for document, target in work.todo.moved:
        yield Move(document.id, target)
        for inside in work.inside([document.path]):
            yield Move(inside.id, target / inside.path.relative_to(document.path), target)


def failure_of(refusal: FileRefused) -> Failure:
    """A refusal as it is stored."""
    return Failure(refusal.path, refusal.code, refusal.message, refusal.remedy)
