"""Write a tiny cross-encoder to a folder: random weights, one score for a pair of texts.

A program of its own, so that the tests' process need not import torch for it.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path


def main(folder: Path) -> None:
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    torch.manual_seed(0)
    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    ids = {token: number for number, token in enumerate(vocabulary)}
    BertTokenizerFast(vocab=ids, model_max_length=256).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
        initializer_range=0.5,  # else all scores are nearly equal
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
