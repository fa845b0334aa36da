"""The service under load: questions a second and how long each takes, at 1 to 128 clients.

`qa serve` over a library, and beside it benchmarks/plain_service.py over the same passages and
their vectors, each a process of its own, take turns. Clients wait for an answer before they ask
again. No question is asked twice: each is one of the set without one or two of its words, so that no
answer comes from a cache. Both servers and the load generator share the processor.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path

from benchmarks.load import Load, load, recovery
from benchmarks.quaere import command, environment
from benchmarks.report import Comparison, line, show
from benchmarks.tutorial import Chunk, Tutorial, load_model
from index import records
from index.library import Library
from qa.questions import read_questions

CLIENTS = (1, 8, 32, 128)
SECONDS = 10
WARM_UP = 3
WORDS_LEFT_OUT = 2
"""At most: some hundred questions make tens of thousands."""
STARTING = 120
"""Seconds in which a server must have come up, with its workers."""


def run(library: Path, questions: Path, workers: int = 1) -> None:
    """Load the two services in turn, ours with so many workers."""
    known = [one.question for one in read_questions(questions).answerable]
    with tempfile.TemporaryDirectory() as name:
        saved = Path(name) / "plain"
        _save(library, saved)
        ports = free_port(), free_port()
        ours_at = command("qa", "serve", "--port", str(ports[0]), "--workers", str(workers))
        with (
            serving(library, ours_at, ports[0]) as server,
            serving(library, command("benchmarks.plain_service", saved, str(ports[1])), ports[1]),
        ):
            ours, plain = distinct(known), distinct(known)
            for clients in CLIENTS:
                loads = []
                for port, path, asked in ((ports[0], "/v1/ask", ours), (ports[1], "/ask", plain)):
                    load(port, path, asked, clients, WARM_UP)
                    loads.append(load(port, path, asked, clients, SECONDS))
                _show(clients, *loads)
            again = recovery(ports[0], "/v1/ask", ours, CLIENTS[-1])
            line(f"  answers again after {CLIENTS[-1]} clients left, in s", f"{again:.2f}")
            _show_memory(server)


def distinct(questions: Sequence[str]) -> Iterator[str]:
    """Each question in turn without one of its words, then without two; none twice.

    >>> list(distinct(["who came back", "why"]))
    ['came back', 'who back', 'who came', 'back', 'came', 'who']
    """
    seen: set[str] = set()
    left = deque(_shortened(question.split()) for question in questions)
    while left:
        if asked := next(left[0], None):
            left.rotate(-1)
            if asked not in seen:
                seen.add(asked)
                yield asked
        else:
            left.popleft()


def _shortened(words: Sequence[str]) -> Iterator[str]:
    for count in range(1, min(WORDS_LEFT_OUT, len(words) - 1) + 1):
        for places in combinations(range(len(words)), count):
            yield " ".join(word for place, word in enumerate(words) if place not in places)


def _show(clients: int, ours: Load, plain: Load) -> None:
    print(f"  {clients} client{'s' if clients > 1 else ''}")
    name = "FastAPI, sentence-transformers, FAISS"
    show(
        Comparison(
            "questions a second",
            ours.throughput,
            plain.throughput,
            name,
            less_is_better=False,
            decimals=1,
        )
    )
    for hundredth in (50, 95, 99):
        times = ours.percentile(hundredth), plain.percentile(hundredth)
        show(Comparison(f"{hundredth}th percentile, in ms", *times, name, decimals=1))
    line("  errors: Quaere, of them 503", f"{ours.errors}, {ours.statuses[503]}")
    line(f"  errors: {name}", f"{plain.errors}")
    line("  the generator's own ms of processor a question", f"{ours.own_milliseconds:.2f}")


def _show_memory(server: subprocess.Popen[bytes]) -> None:
    """What each process of ours takes: with its part of what it shares (PSS), with all of it (RSS)."""
    import psutil

    for process in (psutil.Process(server.pid), *psutil.Process(server.pid).children()):
        memory = process.memory_full_info()
        taken = f"{memory.pss / 2**20:,.0f}, {memory.rss / 2**20:,.0f}"
        line(f"  process {process.pid}: PSS, RSS in MB", taken)


def _save(library: Path, folder: Path) -> None:
    """The library's passages and vectors as the plain service loads them."""
    import numpy as np
    from faiss import IndexFlatIP

    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        identity = opened.catalog.identity()
        assert identity is not None  # a library with documents has one
        rows = list(records.indexable(connection, identity.dimension))
        quotes = records.passages(connection, [row.id for row in rows])
    index = IndexFlatIP(identity.dimension)
    index.add(np.stack([row.vector for row in rows]).astype(np.float32))
    found = [quotes[row.id] for row in rows]
    chunks = [Chunk(str(one.document_id), one.start, one.end, one.quote) for one in found]
    Tutorial(load_model(), index, chunks).save(folder)


@contextlib.contextmanager
def serving(
    library: Path, arguments: Sequence[str], port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """A server's process; it answers when this begins and is gone when it ends."""
    variables = environment(library)
    errors = subprocess.PIPE if "qa" in arguments else subprocess.DEVNULL
    with subprocess.Popen(arguments, env=variables, stderr=errors) as process:
        try:
            if process.stderr:  # ours says when all of its workers answer
                process.stderr.readline()
            _wait_for(process, port)
            yield process
        finally:
            process.terminate()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise SystemExit(f"{json.dumps(process.args)}: the server did not come up.")


def free_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
