"""From a question to ranked passages: candidates, rescored by sentence, fused."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import best_sentence_bm25
from index.library import Snapshot
from index.types import Candidate, PassageId, Span
from qa.fusion import dense_score, fuse

if TYPE_CHECKING:
    from index.types import Float32

CANDIDATES = 100
"""Taken from each index; their union held every passage that exhaustive scoring puts first."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage, its score, and its best sentence relative to the passage's start."""

    id: PassageId
    score: float
    best_sentence: Span


def retrieve(
    snapshot: Snapshot,
    question: str,
    query: Float32,
    limit: int,
    among: Collection[PassageId] | None = None,
) -> list[Ranked]:
    """The `limit` best passages, best first. `query` is the question's vector, [dimension].

    `among` keeps to these passages, before candidates are cut; None does not filter.
    """
    terms = snapshot.lexical.terms_of(question)
    nearest = [hit.id for hit in snapshot.vectors.search(query, CANDIDATES, among)]
    matching = snapshot.lexical.search(terms, CANDIDATES, among)
    bm25 = {hit.id: hit.score for hit in matching}
    # Those only the vectors found may hold the words too, further down tantivy's list.
    others = [id_ for id_ in nearest if id_ not in bm25]
    bm25 |= {hit.id: hit.score for hit in snapshot.lexical.search(terms, len(others), others)}
    candidates = snapshot.candidates(sorted({*nearest, *bm25}))
    if not candidates:
        return []
    cosines = _cosines(candidates, query)
    scores = fuse(
        np.array([dense_score(rows[0], max(rows[1:])) for rows in cosines], dtype=np.float32),
        np.array([bm25.get(candidate.id, 0.0) for candidate in candidates], dtype=np.float32),
        best_sentence_bm25([c.hashes for c in candidates], snapshot.lexical.idf(terms)),
    )
    # Candidates come by id, and the sort is stable: equal scores keep one order for good.
    order = np.argsort(-scores, kind="stable")[:limit]
    return [
        Ranked(candidates[i].id, float(scores[i]), _nearest_sentence(candidates[i], cosines[i]))
        for i in order
    ]


def _cosines(candidates: Sequence[Candidate], query: Float32) -> list[list[float]]:
    """For each candidate [1 + sentences]: the question's cosine to it, then to each sentence."""
    vectors = np.concatenate([candidate.vectors for candidate in candidates])
    cosines = iter((vectors.astype(np.float32) @ query).tolist())
    return [list(islice(cosines, len(candidate.vectors))) for candidate in candidates]


def _nearest_sentence(candidate: Candidate, cosines: list[float]) -> Span:
    nearest = cosines.index(max(cosines[1:]), 1) - 1
    start, end = candidate.sentences[nearest].tolist()
    return start, end
