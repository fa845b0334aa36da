"""HEAD is answered as GET is, but without the body (RFC 9110, section 9.3.2).

What asks whether a service lives, how large a file is or whether a link still leads somewhere asks so.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Head:
    """Has the routes take it for a GET, and sends their headers only."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        ended = False

        async def send_head(message: Message) -> None:
            nonlocal ended
            if message["type"] == "http.response.body":
                # The first ends it: a file need not be read, nor a job be followed, to their ends.
                message = {"type": message["type"], "body": b"", "more_body": False}
            if not ended:
                ended = message["type"] == "http.response.body"
                await send(message)

        as_get = {**scope, "method": "GET"}
        try:
            await self._app(as_get, receive, send_head)
        finally:
            scope["route"] = as_get.get("route")  # the log and the counters look it up there
