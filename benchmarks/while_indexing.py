"""Questions while a sync runs, beside the same questions while none does."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.load import Load, load
from benchmarks.quaere import add, make_engine, quotes
from benchmarks.report import Comparison, line, show
from benchmarks.serve import distinct, free_port
from benchmarks.soak_service import serving
from qa.client import Client
from qa.questions import read_questions

CLIENTS = (1, 4)
SECONDS = 10
WARM_UP = 3
FILES = 4000
"""More than are indexed while the questions are asked."""
STARTING = 30
"""Seconds in which the sync must have stored its first documents."""


def run(library: Path, questions: Path) -> None:
    """Ask with no sync running, then with one; it is cancelled at the end."""
    asked = distinct([one.question for one in read_questions(questions).answerable])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        served, sources = folder / "served", folder / "sources"
        shutil.copytree(library, served)
        texts = _texts(library)
        sources.mkdir()
        _write(sources, texts, 1)
        with closing(make_engine(served)) as engine:
            add(engine, sources)
        port = free_port()
        with serving(served, port, folder / "log") as service:
            alone = {clients: _loaded(port, asked, clients) for clients in CLIENTS}
            _write(sources, texts, FILES)
            with Client(service.url) as client:
                job = _begun(client, sources)
                for clients in CLIENTS:
                    _show(clients, _loaded(port, asked, clients), alone[clients])
                _show_progress(client, job)


def _texts(library: Path) -> Iterator[str]:
    """Texts of the library's words in another order: nothing in them was embedded before."""
    words = [word for quote in quotes(library) for word in quote.split()]
    mixed = random.Random(3)
    while True:
        yield " ".join(mixed.choices(words, k=300)) + "\n"


def _write(folder: Path, texts: Iterator[str], count: int) -> None:
    for number in range(count):
        (folder / f"{count}-{number}.txt").write_text(next(texts), encoding="utf-8")


def _begun(client: Client, sources: Path) -> str:
    """The job of a sync that has stored something."""
    job = client.sync([sources])
    end = time.monotonic() + STARTING
    while time.monotonic() < end:
        if job.state == "running" and job.progress.passages:
            return job.id
        time.sleep(0.2)
        job = client.job(job.id)
    raise SystemExit(f"the sync did not begin: {job}")


def _loaded(port: int, asked: Iterator[str], clients: int) -> Load:
    load(port, "/v1/ask", asked, clients, WARM_UP)
    return load(port, "/v1/ask", asked, clients, SECONDS)


def _show(clients: int, during: Load, alone: Load) -> None:
    print(f"  {clients} client{'s' if clients > 1 else ''} while a sync runs")
    for hundredth in (50, 95):
        times = during.percentile(hundredth), alone.percentile(hundredth)
        show(Comparison(f"{hundredth}th percentile, in ms", *times, "no sync", decimals=1))
    line("  errors", f"{during.errors}")


def _show_progress(client: Client, job_id: str) -> None:
    job = client.job(job_id)
    line("  passages stored meanwhile", f"{job.progress.passages:,}")
    line("  the sync at the end", job.state)
    if not job.ended:
        client.cancel(job_id)
