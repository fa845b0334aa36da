"""Progress, and reports of what was done, as text and as JSON."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index import errors
from qa.rendering import display_path
from qa.types import Status

if TYPE_CHECKING:
    from index.doctor import Diagnosis
    from index.packing import Manifest
    from index.sync import Notify, Progress
    from index.types import Document, Failure, SyncReport
    from qa.comparison import Difference
    from qa.evaluate import Evaluation

LABELS = {f"Success@{depth}": f"hit@{depth}" for depth in (1, 3, 5, 10)} | {"RR@10": "MRR@10"}
"""The names people know for some of ir-measures'."""

SEVERAL_KINDS = 19
"""Exit status when files failed for more than one reason."""


@contextlib.contextmanager
def progress_shown() -> Iterator[Notify]:
    """A bar on a terminal, a plain line for each commit elsewhere; both on stderr."""
    if not sys.stderr.isatty():
        yield _print_progress
        return
    from tqdm import tqdm

    bars: list[Any] = []

    def show(progress: Progress) -> None:
        if not bars:
            bars.append(tqdm(total=progress.files_total, unit=" files", desc="Indexing"))
        bars[0].set_postfix_str(f"{progress.passages:,} passages")
        bars[0].update(progress.files_done - bars[0].n)

    try:
        yield show
    finally:
        for bar in bars:
            bar.close()


def _print_progress(progress: Progress) -> None:
    print(  # noqa: T201 - this is what it is for
        f"indexed {progress.files_done:,} of {progress.files_total:,} files, "
        f"{progress.passages:,} passages",
        file=sys.stderr,
        flush=True,
    )


def sync_shown(report: SyncReport, as_: str, *, verbose: bool) -> str:
    """What a sync did: as JSON every path, as text a line of counts, after all paths if verbose."""
    if as_ == "json":
        return _json(asdict(report))
    return "\n".join([*(_each(report) if verbose else ()), _counts(report)])


def tell_of_sync(done: SyncReport | errors.QuaereError) -> None:
    """Say on stderr what a sync did, if it did anything, or why it could not."""
    if isinstance(done, errors.QuaereError):
        click.echo(f"qa: {done.message}\n    {done.remedy}", err=True)
        return
    for failure in done.failed:
        click.echo(f"qa: {failure.message}\n    {failure.remedy}", err=True)
    if done.added or done.changed or done.moved or done.removed or done.described:
        click.echo(_counts(done), err=True)


def _each(report: SyncReport) -> Iterator[str]:
    """Every path once, with what happened to it; what failed has been told with its reason."""
    told = {now for _, now in report.moved}
    for before, now in report.moved:
        yield f"{'moved':<10}{display_path(str(before))} -> {display_path(str(now))}"
    for kind in ("added", "changed", "removed", "missing", "described", "unchanged"):
        for path in getattr(report, kind):
            if path not in told or kind in {"removed", "missing"}:
                yield f"{kind:<10}{display_path(str(path))}"
            told.add(path)


def _counts(report: SyncReport) -> str:
    """How many files were added, changed and so on; zeros are left out."""
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "moved": len(report.moved),
        "removed": len(report.removed),
        "missing and kept": len(report.missing),
        "described anew": len(report.described),
        "unchanged": len(report.unchanged),
        "failed": len(report.failed),
        "of other kinds skipped": report.skipped,
        "ignored": report.ignored,
    }
    line = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    if report.passages:
        line += f"; {report.passages:,} passages, {report.embedded:,} of them embedded"
    if report.pages_without_text:
        line += f"; {report.pages_without_text:,} pages without text"
    return f"would be: {line}" if report.dry_run else line


def document_shown(document: Document, as_: str) -> str:
    """A document and what is known of it."""
    known = {"path": str(document.path), **asdict(document.metadata)}
    if as_ == "json":
        return _json({"id": document.id, **known})
    return "\n".join(f"{name + ':':<14}{value}" for name, value in known.items() if value)


def exit_status(failed: Sequence[Failure]) -> int:
    """The status of the failures' kind, or SEVERAL_KINDS."""
    codes = {failure.code for failure in failed}
    if len(codes) > 1:
        return SEVERAL_KINDS
    kinds = {kind.code: kind.exit_status for kind in errors.FileRefused.__subclasses__()}
    return kinds[codes.pop()]


def status_shown(held: Status, as_: str) -> str:
    """What the library holds."""
    if as_ == "json":
        return _json(asdict(held))
    model = f"{held.model} ({held.dimension} dimensions)" if held.model else "none yet"
    rows = {
        "library": held.path,
        "documents": f"{held.documents:,}",
        "passages": f"{held.passages:,}",
        "failures": f"{held.failures:,}" + (" (see: qa status --failed)" if held.failures else ""),
        **({"pages without text": f"{scanned:,}"} if (scanned := held.pages_without_text) else {}),
        "model": model,
        "size": f"{held.bytes / 2**20:,.1f} MB",
        "generation": f"{held.generation:,}",
    }
    lines = [f"{name + ':':<20}{value}" for name, value in rows.items()]
    lines += [f"{'added:':<20}{display_path(root)}" for root in held.roots]
    return "\n".join(lines)


def failures_listed(failed: Sequence[Failure], as_: str) -> str:
    """Files that could not be indexed, each with its remedy."""
    if as_ == "json":
        return _json([asdict(failure) for failure in failed])
    if not failed:
        return "No file has failed."
    return "\n".join(f"{failure.message}\n    {failure.remedy}" for failure in failed)


def diagnosis_shown(found: Diagnosis, done: Sequence[str] | None, as_: str) -> str:
    """What was mended, how much was examined, and all that is not as it should be."""
    if as_ == "json":
        repaired = {} if done is None else {"repaired": list(done)}
        return _json({**repaired, "sound": found.sound, **asdict(found)})
    lines = list(done or ())
    lines.append(
        f"{found.documents:,} documents, {found.passages:,} passages, {found.vectors:,} vectors, "
        f"{found.lexical:,} lexical entries; {found.files:,} files read again"
    )
    for kind, those in (("damage", found.findings), ("note", found.notes)):
        lines += [f"{kind}: {one.message}\n    {one.remedy}" for one in those]
    if found.sound:
        lines.append("The library is sound.")
    return "\n".join(lines)


def archive_shown(verb: str, held: Manifest, file: Path) -> str:
    """What went into an archive, or came out of it."""
    return (
        f"{verb} {held.documents:,} documents, {held.passages:,} passages: "
        f"{display_path(str(file))} ({file.stat().st_size / 2**20:,.1f} MB)"
    )


def evaluation_shown(found: Evaluation) -> str:
    """The figures, a line each."""
    rows = {"questions": f"{found.questions:,}"}
    rows |= {LABELS.get(name, name): f"{value:.3f}" for name, value in found.metrics.items()}
    rows["characters a passage, first five"] = f"{found.characters:,.0f}"
    rows["median latency"] = f"{found.latency_ms:.1f} ms"
    rows["95th percentile"] = f"{found.latency_p95_ms:.1f} ms"
    return "\n".join(f"{name + ':':<34}{value:>9}" for name, value in rows.items())


def write_evaluation(found: Evaluation, path: Path) -> None:
    """Figures, the measures of every question, and the misses, as JSON; beside it a plot as SVG."""
    from qa.plot import draw

    path.write_text(_json(asdict(found)), encoding="utf-8")
    draw(found, path.with_suffix(".svg"))


def differences_shown(found: Sequence[Difference]) -> str:
    """A line for each measure: both means, their difference, how likely it is chance."""
    rows = [f"{'':<12}{'A':>8}{'B':>8}{'B - A':>9}{'p':>9}   {found[0].questions:,} questions"]
    for one in found:
        name = LABELS.get(one.measure, one.measure)
        difference = one.second - one.first
        rows.append(
            f"{name:<12}{one.first:>8.3f}{one.second:>8.3f}{difference:>+9.3f}{one.p:>9.4f}"
        )
    return "\n".join(rows)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
