"""What both clients share: how they connect, what they send, what is said when they cannot."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import ServiceUnreachable
from qa import __version__
from qa.client.calls import Call

if TYPE_CHECKING:
    import httpx

Method = TypeVar("Method", bound=Callable[..., object])

ADDRESS = "http://127.0.0.1:8000"
"""Where `qa serve` serves unless it is told otherwise."""
SECONDS = 60.0
CONNECTING = 5.0
"""Seconds: what does not take a connection by then is not there."""


def named(method: Method, build: Callable[..., object]) -> Method:
    """A method with the name, the documentation and the arguments of what builds its request.

    What help() shows it to return is what the answer is read as; of a listing, its parts.
    """
    known = signature(build)
    arguments = [one for one in known.parameters.values() if one.name != "cursor"]
    own = Parameter("self", Parameter.POSITIONAL_ONLY)
    shown: Any = method
    read_as = str(known.return_annotation).removeprefix("Call[").removesuffix("]")
    returned = "Iterator" if len(arguments) < len(known.parameters) else read_as
    shown.__signature__ = known.replace(parameters=[own, *arguments], return_annotation=returned)
    shown.__name__, shown.__doc__ = build.__name__, build.__doc__
    return method


def options(url: str, api_key: str | None, seconds: float) -> dict[str, Any]:
    """What either client of httpx is made with."""
    import httpx

    headers = {"User-Agent": f"quaere/{__version__}"}
    if api_key:
        headers["Authorization"] = f"Bearer {api_key}"
    return {
        "base_url": url,
        "headers": headers,
        "timeout": httpx.Timeout(seconds, connect=min(seconds, CONNECTING)),
        "trust_env": not _is_here(httpx.URL(url).host),  # no proxy leads to this machine
    }


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def request(http: httpx.Client | httpx.AsyncClient, call: Call[Any]) -> httpx.Request:
    """A call, as httpx sends it."""
    query = {name: value for name, value in call.query.items() if value not in (None, "", ())}
    form = {"file": call.file} if call.file else None
    return http.build_request(
        call.method, call.path, params=query, json=call.body, files=form, headers=call.headers
    )


@contextmanager
def reaching(http: httpx.Client | httpx.AsyncClient) -> Iterator[None]:
    """Say clearly why there was no answer; never what was sent, which has the key in it."""
    import httpx

    try:
        yield
    except httpx.ConnectError:
        raise ServiceUnreachable(
            f"{http.base_url}: nothing answers there.",
            "Start it with: qa serve. Or name the address it printed: Client(ADDRESS).",
        ) from None
    except httpx.UnsupportedProtocol:
        raise ServiceUnreachable(
            f"{http.base_url}: this is no address of a service.",
            f"Write it with its protocol, as in {ADDRESS}",
        ) from None
    except httpx.TimeoutException:
        raise ServiceUnreachable(
            f"{http.base_url}: no answer within {http.timeout.read:g} seconds.",
            "Ask again later, or wait longer: Client(ADDRESS, timeout=SECONDS).",
        ) from None
    except httpx.HTTPError:
        raise ServiceUnreachable(
            f"{http.base_url}: the connection cannot be used, or broke.",
            "Check the address and the key, and ask again.",
        ) from None
