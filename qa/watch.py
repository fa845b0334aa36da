"""Keeping a library in step with folders as they change; the one door to watchfiles."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LibraryLocked, QuaereError
from index.ignore import FILES
from index.scan import resolve
from qa.engine import Engine
from qa.interrupts import until

if TYPE_CHECKING:
    from watchfiles import Change

    from index.sync import Notify
    from index.types import SyncReport

Told = Callable[["SyncReport | QuaereError"], None]
"""Hears what a sync did, or why it could not."""

DEBOUNCE_MS = 500
"""Changes within so long are one: an editor that saves writes, renames and deletes at once."""

QUIET_MS = 100
"""No change for so long ends a group of changes earlier."""

RETRY_SECONDS = 1.0
"""Until a library that another process writes is tried again."""


def watch(
    engine: Engine,
    paths: Sequence[Path],
    notify: Notify,
    told: Told,
    stop: threading.Event,
) -> None:
    """Bring the library in step now, and after every change until `stop` is set.

    `told` hears what each sync did, or why it could not; watching goes on after that.

    Raises:
        PathMissing, PathLoops: before anything is watched.
    """
    roots = [resolve(path) for path in paths]
    # Before the first sync: what changes while it runs must not be missed.
    changes = _changes(roots, engine.library, stop)
    next(changes)
    while True:
        _once_free(lambda: told(engine.add(paths, notify)), told, stop)
        if next(changes, None) is None:
            return


@contextlib.contextmanager
def watching(engine: Engine, paths: Sequence[Path], told: Told) -> Iterator[None]:
    """Watch on a thread of its own while the block runs."""
    if not paths:
        yield
        return
    for path in paths:
        resolve(path)  # refused here, where the user hears of it
    stop = threading.Event()
    beside = engine.beside(engine.library)  # questions go on while this one's model is busy

    def run() -> None:
        with contextlib.suppress(KeyboardInterrupt), contextlib.closing(beside):
            watch(beside, paths, until(stop, lambda _: None), told, stop)

    thread = threading.Thread(target=run, name="watch")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _once_free(sync: Callable[[], None], told: Told, stop: threading.Event) -> None:
    """Sync, as soon as no other process writes the library."""
    while not stop.is_set():
        try:
            sync()
        except LibraryLocked as locked:
            told(locked)
            time.sleep(RETRY_SECONDS)
        except QuaereError as error:  # nothing there, say; the next change may mend it
            told(error)
            return
        else:
            return


def _changes(roots: Sequence[Path], library: Path, stop: threading.Event) -> Iterator[int]:
    """How many changes there were, once watching has begun and then for each group of them."""
    from watchfiles import watch as watched

    # A file is watched through its folder: editors save by renaming another into its place.
    folders = {root if root.is_dir() else root.parent for root in roots}

    def matters(_: Change, path: str) -> bool:
        return _matters(Path(path), roots, library)

    groups = watched(
        *folders,
        watch_filter=matters,
        debounce=DEBOUNCE_MS,
        step=QUIET_MS,
        stop_event=stop,
        yield_on_timeout=True,
        rust_timeout=QUIET_MS,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    yield len(next(groups, ()))
    for group in groups:
        if group:
            yield len(group)


def _matters(path: Path, roots: Sequence[Path], library: Path) -> bool:
    """Whether a sync of the roots could come to another result by a change there."""
    if path.is_relative_to(library):
        return False
    for root in roots:
        if path.is_relative_to(root):
            inside = path.relative_to(root).parts
            return path.name in FILES or not any(part.startswith(".") for part in inside)
        if path.name.startswith(root.name):  # its sidecar
            return True
    return False
