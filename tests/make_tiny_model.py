"""Write a tiny sentence-transformers model to a folder: random weights, mean pooling.
With a second argument, "cross", a cross-encoder: one score for a pair of texts.

A program of its own, so that the tests' process need not import torch for it.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BertConfig


def write_model(folder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertModel

    network = folder / "network"
    network.mkdir(parents=True)
    BertModel(tokenizer_and_config(network)).save_pretrained(network)
    transformer = Transformer(str(network), max_seq_length=256)
    pooling = Pooling(32, pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder))


def write_cross_encoder(folder: Path) -> None:
    from transformers import BertForSequenceClassification

    # Weights far apart, else all scores are nearly equal.
    config = tokenizer_and_config(folder, initializer_range=0.5, num_labels=1)
    BertForSequenceClassification(config).save_pretrained(folder)


def tokenizer_and_config(folder: Path, **options: float) -> BertConfig:
    import torch
    from transformers import BertConfig, BertTokenizerFast

    torch.manual_seed(0)
    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    # As a dictionary: transformers 5 passes over a vocab_file, and knows no word then.
    ids = {token: number for number, token in enumerate(vocabulary)}
    BertTokenizerFast(vocab=ids, model_max_length=256).save_pretrained(folder)
    return BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        **options,
    )


if __name__ == "__main__":
    write = write_cross_encoder if sys.argv[2:] == ["cross"] else write_model
    write(Path(sys.argv[1]))
