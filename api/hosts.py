"""Only requests that mean this service, by the name they call it.

A page from elsewhere can have its own name point to 127.0.0.1 (DNS rebinding); its requests come
from the browser on this machine, as the same origin, but the Host header still has that name.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.policy import Policy
from api.refusals import Refusal

REFUSED = Refusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "host-refused",
    "The request's Host header does not name this service.",
    "Use the address that qa serve printed. To serve under another name: qa serve --allow-host NAME",
)


class Hosts:
    """Refuses what is addressed to another host."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        named = Headers(scope=scope).getlist("host")
        app = self._app if len(named) == 1 and self._policy.lets_in(named[0]) else REFUSED
        await app(scope, receive, send)
