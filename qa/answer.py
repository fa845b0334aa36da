"""From a question and a library's snapshot to a cited answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.library import Snapshot
from index.types import Filters, Neighbourhood, PassageId, Placed
from qa import citation
from qa.context import guard_in
from qa.phrases import holding, quoted
from qa.retrieve import Ranked, retrieve
from qa.stages import stage
from qa.types import Answer, CitedPassage, Request, ScorePart

if TYPE_CHECKING:
    from index.encoder.reranker import Reranker
    from index.types import Float32

RERANKED = 20
"""Passages a cross-encoder reads; each takes it as long as a whole question takes without one."""


def answer(
    snapshot: Snapshot, request: Request, query: Float32, reranker: Reranker | None
) -> Answer:
    """The passages that answer best; `query` is the question's vector, [dimension]."""
    with stage("searching"):
        among, notice = _among(snapshot, request)
        limit = max(request.limit, RERANKED) if reranker else request.limit
        ranked = retrieve(snapshot, request.question, query, limit, among, request.per_document)
    cited, around = _cited(snapshot, ranked, request.neighbours)
    if reranker:
        ranked = _reranked(ranked, cited, request.question, reranker)
    best = [one for one in ranked if one.id in cited][: request.limit]
    found = [one for one in best if one.score >= request.min_score]
    if best and not found:
        notice = " ".join(filter(None, (notice, _too_low(request.min_score, best[0].score))))
    with stage("citing"):
        passages = tuple(
            _passage(rank, one, cited, around.get(one.id), explain=request.explain)
            for rank, one in enumerate(found, start=1)
        )
    return Answer(request.question, snapshot.generation, passages, notice)


def _too_low(asked: float, best: float) -> str:
    """What to say where no passage scores as much as was asked for.

    >>> _too_low(0.9, 0.8996)
    'No passage scores 0.9 or more; the best one scores 0.899.'
    """
    rounded_down = math.floor(1000 * best) / 1000  # never to what was asked for
    return f"No passage scores {asked!r} or more; the best one scores {rounded_down:.3f}."


def _among(snapshot: Snapshot, request: Request) -> tuple[set[PassageId] | None, str | None]:
    """The passages that may answer, None for all; and what to say where nothing fits."""
    among: set[PassageId] | None = None
    if request.filters != Filters():
        among = snapshot.within(request.filters)
        if not among:
            return among, f"No document in the library is {_described(request.filters)}."
    phrases = quoted(request.question)
    if not phrases:
        return among, None
    found = holding(snapshot, phrases)
    found = found if among is None else among & found
    if found:
        return found, None
    listed = " and ".join(f'"{phrase}"' for phrase in phrases)
    return among, f"No passage asked holds {listed} word for word; these come nearest."


def _described(filters: Filters) -> str:
    """The filters in words.

    >>> _described(Filters(paths=("/a", "/b"), globs=("*.md",), date_from="2025-01-01"))
    'in /a or /b, named like *.md, dated 2025-01-01 or later'
    """
    said = {
        "in {}": " or ".join(filters.paths),
        "named like {}": " or ".join(filters.globs),
        "dated {} or later": filters.date_from,
        "dated {} or before": filters.date_to,
        "written in {}": " or ".join(filters.languages),
        "number {}": " or ".join(map(str, filters.document_ids)),
    }
    return ", ".join(words.format(value) for words, value in said.items() if value)


Cited = dict[PassageId, Placed]
Around = dict[PassageId, Neighbourhood]


@stage("reading")
def _cited(snapshot: Snapshot, ranked: Sequence[Ranked], count: int) -> tuple[Cited, Around]:
    """The passages found with all their copies, and `count` neighbours of those found."""
    ids = [id_ for one in ranked for id_ in (one.id, *one.copies)]
    cited, around = snapshot.placed_between(ids, [one.id for one in ranked], count)
    return {placed.passage.id: placed for placed in cited}, around


@stage("reranking")
def _reranked(
    ranked: Sequence[Ranked], cited: Cited, question: str, reranker: Reranker
) -> list[Ranked]:
    """The first RERANKED in the cross-encoder's order, with its scores; the others behind them."""
    head = [one for one in ranked[:RERANKED] if one.id in cited]
    scores = reranker.scores(question, [cited[one.id].passage.quote for one in head])
    order = sorted(zip(scores, head, strict=True), key=lambda pair: -pair[0])
    rescored = [
        replace(one, score=score, parts=(*one.parts, ScorePart("reranker", score, place, score)))
        for place, (score, one) in enumerate(order, start=1)
    ]
    return [*rescored, *ranked[RERANKED:]]


def _passage(
    rank: int, one: Ranked, cited: Cited, around: Neighbourhood | None, *, explain: bool
) -> CitedPassage:
    placed = cited[one.id]
    first, last = one.best_sentence
    best = (placed.passage.start + first, placed.passage.start + last)
    return CitedPassage(
        rank,
        one.score,
        citation.cite(placed, best=best),
        tuple(citation.cite(cited[copy]) for copy in one.copies if copy in cited),
        guard_in(placed.around, placed.passage.start, placed.passage.end),
        one.parts if explain else None,
        citation.cite_neighbours(around) if around else None,
    )
