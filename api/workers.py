"""Several processes that serve one socket, each with an engine of its own, and who looks after them.

uvicorn has a supervisor too. It kills a worker that is busy loading its model, waits for workers
without end, and leaves them serving when it is itself killed; and its workers share unevenly.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from api.handing import Handed, channel, ended, hand
from index.errors import QuaereError, WorkerLost
from qa.engine import Engine

END_SECONDS = 4.8
"""Until workers that were told to end, and have not, are killed."""
POLL_SECONDS = 0.1
"""How long a signal to the parent may go unheeded."""
PAUSE_SECONDS = 1.0
"""Before a worker that could not begin is started again."""
COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client lets processes count together; read when it is first imported."""

Ready = Callable[[], None]
Answer = Callable[[Engine, socket.socket, Ready], None]
"""Serves on a socket until a signal ends it, and says when it begins to."""

log = logging.getLogger("quaere")
spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Work:
    """What each worker does; it goes to the worker's process, so all of it can be pickled."""

    make_engine: Callable[[], Engine]
    answer: Answer
    counters: Path


@dataclass(slots=True)
class Worker:
    """A process, and how far it has come."""

    process: SpawnProcess
    told: Connection
    """Brings None once it answers, or the error for which it never will."""
    channel: socket.socket
    """Takes connections there, and brings word of those that have ended."""
    ready: bool = False
    leaving: bool = False
    connections: int = 0

    @property
    def takes(self) -> bool:
        """Whether connections can be handed to it."""
        return self.ready and not self.leaving

    @property
    def watched(self) -> list[Connection | socket.socket | int]:
        """What to wait for."""
        ends: list[Connection | socket.socket | int] = [self.process.sentinel]
        if not self.ready:
            ends.append(self.told)
        elif not self.leaving:
            ends.append(self.channel)
        return ends

    def forget(self) -> None:
        """Close what led to it."""
        self.told.close()
        self.channel.close()


def serve_together(
    make_engine: Callable[[], Engine],
    answer: Answer,
    listening: socket.socket,
    count: int,
    announce: Ready,
) -> None:
    """Serve a socket from `count` processes until a signal ends it; then the socket is closed.

    Raises:
        QuaereError: what the first of them met with when it began.
    """
    with tempfile.TemporaryDirectory(prefix="quaere-counters-") as folder:
        work = Work(make_engine, answer, Path(folder))
        with _signals() as sent:
            Supervisor(work, listening, count, announce).run(sent)
    for one in sent:  # end as a process without workers ends
        signal.raise_signal(one)


class Supervisor:
    """Keeps so many workers alive, and hands them the connections that come, evenly.

    The first begins alone: what would keep every one of them from it is then met with once, and
    what is made at a first start (a compiled model, an index) is made once.
    """

    def __init__(self, work: Work, listening: socket.socket, count: int, announce: Ready) -> None:
        self._work = work
        self._listening = listening
        self._count = count
        self._announce = announce
        self._announced = False
        self._workers: list[Worker] = []
        self._not_before = 0.0

    def run(self, sent: list[int]) -> None:
        """Until there is a signal in `sent`."""
        self._listening.setblocking(False)
        try:
            while not sent:
                self._start_missing()
                ends = [end for one in self._workers for end in one.watched]
                if any(one.takes for one in self._workers):
                    ends.append(self._listening)
                if self._listening in wait(ends, POLL_SECONDS):
                    self._take_in()
                for worker in list(self._workers):
                    self._look_at(worker)
        finally:
            self._listening.close()  # or who comes now would wait for an answer
            self._end()

    def _start_missing(self) -> None:
        begun = self._announced or any(worker.ready for worker in self._workers)
        while len(self._workers) < (self._count if begun else 1):
            if time.monotonic() < self._not_before:
                return
            self._workers.append(_started(self._work))

    def _take_in(self) -> None:
        """One connection, to whoever serves fewest."""
        try:
            connection, _ = self._listening.accept()
        except BlockingIOError:
            return
        except OSError as error:  # too many files open, or the client has gone
            log.warning("A connection could not be taken (%s).", error.strerror)
            time.sleep(POLL_SECONDS)
            return
        with connection:
            for worker in sorted(filter(_takes, self._workers), key=_connections):
                if hand(connection, worker.channel):
                    worker.connections += 1
                    return

    def _look_at(self, worker: Worker) -> None:
        if not worker.ready and worker.told.poll():
            self._hear(worker)
        if worker.takes:
            over = ended(worker.channel)
            worker.leaving = over is None
            worker.connections -= over or 0
        if not worker.process.is_alive():
            self._forget(worker)

    def _hear(self, worker: Worker) -> None:
        try:
            error = worker.told.recv()
        except EOFError:  # it has died without a word
            return
        if isinstance(error, QuaereError):
            if not self._announced:
                raise error
            log.error("A worker cannot begin: %s", error)
            return
        worker.ready = True
        if not self._announced and sum(one.ready for one in self._workers) == self._count:
            self._announced = True
            self._announce()

    def _forget(self, worker: Worker) -> None:
        self._workers.remove(worker)
        worker.forget()
        how = f"process {worker.process.pid}, exit status {worker.process.exitcode}"
        if not worker.ready:
            if not self._announced:
                raise WorkerLost(
                    f"A worker ended before it could answer ({how}).",
                    "See what it said above; where it was killed for want of memory, use fewer "
                    "--workers.",
                )
            self._not_before = time.monotonic() + PAUSE_SECONDS
        log.warning("A worker has ended and is started again (%s).", how)
        _forget_gauges(self._work.counters, worker.process.pid)

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        deadline = time.monotonic() + END_SECONDS
        for worker in self._workers:
            worker.process.join(max(0, deadline - time.monotonic()))
            worker.process.kill()
            worker.process.join()


def _takes(worker: Worker) -> bool:
    return worker.takes


def _connections(worker: Worker) -> int:
    return worker.connections


def _started(work: Work) -> Worker:
    told, tells = spawn.Pipe(duplex=False)
    ours, theirs = channel()
    process = spawn.Process(target=_work, args=(work, theirs, tells), name="worker")
    # Ctrl-C reaches every process of the terminal. From the first, workers leave it to the parent.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.start()
    finally:
        signal.signal(signal.SIGINT, before)
    tells.close()
    theirs.close()
    return Worker(process, told, ours)


def _work(work: Work, theirs: socket.socket, tells: Connection) -> None:
    """A worker's life, in its process."""
    os.environ[COUNTERS] = str(work.counters)
    threading.Thread(target=_end_with_parent, args=(work.counters,), daemon=True).start()
    logging.basicConfig(format="%(message)s")
    try:
        with closing(work.make_engine()) as engine:
            work.answer(engine, Handed(theirs), lambda: tells.send(None))
    except QuaereError as error:
        tells.send(error)


def _end_with_parent(counters: Path) -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None  # we were started by one
    parent.join()
    # It was killed, else it had waited for us: nobody would start, end or clean up anything.
    shutil.rmtree(counters, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)


def _forget_gauges(counters: Path, pid: int | None) -> None:
    """What a process that has ended had in work is no longer; what it counted still counts."""
    for file in counters.glob(f"gauge_live*_{pid}.db"):
        file.unlink(missing_ok=True)


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Signals to end, as they come, instead of what they did before."""
    sent: list[int] = []
    ours = (signal.SIGINT, signal.SIGTERM)
    before = {one: signal.signal(one, lambda number, _: sent.append(number)) for one in ours}
    try:
        yield sent
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
