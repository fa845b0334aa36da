"""From a question to ranked passages: candidates, rescored by sentence, fused, without copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import LexicalQuery, rescore
from index.library import Snapshot
from index.types import Candidate, PassageId, Span
from qa.copies import copies
from qa.fusion import FEEDBACK_PASSAGES, Component, components, dense_scores, fuse
from qa.types import ScorePart

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
    copies: tuple[PassageId, ...]
    """Further passages that say the same in the same words."""
    parts: tuple[ScorePart, ...]
    """What the score is made of."""


def retrieve(
    snapshot: Snapshot,
    question: str,
    query: Float32,
    limit: int,
    among: Collection[PassageId] | None = None,
    per_document: int | None = None,
) -> list[Ranked]:
    """The `limit` best passages, best first. `query` is the question's vector, [dimension].

    `among` keeps to these passages, before candidates are cut; None does not filter. At most
    `per_document` come from one document; what is further down takes the place of the others.
    """
    words = snapshot.lexical.query(question, snapshot.languages)
    pool = len(snapshot.vectors) if among is None else len(among)
    depth = max(CANDIDATES, limit)
    while True:
        candidates = _candidates(snapshot, words, query, depth, among)
        ranked = _ranked(snapshot, candidates, words, query, limit, per_document)
        if len(ranked) == limit or depth >= pool:
            return ranked
        depth *= 4  # copies, or too many of one document: look further down


def _candidates(
    snapshot: Snapshot,
    words: LexicalQuery,
    query: Float32,
    depth: int,
    among: Collection[PassageId] | None,
) -> list[Candidate]:
    nearest = snapshot.vectors.search(query, depth, among)
    matching = snapshot.lexical.search(words.weights, depth, among)
    return snapshot.candidates(sorted({hit.id for hit in (*nearest, *matching)}))


def _ranked(
    snapshot: Snapshot,
    candidates: Sequence[Candidate],
    words: LexicalQuery,
    query: Float32,
    limit: int,
    per_document: int | None,
) -> list[Ranked]:
    if not candidates:
        return []
    cosines = _cosines(candidates, query)
    parts = _parts(candidates, cosines, words)
    scores = fuse(parts)
    # Candidates come by id, and the sort is stable: equal scores keep one order for good.
    order: list[int] = np.argsort(-scores, kind="stable").tolist()
    repeats = copies(snapshot, [candidates[i] for i in order])
    ranks = {kind: _ranks(part.scores) for kind, part in parts.items()}
    return [
        Ranked(
            candidates[i].id,
            float(scores[i]),
            _nearest_sentence(candidates[i], cosines[i]),
            tuple(copy for copy, original in repeats.items() if original == candidates[i].id),
            tuple(
                ScorePart(kind, float(part.scores[i]), int(ranks[kind][i]), float(part.points[i]))
                for kind, part in parts.items()
            ),
        )
        for i in _chosen(order, candidates, repeats, limit, per_document)
    ]


def _parts(
    candidates: Sequence[Candidate], cosines: Sequence[Sequence[float]], words: LexicalQuery
) -> dict[str, Component]:
    """Every kind of score; the first passages of a first ranking help to make the second."""
    lexical = rescore([candidate.hashes for candidate in candidates], words)
    passage = np.array([rows[0] for rows in cosines], dtype=np.float32)
    sentence = np.array([max(rows[1:]) for rows in cosines], dtype=np.float32)

    def parts(likeness: Float32) -> dict[str, Component]:
        return components(
            {
                "meaning": dense_scores(passage, sentence, likeness),
                "words": lexical.passage,
                "sentence_words": lexical.sentence,
                "word_pairs": lexical.pairs,
                "coverage": lexical.coverage,
                "exact_words": lexical.forms,
            }
        )

    first = np.argsort(-fuse(parts(np.zeros_like(passage))), kind="stable")[:FEEDBACK_PASSAGES]
    vectors: Float32 = np.array([one.vectors[0] for one in candidates], dtype=np.float32)
    return parts(vectors @ vectors[first].mean(axis=0))


def _chosen(
    order: Sequence[int],
    candidates: Sequence[Candidate],
    repeats: Mapping[PassageId, PassageId],
    limit: int,
    per_document: int | None,
) -> list[int]:
    """The first candidates that repeat none before them, and not too many of one document."""
    taken: Counter[int] = Counter()
    chosen: list[int] = []
    for i in order:
        document = candidates[i].document_id
        if candidates[i].id in repeats or taken[document] == per_document:
            continue
        taken[document] += 1
        chosen.append(i)
        if len(chosen) == limit:
            break
    return chosen


def _ranks(scores: Float32) -> list[int]:
    """The place of each score, 1 for the best; equal scores share a place."""
    ordered = np.sort(-scores)
    places: list[int] = (np.searchsorted(ordered, -scores) + 1).tolist()
    return places


def _cosines(candidates: Sequence[Candidate], query: Float32) -> list[list[float]]:
    """For each candidate [1 + sentences]: the question's cosine to it, then to each sentence."""
    vectors = np.concatenate([candidate.vectors for candidate in candidates])
    cosines = iter((vectors.astype(np.float32) @ query).tolist())
    return [list(islice(cosines, len(candidate.vectors))) for candidate in candidates]


def _nearest_sentence(candidate: Candidate, cosines: list[float]) -> Span:
    nearest = cosines.index(max(cosines[1:]), 1) - 1
    start, end = candidate.sentences[nearest].tolist()
    return start, end
