"""How much one request, and all of them together, may take of the service."""

from __future__ import annotations

from dataclasses import dataclass

from index.scan import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is taken in. How long a header may be is for uvicorn's parser to say."""

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
