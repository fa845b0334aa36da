"""From a question to ranked passages: candidates, rescored by sentence, fused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import analyze, sentence_bm25
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


def retrieve(snapshot: Snapshot, question: str, query: Float32, limit: int) -> list[Ranked]:
    """The `limit` best passages, best first. `query` is the question's vector, [dimension]."""
    terms = analyze(question)
    nearest = [hit.id for hit in snapshot.vectors.search(query, CANDIDATES)]
    matching = snapshot.lexical.search(terms, CANDIDATES)
    bm25 = {hit.id: hit.score for hit in matching}
    # Those only the vectors found may hold the words too, further down tantivy's list.
    others = [id_ for id_ in nearest if id_ not in bm25]
    bm25 |= {hit.id: hit.score for hit in snapshot.lexical.search(terms, len(others), others)}
    candidates = snapshot.candidates(sorted({*nearest, *bm25}))
    if not candidates:
        return []
    dense, best = _dense(candidates, query)
    scores = fuse(
        dense,
        np.array([bm25.get(candidate.id, 0.0) for candidate in candidates], dtype=np.float32),
        _best_sentence_bm25(snapshot, candidates, terms),
    )
    # Candidates come by id, and the sort is stable: equal scores keep one order for good.
    order = np.argsort(-scores, kind="stable")[:limit]
    return [Ranked(candidates[i].id, float(scores[i]), best[i]) for i in order]


def _dense(candidates: Sequence[Candidate], query: Float32) -> tuple[Float32, list[Span]]:
    """Dense scores [n], and each candidate's sentence nearest to the question."""
    cosines = np.concatenate([c.vectors for c in candidates]).astype(np.float32) @ query
    scores = np.empty(len(candidates), dtype=np.float32)
    best: list[Span] = []
    row = 0
    for index, candidate in enumerate(candidates):
        of_sentences = cosines[row + 1 : row + len(candidate.vectors)]
        nearest = int(of_sentences.argmax())
        scores[index] = dense_score(cosines[row], of_sentences[nearest])
        best.append(candidate.sentences[nearest])
        row += len(candidate.vectors)
    return scores, best


def _best_sentence_bm25(
    snapshot: Snapshot, candidates: Sequence[Candidate], terms: Sequence[str]
) -> Float32:
    idf = snapshot.lexical.idf(terms)
    lengths = [len(sentence) for candidate in candidates for sentence in candidate.terms]
    mean_length = max(1.0, sum(lengths) / len(lengths))
    return np.array(
        [max(sentence_bm25(candidate.terms, idf, mean_length)) for candidate in candidates],
        dtype=np.float32,
    )
