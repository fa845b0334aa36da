"""Reprints: passages that say the same in the same words are shown once, with all their places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import written_words
from index.library import Snapshot
from index.types import Candidate, PassageId

if TYPE_CHECKING:
    from index.types import Float32

SUSPECT_COSINE = 0.9
"""Passages below this are worded differently; above it their words are compared."""

SAME_PAIRS = 0.9
"""Share of neighbouring words that two copies have in common. A headline cut off or a typing
error mended leaves more; a sentence rewritten leaves less."""


def copies(snapshot: Snapshot, ranked: Sequence[Candidate]) -> dict[PassageId, PassageId]:
    """Passages that repeat one before them: the id of each, and of the one it repeats.

    A passage with other numbers is no copy: it may be the one that disagrees.
    """
    suspects = _suspects(ranked)
    if not suspects:
        return {}
    quotes = snapshot.quotes(sorted({ranked[n].id for pair in suspects for n in pair}))
    words = {id_: written_words(quote) for id_, quote in quotes.items()}
    found: dict[PassageId, PassageId] = {}
    for first, second in suspects:
        one, other = ranked[first].id, ranked[second].id
        if one in found or other in found or not {one, other} <= words.keys():
            continue
        if are_copies(words[one], words[other]):
            found[other] = one
    return found


def are_copies(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two texts, given as written words, are the same but for a word here and there.

    >>> text = "the embassy in the old town was closed for twenty years until may 2025".split()
    >>> are_copies(text, text), are_copies(text, [*text[:-1], "2024"])
    (True, False)
    """
    if _numbers(first) != _numbers(second):
        return False
    one, other = set(pairwise(first)), set(pairwise(second))
    if not one or not other:
        return list(first) == list(second)
    return len(one & other) >= SAME_PAIRS * len(one | other)


def _suspects(ranked: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Pairs of places in the ranking whose vectors are nearly the same, best first."""
    if not ranked:
        return []
    vectors: Float32 = np.array([one.vectors[0] for one in ranked], dtype=np.float32)
    rows, columns = np.nonzero(np.triu(vectors @ vectors.T >= SUSPECT_COSINE, k=1))
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _numbers(words: Sequence[str]) -> set[str]:
    return {word for word in words if any(character.isdigit() for character in word)}
