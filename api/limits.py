"""How much one request, and all of them together, may take of the service."""

from __future__ import annotations

from dataclasses import dataclass

from index.scan import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is taken in. How long a header may be: api.connections."""

    body_bytes: int = 8 * 1024 * 1024
    """The longest draft that is verified, 2,000,000 code points of at most four bytes, fits."""
    body_seconds: float = 20.0
    """From the first byte of a body to its last."""
    bodies_bytes: int = 64 * 1024 * 1024
    """Of all bodies that are arriving at once; eight of the largest."""
    upload_bytes: int = MAX_BYTES
    """Of a file that is sent: what a file on disk may have, too."""
    upload_rate: int = 100_000
    """Bytes a second at which a file must come once `body_seconds` are over. A slow line's
    1 Mbit/s is a little more."""
    uploads: int = 16
    """Arriving at once; on disk they have 1.6 GB at most."""
    requests: int = 64
    """In work or waiting for it. Twice the 32 clients that are to be served without an error."""
    requests_per_second: float = 50.0
    """Of one key; of one address where no key is asked for. 0: as many as come."""
    requests_burst: float = 100.0
    """At once, by who has sent none for a while."""
    limits_loopback: bool = False
    """Whether this machine's own programs are limited where no key is asked for."""
    wrong_keys: int = 10
    """From one address, in `wrong_keys_seconds`."""
    wrong_keys_seconds: float = 60.0
    request_seconds: float = 30.0
    """From a request that has come in whole to the first byte of its answer."""
    long_seconds: float = 300.0
    """The same for what may hold much work. 10,000 quotations were verified in 43 seconds."""
    header_seconds: float = 10.0
    """From a connection, or the first byte of a further request on it, to the end of its headers."""
    idle_seconds: int = 20
    """Between two requests. Longer than clients keep a connection to use again (httpx: 5)."""
    stalled_seconds: float = 30.0
    """How long a client that reads nothing of its answer is waited for."""
    connections: int = 512
    """Open at once: half of the 1,024 files that a process may usually open."""
