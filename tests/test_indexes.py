"""The vector and the lexical index against brute force."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import LexicalIndex
from index.types import PassageId
from index.vectors import VectorIndex

DIMENSION = 16

K1, B = 1.2, 0.75
"""Tantivy's constants."""


def unit_vectors(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)


def vector_index(vectors: np.ndarray, first_id: int = 10) -> VectorIndex:
    index = VectorIndex.empty(DIMENSION)
    index.add([PassageId(first_id + n) for n in range(len(vectors))], vectors)
    return index


@given(st.integers(1, 60), st.integers(1, 80), st.integers(0, 10_000))
@settings(max_examples=40)
def test_vector_search_equals_brute_force(count: int, limit: int, seed: int) -> None:
    vectors = unit_vectors(count, seed)
    query = unit_vectors(1, seed + 1)[0].astype(np.float32)
    scores = vectors.astype(np.float32) @ query
    hits = vector_index(vectors).search(query, limit)
    best = np.argsort(-scores, kind="stable")[:limit]
    assert [hit.score for hit in hits] == pytest.approx(scores[best].tolist(), abs=1e-5)
    assert {hit.id - 10 for hit in hits} == set(best.tolist()) or len(set(scores)) < count


def test_removed_vectors_are_found_no_more() -> None:
    index = vector_index(unit_vectors(20))
    index.remove([PassageId(12), PassageId(29)])
    found = {hit.id for hit in index.search(unit_vectors(1)[0].astype(np.float32), 100)}
    assert found == set(range(10, 29)) - {12}
    assert len(index) == 18


@pytest.mark.parametrize("mapped", [False, True])
def test_a_saved_vector_index_comes_back_equal(tmp_path: Path, mapped: bool) -> None:
    index = vector_index(unit_vectors(20))
    index.save(tmp_path / "index")
    query = unit_vectors(1, 5)[0].astype(np.float32)
    again = VectorIndex.load(tmp_path / "index", mapped=mapped)
    among = [PassageId(12), PassageId(17)]
    (tmp_path / "index").unlink()  # as the next generation does with this one
    assert again.search(query, 5) == index.search(query, 5)
    assert again.search(query, 5, among) == index.search(query, 5, among)


def test_an_empty_vector_index_finds_nothing() -> None:
    assert VectorIndex.empty(DIMENSION).search(np.ones(DIMENSION, np.float32), 5) == []


PASSAGES = [
    "the ambassador visited the capital",
    "rice rice rice for the people",
    "the capital of the country and its people and its rivers and its long history",
    "an embassy",
]


@pytest.fixture
def word_index(tmp_path: Path) -> LexicalIndex:
    lexical.update(tmp_path, [], [(PassageId(n), text) for n, text in enumerate(PASSAGES, 1)])
    return LexicalIndex(tmp_path)


def bm25(query: list[str], passages: list[str]) -> list[float]:
    lengths = [len(text.split()) for text in passages]
    mean = sum(lengths) / len(lengths)
    scores = []
    for text, length in zip(passages, lengths, strict=True):
        counts = Counter(text.split())
        score = 0.0
        for term in query:
            holding = sum(term in other.split() for other in passages)
            idf = math.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
            norm = K1 * (1 - B + B * length / mean)
            score += idf * counts[term] * (K1 + 1) / (counts[term] + norm)
        scores.append(score)
    return scores


@pytest.mark.parametrize("query", [["rice"], ["the", "capital"], ["people", "embassy", "unknown"]])
def test_lexical_scores_are_bm25(word_index: LexicalIndex, query: list[str]) -> None:
    expected = bm25(query, PASSAGES)
    hits = word_index.search(dict.fromkeys(query, 1.0), 10)
    assert {hit.id: hit.score for hit in hits} == pytest.approx(
        {n: score for n, score in enumerate(expected, 1) if score}, rel=1e-4
    )
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_search_among_some_passages_gives_the_same_scores(word_index: LexicalIndex) -> None:
    everything = {hit.id: hit.score for hit in word_index.search({"the": 1.0, "people": 1.0}, 10)}
    some = word_index.search({"the": 1.0, "people": 1.0}, 10, among=[PassageId(2), PassageId(4)])
    assert {hit.id: hit.score for hit in some} == pytest.approx({2: everything[PassageId(2)]})


def test_a_filter_that_matches_nothing_is_not_the_same_as_no_filter(
    word_index: LexicalIndex,
) -> None:
    assert word_index.search({"the": 1.0}, 10, among=[]) == []
    assert len(word_index.search({"the": 1.0}, 10, among=None)) == 3


def test_words_of_removed_passages_are_found_no_more(tmp_path: Path) -> None:
    lexical.update(tmp_path, [], [(PassageId(1), "rice"), (PassageId(2), "rice")])
    lexical.update(tmp_path, [PassageId(1)], [(PassageId(3), "rice")])
    index = LexicalIndex(tmp_path)
    assert sorted(hit.id for hit in index.search({"rice": 1.0}, 10)) == [2, 3]
    assert len(index) == 2


def test_a_folder_without_an_index_is_an_error_not_an_empty_index(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no tantivy index"):
        LexicalIndex(tmp_path)


def test_how_rare_a_word_is_does_not_depend_on_what_was_removed(tmp_path: Path) -> None:
    kept = [(PassageId(n), text) for n, text in enumerate(PASSAGES, 1)]
    gone = [(PassageId(100 + n), text) for n, text in enumerate(PASSAGES * 3)]
    (tmp_path / "changed").mkdir()
    (tmp_path / "made").mkdir()
    lexical.update(tmp_path / "changed", [], [*kept, *gone])
    lexical.update(tmp_path / "changed", [id_ for id_, _ in gone], [])
    lexical.update(tmp_path / "made", [], kept)
    question = " ".join(PASSAGES)
    changed, made = (
        LexicalIndex(tmp_path / name).query(question, [None]) for name in ("changed", "made")
    )
    assert changed == made
