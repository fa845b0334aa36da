"""Passages read last of one generation, kept in memory: questions of a time meet the same ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from index.types import Candidate, PassageId

MOST_BYTES = 64 * 2**20
"""About 8,000 passages. Reading a hundred of them takes SQLite longer than the model takes for
some questions, and parts one question's work into as many turns with other threads."""


class Recent:
    """What rescoring needs of the passages read last. For one thread at a time."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._held: OrderedDict[PassageId, Candidate] = OrderedDict()
        self._bytes = 0

    def of(
        self,
        ids: Sequence[PassageId],
        read: Callable[[Sequence[PassageId]], Sequence[Candidate]],
    ) -> list[Candidate]:
        """These passages in the order asked; `read` is asked for those not held, and may know less."""
        new = {one.id: one for one in read([id_ for id_ in ids if id_ not in self._held])}
        found = [new.get(id_) or self._held.get(id_) for id_ in ids]
        for id_ in ids:
            if id_ in self._held:
                self._held.move_to_end(id_)
        self._held.update(new)
        self._bytes += sum(map(_size, new.values()))
        while self._bytes > self._most:
            self._bytes -= _size(self._held.popitem(last=False)[1])
        return [candidate for candidate in found if candidate]


def _size(candidate: Candidate) -> int:
    return len(candidate.sentences) + len(candidate.hashes) + len(candidate.vectors)
