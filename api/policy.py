"""What the service lets in: which hosts it goes by, which origins, which keys, how much."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field

from api.limits import Limits
from qa.keys import Keys

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})

READING_POSTS = frozenset({"/v1/ask", "/v1/ask:batch", "/v1/verify", "/v1/drafts", "/v1/exports"})
"""What POST only reads. Any other request that is not GET or HEAD changes the library."""

LONG_POSTS = frozenset({"/v1/verify", "/v1/drafts", "/v1/ask:batch", "/v1/exports"})
"""One request may hold an hour's writing, or hundreds of questions or passages: its answer may take
longer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Safe as it is: only this machine's own names, no other origin, modest limits."""

    hosts: frozenset[str] = LOOPBACK_NAMES
    """What a Host header may say, without its port, in lower case."""
    any_address: bool = False
    """Whether a Host header may say any IP address, as where all of them are listened on.

    Rebinding a name in the DNS needs a name, so that this lets no such attack in."""
    origins: frozenset[str] = frozenset()
    """Other origins whose pages may use the service (CORS)."""
    keys: Keys | None = None
    """Where API keys are looked up; none are asked for while there is no file of them."""
    keys_required: bool = False
    """Ask for a key even then: others can reach the service, and deleting the file opens nothing."""
    limits: Limits = field(default_factory=Limits)

    def lets_in(self, host: str) -> bool:
        """Whether a Host header names this service."""
        name = without_port(host.lower())
        return name in self.hosts or (self.any_address and _is_address(name))


def hosts_of(host: str, allowed: Iterable[str]) -> frozenset[str]:
    """The names of a service that listens on a host and was given these besides."""
    own = f"[{host}]" if ":" in host else host
    return LOOPBACK_NAMES | {own.lower()} | {name.lower() for name in allowed}


def without_port(host: str) -> str:
    """The host of a Host header, an IPv6 address in its brackets; empty if it is none.

    >>> without_port("localhost:8000"), without_port("[::1]:80"), without_port("a:b")
    ('localhost', '[::1]', '')
    """
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return host
    return name if port.isascii() and port.isdigit() else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
