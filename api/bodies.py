"""Bodies are taken in whole, within bounds on size and time, before anything is done for them.

So a client that sends slowly holds no place in the queue. How deep JSON may be nested the parser
bounds by itself.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.admission import BUSY, Queue
from api.framing import CLOSE  # the rest of the body is not waited for
from api.limits import Limits
from api.refusals import Refusal


class Bodies:
    """Hands on requests with their bodies, or refuses those that are too large or too slow."""

    def __init__(self, app: ASGIApp, limits: Limits, queue: Queue) -> None:
        self._app = app
        self._limits = limits
        self._queue = queue
        self._held = 0
        self._too_large = Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            f"The body is larger than {limits.body_bytes:,} bytes.",
            "Send less at a time: split the draft, or verify it with qa verify.",
            CLOSE,
        )
        self._too_slow = Refusal(
            HTTPStatus.REQUEST_TIMEOUT,
            "body-too-slow",
            f"The body did not arrive within {limits.body_seconds:g} seconds.",
            "Send the request again over a faster connection, or send less at a time.",
            CLOSE,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or not _has_body(headers := Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif self._queue.full or self._held >= self._limits.bodies_bytes:
            await BUSY.beside(CLOSE)(scope, receive, send)
        elif announced(headers) > self._limits.body_bytes:
            await self._too_large(scope, receive, send)
        else:
            await self._taken(scope, receive, send)

    async def _taken(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await self._read(receive)
        except TimeoutError:
            await self._too_slow(scope, receive, send)
            return
        if isinstance(body, Refusal):
            await body(scope, receive, send)
        elif body is not None:
            await self._app(scope, again(bytes(body), receive), send)

    async def _read(self, receive: Receive) -> bytearray | Refusal | None:
        """The whole body; None if the client has gone."""
        body = bytearray()
        try:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return None
                part = message.get("body", b"")
                body += part
                self._held += len(part)
                if len(body) > self._limits.body_bytes:
                    return self._too_large
                if self._held > self._limits.bodies_bytes:
                    return BUSY.beside(CLOSE)
                if not message.get("more_body", False):
                    return body
        finally:
            self._held -= len(body)


def _has_body(headers: Headers) -> bool:
    return "content-length" in headers or "transfer-encoding" in headers


def announced(headers: Headers) -> int:
    """The length the client states; 0 where it is no number, since what comes is counted too."""
    stated = headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 20 else 0


def again(body: bytes, receive: Receive) -> Receive:
    """Receive a body that was taken in, then what the server says."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return pending.pop() if pending else await receive()

    return receive_again
