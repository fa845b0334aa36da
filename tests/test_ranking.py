"""Ranking by the formulas of qa.fusion, against brute force over a whole library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import records
from index.lexical import rescore
from index.library import Snapshot
from qa.engine import Engine
from qa.fusion import (
    FEEDBACK_PASSAGES,
    FEEDBACK_WEIGHT,
    LOWEST_DENSE,
    SENTENCE_WEIGHT,
    SHARES,
    components,
    fuse,
    scaled,
)
from qa.retrieve import retrieve

scores = st.lists(st.floats(0, 50, width=32), min_size=1, max_size=20)


@given(scores)
def test_scaled_scores_keep_their_order_between_0_and_1(values: list[float]) -> None:
    result = scaled(np.array(values, dtype=np.float32), lowest=0.0)
    assert ((result >= 0) & (result <= 1)).all()
    assert (np.diff(result[np.argsort(values)]) >= 0).all()


def test_shares_add_up_to_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)


def test_fusion_by_hand() -> None:
    nothing = np.zeros(2, dtype=np.float32)
    scores = dict.fromkeys(SHARES, nothing) | {
        "meaning": np.array([LOWEST_DENSE + 4, LOWEST_DENSE], dtype=np.float32),  # scaled: 1, 0
        "words": np.array([4.0, 8.0], dtype=np.float32),  # scaled: 0.5, 1
    }
    fused = fuse(components(scores)).tolist()
    assert fused == pytest.approx([SHARES["meaning"] + SHARES["words"] / 2, SHARES["words"]])


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
    words = rescore(
        [one.hashes for one in candidates], snapshot.lexical.query(question, snapshot.languages)
    )
    vectors = [np.frombuffer(c.vectors, "<f2").reshape(-1, len(query)) for c in candidates]
    passages = np.array([rows[0] for rows in vectors], dtype=np.float32)
    dense = np.array([v[0] + SENTENCE_WEIGHT * max(v[1:]) for v in (r @ query for r in vectors)])

    def total(likeness: np.ndarray) -> np.ndarray:
        columns = {
            "meaning": dense + FEEDBACK_WEIGHT * likeness - LOWEST_DENSE,
            "words": words.passage,
            "sentence_words": words.sentence,
            "word_pairs": words.pairs,
            "coverage": words.coverage,
            "exact_words": words.forms,
        }
        shares = (SHARES[kind] * column / (column.max() or 1) for kind, column in columns.items())
        return np.sum(list(shares), axis=0)

    first = np.argsort(-total(np.zeros(len(ids))), kind="stable")[:FEEDBACK_PASSAGES]
    return dict(zip(ids, total(passages @ passages[first].mean(axis=0)).tolist(), strict=True))
