"""How long each stage of an answer took, told to whoever follows the work at hand.

Questions pass through threads and locks that know nothing of requests. Whoever wants to hear of
one's stages follows its context, which goes along to every task and thread that works for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal, get_args

Stage = Literal["embedding", "waiting", "searching", "reading", "reranking", "citing"]
"""In their order: the question becomes a vector, once the model is free; it waits for its turn to be
searched for; candidates are found, scored and ranked; the best passages are read from the catalog;
a cross-encoder reads them, where there is one; they are cited."""
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(slots=True)
class Course:
    """What was done for the questions of one piece of work. One thread at a time adds to it."""

    stages: list[tuple[Stage, float]] = field(default_factory=list)
    """Each with its seconds, as often as it was gone through."""
    remembered: int = 0
    """Questions answered with an answer that was kept."""
    sought: int = 0
    """Questions to which no answer was kept."""


_FOLLOWED: ContextVar[Course | None] = ContextVar("followed", default=None)


@contextmanager
def followed() -> Iterator[Course]:
    """What is done for questions in this block, also by tasks and threads it has begun."""
    course = Course()
    token = _FOLLOWED.set(course)
    try:
        yield course
    finally:
        _FOLLOWED.reset(token)


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Measure a stage, if anyone follows; also one that ends in an error."""
    course = _FOLLOWED.get()
    began = time.perf_counter()
    try:
        yield
    finally:
        if course:
            course.stages.append((name, time.perf_counter() - began))


def looked_up(*, found: bool) -> None:
    """Count a look for an answer that was kept, if anyone follows."""
    if course := _FOLLOWED.get():
        course.remembered += found
        course.sought += not found
