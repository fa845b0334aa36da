"""Where a request comes from. What a proxy says of it is not believed: anyone can say it."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from starlette.types import Scope

HOME_BITS = 64
"""Of an IPv6 address, what is given to one customer at least: they choose the rest as they like."""


def address(scope: Scope) -> str:
    """The client's address, an IPv6 one without its last half; empty if it is unknown."""
    client = scope.get("client")
    return _shortened(client[0]) if client else ""


@lru_cache(maxsize=1024)
def is_loopback(shortened: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_network(shortened).network_address.is_loopback
    except ValueError:
        return False


@lru_cache(maxsize=1024)
def _shortened(host: str) -> str:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv4Address) or found.is_loopback:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, HOME_BITS), strict=False))
