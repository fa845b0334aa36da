"""How many requests a second one key, or where no key is asked for one address, may send."""

from __future__ import annotations

import math
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import address, is_loopback
from api.admission import UNCOUNTED
from api.buckets import Buckets
from api.limits import Limits
from api.page_files import is_page
from api.refusals import Refusal

KEY = "quaere.key"
"""Where a request's scope keeps the name of the key it brings."""

TOO_MANY = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    "rate-limited",
    "More requests came with this key, or from this address, than one may send in a second.",
    "Wait the seconds that Retry-After says. Who runs the service may allow more: "
    "qa serve --rate-limit N",
)


def coming_again(refusal: Refusal, seconds: float) -> Refusal:
    """The refusal, with when it would be worth to try again."""
    return refusal.beside({"Retry-After": str(math.ceil(seconds))})


def _counted(path: str) -> bool:
    # Whoever opens the page asks for all its files at once, colleagues behind one address together.
    return path not in UNCOUNTED and not is_page(path)


class Rates:
    """Refuses what comes too fast. Each process counts for itself."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limited = limits.requests_per_second > 0
        self._on_loopback = limits.limits_loopback
        self._buckets = Buckets(limits.requests_per_second, limits.requests_burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        app = self._app
        if self._limited and scope["type"] == "http" and _counted(scope["path"]):
            seconds = self._to_wait(scope)
            app = coming_again(TOO_MANY, seconds) if seconds else app
        await app(scope, receive, send)

    def _to_wait(self, scope: Scope) -> float:
        if key := scope.get(KEY):
            return self._buckets.take(f"key {key}")
        place = address(scope)
        return 0.0 if is_loopback(place) and not self._on_loopback else self._buckets.take(place)
