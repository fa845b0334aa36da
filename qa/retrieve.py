"""From a question to ranked passages: candidates, rescored by sentence, fused, without copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from index.lexical import LexicalQuery, LexicalScores, rescore
from index.library import Snapshot
from index.types import Candidate, DocumentId, Filters, PassageId, Span
from qa.copies import Copies
from qa.fusion import FEEDBACK_PASSAGES, Component, components, dense_scores, fuse
from qa.types import ScorePart

if TYPE_CHECKING:
    from index.types import Float32, Int64

CANDIDATES = 100
"""Taken from each index; their union held every passage that exhaustive scoring puts first."""

MOST_IN_VAIN = 4
"""Looks further down that may find no passage to show. Where so many say but the same few things, as
thousands of rows of a table, those are the answer: going on took minutes."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage, its score, and its best sentence relative to the passage's start."""

    id: PassageId
    document_id: DocumentId
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
    ranked = _retrieve(snapshot, question, query, limit, among, per_document)
    exact: dict[PassageId, list[PassageId]] = defaultdict(list)
    for one, other in snapshot.reprints([found.id for found in ranked]):
        if among is None or other in among:
            exact[one].append(other)
    # Those among the candidates are known already; a text may stand in more places than that.
    return [
        replace(found, copies=tuple(dict.fromkeys((*found.copies, *exact[found.id]))))
        for found in ranked
    ]


def _retrieve(
    snapshot: Snapshot,
    question: str,
    query: Float32,
    limit: int,
    among: Collection[PassageId] | None,
    per_document: int | None,
) -> list[Ranked]:
    words = snapshot.lexical.query(question, snapshot.languages, among)
    depth = max(CANDIDATES, limit)
    ids = _candidates(snapshot, words, query, depth, among)
    shown = in_vain = 0
    while True:
        candidates = snapshot.candidates(sorted(ids))
        ranked = _ranked(snapshot, candidates, words, query, limit, per_document)
        in_vain = in_vain + 1 if len(ranked) == shown else 0
        shown = len(ranked)
        if shown == limit or in_vain == MOST_IN_VAIN:
            return ranked
        # Copies, or too many of one document: what is further down takes their places.
        left = _left(snapshot, among, ranked, per_document) - ids
        further = _candidates(snapshot, words, query, depth, left)
        if not further:
            return ranked
        ids |= further


def _candidates(
    snapshot: Snapshot,
    words: LexicalQuery,
    query: Float32,
    depth: int,
    among: Collection[PassageId] | None,
) -> set[PassageId]:
    nearest = snapshot.vectors.search(query, depth, among)
    matching = snapshot.lexical.search(words.weights, depth, among)
    return {hit.id for hit in (*nearest, *matching)}


def _left(
    snapshot: Snapshot,
    among: Collection[PassageId] | None,
    ranked: Sequence[Ranked],
    per_document: int | None,
) -> set[PassageId]:
    """Passages that may still be shown: no reprints, none of a document that gave its share."""
    taken = Counter(one.document_id for one in ranked)
    full = tuple(document for document, count in taken.items() if count == per_document)
    left = snapshot.within(Filters()) if among is None else set(among)
    left -= {other for _, other in snapshot.reprints([one.id for one in ranked])}
    return left - snapshot.within(Filters(document_ids=full)) if full else left


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
    vectors = _vectors(candidates, query)
    parts = _parts(vectors, rescore([candidate.hashes for candidate in candidates], words))
    scores = fuse(parts)
    copies = Copies(snapshot, [candidate.id for candidate in candidates], vectors.passages)
    chosen = _chosen(scores, candidates, copies, limit, per_document)
    return [
        Ranked(
            candidates[i].id,
            candidates[i].document_id,
            float(scores[i]),
            _span(candidates[i], vectors.nearest(i)),
            tuple(candidates[copy].id for copy in repeats),
            made_of,
        )
        for (i, repeats), made_of in zip(
            chosen, _score_parts(parts, [i for i, _ in chosen]), strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The candidates' vectors and what the question makes of them."""

    passages: Float32
    """[candidates, dimension]."""
    passage_cosines: Float32
    """[candidates]."""
    sentence_cosines: Float32
    """[sentences], of all candidates in a row."""
    first_sentences: Int64
    """[candidates]: where in that row each one's sentences begin."""

    def nearest(self, candidate: int) -> int:
        """Which of a candidate's sentences is nearest to the question."""
        start, *rest = self.first_sentences[candidate:].tolist()
        return int(self.sentence_cosines[start : rest[0] if rest else None].argmax())


def _vectors(candidates: Sequence[Candidate], query: Float32) -> _Vectors:
    blobs = [candidate.vectors for candidate in candidates]
    stored = np.frombuffer(b"".join(blobs), dtype="<u2")
    rows = _float32_of_half().take(stored).reshape(-1, len(query))
    lengths = np.array([len(blob) for blob in blobs]) // (2 * len(query))
    of_passages = np.cumsum(lengths) - lengths  # each candidate's first row; sentences follow
    cosines = rows @ query
    return _Vectors(
        rows[of_passages],
        cosines[of_passages],
        np.delete(cosines, of_passages),
        of_passages - np.arange(len(candidates)),
    )


@cache
def _float32_of_half() -> Float32:
    """What each of the 65,536 half-precision numbers is in float32, by its bits.

    Looked up here, some hundred candidates' numbers take half of the time `astype` takes.
    """
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    return halves.astype(np.float32)


def _parts(vectors: _Vectors, lexical: LexicalScores) -> dict[str, Component]:
    """Every kind of score; the first passages of a first ranking help to make the second."""
    best_sentences = np.maximum.reduceat(vectors.sentence_cosines, vectors.first_sentences)

    def parts(likeness: Float32) -> dict[str, Component]:
        return components(
            {
                "meaning": dense_scores(vectors.passage_cosines, best_sentences, likeness),
                "words": lexical.passage,
                "sentence_words": lexical.sentence,
                "word_pairs": lexical.pairs,
                "coverage": lexical.coverage,
                "exact_words": lexical.forms,
            }
        )

    alone = fuse(parts(np.zeros_like(best_sentences)))
    first = np.argsort(-alone, kind="stable")[:FEEDBACK_PASSAGES]
    return parts(vectors.passages @ vectors.passages[first].mean(axis=0))


def _chosen(
    scores: Float32,
    candidates: Sequence[Candidate],
    copies: Copies,
    limit: int,
    per_document: int | None,
) -> list[tuple[int, list[int]]]:
    """The best candidates, each with those further down that repeat it; places in `candidates`.

    Not too many are of one document.
    """
    # Candidates come by id, and the sort is stable: equal scores keep one order for good.
    left: list[int] = np.argsort(-scores, kind="stable").tolist()
    taken: Counter[int] = Counter()
    chosen: list[tuple[int, list[int]]] = []
    while left and len(chosen) < limit:
        best, *left = left
        document = candidates[best].document_id
        if taken[document] != per_document:
            taken[document] += 1
            repeats = copies.of(best, left)
            chosen.append((best, repeats))
            left = [other for other in left if other not in repeats]
    return chosen


def _score_parts(parts: dict[str, Component], chosen: Sequence[int]) -> list[tuple[ScorePart, ...]]:
    """Of each chosen candidate what its score is made of."""
    return list(zip(*(_of_kind(kind, part, chosen) for kind, part in parts.items()), strict=True))


def _of_kind(kind: str, part: Component, chosen: Sequence[int]) -> list[ScorePart]:
    """One kind of score of each chosen candidate; equal scores share a rank."""
    scores, points = part.scores[chosen], part.points[chosen]
    ranks = 1 + (part.scores > scores[:, np.newaxis]).sum(axis=1)
    rows = zip(scores.tolist(), ranks.tolist(), points.tolist(), strict=True)
    return [ScorePart(kind, *row) for row in rows]


def _span(candidate: Candidate, sentence: int) -> Span:
    start, end = np.frombuffer(candidate.sentences, dtype="<i4").reshape(-1, 2)[sentence].tolist()
    return start, end
