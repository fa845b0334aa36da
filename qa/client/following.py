"""A job followed to its end, over as many connections as that takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import ServiceUnreachable
from qa.client import answers, calls
from qa.client.calls import Call
from qa.client.types import Job
from qa.jobs.types import ENDED

AGAIN = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds before each further try to go on; a service that is started again is back by then."""


class Following:
    """How far a job has been followed: what both clients know of it."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id
        self._id: str | None = None
        self._seen: str | None = None
        self._tries = 0
        self.ended = False
        """Whether the job has."""

    @property
    def call(self) -> Call[Job]:
        """What asks for the events that were not seen yet."""
        return calls.events(self._job_id, self._seen)

    def told(self, line: str) -> Job | None:
        """The job that a line of the stream tells of, if it does."""
        name, _, value = line.partition(": ")
        if name == "id":
            self._id = value
        if name != "data":
            return None
        job, self._tries = answers.job_told(value), 0
        self._seen, self.ended = self._id, job.state in ENDED
        return job

    @contextmanager
    def unless_hopeless(self) -> Iterator[None]:
        """Pass over that the service cannot be reached, while it may be starting again."""
        try:
            yield
        except ServiceUnreachable:
            if self._seen is None or self._tries == len(AGAIN):
                raise

    def pause(self) -> float:
        """Seconds to wait before going on where the stream ended before the job.

        Raises:
            ServiceUnreachable: when it has done so too often.
        """
        if self._tries == len(AGAIN):
            raise ServiceUnreachable(
                f"{self._job_id}: what is told of the job ends before it does.",
                "Look at the job itself, and at what stands before the service.",
            )
        self._tries += 1
        return AGAIN[self._tries - 1]
