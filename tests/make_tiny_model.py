"""Write a tiny sentence-transformers model to a folder: random weights, mean pooling.

A program of its own, so that the tests' process need not import torch for it.
"""

from __future__ import annotations

import string
import sys
from pathlib import Path


def main(folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(0)
    network = folder / "network"
    network.mkdir(parents=True)
    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    vocabulary += [f"##{letter}" for letter in letters]
    # As a dictionary: transformers 5 passes over a vocab_file, and knows no word then.
    ids = {token: number for number, token in enumerate(vocabulary)}
    BertTokenizerFast(vocab=ids).save_pretrained(network)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config).save_pretrained(network)
    transformer = Transformer(str(network), max_seq_length=256)
    pooling = Pooling(32, pooling_mode="mean")
    SentenceTransformer(modules=[transformer, pooling], device="cpu").save(str(folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
