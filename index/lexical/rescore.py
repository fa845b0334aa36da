"""Lexical scores of candidates, from the words they hold, sentence by sentence.

Tantivy scores whole passages by single terms; here a passage also gains by
its best sentence, by words that stand together as in the question, and by
words written exactly as asked. All of it is arithmetic on numbers that stand
for words, so that some hundred candidates take about a millisecond.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.lexical.terms import folded_words, stems, written_words
from index.types import Span, Terms

if TYPE_CHECKING:
    from index.lexical.inverted import LexicalQuery
    from index.types import Float32, Int64, UInt32

PASSAGE_K1, PASSAGE_B = 0.9, 0.4
"""BM25's constants for passages, of like length by design: those of Trotman, Puurula and Burgess,
"Improvements to BM25 and Language Models Examined", ADCS 2014."""

SENTENCE_K1, SENTENCE_B = 1.2, 0.75
"""BM25's constants for sentences, whose lengths differ: Robertson's and Zaragoza's."""


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """Scores of candidates, each [n] and at least 0; higher is better."""

    passage: Float32
    """BM25 of the whole passage."""
    sentence: Float32
    """BM25 of its best sentence."""
    coverage: Float32
    """Share of the question's words, by idf, that its best sentence holds: 0 to 1."""
    pairs: Float32
    """BM25 of words that follow one another as in the question."""
    forms: Float32
    """BM25 of words written as in the question."""


@dataclass(frozen=True, slots=True)
class _Tokens:
    """All tokens of all candidates in a row."""

    terms: UInt32
    forms: UInt32
    sentence_of: Int64
    """[tokens], counted through all candidates."""
    passage_of: Int64
    """[tokens]."""
    sentence_lengths: Int64
    passage_lengths: Int64
    first_sentences: Int64
    """[passages]: the number of each one's first sentence."""


def passage_terms(quote: str, sentences: Sequence[Span], language: str | None) -> Terms:
    """A passage's words as the inverted index and `rescore` need them, stemmed by a language."""
    words = [written_words(quote[start:end]) for start, end in sentences]
    stemmed = [stems(folded_words(row), language) for row in words]
    return Terms(
        " ".join(term for row in stemmed for term in row),
        hash_sentences(list(zip(stemmed, words, strict=True))),
    )


def hash_sentences(sentences: Sequence[tuple[Sequence[str], Sequence[str]]]) -> bytes:
    """A passage's terms and written words, sentence by sentence, as numbers for `rescore`.

    Little-endian uint32 [tokens, 2]: CRC-32 of term and word; a row of zeros ends a sentence.
    """
    rows = [
        row
        for terms, words in sentences
        for row in (*zip(map(_hash, terms), map(_hash, words), strict=True), (0, 0))
    ]
    return np.array(rows, dtype="<u4").tobytes()


def rescore(hashed: Sequence[bytes], query: LexicalQuery) -> LexicalScores:
    """Scores for passages given as `hash_sentences` has them.

    Frequencies of pairs and forms, and mean lengths, are those among the passages given.
    """
    tokens = _tokens(hashed)
    words = len(query.words)
    idf = np.array([word.idf for word in query.words], dtype=np.float32)
    word_of = _places(tokens.terms, {t: n for n, w in enumerate(query.words) for t in w.terms})
    in_sentence = _counts(tokens.sentence_of, word_of, len(tokens.sentence_lengths), words)
    in_passage = np.add.reduceat(in_sentence, tokens.first_sentences)
    sentence = _bm25(in_sentence, tokens.sentence_lengths, SENTENCE_K1, SENTENCE_B) @ idf
    held = (in_sentence > 0) @ idf / (idf.sum() or 1)
    return LexicalScores(
        passage=_bm25(in_passage, tokens.passage_lengths, PASSAGE_K1, PASSAGE_B) @ idf,
        sentence=np.maximum.reduceat(sentence, tokens.first_sentences),
        coverage=np.maximum.reduceat(held, tokens.first_sentences),
        pairs=_pairs(tokens, word_of, words, query.pairs),
        forms=_forms(tokens, word_of, query.forms),
    )


def _pairs(
    tokens: _Tokens, word_of: Int64, words: int, pairs: Collection[tuple[int, int]]
) -> Float32:
    first, second = word_of[:-1], word_of[1:]  # a sentence's end is no word, and parts them
    found = np.where((first >= 0) & (second >= 0), first * words + second, -1)
    wanted = np.array(sorted(a * words + b for a, b in pairs), dtype=np.int64)
    counts = _counts(
        tokens.passage_of[:-1], _lookup(found, wanted), len(tokens.passage_lengths), len(wanted)
    )
    return _bm25_among(counts, tokens.passage_lengths)


def _forms(tokens: _Tokens, word_of: Int64, forms: Collection[str]) -> Float32:
    asked = word_of >= 0  # a word written as in the question has one of its terms
    places = _places(tokens.forms[asked], {form: n for n, form in enumerate(sorted(forms))})
    counts = _counts(tokens.passage_of[asked], places, len(tokens.passage_lengths), len(forms))
    return _bm25_among(counts, tokens.passage_lengths)


def _bm25_among(counts: Float32, lengths: Int64) -> Float32:
    """BM25 with document frequencies among the candidates themselves: [n]."""
    holding = (counts > 0).sum(axis=0)
    idf = np.log(1 + (len(counts) - holding + 0.5) / (holding + 0.5)).astype(np.float32)
    scores: Float32 = _bm25(counts, lengths, PASSAGE_K1, PASSAGE_B) @ idf
    return scores


def _bm25(counts: Float32, lengths: Int64, k1: float, b: float) -> Float32:
    """How much each occurrence counts, saturating, before idf: [rows, terms].

    >>> _bm25(np.array([[2.0]], np.float32), np.array([7]), k1=1.2, b=0.75).tolist()
    [[1.375]]
    """
    norms = k1 * (1 - b + b * lengths / max(1.0, float(lengths.mean())))
    result: Float32 = (counts * (k1 + 1) / (counts + norms[:, np.newaxis])).astype(np.float32)
    return result


def _tokens(hashed: Sequence[bytes]) -> _Tokens:
    rows = np.frombuffer(b"".join(hashed), dtype="<u4").reshape(-1, 2)
    ends = rows[:, 0] == 0
    sentence_of = np.cumsum(ends) - ends
    passage_of = np.repeat(np.arange(len(hashed)), [len(blob) // 8 for blob in hashed])
    sentence_lengths = np.bincount(sentence_of) - 1
    passage_of_sentence = passage_of[ends]
    first_sentences = np.searchsorted(passage_of_sentence, np.arange(len(hashed)))
    passage_lengths = np.add.reduceat(sentence_lengths, first_sentences)
    return _Tokens(
        rows[:, 0],
        rows[:, 1],
        sentence_of,
        passage_of,
        sentence_lengths,
        passage_lengths,
        first_sentences,
    )


def _places(hashes: UInt32, place_of: Mapping[str, int]) -> Int64:
    """For each token the place of its word, or -1."""
    by_hash = sorted((_hash(word), place) for word, place in place_of.items())
    wanted = np.array([number for number, _ in by_hash], dtype=np.uint32)
    places = np.array([*(place for _, place in by_hash), -1], dtype=np.int64)
    return places[_lookup(hashes, wanted)]


def _lookup(values: Int64 | UInt32, sorted_: Int64 | UInt32) -> Int64:
    """For each value its index in a sorted array, or -1."""
    if not len(sorted_):
        return np.full(len(values), -1)
    index = np.minimum(np.searchsorted(sorted_, values), len(sorted_) - 1)
    return np.where(sorted_[index] == values, index, -1)


def _counts(row_of: Int64, column_of: Int64, rows: int, columns: int) -> Float32:
    """How often each column's word stands in each row; words without a column are left out."""
    kept = column_of >= 0
    flat = row_of[kept] * columns + column_of[kept]
    counts = np.bincount(flat, minlength=rows * columns)
    return counts.reshape(rows, columns).astype(np.float32)


def _hash(word: str) -> int:
    return zlib.crc32(word.encode(errors="replace")) or 1  # 0 ends a sentence
