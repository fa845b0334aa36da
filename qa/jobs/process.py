"""Having jobs carried out while questions are answered: in a process of its own, when there are any.

Indexing would compete with questions for the interpreter. A small thread looks whether there is
something to do, and starts the process; that ends by itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

from index.errors import JobsUnusable
from qa.engine import Engine
from qa.jobs.store import Store
from qa.settings import PREFIX, Settings

LOCK = "jobs.lock"
"""Held by the process that carries out a library's jobs."""
LOCKED_STATUS = 75
"""Another process carries them out; BSD's "temporary failure"."""
LOOK_SECONDS = 0.3
"""From a job to its process's start at most; a look costs a third of a millisecond."""
PAUSE_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Before it is started again, each time it ended badly, so that what cannot run does not spin."""
END_SECONDS = 2.5
"""For the process to end by itself."""

log = logging.getLogger("quaere")


@contextlib.contextmanager
def working(engine: Engine) -> Iterator[None]:
    """Have the jobs of an engine's library carried out while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(target=_look_after, args=[engine, stop], name="jobs")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _look_after(engine: Engine, stop: threading.Event) -> None:
    store, failures = Store(engine.library), 0
    while not stop.wait(LOOK_SECONDS):
        if not _open(store):
            continue
        status = _run(engine.settings, stop)
        failures = 0 if status in {0, None} else failures + 1
        if status not in {0, LOCKED_STATUS, None}:
            log.error("the process that carries out jobs ended with status %s", status)
        if failures:
            stop.wait(PAUSE_SECONDS[min(failures, len(PAUSE_SECONDS)) - 1])


def _open(store: Store) -> bool:
    try:
        return store.open()
    except JobsUnusable:  # whoever asks for jobs is told
        return False


def _run(settings: Settings, stop: threading.Event) -> int | None:
    """Run the process until it ends; None if it was told to."""
    process = subprocess.Popen(
        # -P: not from the folder that we happen to be in.
        [sys.executable, "-P", "-m", "qa.jobs"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | _in_environment(settings),
    )
    assert process.stdin is not None  # a pipe was asked for
    with process:
        while process.poll() is None:
            if stop.wait(LOOK_SECONDS):
                _end(process)
                return None
        return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    process.kill()


def _in_environment(settings: Settings) -> dict[str, str]:
    """Settings as `read_settings` finds them; but no reranker, which indexing has no use for."""
    given = {
        "library": str(settings.library.absolute()),
        "cache": str(settings.cache.absolute()),
        "model": settings.model or "",
        "device": settings.device,
        "reranker": "",
    }
    found = {PREFIX + name.upper(): value for name, value in given.items()}
    # Python's tracker would tell of semaphores that a process which had to end at once has left.
    return found | {"PYTHONWARNINGS": "ignore:resource_tracker:UserWarning"}
