"""Score arithmetic. Pure.

Scores of different kinds are scaled between the lowest value their formula can
take and the best candidate's, then summed with weights that add up to one
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
ACM TOIS 42:1, 2023, find this convex combination ahead of rank fusion).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.types import Float32

SENTENCE_WEIGHT = 1.5
"""Weight of a passage's best sentence beside the passage itself (1.0), both cosines."""

LOWEST_DENSE = -(1.0 + SENTENCE_WEIGHT)
"""Both cosines at -1."""

DENSE, BM25, SENTENCE_BM25 = 0.75, 0.15, 0.10
"""Shares in the final score; chosen on six English and Vietnamese question sets at once."""


def dense_score(passage_cosine: float, best_sentence_cosine: float) -> float:
    """One similarity from a passage's cosine and its best sentence's."""
    return passage_cosine + SENTENCE_WEIGHT * best_sentence_cosine


def scaled(scores: Float32, lowest: float) -> Float32:
    """Scores [n] between 0, the lowest possible, and 1, the best one here.

    >>> scaled(np.array([4.0, 2.0, 0.0]), lowest=0.0).tolist()
    [1.0, 0.5, 0.0]
    """
    span = float(scores.max(initial=lowest)) - lowest
    result: Float32 = (scores - lowest) / span if span > 0 else np.zeros_like(scores)
    return result


def fuse(dense: Float32, bm25: Float32, sentence_bm25: Float32) -> Float32:
    """Final scores [n], 0 to 1, from the three kinds, each [n]."""
    fused: Float32 = (
        DENSE * scaled(dense, LOWEST_DENSE)
        + BM25 * scaled(bm25, 0.0)
        + SENTENCE_BM25 * scaled(sentence_bm25, 0.0)
    )
    return fused
