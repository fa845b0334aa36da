"""Keeping in step: `qa add` again over 10,000 files, nothing or one of them changed.

The files are made up, a line each. The clock is on whole processes; the baseline is one that does
no more than read and hash the same files, as a sync that trusted no time stamp would have to.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.quaere import command, environment
from benchmarks.report import Comparison, show
from benchmarks.timing import timed_process

FILES = 10_000
ROUNDS = 5

WORDS = ["river", "delta", "harvest", "minister", "village", "treaty", "railway", "mountain", "library", "market", "winter", "letter"]

SETTLE_SECONDS = 2.5
"""A file written less than two seconds before it is looked at is hashed once more."""


def run() -> None:
    """Index the files once, then again and again."""
    with tempfile.TemporaryDirectory() as name:
        folder, library = Path(name) / "folder", Path(name) / "library"
        _make(folder)
        time.sleep(SETTLE_SECONDS)
        add = command("qa", "add", folder)
        timed_process(add, environment(library))
        unchanged, changed, hashed = [], [], []
        for number in range(ROUNDS):
            unchanged.append(timed_process(add, environment(library))[0])
            hashed.append(timed_process(_hash(folder), environment(library))[0])
            (folder / "00" / "00001.txt").write_text(f"In round {number} the treaty was signed.\n")
            changed.append(timed_process(add, environment(library))[0])
            time.sleep(SETTLE_SECONDS)
            timed_process(add, environment(library))  # hashes the changed one for good
    what = f"seconds over {FILES:,} files, median of {ROUNDS}"
    baseline = median(hashed)
    show(Comparison(f"{what}: none changed", median(unchanged), baseline, "hashing them"))
    show(Comparison(f"{what}: one changed", median(changed), baseline, "hashing them"))


def _make(folder: Path) -> None:
    chance = random.Random(1)
    for number in range(FILES):
        below = folder / f"{number % 100:02}"
        below.mkdir(parents=True, exist_ok=True)
        words = " ".join(chance.choices(WORDS, k=8))
        (below / f"{number:05}.txt").write_text(f"Note {number} on the {words}.\n")


def _hash(folder: Path) -> list[str]:
    code = (
        "import hashlib, pathlib, sys\n"
        "for path in pathlib.Path(sys.argv[1]).rglob('*.txt'):\n"
        "    hashlib.sha256(path.read_bytes()).hexdigest()\n"
    )
    return [sys.executable, "-c", code, str(folder)]
