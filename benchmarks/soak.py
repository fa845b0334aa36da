"""Minutes of mixed traffic: some clients ask, one uploads, deletes and syncs.

At random moments the service is ended, by SIGTERM or kill -9, and started again.
Afterwards one process makes the same changes to a copy of the library and answers the same
questions; every answer must be the same, every acknowledged upload must be there, and memory must
be what it was.
"""

from __future__ import annotations

import math
import random
import shutil
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from benchmarks.quaere import add, make_engine, quotes
from benchmarks.report import line
from benchmarks.serve import free_port
from benchmarks.soak_reference import Wrong, wrong
from benchmarks.soak_service import Service, serving
from benchmarks.soak_traffic import Asking, Writing
from index import records
from index.library import Library
from qa.questions import read_questions

CLIENTS = 3
QUESTIONS = 40
"""Different ones: few, so that each is asked of many generations."""
SOURCES = 12
"""Files in the folder that is synced."""
BETWEEN_RESTARTS = (10.0, 30.0)
"""Seconds."""


def run(library: Path, questions: Path, minutes: float) -> None:
    """Use the service for some minutes, then judge what it did."""
    known = [one.question for one in read_questions(questions).answerable]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = _texts(library)
        served, sources, first = _prepared(folder, library, texts)
        with serving(served, free_port(), folder / "log") as service:
            asking, writing, memory = _use(service, sources, known, texts, minutes)
            lost = _lost(service, writing)
        observed = [one for client in asking for one in client.observed]
        unexplained = wrong(
            folder / "again", folder / "sources-again", first, writing.steps, observed
        )
        _show(asking, writing, service)
        _show_memory(memory, minutes)
        line("  uploads acknowledged and lost", str(len(lost)))
        line("  wrong answers", str(len(unexplained)))
        for one in unexplained[:5]:
            print(
                f"    generation {one.observed.generation}, {_said(one)}: {one.observed.question}"
            )


def _texts(library: Path) -> Iterator[str]:
    """Texts made of the library's own passages, no two the same, so that they compete."""
    chosen = quotes(library)
    mixed = random.Random(3)
    for number in range(100_000):
        yield f"Note {number}.\n\n" + "\n\n".join(mixed.sample(chosen, 3)) + "\n"


def _prepared(folder: Path, library: Path, texts: Iterator[str]) -> tuple[Path, Path, int]:
    """The library with a folder to sync, twice: to serve, and to do it all again."""
    served, sources = folder / "served", folder / "sources"
    shutil.copytree(library, served)
    sources.mkdir()
    for number in range(SOURCES):
        (sources / f"source-{number}.txt").write_text(next(texts), encoding="utf-8")
    shutil.copytree(sources, folder / "sources-again")
    shutil.copytree(served, folder / "again")
    for at, files in ((served, sources), (folder / "again", folder / "sources-again")):
        with closing(make_engine(at)) as engine:
            add(engine, files)
            first = engine.snapshot().generation
    return served, sources, first


def _use(
    service: Service, sources: Path, known: list[str], texts: Iterator[str], minutes: float
) -> tuple[list[Asking], Writing, list[tuple[float, float]]]:
    stop = threading.Event()
    asking = [Asking(service.url, known[:QUESTIONS], stop, seed) for seed in range(CLIENTS)]
    writing = Writing(service.url, sources, texts, stop)
    memory: list[tuple[float, float]] = []
    clients: list[Asking | Writing] = [*asking, writing]
    threads = [threading.Thread(target=one.run) for one in clients]
    for thread in threads:
        thread.start()
    _restart_at_random(service, 60 * minutes, memory)
    stop.set()
    for thread in threads:
        thread.join()
    return asking, writing, memory


def _restart_at_random(service: Service, seconds: float, memory: list[tuple[float, float]]) -> None:
    """Meanwhile note each second what memory the service takes."""
    chance = random.Random(4)
    started = time.monotonic()
    next_restart = started + chance.uniform(*BETWEEN_RESTARTS)
    while (now := time.monotonic()) < started + seconds:
        if now > next_restart:
            service.restart(chance.choice((signal.SIGTERM, signal.SIGKILL)))
            next_restart = time.monotonic() + chance.uniform(*BETWEEN_RESTARTS)
        memory.append((now - started, service.megabytes()))
        time.sleep(1)


def _said(one: Wrong) -> str:
    return "other passages" if math.isinf(one.off) else f"scores off by {one.off:.5f}"


def _lost(service: Service, writing: Writing) -> set[str]:
    """Uploads that were acknowledged, never deleted, and are not in the library."""
    with closing(Library.open(service.library)) as opened, opened.catalog.snapshot() as connection:
        there = {document.path.name for document in records.documents(connection)}
    return writing.uploaded.keys() - there


def _show(asking: list[Asking], writing: Writing, service: Service) -> None:
    statuses = sum((client.statuses for client in asking), Counter[str]())
    for status, count in statuses.most_common():
        line(f"  questions: {status}", f"{count:,}")
    for kind, count in Counter(step.kind for step in writing.steps).most_common():
        line(f"  changes: {kind}", f"{count:,}")
    line("  ended by SIGTERM", str(service.restarts[signal.SIGTERM]))
    line("  ended by kill -9", str(service.restarts[signal.SIGKILL]))
    line("  longest end by SIGTERM, in s", f"{service.longest_drain:.1f}")


def _show_memory(memory: list[tuple[float, float]], minutes: float) -> None:
    """The first minute beside the last; a whole run of one minute is compared with itself."""
    first = median(size for second, size in memory if second < 60)
    last = median(size for second, size in memory if second >= 60 * (minutes - 1))
    line("  memory in the first minute, in MB", f"{first:,.0f}")
    line("  memory in the last minute, in MB", f"{last:,.0f}")
    line("  growth, in hundredths", f"{100 * (last / first - 1):+.1f}")
