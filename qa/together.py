"""Questions that arrive together are embedded together, and none waits to be joined by others.

A question that finds the model idle is embedded at once, alone. Those that come while it runs are
the next pass, run by whoever of them came first: no thread of our own, no timer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Float32

MOST = 8
"""Questions in one pass. What a question waits for is the pass before its own; on a processor a
longer one takes as much longer, and saves only what it costs to start it."""


class _Waiting:
    """A question, and what became of it."""

    def __init__(self, question: str) -> None:
        self.question = question
        self.leads = False
        self.woken = threading.Event()
        self.vector: Float32 | None = None
        self.error: BaseException | None = None


class Together:
    """Embeds the questions of several threads; one pass at a time, first come first served."""

    def __init__(self, embed: Callable[[Sequence[str]], Float32], most: int = MOST) -> None:
        """`embed` gives a row for each question and is called by one thread at a time."""
        self._embed = embed
        self._most = most
        self._lock = threading.Lock()
        self._queue: deque[_Waiting] = deque()
        self._running = False

    def encode(self, question: str) -> Float32:
        """The question's vector. What `embed` raises comes to all questions of that pass."""
        mine = _Waiting(question)
        with self._lock:
            self._queue.append(mine)
            if not self._running:
                self._running = True
                self._call_next()
        try:
            mine.woken.wait()
        except BaseException:  # interrupted: the others must not wait for this thread
            self._leave(mine)
            raise
        if mine.leads:
            self._pass()
        if mine.error:
            raise mine.error
        assert mine.vector is not None  # what was woken and met no error was embedded
        return mine.vector

    def _pass(self) -> None:
        with self._lock:
            count = min(self._most, len(self._queue))
            batch = [self._queue.popleft() for _ in range(count)]
        try:
            for one, vector in zip(batch, self._embed([o.question for o in batch]), strict=True):
                one.vector = vector
        except BaseException as error:  # noqa: BLE001 - raised again by each of them
            for one in batch:
                one.error = error
        with self._lock:
            self._call_next()  # before the others wake: the model is what all wait for
        for one in batch:
            one.woken.set()

    def _call_next(self) -> None:
        """Let the first in the queue run a pass, if there is one; under the lock."""
        self._running = bool(self._queue)
        if self._queue:
            self._queue[0].leads = True
            self._queue[0].woken.set()

    def _leave(self, mine: _Waiting) -> None:
        with self._lock:
            if mine in self._queue:
                self._queue.remove(mine)
                if mine.leads:
                    self._call_next()
