"""Ranking by the formulas of qa.fusion, against brute force over a whole library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import records
from index.lexical import best_sentence_bm25
from index.library import Snapshot
from qa.engine import Engine
from qa.fusion import BM25, DENSE, LOWEST_DENSE, SENTENCE_BM25, dense_score, fuse, scaled
from qa.retrieve import retrieve

scores = st.lists(st.floats(0, 50, width=32), min_size=1, max_size=20)


@given(scores)
def test_scaled_scores_keep_their_order_between_0_and_1(values: list[float]) -> None:
    result = scaled(np.array(values, dtype=np.float32), lowest=0.0)
    assert ((result >= 0) & (result <= 1)).all()
    assert (np.diff(result[np.argsort(values)]) >= 0).all()


def test_shares_add_up_to_one() -> None:
    assert pytest.approx(1) == DENSE + BM25 + SENTENCE_BM25


def test_fusion_by_hand() -> None:
    dense = np.array([2.5, 0.0], dtype=np.float32)  # scaled: 1, 0.5
    bm25 = np.array([0.0, 8.0], dtype=np.float32)  # scaled: 0, 1
    sentence = np.array([3.0, 6.0], dtype=np.float32)  # scaled: 0.5, 1
    assert fuse(dense, bm25, sentence).tolist() == pytest.approx([0.80, 0.625])


def test_no_word_in_common_scores_no_lexical_point() -> None:
    nothing = np.zeros(2, dtype=np.float32)
    assert fuse(np.array([2.5, -2.5], dtype=np.float32), nothing, nothing).tolist() == [0.75, 0.0]


@pytest.mark.parametrize("question", ["Who met Kim Il Sung?", "rice", "To Lam proposals"])
def test_candidates_and_rescoring_equal_scoring_every_passage(
    seed_engine: Engine, question: str
) -> None:
    snapshot = seed_engine.snapshot()
    seed_engine.warm_up()
    query = seed_engine.encode_question(question)
    expected = every_passage_scored(snapshot, question, query)
    found = {ranked.id: ranked.score for ranked in retrieve(snapshot, question, query, 100)}
    assert found == pytest.approx(expected, abs=1e-5)


def every_passage_scored(snapshot: Snapshot, question: str, query: np.ndarray) -> dict[int, float]:
    with snapshot.catalog.snapshot() as connection:
        ids = [one.id for one in records.indexable(connection, snapshot.identity.dimension)]
    candidates = snapshot.candidates(ids)
    terms = snapshot.lexical.terms_of(question)
    bm25 = {hit.id: hit.score for hit in snapshot.lexical.search(terms, 10_000)}
    idf = snapshot.lexical.idf(terms)
    dense = [dense_score(v[0], max(v[1:])) for v in (c.vectors @ query for c in candidates)]
    columns = (
        (DENSE, np.array(dense) - LOWEST_DENSE),
        (BM25, np.array([bm25.get(one.id, 0) for one in candidates])),
        (SENTENCE_BM25, best_sentence_bm25([c.hashes for c in candidates], idf)),
    )
    total = sum(share * column / (column.max() or 1) for share, column in columns)
    return dict(zip(ids, np.asarray(total).tolist(), strict=True))
