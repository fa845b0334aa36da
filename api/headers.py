"""Headers that keep browsers from doing with our answers what they were not meant for."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNLESS_SAID = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
}
"""Nothing we answer with is a page; a route that returns one states its own."""
PRIVATE = "no-store"
REVALIDATED = "private, no-cache"
"""For what carries an ETag: the client may keep it, and asks each time whether it still holds."""


class SafeHeaders:
    """Puts them on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(FIXED)
                for name, value in UNLESS_SAID.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", REVALIDATED if "etag" in headers else PRIVATE)
            await send(message)

        await self._app(scope, receive, send_safely)
