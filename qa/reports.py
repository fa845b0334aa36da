"""Progress, and reports of what was done, as text and as JSON."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import errors
from qa.types import Status

if TYPE_CHECKING:
    from index.sync import Notify, Progress
    from index.types import Failure, SyncReport
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


def sync_as_text(report: SyncReport) -> str:
    """One line: how many files were added, changed and so on; zeros are left out."""
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "moved": len(report.moved),
        "removed": len(report.removed),
        "unchanged": len(report.unchanged),
        "failed": len(report.failed),
        "of other kinds skipped": report.skipped,
    }
    line = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)
    if report.passages:
        line += f"; {report.passages:,} passages, {report.embedded:,} of them embedded"
    return line


def sync_as_json(report: SyncReport) -> str:
    """Every path by what happened to it."""
    return _json(asdict(report))


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
        "model": model,
        "size": f"{held.bytes / 2**20:,.1f} MB",
        "generation": f"{held.generation:,}",
    }
    return "\n".join(f"{name + ':':<12}{value}" for name, value in rows.items())


def failures_listed(failed: Sequence[Failure], as_: str) -> str:
    """Files that could not be indexed, each with its remedy."""
    if as_ == "json":
        return _json([asdict(failure) for failure in failed])
    if not failed:
        return "No file has failed."
    return "\n".join(f"{failure.message}\n    {failure.remedy}" for failure in failed)


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
