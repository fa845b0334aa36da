"""Connections: how many, how long their headers may take, and how long they may read nothing.

uvicorn bounds none of these: a byte a second would hold a connection for hours. h11, always: of
the parsers uvicorn takes it is the one that bounds the size of headers, and ours to test.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.framing import CLOSE, NO_HTTP
from api.headers import FIXED, PRIVATE, UNLESS_SAID
from api.limits import Limits
from api.refusals import Refusal

HEADER_BYTES = 64 * 1024
"""Of a request's line and headers together."""

CROWDED = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too-many-connections",
    "The service has as many connections open as it takes.",
    "Close those that are idle, or come again after a second.",
    {**CLOSE, "Retry-After": "1"},
)
SLOW = Refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "headers-too-slow",
    "The request's headers did not arrive in time.",
    "Send the request again over a faster connection.",
    CLOSE,
)
TOO_LARGE = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "headers-too-large",
    "The request's path and headers are larger than 64 KiB.",
    "Send less in them: long questions and filters go into the body of a POST.",
    CLOSE,
)


def options(limits: Limits) -> dict[str, Any]:
    """What uvicorn is told, so that its connections stay within these limits."""

    class Bounded(Connection):
        pass

    Bounded.limits = limits
    return {
        "http": Bounded,
        "ws": "none",  # there is nothing to upgrade to
        "proxy_headers": False,  # else whoever sends X-Forwarded-For is whom they like
        "timeout_keep_alive": limits.idle_seconds,
        "h11_max_incomplete_event_size": HEADER_BYTES,
    }


class Connection(H11Protocol):
    """One connection."""

    limits: Limits

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._headers_due = _Due(self.loop)
        self._reading_due = _Due(self.loop)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, unless there are too many."""
        super().connection_made(transport)
        # asyncio does so for sockets that state their protocol alone, and accepted ones do not: what
        # comes after an answer's head would wait some 40 ms for the client to acknowledge that.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if len(self.connections) > self.limits.connections:
            self._turn_away(CROWDED)
        else:
            self._await_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._headers_due.met()
        self._reading_due.met()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; what has not all its headers yet is waited for no longer than allowed."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        self._await_headers()

    def pause_writing(self) -> None:
        """The client does not read what it asked for."""
        super().pause_writing()
        self._reading_due.within(self.limits.stalled_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        self._reading_due.met()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours says more
        """What h11 refuses; it says in its error whether for its size."""
        error = sys.exception()
        hint = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        self._turn_away(TOO_LARGE if hint == TOO_LARGE.status else NO_HTTP)

    def _unsupported_upgrade_warning(self) -> None:
        """Who asks for another protocol is answered in this one; there is nothing to warn of."""

    def _await_headers(self) -> None:
        if self._in_answer():
            self._headers_due.met()
        else:
            self._headers_due.within(self.limits.header_seconds, self._late)

    def _late(self) -> None:
        if not self._in_answer():
            self._turn_away(SLOW)

    def _in_answer(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _turn_away(self, refusal: Refusal) -> None:
        """Answer and close; only close where another answer has begun, as it would end in it."""
        if not (self._in_answer() and self.cycle.response_started):
            self.transport.write(_written(refusal))
        self.transport.close()


class _Due:
    """Something that must have happened within a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float, otherwise: Callable[[], None]) -> None:
        """Unless it is waited for already."""
        if self._timer is None:
            self._timer = self._loop.call_later(seconds, otherwise)

    def met(self) -> None:
        """It has happened, or is of no interest any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _written(refusal: Refusal) -> bytes:
    """A refusal as HTTP, where there is no request that it could answer."""
    answer = refusal.beside(FIXED | UNLESS_SAID | {"Cache-Control": PRIVATE}).response()
    head = [f"HTTP/1.1 {refusal.status.value} {refusal.status.phrase}".encode()]
    head += (name + b": " + value for name, value in answer.raw_headers)
    return b"\r\n".join([*head, b"", bytes(answer.body)])
