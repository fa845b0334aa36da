"""A bound on the requests in work and waiting: what comes beyond it is told so at once."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.events import is_stream
from api.refusals import Refusal

UNCOUNTED = frozenset({"/health", "/metrics"})
"""Who watches over the service must get through just when it is busy."""

BUSY = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "busy",
    "The service has as many requests in work as it takes.",
    "Send the request again after a second.",
    {"Retry-After": "1"},
)


class Queue:
    """Places for requests in work or waiting. Belongs to one event loop: needs no lock."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken = 0
        self.told: Callable[[int], None] | None = None
        """Hears of every change, where one is counted together with those of other processes."""

    @property
    def taken(self) -> int:
        """How many requests are in work or waiting for it."""
        return self._taken

    @taken.setter
    def taken(self, count: int) -> None:
        self._taken = count
        if self.told:
            self.told(count)

    @property
    def full(self) -> bool:
        """Whether the next request would be refused."""
        return self.taken >= self._places


class Admission:
    """Gives each request a place until it is answered, or refuses it.

    What comes in pieces, a file or a stream of events, gives its place back with the first: then it
    waits for its client, which may take hours. How many may, the bound on connections says.
    """

    def __init__(self, app: ASGIApp, queue: Queue) -> None:
        self._app = app
        self._queue = queue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED or is_stream(scope):
            await self._app(scope, receive, send)
        elif self._queue.full:
            await BUSY(scope, receive, send)
        else:
            await self._placed(scope, receive, send)

    async def _placed(self, scope: Scope, receive: Receive, send: Send) -> None:
        held = True
        self._queue.taken += 1

        def give_back() -> None:
            nonlocal held
            self._queue.taken -= held
            held = False

        async def send_on(message: Message) -> None:
            if message.get("more_body", False):
                give_back()
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            give_back()
