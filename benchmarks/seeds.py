"""Quality on the seeds: how often the passages shown hold the answer's place.

Every answerable question of seeds/questions.jsonl is asked of a library made from seeds/, and of
the tutorial stack over the same files and model. A passage is a hit when it is from the gold file
and covers at least half of the shorter of itself and the gold span. Counted are the questions
with a hit in the first passage, and among the first five; how many characters those five have
stands below, since the longer passages are, the more of the file they cover.
"""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import fmean

from benchmarks.quaere import SEEDS, add, ask, make_engine
from benchmarks.report import Comparison, line, show
from benchmarks.tutorial import LIMIT, Chunk, Tutorial, cut, load_model
from qa.evaluate import covers
from qa.questions import Gold, KnownQuestion, read_questions

Ask = Callable[[str], list[Chunk]]

BASELINE = "tutorial stack"

SPELLINGS = (("To Lam", "Tô Lâm"), ("Vietnam", "Việt Nam"))
"""What is asked, and what stands in a document."""


def run() -> None:
    """Ask the seeds' questions of Quaere and of the tutorial stack."""
    tutorial = Tutorial.build(load_model(), list(cut(SEEDS)))
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(make_engine(Path(folder) / "library")) as engine,
    ):
        add(engine, SEEDS)
        _compare(partial(ask, engine), tutorial.ask)


def _compare(ours: Ask, baseline: Ask) -> None:
    questions = read_questions(SEEDS / "questions.jsonl").answerable
    for first, where in ((1, "the first passage"), (LIMIT, f"the first {LIMIT} passages")):
        found = hits(questions, ours, first), hits(questions, baseline, first)
        what = f"questions with a gold span in {where}, of {len(questions)}"
        show(Comparison(what, *found, BASELINE, less_is_better=False, decimals=0))
    shown = _characters(questions, ours), _characters(questions, baseline)
    show(
        Comparison(
            f"characters to read in the first {LIMIT}, on average", *shown, BASELINE, decimals=0
        )
    )
    for asked, written in SPELLINGS:
        print(f"  asked {asked!r}, a passage with {written!r} is among the first {LIMIT}")
        line("  Quaere", _yes(_finds(ours, asked, written)))
        line(f"  {BASELINE}", _yes(_finds(baseline, asked, written)))


def hits(questions: Sequence[KnownQuestion], ask_: Ask, first: int) -> int:
    """Questions with a gold span in one of the first passages."""
    return sum(
        any(is_hit(chunk, gold) for chunk in ask_(one.question)[:first] for gold in one.gold)
        for one in questions
    )


def is_hit(chunk: Chunk, gold: Gold) -> bool:
    """Whether a chunk is right, as `qa eval` has it."""
    return chunk.file == gold.file and covers((chunk.start, chunk.end), gold)


def _characters(questions: Sequence[KnownQuestion], ask_: Ask) -> float:
    return fmean(sum(len(chunk.text) for chunk in ask_(one.question)) for one in questions)


def _finds(ask_: Ask, asked: str, written: str) -> bool:
    texts = (unicodedata.normalize("NFC", chunk.text) for chunk in ask_(asked))
    return any(written in text for text in texts)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
