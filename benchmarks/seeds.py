"""Quality on the seeds: how often the passages shown hold the answer's place.

Every answerable question of seeds/questions.jsonl is asked of a library made from seeds/, and of
the tutorial stack over the same files and model, and judged by the code of `qa eval`. Counted are
the questions with a right passage first, and among the first five; how many characters those five
have stands below, since the longer passages are, the more of the file they cover.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from benchmarks.quaere import SEEDS, add, ask, make_engine
from benchmarks.ranking import ask_tutorial
from benchmarks.report import Comparison, line, show
from benchmarks.tutorial import LIMIT, Chunk, Tutorial, cut, load_model
from qa.evaluate import Evaluation, ask_engine, evaluate
from qa.questions import read_questions

Ask = Callable[[str], list[Chunk]]

BASELINE = "tutorial stack"

SPELLINGS = (("To Lam", "Tô Lâm"), ("Vietnam", "Việt Nam"))
"""What is asked, and what stands in a document."""


def run() -> None:
    """Ask the seeds' questions of Quaere and of the tutorial stack."""
    tutorial = Tutorial.build(load_model(), list(cut(SEEDS)))
    asked = read_questions(SEEDS / "questions.jsonl").answerable
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(make_engine(Path(folder) / "library")) as engine,
    ):
        add(engine, SEEDS)
        ours = evaluate(ask_engine(engine, SEEDS), asked, SEEDS)
        baseline = evaluate(ask_tutorial(tutorial, SEEDS), asked, SEEDS)
        _compare(ours, baseline)
        _compare_spellings(partial(ask, engine), tutorial.ask)


def _compare(ours: Evaluation, baseline: Evaluation) -> None:
    for first, where in ((1, "the first passage"), (LIMIT, f"the first {LIMIT} passages")):
        measure = f"Success@{first}"
        found = ours.metrics[measure] * ours.questions, baseline.metrics[measure] * ours.questions
        what = f"questions with a gold span in {where}, of {ours.questions}"
        show(Comparison(what, *found, BASELINE, less_is_better=False, decimals=0))
    shown = LIMIT * ours.characters, LIMIT * baseline.characters
    what = f"characters to read in the first {LIMIT}, on average"
    show(Comparison(what, *shown, BASELINE, decimals=0))


def _compare_spellings(ours: Ask, baseline: Ask) -> None:
    for asked, written in SPELLINGS:
        print(f"  asked {asked!r}, a passage with {written!r} is among the first {LIMIT}")
        line("  Quaere", _yes(_finds(ours, asked, written)))
        line(f"  {BASELINE}", _yes(_finds(baseline, asked, written)))


def _finds(ask_: Ask, asked: str, written: str) -> bool:
    texts = (unicodedata.normalize("NFC", chunk.text) for chunk in ask_(asked))
    return any(written in text for text in texts)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
