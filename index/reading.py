"""Reading files in processes of their own, so that no file can harm more than itself.

A worker has limits on memory and time. One that dies takes the file it was at
along, and that is a failure of this file; pebble starts another. Files are
read ahead of what is asked for, so that reading goes on while others embed.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, wait
from concurrent.futures import TimeoutError as TimedOut
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from index import readers
from index.errors import LimitExceeded
from index.readers import Reading
from index.types import Failure, SourceFile

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from pebble import ProcessFuture, ProcessPool

WORKERS = 2
"""One goes on while the other is at a file that takes its whole time."""

MEMORY_BYTES = 2**30
"""Address space of a worker. Reading the largest file that is let in takes about half."""

SECONDS = 60.0
"""Wall time for one file; the slowest honest ones, PDFs of some thousand pages, take ten."""

READ_AHEAD = 16
"""Files read or being read that nobody has asked for yet."""

FILES_PER_WORKER = 1000
"""Then it is replaced, since libraries for odd formats lose memory."""

MAX_BREAKDOWNS = 3
"""Of the pool, one after the other without a file read: then it is not the files."""

Read = Callable[[SourceFile], list[Reading]]


@contextlib.contextmanager
def reading(
    read: Read = readers.read, seconds: float = SECONDS, memory: int = MEMORY_BYTES
) -> Iterator[Reader]:
    """A reader whose workers end with the block.

    `read` runs in the workers, which must be able to import it; each file has so many seconds,
    each worker so many bytes.
    """
    reader = Reader(read, seconds, memory)
    try:
        yield reader
    finally:
        reader.close()


class Reader:
    """Reads files in workers; made by `reading`."""

    def __init__(self, read: Read, seconds: float, memory: int) -> None:
        self._read = read
        self._seconds = seconds
        self._memory = memory
        self._ahead: deque[tuple[SourceFile, ProcessFuture[list[Reading]]]] = deque()
        self._breakdowns = 0
        self._closed = False
        self._pool = started_pool(memory)

    def read(self, sources: Iterable[SourceFile]) -> Iterator[list[Reading]]:
        """Each file as `read` gives it, in order; reading goes on ahead."""
        for source in sources:
            self._schedule(source)
            if len(self._ahead) > READ_AHEAD:
                yield self._next()
        while self._ahead:
            yield self._next()

    def close(self) -> None:
        """End the workers, whatever they are at. Who waits for a file gets a CancelledError."""
        self._closed = True
        stop_pool(self._pool)

    def _schedule(self, source: SourceFile) -> None:
        arguments = [self._read, self._seconds, source]
        try:
            future = self._pool.schedule(_read_in_time, arguments, timeout=self._seconds)
        except RuntimeError:  # the pool broke down; those before this file are told first
            future = _failed()
        self._ahead.append((source, future))

    def _next(self) -> list[Reading]:
        """The result of the first file ahead."""
        from pebble import ProcessExpired

        while True:
            source, future = self._ahead[0]
            try:
                found = self._result(future)
            except BrokenProcessPool:
                self._start_again()
                continue
            except (TimedOut, ProcessExpired, MemoryError) as error:
                found = [Reading(source, self._refused(source, error))]
            self._ahead.popleft()
            self._breakdowns = 0
            return found

    def _result(self, future: ProcessFuture[list[Reading]]) -> list[Reading]:
        wait_for(self._pool, future)
        if self._closed:
            raise CancelledError
        if not future.done():
            raise BrokenProcessPool
        return future.result()

    def _refused(self, source: SourceFile, error: Exception) -> Failure:
        takes = f"reading it takes more than {self._seconds:.0f} seconds"
        if not isinstance(error, TimedOut):
            takes = f"reading it takes more than {self._memory // 2**20:,} MB of memory"
        if status := getattr(error, "exitcode", None):
            takes += f", or ends the process that reads it (exit status {status})"
        remedy = "Split it, or save it in a simpler format such as plain text."
        refusal = LimitExceeded(source.path, f"{takes}.", remedy)
        return Failure(source.path, refusal.code, refusal.message, refusal.remedy)

    def _start_again(self) -> None:
        """A new pool for what is still to be read, after a worker died with no file to blame."""
        self._breakdowns += 1
        if self._breakdowns > MAX_BREAKDOWNS:
            raise BrokenProcessPool("the processes that read files end as soon as they begin")
        stop_pool(self._pool)
        self._pool = started_pool(self._memory)
        waiting = list(self._ahead)
        self._ahead.clear()
        for source, future in waiting:
            if future.done() and not isinstance(future.exception(), BrokenProcessPool):
                self._ahead.append((source, future))
            else:
                self._schedule(source)


def _failed() -> ProcessFuture[list[Reading]]:
    from pebble import ProcessFuture

    future: ProcessFuture[list[Reading]] = ProcessFuture()
    future.set_exception(BrokenProcessPool())
    return future


def started_pool(memory: int) -> ProcessPool:
    """Processes with so many bytes each, which end with this one; `stop_pool` ends them before."""
    from pebble import ProcessPool

    pool = ProcessPool(
        WORKERS,
        max_tasks=FILES_PER_WORKER,
        initializer=_keep_within_limits,
        initargs=[memory],
        context=_context(),
    )
    with _interrupts_held_back():
        assert pool.active  # asking starts it
    return pool


def _context() -> BaseContext:
    """How processes are begun: as copies of one that has imported the readers, and nothing else.

    So only the first costs the third of a second that imports take. A fork of this process would
    copy locks that threads of the libraries for models may hold.
    """
    from multiprocessing import get_all_start_methods, get_context

    if "forkserver" not in get_all_start_methods():  # on Windows
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["index.reading_process"])
    return context


def wait_for(pool: ProcessPool, future: ProcessFuture[Any]) -> None:
    """Wait until a task is done, or its pool stops or breaks down: then it may never be."""
    while not future.done() and pool.active:
        wait([future], timeout=0.2)


def stop_pool(pool: ProcessPool) -> None:
    """End the processes, whatever they are at."""
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


@contextlib.contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Processes and threads begun in the block never hear of Ctrl-C, not even as they start."""
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its start would let them through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _read_in_time(read: Read, seconds: float, source: SourceFile) -> list[Reading]:
    """In a worker: read a file.

    The process that waits for it ends it when its time is up. Should that one be dead, the
    system does, a little later.
    """
    if not hasattr(signal, "alarm"):  # not on Windows
        return read(source)
    signal.alarm(math.ceil(seconds) + 5)
    try:
        return read(source)
    finally:
        signal.alarm(0)


def _keep_within_limits(memory: int) -> None:
    """In a worker: limit its memory, keep it from the terminal, let it end with its parent."""
    os.nice(5)  # reading ahead may wait; answering and embedding may not
    say_nothing()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # where a lower limit holds, or none is known
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def say_nothing() -> None:
    """Keep this process from the terminal: what libraries say of odd files helps nobody."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    if parent := parent_process():
        parent.join()
        os._exit(1)
