"""Keeping in step with 10,000 files: `qa add` again, none or one of them changed; `qa watch`.

The files are made up, a line each. The clock is on whole processes; the baseline is one that does
no more than read and hash the same files, as a sync that trusted no time stamp would have to. For
`qa watch` it runs from the writing of a file to its text being in the library.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.quaere import PROJECT, command, environment
from benchmarks.report import Comparison, show
from benchmarks.timing import timed_process
from index import records
from index.library import Library

FILES = 10_000
ROUNDS = 5

WORDS = [
    "river",
    "delta",
    "harvest",
    "minister",
    "village",
    "treaty",
    "railway",
    "mountain",
    "library",
    "market",
    "winter",
    "letter",
]

POLL_SECONDS = 0.05
"""How often the library is looked at."""

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
        watched = _watched(folder, library)
    what = f"seconds over {FILES:,} files, median of {ROUNDS}"
    baseline = median(hashed)
    show(Comparison(f"{what}: none changed", median(unchanged), baseline, "hashing them"))
    show(Comparison(f"{what}: one changed", median(changed), baseline, "hashing them"))
    what = f"seconds from a change to the library, median of {ROUNDS}"
    show(Comparison(f"{what}: qa watch", median(watched), median(changed), "qa add"))


def _watched(folder: Path, library: Path) -> list[float]:
    """Seconds from each of some changes to its being in the library, while `qa watch` runs."""
    watch = command("qa", "watch", folder)
    seconds = []
    with subprocess.Popen(watch, env=environment(library), cwd=PROJECT) as process:
        for number in range(1 + ROUNDS):  # the first waits for the process to begin, too
            text = f"In year {number} the treaty was broken.\n"
            started = time.perf_counter()
            (folder / "00" / "00002.txt").write_text(text)
            while not _holds(library, folder / "00" / "00002.txt", text):
                time.sleep(POLL_SECONDS)
            seconds.append(time.perf_counter() - started)
            time.sleep(SETTLE_SECONDS)
        process.terminate()
    return seconds[1:]


def _holds(library: Path, file: Path, text: str) -> bool:
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        return any(
            records.text(connection, d.id) == text for d in records.documents(connection, file)
        )


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
