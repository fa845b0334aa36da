"""Reprints: passages that say the same in the same words are shown once, with all their places."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from index.lexical import written_words
from index.library import Snapshot
from index.types import PassageId

if TYPE_CHECKING:
    from index.types import Float32

SUSPECT_COSINE = 0.9
"""Passages below this are worded differently; above it their words are compared."""

SAME_PAIRS = 0.9
"""Share of neighbouring words that two copies have in common. A headline cut off or a typing
error mended leaves more; a sentence rewritten leaves less."""


class Copies:
    """Which of some passages repeat which; words are compared only where vectors are alike."""

    def __init__(self, snapshot: Snapshot, ids: Sequence[PassageId], vectors: Float32) -> None:
        """`vectors` are the passages', [n, dimension], unit length."""
        self._snapshot = snapshot
        self._ids = ids
        self._vectors = vectors
        self._words = cache(written_words)  # each candidate is compared with several passages

    def of(self, passage: int, others: Sequence[int]) -> list[int]:
        """Those of some others that repeat a passage; all are places in `ids`.

        A passage with other numbers is no copy: it may be the one that disagrees.
        """
        alike = self._vectors @ self._vectors[passage] >= SUSPECT_COSINE
        suspects = [other for other in others if alike[other]]
        if not suspects:
            return []
        quotes = self._snapshot.quotes([self._ids[n] for n in (passage, *suspects)])
        quote = quotes.get(self._ids[passage], "")
        words = self._words(quote)
        # An agency's report stands in a hundred papers: the same text is compared once.
        copied = {
            text: text == quote or are_copies(words, self._words(text))
            for text in set(quotes.values())
        }
        return [n for n in suspects if self._ids[n] in quotes and copied[quotes[self._ids[n]]]]


def are_copies(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two texts, given as written words, are the same but for a word here and there.

    >>> text = "the embassy in the old town was closed for twenty years until may 2025".split()
    >>> are_copies(text, text), are_copies(text, [*text[:-1], "2024"])
    (True, False)
    """
    if any(map(_holds_digits, set(first) ^ set(second))):
        return False
    one, other = set(pairwise(first)), set(pairwise(second))
    if not one or not other:
        return list(first) == list(second)
    return len(one & other) >= SAME_PAIRS * len(one | other)


def _holds_digits(word: str) -> bool:
    return any(map(str.isdigit, word))
