"""How much one request, and all of them together, may take of the service."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what is taken in. How long a header may be is for uvicorn's parser to say."""

    body_bytes: int = 8 * 1024 * 1024
    """The longest draft that is verified, 2,000,000 code points of at most four bytes, fits."""
    body_seconds: float = 20.0
    """From the first byte of a body to its last."""
    bodies_bytes: int = 64 * 1024 * 1024
    """Of all bodies that are arriving at once; eight of the largest."""
    requests: int = 64
    """In work or waiting for it. Twice the 32 clients that are to be served without an error."""
