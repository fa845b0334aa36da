"""Requests whose end can be read in two ways are refused, and their connection closed.

RFC 9112 lets a server take Transfer-Encoding before Content-Length (section 6.3); a proxy before it
may have taken the other, and then what follows is a request that the proxy never saw.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.refusals import Refusal

VERSIONS = frozenset({"1.0", "1.1"})
CLOSE = {"Connection": "close"}

NO_HTTP = Refusal(
    HTTPStatus.BAD_REQUEST,
    "http-invalid",
    "What came is no HTTP request, or can be read in more than one way.",
    "Send it with a client that follows RFC 9112.",
    CLOSE,
)


class Framing:
    """Refuses what states its end twice, or is in no version of ours. The rest h11 refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        app = self._app
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            both = "transfer-encoding" in headers and "content-length" in headers
            app = NO_HTTP if both or scope["http_version"] not in VERSIONS else app
        await app(scope, receive, send)
