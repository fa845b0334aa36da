"""A real folder of any formats: `qa add`, all of it, against `encode` alone; memory too.

(A) `qa add FOLDER` with a fresh library, a whole process by the wall clock, and the most memory it
held (its readers' processes apart). (B) in a process of its own, with the model loaded and warm,
`SentenceTransformer.encode` of at most 1,000 of the same passages, spread evenly, in float32. Both
are passages a second. With EVERY above 1 only each so many-eth file is taken, so that a folder that
takes an hour can be sampled.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.indexing import Encoded
from benchmarks.quaere import PROJECT, command, environment
from benchmarks.report import Comparison, line, show
from benchmarks.timing import timed_process
from index import records
from index.library import Library

SAMPLE = 1000
"""Passages the baseline encodes."""


@dataclass(frozen=True, slots=True)
class Added:
    """What one `qa add` did and took."""

    seconds: float
    memory_bytes: int
    embedded: int
    files: int
    failed: int


def run(folder: Path, every: int) -> None:
    """Index the folder, or a part of it, and encode some of its passages."""
    with tempfile.TemporaryDirectory() as name:
        target, library = Path(name) / "folder", Path(name) / "library"
        taken = _sample(folder, target, every)
        added = _add(target, library)
        texts = Path(name) / "texts.json"
        texts.write_text(json.dumps(_passages(library)))
        encode = command("benchmarks.encode_alone", texts)
        encoded = Encoded(**json.loads(timed_process(encode, environment(library))[1]))
        count = len(json.loads(texts.read_text()))
    line("files, every so many-eth of the folder", f"{taken:,} / {every}")
    line("documents; files that failed", f"{added.files:,}; {added.failed:,}")
    show(
        Comparison(
            f"passages a second, of {added.embedded:,} embedded",
            added.embedded / added.seconds,
            count / encoded.seconds,
            "encode alone, float32",
            less_is_better=False,
            decimals=1,
        )
    )
    line("peak memory, MB", f"{added.memory_bytes / 2**20:,.0f}")


def _sample(folder: Path, target: Path, every: int) -> int:
    """Copy each so many-eth file, by path, below `target`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())[::every]
    for file in files:
        copy = target / file.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    return len(files)


def _add(folder: Path, library: Path) -> Added:
    started = time.perf_counter()
    process = subprocess.Popen(
        command("qa", "add", folder, "--format", "json"),
        env=environment(library),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    report = json.loads(process.stdout.read())
    _, _, usage = os.wait4(process.pid, 0)  # of this process alone, where Popen tells nothing
    unit = 1 if sys.platform == "darwin" else 1024
    return Added(
        time.perf_counter() - started,
        usage.ru_maxrss * unit,
        report["embedded"],
        len(report["added"]),
        len(report["failed"]),
    )


def _passages(library: Path) -> list[str]:
    """At most SAMPLE passages, spread over the library."""
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        documents = records.documents(connection)
        quotes = [p.quote for d in documents for p in records.passages_of(connection, d.id)]
    return quotes[:: max(1, len(quotes) // SAMPLE)][:SAMPLE]
