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
from index.lexical import LexicalIndex, analyze, fold
from index.types import PassageId
from index.vectors import VectorIndex

DIMENSION = 16


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


def test_a_saved_vector_index_comes_back_equal(tmp_path: Path) -> None:
    index = vector_index(unit_vectors(20))
    index.save(tmp_path / "index")
    query = unit_vectors(1, 5)[0].astype(np.float32)
    assert VectorIndex.load(tmp_path / "index").search(query, 5) == index.search(query, 5)


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
            norm = lexical.K1 * (1 - lexical.B + lexical.B * length / mean)
            score += idf * counts[term] * (lexical.K1 + 1) / (counts[term] + norm)
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


words = st.sampled_from(["rice", "the", "people", "embassy", "1950"])
some_terms = st.lists(
    st.lists(st.lists(words, max_size=6), min_size=1, max_size=4), min_size=1, max_size=5
)


@given(some_terms, st.dictionaries(words, st.floats(0.1, 5), max_size=4))
def test_sentences_are_scored_like_small_passages(
    passages: list[list[list[str]]], idf: dict[str, float]
) -> None:
    lengths = [len(sentence) for passage in passages for sentence in passage]
    mean = max(1.0, sum(lengths) / len(lengths))

    def score(sentence: list[str]) -> float:
        norm = lexical.K1 * (1 - lexical.B + lexical.B * len(sentence) / mean)
        counts = ((weight, sentence.count(term)) for term, weight in idf.items())
        return sum(w * n * (lexical.K1 + 1) / (n + norm) for w, n in counts)

    lines = ["\n".join(" ".join(sentence) for sentence in passage) for passage in passages]
    found = lexical.best_sentence_bm25([lexical.hash_terms(text) for text in lines], idf)
    assert found.tolist() == pytest.approx([max(map(score, one)) for one in passages], rel=1e-4)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Tô Lâm", "To Lam"),
        ("Việt Nam", "viet nam"),
        ("Vie\u0323\u0302t Nam", "Việt Nam"),
        ("Đà Nẵng", "da nang"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("ﬁnance", "finance"),
        ("visits", "visited"),
    ],
)
def test_a_question_finds_words_however_they_are_written(written: str, asked: str) -> None:
    assert analyze(written) == analyze(asked)


def test_a_compound_is_looked_for_as_the_library_spells_it(tmp_path: Path) -> None:
    passages = ["viet nam and laos", "vietnam and china", "to gether"]
    lexical.update(tmp_path, [], [(PassageId(n), text) for n, text in enumerate(passages, 1)])
    index = LexicalIndex(tmp_path)
    assert index.terms_of("Vietnam") == {"vietnam": 1.0, "viet": 0.5, "nam": 0.5}
    assert index.terms_of("Việt Nam") == {"viet": 1.0, "nam": 1.0, "vietnam": 1.0}
    assert index.terms_of("laos and together") == {"lao": 1.0, "and": 1.0, "togeth": 1.0}
    for question in ("Vietnam", "Viet Nam"):
        hits = index.search(index.terms_of(question), 10)
        assert sorted(hit.id for hit in hits) == [1, 2]


@given(st.text(max_size=100))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
