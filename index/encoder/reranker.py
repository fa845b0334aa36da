"""Cross-encoders, which read a question and a passage together: slower, and often better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.encoder.load import locate
from index.errors import ModelMissing


class Reranker:
    """A sentence-transformers cross-encoder, by name or path."""

    def __init__(self, name: str, device: str) -> None:
        """Load the model.

        Raises:
            ModelMissing: when there is none of that name, or it is no cross-encoder.
        """
        path = locate(name)
        from sentence_transformers import CrossEncoder

        try:
            self._model: Any = CrossEncoder(str(path), device=None if device == "auto" else device)
        except (OSError, ValueError, KeyError) as error:
            raise ModelMissing(
                f"{name}: this is no cross-encoder ({error}).",
                "Name a cross-encoder, such as cross-encoder/ms-marco-MiniLM-L6-v2.",
            ) from error

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """How well each text answers, as the model has it; higher is better, mostly 0 to 1."""
        if not texts:
            return []
        pairs = [(question, text) for text in texts]
        found: list[float] = self._model.predict(pairs, show_progress_bar=False).tolist()
        return found
