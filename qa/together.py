"""Questions that arrive together are embedded together, and none waits to be joined by others.

A question that finds the model idle is embedded at once, alone. Those that come while it runs are
the next pass, run by whoever of them came first: no thread of our own, no timer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qa.stages import stage

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
        (vector,) = self._encoded([question])
        return vector

    def encode_all(self, questions: Sequence[str]) -> list[Float32]:
        """The vectors of many questions, of one after another as many as a pass takes.

        So whoever comes meanwhile waits for one pass of them, not for all.
        """
        starts = range(0, len(questions), self._most)
        return [v for start in starts for v in self._encoded(questions[start : start + self._most])]

    @stage("embedding")
    def _encoded(self, questions: Sequence[str]) -> list[Float32]:
        mine = [_Waiting(question) for question in questions]
        with self._lock:
            self._queue.extend(mine)
            if not self._running:
                self._running = True
                self._call_next()
        try:
            for one in mine:  # in the queue's order, in which they are woken
                one.woken.wait()
                if one.leads:
                    self._pass()
        except BaseException:  # interrupted: the others must not wait for this thread
            self._leave(mine)
            raise
        return [_vector_of(one) for one in mine]

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

    def _leave(self, mine: Sequence[_Waiting]) -> None:
        with self._lock:
            left = [one for one in mine if one in self._queue]
            for one in left:
                self._queue.remove(one)
            if any(one.leads for one in left):
                self._call_next()


def _vector_of(one: _Waiting) -> Float32:
    if one.error:
        raise one.error
    assert one.vector is not None  # what was woken and met no error was embedded
    return one.vector
