"""Answers already given, so that a question asked again costs nothing."""

from __future__ import annotations

import threading
from collections import OrderedDict

from qa.stages import looked_up
from qa.types import Answer, CitedPassage, Request

MOST_PASSAGES = 5_000
"""Passages in all answers kept, and as many answers without any: a passage with its citation
takes about 8 kB in memory."""


class Remembered:
    """The answers asked for last, all of one generation of the library."""

    def __init__(self, most: int = MOST_PASSAGES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: OrderedDict[Request, Answer] = OrderedDict()
        self._generation = 0
        self._size = 0

    def get(self, generation: int, request: Request) -> Answer | None:
        """The answer to exactly this request from this generation, if it was kept."""
        with self._lock:
            found = self._answers.get(request) if generation == self._generation else None
            if found:
                self._answers.move_to_end(request)
        looked_up(found=found is not None)
        return found

    def keep(self, request: Request, answer: Answer) -> None:
        """Keep an answer, and let those go that nobody asked for the longest time."""
        with self._lock:
            if answer.generation < self._generation:
                return
            if answer.generation > self._generation:
                self._generation = answer.generation
                self._answers.clear()
                self._size = 0
            if request not in self._answers:
                self._answers[request] = answer
                self._size += _size(answer)
            while self._size > self._most:
                self._size -= _size(self._answers.popitem(last=False)[1])


def _size(answer: Answer) -> int:
    """In passages, those that say the same included, and those around them."""
    return 1 + sum(_citations(passage) for passage in answer.passages)


def _citations(passage: CitedPassage) -> int:
    around = passage.neighbours
    beside = len(around.before) + len(around.after) if around else 0
    return 1 + len(passage.also_at) + beside
