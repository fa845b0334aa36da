"""Ctrl-C while documents are indexed: once to stop after the batch in work, twice at once."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.sync import Notify, Progress


STDERR = 2


@contextlib.contextmanager
def stop_asked() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second is a KeyboardInterrupt as ever."""
    asked = threading.Event()

    def ask(*_: Any) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()
        # Not by way of sys.stderr: this may come while something is being written there.
        with contextlib.suppress(OSError):
            os.write(STDERR, b"Stopping after this batch; Ctrl-C again stops at once.\n")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def until(asked: threading.Event, notify: Notify) -> Notify:
    """What to tell of progress instead of `notify`: it raises once a stop was asked for.

    Progress is told when a batch has been committed, so that nothing is lost by stopping there.
    """

    def told(progress: Progress) -> None:
        notify(progress)
        if asked.is_set():
            raise KeyboardInterrupt

    return told
