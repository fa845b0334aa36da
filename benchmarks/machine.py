"""The header: what the figures were taken on, and with which versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from benchmarks.quaere import indexing_encoder
from index.encoder.compiled import CompiledBackend

PACKAGES = (
    "quaere",
    "openvino",
    "torch",
    "sentence-transformers",
    "transformers",
    "tokenizers",
    "faiss-cpu",
    "tantivy",
    "numpy",
)


def header() -> str:
    """One line: processor, cores, what runs the model in which precision, versions.

    Loads the model on the way, so a compiled copy is in the cache before anything is timed.
    """
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores; {_precision()}; "
        f"Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    from openvino import Core

    return str(Core().get_property("CPU", "FULL_DEVICE_NAME")).strip()


def _precision() -> str:
    """The precision in force, asked of the compiled network itself; nothing public tells it."""
    backend = indexing_encoder()._backend
    if not isinstance(backend, CompiledBackend):
        return "no OpenVINO, torch in f32"
    in_force = backend._network.get_property("INFERENCE_PRECISION_HINT")
    return f"OpenVINO in {in_force.get_type_name()}"
