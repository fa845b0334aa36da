"""Cold start: the wall time of a whole process that answers one question on the seeds.

`qa ask` against a script with the tutorial stack (benchmarks/tutorial_ask.py): both from the
start of the interpreter to the end of the process. The model is compiled beforehand, the library
and the saved index lie on disk, and one run of each, not counted, brings the files into memory.
Then they run in turn; each figure is a median.
"""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.quaere import SEEDS, add, command, environment, make_engine
from benchmarks.report import Comparison, show
from benchmarks.timing import in_turn, timed_process
from benchmarks.tutorial import LIMIT, Tutorial, cut, load_model

QUESTION = "Who is the Vietnamese ambassador in Pyongyang?"
RUNS = 7


def run() -> None:
    """Time the two processes."""
    with tempfile.TemporaryDirectory() as name:
        library, saved = Path(name) / "library", Path(name) / "tutorial"
        with closing(make_engine(library)) as engine:
            add(engine, SEEDS)
        Tutorial.build(load_model(), list(cut(SEEDS))).save(saved)
        ours, baseline = _times(library, saved)
    what = f"one answer, a whole process: median of {RUNS}, in seconds"
    show(Comparison(what, median(ours), median(baseline), "script with the tutorial stack"))


def _times(library: Path, saved: Path) -> list[list[float]]:
    variables = environment(library)

    def ours() -> float:
        return timed_process(command("qa", "ask", "-k", str(LIMIT), QUESTION), variables)[0]

    def baseline() -> float:
        script = command("benchmarks.tutorial_ask", saved, QUESTION)
        return timed_process(script, variables)[0]

    in_turn(1, ours, baseline)
    return in_turn(RUNS, ours, baseline)
