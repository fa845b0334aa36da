"""Ranking: how often the right passage comes first, ours and the tutorial stack's in one run.

Every folder below the one named that holds docs/ and questions.jsonl is a set, in the format
`qa eval` reads. Both stacks index the same text and Markdown files with the same model, answer
the same questions, within one file where a question is asked of one, and are judged by the same
code, that of `qa eval`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.quaere import SEEDS, add, make_engine
from benchmarks.tutorial import Tutorial, cut, load_model
from qa.evaluate import Ask, Evaluation, Found, Place, ask_engine, evaluate
from qa.questions import KnownQuestion, read_questions

WIDTHS = (18, 8, 26, 26, 8)


def run(sets: Path) -> None:
    """Judge both stacks on every set, and on the seeds."""
    _row("set", "asked", "Quaere", "tutorial stack", "ratio")
    _row("", "", "first/five (characters)", "first/five (characters)", "first")
    _compare("seeds", SEEDS, SEEDS / "questions.jsonl")
    for folder in sorted(sets.iterdir()):
        if is_set(folder):
            _compare(folder.name, folder / "docs", folder / "questions.jsonl")


def is_set(folder: Path) -> bool:
    """Whether a folder holds questions about text or Markdown files."""
    docs = folder / "docs"
    readable = (file for pattern in ("*.txt", "*.md") for file in docs.rglob(pattern))
    return (folder / "questions.jsonl").is_file() and any(readable)


def _compare(name: str, docs: Path, questions: Path) -> None:
    asked = read_questions(questions).answerable
    docs = docs.resolve()
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(make_engine(Path(folder) / "library")) as engine,
    ):
        add(engine, docs)
        ours = evaluate(ask_engine(engine, docs), asked, docs)
    tutorial = Tutorial.build(load_model(), list(cut(docs)))
    baseline = evaluate(ask_tutorial(tutorial, docs), asked, docs)
    measure = "nDCG@10" if "nDCG@10" in ours.metrics else "Success@1"
    ratio = ours.metrics[measure] / (baseline.metrics[measure] or 1)
    _row(name, f"{len(asked):,}", _figures(ours), _figures(baseline), f"{ratio:.2f}")


def ask_tutorial(tutorial: Tutorial, docs: Path) -> Ask:
    """Ask the tutorial stack, which was built over `docs`, as `qa eval` asks Quaere."""

    def ask(known: KnownQuestion, limit: int) -> Sequence[Found]:
        chunks = tutorial.ask(known.question, limit, known.scope)
        return [
            Found((Place(str(docs / chunk.file), chunk.start, chunk.end),), chunk.text)
            for chunk in chunks
        ]

    return ask


def _figures(found: Evaluation) -> str:
    if "nDCG@10" in found.metrics:
        shown = f"nDCG@10 {found.metrics['nDCG@10']:.3f}"
    else:
        shown = f"{found.metrics['Success@1']:.3f}/{found.metrics['Success@5']:.3f}"
    return f"{shown} ({found.characters:,.0f})"


def _row(*cells: str) -> None:
    first, *rest = (
        f"{cell:<{width}}" if n == 0 else f"{cell:>{width}}"
        for n, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )
    print(f"  {first}{''.join(rest)}", flush=True)
