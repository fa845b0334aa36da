"""The network as sentence-transformers loads it, with our pooling at its end.

Importing this module is cheap; loading imports torch, transformers and
sentence_transformers, and nothing else in Quaere does.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.encoder.encoder import Recipe
from index.errors import ModelDamaged
from index.types import EncoderIdentity

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import nn

QUERY_PROMPTS = ("query",)
PASSAGE_PROMPTS = ("document", "passage", "corpus")


def load_network(path: Path, device: str | None = None) -> SentenceTransformer:
    """The model at `path`, ready to evaluate; on `device`, or the best one there is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other libraries' notices to their own developers
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(path), device=device).eval()
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise ModelDamaged(
                f"{path}: sentence-transformers cannot load the model "
                f"({type(error).__name__}: {error}).",
                "Install it again, or name another with --model.",
            ) from error


def read_recipe(network: SentenceTransformer, name: str, checksum: str) -> Recipe:
    """What Quaere has to know of the model besides its weights."""
    prompts = {key: value for key, value in network.prompts.items() if value}
    return Recipe(
        identity=EncoderIdentity(name, int(network.get_embedding_dimension() or 0), checksum),
        max_tokens=int(network.max_seq_length or 512),
        pools_tokens=_pools_tokens(network),
        query_prefix=_first(prompts, QUERY_PROMPTS),
        passage_prefix=_first(prompts, PASSAGE_PROMPTS),
    )


def tokenizer_of(network: SentenceTransformer) -> Tokenizer:
    """The model's tokenizer, the kind that knows where each token stands in the text."""
    tokenizer: Tokenizer | None = getattr(network.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        raise ModelDamaged(
            "The model's tokenizer does not tell where its tokens stand.",
            "Name a model with a fast tokenizer (a tokenizer.json).",
        )
    return tokenizer


def pooled(network: SentenceTransformer, pools_tokens: bool) -> nn.Module:
    """A module from (ids, mask, weights) or (ids, mask) to [batch, vectors, dimension]."""
    import torch
    from torch import nn

    transformer, after_pooling = network[0], list(network)[2:]

    class TokenMeans(nn.Module):
        """Means of token outputs, as `weights` says, then whatever follows the pooling."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer
            self.rest = nn.ModuleList(m for m in after_pooling if type(m).__name__ != "Normalize")

        def forward(self, ids: Any, mask: Any, weights: Any) -> Any:
            features = self.transformer({"input_ids": ids, "attention_mask": mask})
            means = torch.matmul(weights, features["token_embeddings"])
            flat: Any = {"sentence_embedding": means.flatten(0, 1)}
            for module in self.rest:
                flat = module(flat)
            return flat["sentence_embedding"].unflatten(0, means.shape[:2])

    class OwnPooling(nn.Module):
        """The model's own pooling, one vector a text."""

        def __init__(self) -> None:
            super().__init__()
            self.network = nn.ModuleList(list(network))

        def forward(self, ids: Any, mask: Any) -> Any:
            features: Any = {"input_ids": ids, "attention_mask": mask}
            for module in self.network:
                features = module(features)
            return features["sentence_embedding"].unsqueeze(1)

    return (TokenMeans() if pools_tokens else OwnPooling()).eval()


def _pools_tokens(network: SentenceTransformer) -> bool:
    return len(network) > 1 and getattr(network[1], "pooling_mode", None) in ("mean", ("mean",))


def _first(prompts: dict[str, str], names: tuple[str, ...]) -> str:
    return next((prompts[name] for name in names if name in prompts), "")
