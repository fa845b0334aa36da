"""Score arithmetic. Pure.

Scores of different kinds are scaled between the lowest value their formula can
take and the best candidate's, then summed with shares that add up to one
(Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval",
ACM TOIS 42:1, 2023, find this convex combination ahead of rank fusion).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.types import Float32

SENTENCE_WEIGHT = 1.0
"""Weight of a passage's best sentence beside the passage itself (1.0), both cosines."""

FEEDBACK_WEIGHT = 0.45
"""Weight of a passage's likeness to the first passages of a first ranking, a cosine."""

FEEDBACK_PASSAGES = 3
"""How many those are (Rocchio's feedback without a user, with vectors: Li et al., "Pseudo
Relevance Feedback with Deep Language Models and Dense Retrievers", ACM TOIS 41:3, 2023)."""

LOWEST_DENSE = -(1.0 + SENTENCE_WEIGHT + FEEDBACK_WEIGHT)
"""All cosines at -1."""

SHARES = {
    "meaning": 0.73,
    "words": 0.05,
    "sentence_words": 0.10,
    "word_pairs": 0.04,
    "coverage": 0.03,
    "exact_words": 0.05,
}
"""Of the final score. Chosen on eight English and Vietnamese question sets at once, see
benchmarks/RANKING.md."""


@dataclass(frozen=True, slots=True)
class Component:
    """One kind of score, of all candidates: each [n]."""

    scores: Float32
    """As its formula gives them; higher is better."""
    points: Float32
    """Its part in the final score: from 0 to its share."""


def dense_scores(passage: Float32, best_sentence: Float32, likeness: Float32) -> Float32:
    """One similarity from three cosines, each [n].

    Of the passage and of its best sentence to the question, and of the passage to the first ones.
    """
    total: Float32 = passage + SENTENCE_WEIGHT * best_sentence + FEEDBACK_WEIGHT * likeness
    return total


def scaled(scores: Float32, lowest: float) -> Float32:
    """Scores [n] between 0, the lowest possible, and 1, the best one here.

    >>> scaled(np.array([4.0, 2.0, 0.0]), lowest=0.0).tolist()
    [1.0, 0.5, 0.0]
    """
    span = float(scores.max(initial=lowest)) - lowest
    result: Float32 = (scores - lowest) / span if span > 0 else np.zeros_like(scores)
    return result


def components(scores: dict[str, Float32]) -> dict[str, Component]:
    """Each kind of score in SHARES, [n], with the points it gives."""
    lowest = {"meaning": LOWEST_DENSE}
    return {
        kind: Component(scores[kind], share * scaled(scores[kind], lowest.get(kind, 0.0)))
        for kind, share in SHARES.items()
    }


def fuse(parts: dict[str, Component]) -> Float32:
    """Final scores [n], 0 to 1."""
    fused: Float32 = np.sum([part.points for part in parts.values()], axis=0)
    return fused
