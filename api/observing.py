"""What becomes of each request, for the log and the counters; never what it was about."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.refusals import REFUSAL
from api.request_id import current
from qa.stages import Course, followed

NO_ROUTE = "(none)"
"""Instead of the path: paths nobody serves are endless, and may hold anything."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "(other)"
NO_STATUS = 499
"""The client went before it was answered; nginx's number for that."""
FAILED = 500


@dataclass(slots=True)
class Observed:
    """A request that was answered."""

    method: str
    request_id: str
    route: str = NO_ROUTE
    """As the description has it: /v1/documents/{document_id}/text."""
    status: int = NO_STATUS
    seconds: float = 0.0
    bytes: int = 0
    refusal: str | None = None
    """The code it was refused with before any route saw it."""
    course: Course = field(default_factory=Course)
    """What was done for the questions in it."""


Observer = Callable[[Observed], None]


class Observing:
    """Tells observers of every request once it is answered."""

    def __init__(self, app: ASGIApp, observers: tuple[Observer, ...]) -> None:
        self._app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then tell."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else OTHER
        seen = Observed(method, current())

        async def send_seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            seen.bytes += len(message.get("body", b""))
            await send(message)

        began = time.perf_counter()
        try:
            with followed() as seen.course:
                await self._app(scope, receive, send_seen)
        except Exception:
            seen.status = FAILED
            raise
        finally:
            seen.seconds = time.perf_counter() - began
            seen.route = getattr(scope.get("route"), "path", NO_ROUTE)
            seen.refusal = scope.get(REFUSAL)
            for observe in self._observers:
                observe(seen)
