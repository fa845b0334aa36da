"""The only door to the embedding model.

`load_encoder` finds the model, verifies it, and picks what runs it: a compiled
copy (OpenVINO) on a CPU, sentence-transformers itself on an accelerator or
where OpenVINO cannot be had. A compiled copy already in the cache is used
without importing torch, transformers or sentence_transformers.
"""

from __future__ import annotations

from index.encoder.encoder import Encoder, EncoderInput, Purpose
from index.encoder.load import DEFAULT_MODEL, load_encoder

__all__ = ["DEFAULT_MODEL", "Encoder", "EncoderInput", "Purpose", "load_encoder"]
