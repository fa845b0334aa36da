"""Questions in a running process: milliseconds for one, from the words to the passages.

The same passages as in benchmarks/indexing.py are indexed; then 200 answerable questions about
them go through `Engine.ask`, and in the same process through the tutorial stack over the same
passages: `SentenceTransformer.encode`, then a flat search, with no lexical half, no rescoring by
sentence and no citations. They go in turn, some questions at a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from benchmarks.corpus import Corpus, first_documents
from benchmarks.quaere import add, ask, make_engine
from benchmarks.report import Comparison, show
from benchmarks.timing import seconds_of
from benchmarks.tutorial import Tutorial, load_model
from qa.questions import read_questions

QUESTIONS = 200
BLOCK = 25
"""Questions in a row to one of the two, before the other's turn: each runs with warm caches, and
the threads of the one have come to rest when the other is timed."""
WARM_UP = 10


def run(squad2: Path) -> None:
    """Time the questions."""
    with tempfile.TemporaryDirectory() as name:
        corpus = first_documents(squad2 / "docs", Path(name) / "docs")
        questions = _about(corpus, squad2 / "questions.jsonl")
        tutorial = Tutorial.build(load_model(), corpus.passages)
        with closing(make_engine(Path(name) / "library")) as engine:
            add(engine, corpus.folder)
            ours, baseline = _times(questions, partial(ask, engine), tutorial.ask)
    what = f"one of {len(questions)} questions over {len(corpus.passages):,} passages, in ms"
    _show(f"{what}: median", median(ours), median(baseline))
    _show(f"{what}: 95th percentile", _p95(ours), _p95(baseline))


def _show(what: str, ours: float, baseline: float) -> None:
    show(Comparison(what, ours, baseline, "encode and flat search", decimals=1))


def _about(corpus: Corpus, path: Path) -> list[str]:
    """QUESTIONS questions about these documents, spread evenly over all there are."""
    files = {passage.file for passage in corpus.passages}
    known = read_questions(path).answerable
    about = [one.question for one in known if files.issuperset(gold.file for gold in one.gold)]
    step = max(1, len(about) // QUESTIONS)
    return about[::step][:QUESTIONS]


def _times(questions: Sequence[str], *asks: Callable[[str], object]) -> list[list[float]]:
    """Milliseconds of each question, for each of those asked; in turn, block by block."""
    times: list[list[float]] = [[] for _ in asks]
    for ask_ in asks:
        for question in questions[:WARM_UP]:
            ask_(question)
    for start in range(0, len(questions), BLOCK):
        for taken, ask_ in zip(times, asks, strict=True):
            for question in questions[start : start + BLOCK]:
                taken.append(1000 * seconds_of(partial(ask_, question)))
    return times


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[-1]
