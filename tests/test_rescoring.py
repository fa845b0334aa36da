"""Lexical scores of candidates, against the formulas written out word by word."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalQuery, QueryWord, hash_sentences, rescore
from index.lexical.rescore import PASSAGE_B, PASSAGE_K1, SENTENCE_B, SENTENCE_K1

VOCABULARY = ["rice", "the", "people", "embassy", "1950"]

Sentence = list[str]
Passage = list[Sentence]

words = st.sampled_from(VOCABULARY)
passages = st.lists(
    st.lists(st.lists(words, max_size=6), min_size=1, max_size=4), min_size=1, max_size=5
)
questions = st.lists(words, min_size=1, max_size=4)


def query(question: list[str]) -> LexicalQuery:
    known = list(dict.fromkeys(question))
    places = [known.index(word) for word in question]
    return LexicalQuery(
        tuple(QueryWord((word,), 1.0, idf=1.0 + n) for n, word in enumerate(known)),
        frozenset(pairwise(places)),
        frozenset(known),
    )


def hashed(some: list[Passage]) -> list[bytes]:
    return [hash_sentences([(sentence, sentence) for sentence in one]) for one in some]


def flat(passage: Passage) -> list[str]:
    return [word for sentence in passage for word in sentence]


def bm25(count: int, length: int, mean: float, k1: float, b: float) -> float:
    return count * (k1 + 1) / (count + k1 * (1 - b + b * length / max(1.0, mean)))


def mean(lengths: list[int]) -> float:
    return sum(lengths) / len(lengths)


@given(passages, questions)
def test_words_are_scored_by_bm25_in_passages_and_in_their_best_sentences(
    some: list[Passage], question: list[str]
) -> None:
    asked = query(question)
    scores = rescore(hashed(some), asked)
    of_passages = mean([len(flat(one)) for one in some])
    of_sentences = mean([len(sentence) for one in some for sentence in one])

    def score(words: list[str], average: float, k1: float, b: float) -> float:
        return sum(
            word.idf * bm25(words.count(word.terms[0]), len(words), average, k1, b)
            for word in asked.words
        )

    assert scores.passage.tolist() == pytest.approx(
        [score(flat(one), of_passages, PASSAGE_K1, PASSAGE_B) for one in some], rel=1e-4
    )
    assert scores.sentence.tolist() == pytest.approx(
        [max(score(s, of_sentences, SENTENCE_K1, SENTENCE_B) for s in one) for one in some],
        rel=1e-4,
    )


@given(passages, questions)
def test_coverage_is_the_share_of_the_question_in_one_sentence(
    some: list[Passage], question: list[str]
) -> None:
    asked = query(question)
    total = sum(word.idf for word in asked.words)

    def held(sentence: Sentence) -> float:
        return sum(word.idf for word in asked.words if word.terms[0] in sentence) / total

    found = rescore(hashed(some), asked).coverage.tolist()
    assert found == pytest.approx([max(map(held, one)) for one in some], rel=1e-4)


@given(passages, questions)
def test_pairs_are_words_side_by_side_in_a_sentence_as_in_the_question(
    some: list[Passage], question: list[str]
) -> None:
    average = mean([len(flat(one)) for one in some])

    def count(pair: tuple[str, str], passage: Passage) -> int:
        return sum(found == pair for sentence in passage for found in pairwise(sentence))

    expected = [0.0] * len(some)
    for pair in set(pairwise(question)):
        counts = [count(pair, one) for one in some]
        holding = sum(number > 0 for number in counts)
        idf = math.log(1 + (len(some) - holding + 0.5) / (holding + 0.5))
        for n, one in enumerate(some):
            expected[n] += idf * bm25(counts[n], len(flat(one)), average, PASSAGE_K1, PASSAGE_B)
    assert rescore(hashed(some), query(question)).pairs.tolist() == pytest.approx(
        expected, rel=1e-4, abs=1e-6
    )


def test_a_word_written_as_asked_counts_for_more_than_its_bare_letters() -> None:
    asked = LexicalQuery((QueryWord(("lam",), 1.0, 1.0),), frozenset(), frozenset({"lâm"}))
    plain, accented = rescore(
        [hash_sentences([(["lam"], ["lam"])]), hash_sentences([(["lam"], ["lâm"])])], asked
    ).forms
    assert plain == 0 < accented


def test_a_stem_of_any_language_is_the_word() -> None:
    asked = LexicalQuery(
        (QueryWord(("leader", "leaders"), 1.0, 2.0),), frozenset(), frozenset({"leaders"})
    )
    some = [hash_sentences([([term], ["leaders"])]) for term in ("leader", "leaders", "lead")]
    one, other, none = rescore(some, asked).passage
    assert one == other > none == 0


def test_a_passage_without_words_scores_nothing() -> None:
    scores = rescore([hash_sentences([([], []), ([], [])])], query(["rice"]))
    assert scores.passage.tolist() == scores.pairs.tolist() == scores.coverage.tolist() == [0.0]
