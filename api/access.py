"""Whether a request brings a key, and one that may do what it asks."""

from __future__ import annotations

import logging
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api.addresses import address
from api.buckets import Buckets
from api.origins import LOOKING
from api.page_files import is_page
from api.policy import READING_POSTS, Policy
from api.rates import KEY, coming_again
from api.refusals import Refusal
from index.errors import KeysInvalid
from qa.keys import Key, Keys

OPEN = "/health"
"""Says that the process lives, and nothing else; load balancers have no key."""
MAY_WRITE = "quaere.may_write"
"""Where a request's scope keeps whether its key may change things; not there where none is asked for."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Quaere"'}

UNKNOWN = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "key-required",
    "The request brings no valid API key.",
    "Send one as Authorization: Bearer KEY. Who runs the service makes one: qa keys add NAME",
    CHALLENGE,
)
GUESSING = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    "wrong-keys",
    "Many requests with wrong API keys came from this address.",
    "Send a valid key, which is let in at once, or none. Retry-After says when a wrong one is "
    "looked at again.",
    {"Connection": "close"},
)
READ_ONLY = Refusal(
    HTTPStatus.FORBIDDEN,
    "scope-insufficient",
    "The API key may only read, and the request would change the library.",
    "Use a key made with: qa keys add NAME --scope write",
    {"WWW-Authenticate": 'Bearer realm="Quaere", error="insufficient_scope", scope="write"'},
)

log = logging.getLogger("quaere")


class Access:
    """Asks for a key where there are keys (RFC 6750, in the Authorization header only)."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._keys = policy.keys or Keys(None)
        self._required = policy.keys_required
        self._told = ""
        limits = policy.limits
        self._guesses = Buckets(limits.wrong_keys / limits.wrong_keys_seconds, limits.wrong_keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        app = self._app
        if scope["type"] == "http" and not _needs_none(scope):
            app = await self._judged(scope)
        await app(scope, receive, send)

    def _refused(self, scope: Scope, token: str) -> Refusal:
        """Told alike whatever was sent; those who guess, more slowly.

        A key that is right is let in all the same: else one broken client would lock out everyone
        behind its address, and with 256 random bits nothing is won by guessing on.
        """
        seconds = self._guesses.take(address(scope)) if token else 0.0
        return coming_again(GUESSING, seconds) if seconds else UNKNOWN

    async def _judged(self, scope: Scope) -> ASGIApp:
        try:
            if self._keys.changed():  # only then is there something to wait for
                await run_in_threadpool(self._keys.read)
            self._told = ""
            if not (self._required or self._keys.exist):
                return self._app
        except KeysInvalid as error:
            self._tell(error)
            return Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                error.code,
                "The service cannot read its API keys.",
                "Its log says why; who runs it can mend it.",
            )
        token = _token(Headers(scope=scope))
        key = self._keys.find(token)
        return self._refused(scope, token) if key is None else self._allowed(scope, key)

    def _tell(self, error: KeysInvalid) -> None:
        """In the log, to whoever runs the service; not again with every request."""
        if error.message != self._told:
            log.error("%s %s", error.message, error.remedy)
        self._told = error.message

    def _allowed(self, scope: Scope, key: Key) -> ASGIApp:
        scope[KEY] = key.name
        scope[MAY_WRITE] = key.scope == "write"
        reads = scope["method"] in LOOKING or (
            scope["method"] == "POST" and scope["path"] in READING_POSTS
        )
        return self._app if reads or scope[MAY_WRITE] else READ_ONLY


def may_write(scope: Scope) -> bool:
    """Whether a request that was let in could change things, whatever it asks for."""
    return bool(scope.get(MAY_WRITE, True))


def key_name(scope: Scope) -> str | None:
    """The name of the key that a request was let in with, if one is asked for."""
    name: str | None = scope.get(KEY)
    return name


def _needs_none(scope: Scope) -> bool:
    """The page is open too, since it is what asks people for their key; no data is in it."""
    path: str = scope["path"]
    return path == OPEN or (scope["method"] in LOOKING and is_page(path))


def _token(headers: Headers) -> str:
    """What stands after Bearer; empty where there is nothing, or more than one header."""
    scheme, _, token = ", ".join(headers.getlist("authorization")).partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
