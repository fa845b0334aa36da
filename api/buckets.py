"""Token buckets: so many at once, then so many a second, for each name."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

NAMES = 10_000
"""Whose names are kept, about 2 MB of them; who was seen longest ago is forgotten first, and begins
anew. More addresses than that at a time are a flood, which is not for us to stop."""


class Buckets:
    """One bucket for each name; full at first. Belongs to one event loop: needs no lock."""

    def __init__(
        self,
        per_second: float,
        burst: float,
        clock: Callable[[], float] = time.monotonic,
        names: int = NAMES,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._names = names
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Tokens, and when they were counted."""

    def take(self, name: str) -> float:
        """Take a token. The seconds until there is one, if there is none; else 0."""
        now = self._clock()
        left, then = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_second)
        taken = left >= 1
        self._left[name] = (left - taken, now)
        if len(self._left) > self._names:
            self._left.popitem(last=False)
        return 0.0 if taken else (1 - left) / self._per_second
