"""The process that carries jobs out: `python -m qa.jobs`, its settings in the environment.

It ends when nothing is left to do, and when its standard input ends: then whoever started it has
ended too, in whatever way.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
from contextlib import closing

from index.errors import QuaereError
from qa.engine import Engine
from qa.jobs.process import LOCK, LOCKED_STATUS
from qa.jobs.store import Store
from qa.jobs.work import Worker, make_nice, put_back
from qa.settings import read_settings

NICE = 19
"""Beside questions it gets a seventieth of a processor; what they leave idle it has."""
GRACE_SECONDS = 1.5
"""For the commit in work, once it is to stop. What is not committed then is done again."""


log = logging.getLogger("quaere")


def main() -> int:
    """Carry out jobs until there are none; an exit status."""
    from filelock import FileLock, Timeout

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends who started us, and so us
    logging.basicConfig(format="%(message)s")
    stopping, ours = threading.Event(), threading.Event()
    engine = Engine(read_settings())
    store = Store(engine.library)
    threading.Thread(target=_end_with_input, args=[store, stopping, ours], daemon=True).start()
    make_nice(NICE)
    try:
        with closing(engine), FileLock(engine.library / LOCK, timeout=0):
            ours.set()
            engine.roots()  # there must be a library
            Worker(engine, store, stopping).run()
    except Timeout:
        return LOCKED_STATUS
    except QuaereError as error:  # of a job it would stand with the job
        log.error("%s", error)
        return 1
    return 0


def _end_with_input(store: Store, stopping: threading.Event, ours: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    stopping.set()
    threading.Event().wait(GRACE_SECONDS)
    if ours.is_set():  # else the jobs in work are another process's
        with contextlib.suppress(QuaereError):  # they are found in work then, and tried again
            put_back(store)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
