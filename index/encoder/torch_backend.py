"""Runs the network with torch: on CUDA, on MPS, and where OpenVINO cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder.encoder import Encoder
from index.encoder.network import load_network, pooled, read_recipe, tokenizer_of
from index.errors import SettingInvalid

if TYPE_CHECKING:
    from torch import nn

    from index.types import Float32, Int64


class TorchBackend:
    """A backend over a module on some device."""

    parallel = 1

    def __init__(self, module: nn.Module, device: str) -> None:
        self._module = module
        self._device = device

    def embed(self, ids: Int64, mask: Int64, weights: Float32 | None) -> Float32:
        """See `Backend.embed`."""
        import torch

        inputs = [array for array in (ids, mask, weights) if array is not None]
        with torch.inference_mode():
            on_device = [torch.from_numpy(array).to(self._device) for array in inputs]
            result = self._module(*on_device).float().cpu().numpy()
        return np.asarray(result, dtype=np.float32)


def load_torch_encoder(path: Path, name: str, checksum: str, device: str | None) -> Encoder:
    """The model as sentence-transformers runs it."""
    _check_device(device)
    network = load_network(path, device)
    recipe = read_recipe(network, name, checksum)
    module = pooled(network, recipe.pools_tokens)
    return Encoder(recipe, tokenizer_of(network), TorchBackend(module, str(network.device)))


def _check_device(device: str | None) -> None:
    import torch

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device and not there.get(device, True):
        raise SettingInvalid(
            f"{device}: torch finds no such device here.", "Use --device cpu, or leave it out."
        )
