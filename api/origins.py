"""No page of another origin may have a browser do anything here but look.

Browsers send an Origin header with every request but GET and HEAD. What another origin may read of
answers to those is the browser's to decide, by CORS headers, which only origins allowed here get.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.policy import Policy
from api.refusals import Refusal

LOOKING = frozenset({"GET", "HEAD"})
EXPOSED = (
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
)
"""Headers of ours that a script of an allowed origin may read."""
PREFLIGHT_SECONDS = 600

REFUSED = Refusal(
    HTTPStatus.FORBIDDEN,
    "origin-refused",
    "The request comes from a page of another origin.",
    "If that page may use this service, say so: qa serve --allow-origin https://its.host",
)


class Origins:
    """Refuses what pages of other origins send."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = _with_cors(app, policy) if policy.origins else app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        harmless = scope["type"] != "http" or scope["method"] in LOOKING
        app = self._app if harmless or self._may(Headers(scope=scope)) else REFUSED
        await app(scope, receive, send)

    def _may(self, headers: Headers) -> bool:
        own = {f"{scheme}://{headers['host']}".lower() for scheme in ("http", "https")}
        origins = (origin.lower() for origin in headers.getlist("origin"))
        return all(origin in own or origin in self._policy.origins for origin in origins)


def _with_cors(app: ASGIApp, policy: Policy) -> ASGIApp:
    from starlette.middleware.cors import CORSMiddleware

    return CORSMiddleware(
        app,
        allow_origins=sorted(policy.origins),
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=EXPOSED,
        max_age=PREFLIGHT_SECONDS,
    )
