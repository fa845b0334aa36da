"""Names of passages for the world outside a library; pure."""

from __future__ import annotations

import hashlib

ID_CHARACTERS = 16
"""64 bits: among a million passages a chance of one in thirty million that two share an id."""


def public_id(sha256: str, start: int, end: int) -> str:
    """The id of the passage at these offsets in a file with this SHA-256.

    It outlives indexing the same file again, in this library or another.

    >>> public_id("ab12", 0, 4)
    '931c04eb13e0c20c'
    """
    place = f"{sha256}:{start}:{end}"
    return hashlib.sha256(place.encode()).hexdigest()[:ID_CHARACTERS]
