"""What becomes of a job, told as it happens: server-sent events, as the HTML standard has them.

A stream holds no place in the queue and no thread: it looks at the job now and then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.job_schemas import JobModel
from index.errors import QuaereError
from qa.jobs.jobs import Jobs
from qa.jobs.types import Job

MEDIA_TYPE = "text/event-stream"
PLACES = 32
"""Streams at once; each looks at its job, a millisecond's work, twice a second."""
LOOK_SECONDS = 0.5
ALIVE_SECONDS = 15.0
"""So often something is sent, so that no proxy takes the connection for dead."""
AGAIN_MS = 2000
"""After which a client comes back if the connection breaks."""


def is_stream(scope: Scope) -> bool:
    """Whether a request asks for events, and is answered for as long as a job takes."""
    path: str = scope["path"]
    return path.startswith("/v1/jobs/") and path.endswith("/events")


class Streams:
    """A bound on streams at once. Belongs to one event loop: needs no lock."""

    def __init__(self, places: int = PLACES) -> None:
        self.places = places
        self.taken = 0

    @property
    def full(self) -> bool:
        """Whether the next one is to be refused."""
        return self.taken >= self.places


class EventStream(StreamingResponse):
    """A response of events, which counts as long as it is sent."""

    def __init__(self, events: AsyncIterator[str], streams: Streams) -> None:
        # Nginx would keep events back until it has a buffer full of them.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, media_type=MEDIA_TYPE, headers=headers)
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events until there are no more, or the client has gone."""
        self._streams.taken += 1
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.taken -= 1


async def events(
    jobs: Jobs, job: Job, seen: int | None, ending: Callable[[], bool]
) -> AsyncIterator[str]:
    """The job as it is, unless the client has `seen` that revision; then each change.

    Ends with the job, and when the service is `ending`: the client comes back to the next one.
    """
    yield f"retry: {AGAIN_MS}\n\n"
    told, state = seen, None
    quiet_since = time.monotonic()
    while True:
        if told is None or job.revision != told:
            yield _event(job, "progress" if job.state == state else "state")
            told, quiet_since = job.revision, time.monotonic()
        state = job.state
        if job.ended or ending():
            return
        if time.monotonic() - quiet_since >= ALIVE_SECONDS:
            yield ": still there\n\n"
            quiet_since = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)
        try:
            job = await run_in_threadpool(jobs.get, job.id)
        except QuaereError:  # the client comes back, and is told
            return


def _event(job: Job, name: str) -> str:
    return f"id: {job.revision}\nevent: {name}\ndata: {JobModel.of(job).model_dump_json()}\n\n"


def seen_by(last_event_id: str | None) -> int | None:
    """The revision a client says it has seen; None where it says nothing of ours."""
    said = last_event_id or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


def example(job: dict[str, Any]) -> str:
    """Events as they look."""
    return (
        f"retry: {AGAIN_MS}\n\nid: 4\nevent: state\ndata: {JobModel(**job).model_dump_json()}\n\n"
    )
