"""An answer begins in time, or the client is told that it will not.

The work itself goes on, as no thread can be stopped from outside, and keeps its place in the queue
until it ends: else the service would look idle while all its threads are taken.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.limits import Limits
from api.policy import LONG_POSTS
from api.refusals import Refusal

log = logging.getLogger("quaere")


class Deadlines:
    """Answers for those who take too long to begin. What has begun is never cut."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._left_alone: set[asyncio.Task[None]] = set()
        """Kept from being collected as garbage while they run."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and wait."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        loop = asyncio.get_running_loop()
        answer = _Answer(send, loop.create_future())
        work = answer.work = loop.create_task(self._work(scope, receive, answer))
        seconds = self._seconds(scope)
        timer = loop.call_later(seconds, answer.give_up)
        try:
            await asyncio.wait({work, answer.given_up}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            work.cancel()
            raise
        finally:
            timer.cancel()
        if work.done():
            work.result()
        else:
            self._leave_alone(work)
            await _refusal(seconds)(scope, receive, send)

    async def _work(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        await self._app(scope, receive, answer.send)

    def _seconds(self, scope: Scope) -> float:
        long = scope["method"] == "POST" and scope["path"] in LONG_POSTS
        return self._limits.long_seconds if long else self._limits.request_seconds

    def _leave_alone(self, work: asyncio.Task[None]) -> None:
        self._left_alone.add(work)
        work.add_done_callback(self._ended)

    def _ended(self, work: asyncio.Task[None]) -> None:
        self._left_alone.discard(work)
        if not work.cancelled() and (error := work.exception()):
            log.error("a request failed after its time was up", exc_info=error)


class _Answer:
    """What is sent of an answer until it is given up."""

    def __init__(self, send: Send, given_up: asyncio.Future[None]) -> None:
        self._send = send
        self._begun = False
        self.given_up = given_up
        self.work: asyncio.Task[None] | None = None

    def give_up(self) -> None:
        if not self._begun and not self.given_up.done():
            self.given_up.set_result(None)

    async def send(self, message: Message) -> None:
        if not self.given_up.done():
            self._begun = True
            await self._send(message)
        elif message.get("more_body", False) and self.work:
            self.work.cancel()  # a file would be read to its end for nobody
            await asyncio.sleep(0)


def _refusal(seconds: float) -> Refusal:
    return Refusal(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "timed-out",
        f"The answer had not begun after {seconds:g} seconds.",
        "Ask for less at a time, or again later; /metrics says how busy the service is.",
        {"Retry-After": "10"},
    )
