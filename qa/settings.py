"""Settings: the only reader of the environment. A flag on the command line wins over these."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

from index.errors import SettingInvalid

PREFIX = "QUAERE_"
DEVICES = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may change."""

    library: Path
    """Where the library lies. QUAERE_LIBRARY; by default in the platform's data folder."""
    cache: Path
    """Where compiled models lie. QUAERE_CACHE; by default the platform's cache folder."""
    model: str | None = None
    """Name or path of the embedding model. QUAERE_MODEL; by default the library's own."""
    device: str = "auto"
    """What runs the model: auto, cpu, cuda or mps. QUAERE_DEVICE."""
    reranker: str | None = None
    """Name or path of a cross-encoder that reads the first passages again. QUAERE_RERANKER."""


def editor(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The command of the user's editor, empty where none is set: VISUAL, then EDITOR."""
    return shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment.

    Raises:
        SettingInvalid: for a QUAERE_ variable that means nothing, or has no usable value.
    """
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and value
    }
    known = set(Settings.__dataclass_fields__)
    if unknown := sorted(set(given) - known):
        raise SettingInvalid(
            f"{PREFIX}{unknown[0].upper()}: there is no such setting.",
            f"Known are {', '.join(sorted(PREFIX + name.upper() for name in known))}.",
        )
    device = given.get("device", "auto")
    if device not in DEVICES:
        raise SettingInvalid(
            f"QUAERE_DEVICE={device}: there is no such device.", f"Use one of {', '.join(DEVICES)}."
        )
    return Settings(
        library=Path(given.get("library") or user_data_path("quaere") / "library"),
        cache=Path(given.get("cache") or user_cache_path("quaere")),
        model=given.get("model"),
        device=device,
        reranker=given.get("reranker"),
    )
