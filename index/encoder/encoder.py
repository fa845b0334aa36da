"""Texts to vectors: tokenise, run the model once, pool passages and sentences.

What is written here by hand is the pooling: sentence-transformers returns one
vector a text, and running it again for every sentence costs two to six times
more than pooling the sentences' tokens out of the same forward pass.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from index.types import EncoderIdentity, Span

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

    from index.types import Float16, Float32, Int64

BATCH_TOKENS = 640
"""Tokens in one forward pass when indexing, padding included: about four passages. On two cores
320 to 1280 were within 2 percent of each other, 160 was 7 percent slower."""

QUESTION_TOKENS = 128
"""The same of questions asked together: about four."""

Purpose = Literal["questions", "indexing"]
"""Questions come one at a time and want low latency; indexing wants throughput."""


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """A text and the spans of its sentences, relative to the text."""

    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model turns token outputs into a vector; read from its configuration once."""

    identity: EncoderIdentity
    max_tokens: int
    """Longest input the model reads, its special tokens included."""
    pools_tokens: bool
    """Vectors are the mean of token outputs; else sentences get a forward pass of their own."""
    query_prefix: str = ""
    passage_prefix: str = ""


class Backend(Protocol):
    """Something that runs the network; two exist, OpenVINO and torch."""

    @property
    def parallel(self) -> int:
        """How many `embed` calls may usefully run at once."""

    def embed(self, ids: Int64, mask: Int64, weights: Float32 | None) -> Float32:
        """Run the model on [batch, length] token ids.

        `weights`, [batch, vectors, length], says which tokens' mean each vector is; the result
        is [batch, vectors, dimension]. With None the model's own pooling gives one vector.
        """


class Encoder:
    """An embedding model, ready to run. Safe to share between threads."""

    def __init__(self, recipe: Recipe, tokenizer: Tokenizer, backend: Backend) -> None:
        self._recipe = recipe
        self._tokenizer = tokenizer
        self._backend = backend
        self._lock = threading.Lock()
        tokenizer.no_padding()
        tokenizer.enable_truncation(recipe.max_tokens)

    @property
    def identity(self) -> EncoderIdentity:
        """Name, dimension and checksum of the model."""
        return self._recipe.identity

    @property
    def max_passage_tokens(self) -> int:
        """How many of a passage's own tokens the model reads."""
        prefix = len(self._tokenizer.encode(self._recipe.passage_prefix).ids)
        return self._recipe.max_tokens - prefix

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special ones left out; exact up to what the model reads."""
        encodings = self._counting.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in encodings]

    @cached_property
    def _counting(self) -> Tokenizer:
        """A tokenizer that cuts nothing off: one batch is counted while another is embedded."""
        from tokenizers import Tokenizer

        counting = Tokenizer.from_str(self._tokenizer.to_str())
        counting.no_truncation()
        return counting

    def encode_query(self, question: str) -> Float32:
        """The question's vector: float32, [dimension], unit length."""
        found: Float32 = self.encode_queries([question])[0]
        return found

    def encode_text(self, text: str) -> Float32:
        """The text's vector as it stands, without a model's prefix for questions or passages."""
        found: Float32 = self._encode([text])[0]
        return found

    def encode_queries(self, questions: Sequence[str]) -> Float32:
        """The vectors of questions, each as `encode_query` has it: float32, [n, dimension]."""
        return self._encode([self._recipe.query_prefix + question for question in questions])

    def _encode(self, texts: Sequence[str]) -> Float32:
        """Texts of like length go together: padding costs as much as words do."""
        encodings = self._tokenizer.encode_batch(list(texts))
        lengths = [len(encoding.ids) for encoding in encodings]
        vectors = np.empty((len(texts), self.identity.dimension), dtype=np.float32)
        for batch in batches_by_length(lengths, QUESTION_TOKENS):
            weights = self._means([lengths[index] for index in batch])
            inputs = padded([encodings[index] for index in batch], weights, range(len(batch)))
            with self._lock:
                vectors[batch] = normalised(self._backend.embed(*inputs)[:, 0])
        return vectors

    def encode_passages(self, passages: Sequence[EncoderInput]) -> list[Float16]:
        """For each passage float16 [1 + sentences, dimension], unit length: it, its sentences."""
        if not self._recipe.pools_tokens:
            return self._encode_separately(passages)
        prefix = self._recipe.passage_prefix
        encodings = self._tokenizer.encode_batch([prefix + item.text for item in passages])
        weights = [
            token_weights(encoding, item.sentences, len(prefix))
            for encoding, item in zip(encodings, passages, strict=True)
        ]
        vectors = self._run(encodings, weights)
        return [rows.astype(np.float16) for rows in vectors]

    def _encode_separately(self, passages: Sequence[EncoderInput]) -> list[Float16]:
        """One pass per passage and per sentence, for models that do not average tokens."""
        texts = [
            self._recipe.passage_prefix + text
            for item in passages
            for text in (item.text, *(item.text[start:end] for start, end in item.sentences))
        ]
        vectors = iter(self._run(self._tokenizer.encode_batch(texts), None))
        return [
            np.concatenate([next(vectors) for _ in range(1 + len(item.sentences))]).astype(
                np.float16
            )
            for item in passages
        ]

    def _run(
        self, encodings: Sequence[Encoding], weights: Sequence[Float32] | None
    ) -> list[Float32]:
        """Embed in batches of like length, several at once where the backend gains by it."""
        from concurrent.futures import ThreadPoolExecutor

        vectors: list[Float32] = [np.empty(0, np.float32)] * len(encodings)

        def run(batch: list[int]) -> None:
            rows = self._backend.embed(*padded([encodings[i] for i in batch], weights, batch))
            for row, index in zip(rows, batch, strict=True):
                count = len(weights[index]) if weights is not None else 1
                vectors[index] = normalised(row[:count])

        batches = list(batches_by_length([len(encoding.ids) for encoding in encodings]))
        with self._lock, ThreadPoolExecutor(self._backend.parallel) as threads:
            list(threads.map(run, batches))
        return vectors

    def _means(self, lengths: Sequence[int]) -> list[Float32] | None:
        """Weights that average all tokens of texts of these lengths."""
        if not self._recipe.pools_tokens:
            return None
        return [np.full((1, length), 1 / length, dtype=np.float32) for length in lengths]


def batches_by_length(lengths: Sequence[int], most: int = BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices in batches of like length, longest first, each within `most` padded tokens.

    >>> list(batches_by_length([3, 9, 4], most=10))
    [[1], [2, 0]]
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def token_weights(encoding: Encoding, sentences: Sequence[Span], offset: int) -> Float32:
    """[1 + sentences, tokens]: rows that average all tokens, then each sentence's own.

    A token belongs to the sentence its first character lies in; special tokens to none. A
    sentence without a token (rare symbols, or beyond what the model reads) takes the
    passage's mean.
    """
    length = len(encoding.ids)
    special = np.array(encoding.special_tokens_mask, dtype=bool)
    starts = np.array([start for start, _ in encoding.offsets]) - offset
    weights = np.zeros((1 + len(sentences), length), dtype=np.float32)
    weights[0] = 1 / length
    for row, (start, end) in enumerate(sentences, start=1):
        inside = (starts >= start) & (starts < end) & ~special
        weights[row] = inside / inside.sum() if inside.any() else weights[0]
    return weights


def padded(
    encodings: Sequence[Encoding], weights: Sequence[Float32] | None, batch: Sequence[int]
) -> tuple[Int64, Int64, Float32 | None]:
    """Token ids and mask as [batch, longest], and the batch's weights padded alike."""
    longest = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), longest), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    if weights is None:
        return ids, mask, None
    chosen = [weights[index] for index in batch]
    stacked = np.zeros((len(chosen), max(map(len, chosen)), longest), dtype=np.float32)
    for row, matrix in enumerate(chosen):
        stacked[row, : matrix.shape[0], : matrix.shape[1]] = matrix
    return ids, mask, stacked


def normalised(vectors: Float32) -> Float32:
    """The vectors at unit length; a zero vector stays zero."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    norms[norms == 0] = 1
    scaled: Float32 = vectors / norms
    return scaled
