"""A compiled copy of the network: made once through torch, run without it.

The copy lies in the cache under the checksum of the weights it was made from.
It is checked against sentence-transformers before it is kept.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import warnings
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.encoder.encoder import Encoder, Purpose, Recipe, normalised
from index.types import EncoderIdentity

if TYPE_CHECKING:
    import openvino
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    from index.types import Float32, Int64

log = logging.getLogger("quaere")

FORMAT = 1
"""Raised when compiled copies made before can no longer be read."""

MIN_COSINE = 0.999
"""A copy further from sentence-transformers than this is thrown away."""

CHECK_TEXTS = (
    "October 28 is a significant day.",
    "Tô Lâm held talks with Kim Jong Un — in Pyongyang, on Thursday.",
    "Short.",
    "The two sides also agreed to enhance high-level and multi-level delegation exchanges and "
    "cooperation on all channels to build political trust and deepen mutual understanding.",
)


SHAPES_REMEMBERED = "20"
"""How many operations OpenVINO keeps what it prepared for their shapes while indexing. Batches
differ in size, length and sentences, so that hardly two are alike: its own 5,000 hold a gigabyte
after 20,000 passages and save no time."""

PRIMITIVES_REMEMBERED = "64"
"""The same of oneDNN beneath it, which would keep 1,024."""


class CompiledBackend:
    """A backend over an OpenVINO network."""

    def __init__(self, network: openvino.CompiledModel, parallel: int) -> None:
        self._network = network
        self.parallel = parallel
        self._free = [network.create_infer_request() for _ in range(parallel)]
        # The binding sets itself up on first use, and two first uses at once wait for each
        # other for ever: each request is used once here, one after another.
        shapes = [(1, 2), (1, 2), (1, 1, 2)][: len(network.inputs)]
        for request in self._free:
            request.infer(
                {
                    place: np.ones(shape, dtype=np.float32 if len(shape) == 3 else np.int64)
                    for place, shape in enumerate(shapes)
                }
            )

    def embed(self, ids: Int64, mask: Int64, weights: Float32 | None) -> Float32:
        """See `Backend.embed`. At most `parallel` calls at once."""
        request = self._free.pop()
        try:
            inputs = [array for array in (ids, mask, weights) if array is not None]
            request.infer(dict(enumerate(inputs)))
            return np.array(request.get_output_tensor(0).data, dtype=np.float32)
        finally:
            self._free.append(request)


def available() -> bool:
    """Whether OpenVINO is installed; it is not imported to find out."""
    from importlib.util import find_spec

    return find_spec("openvino") is not None


def folder_for(cache: Path, checksum: str) -> Path:
    """Where the compiled copy of the weights with this checksum lies."""
    return cache / "encoders" / f"{checksum[:32]}-{FORMAT}"


def load_compiled(
    folder: Path, name: str, purpose: Purpose, threads: int | None = None
) -> Encoder | None:
    """The compiled copy in `folder`, or None where there is none that can be read.

    `threads` bounds those of one pass; by default there is one for each core.
    """
    from tokenizers import Tokenizer

    try:
        recipe = _read_recipe(folder / "recipe.json", name)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        backend = _start(folder, purpose, threads)
    except (OSError, ValueError, TypeError, KeyError):
        return None
    except Exception as error:
        if type(error) is not Exception:
            raise
        return None
    return Encoder(recipe, tokenizer, backend)


def compile_network(
    network: SentenceTransformer, recipe: Recipe, tokenizer: Tokenizer, folder: Path
) -> bool:
    """Write a compiled copy to `folder`; False where this network cannot be compiled well."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        log.warning("%s: the compiled model cannot be kept there (%s).", folder, error.strerror)
        return False
    try:
        if not _convert(network, recipe.pools_tokens, aside):
            return False
        tokenizer.save(str(aside / "tokenizer.json"))
        (aside / "recipe.json").write_text(json.dumps(asdict(recipe)))
        if not _agrees(network, aside, recipe.identity.name):
            return False
        shutil.rmtree(folder, ignore_errors=True)  # an earlier one that could not be read
        try:
            aside.rename(folder)
        except OSError:  # another process was faster; its copy is as good
            return folder.is_dir()
        return True
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _convert(network: SentenceTransformer, pools_tokens: bool, folder: Path) -> bool:
    """Through the frontend itself: openvino.convert_model would report home on each use."""
    import torch

    from index.encoder.network import pooled

    ids = torch.ones(2, 16, dtype=torch.long)
    example: tuple[Any, ...] = (ids, ids)
    if pools_tokens:
        example = (ids, ids, torch.full((2, 3, 16), 1 / 16))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch.jit warns of every Python branch it traces
        import openvino
        from openvino.frontend import FrontEndManager
        from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

        try:
            decoder = TorchScriptPythonDecoder(pooled(network, pools_tokens), example_input=example)
            frontend = FrontEndManager().load_by_framework("pytorch")
            model = frontend.convert(frontend.load(decoder))
        except Exception:  # noqa: BLE001 - whatever the tracer meets, torch can still run it
            return False
    for node, array in zip(model.inputs, example, strict=True):
        node.get_node().set_partial_shape(openvino.PartialShape([-1] * array.dim()))
        kind = openvino.Type.i64 if array.dtype == torch.long else openvino.Type.f32
        node.get_node().set_element_type(kind)
    model.validate_nodes_and_infer_types()
    openvino.save_model(model, folder / "network.xml", compress_to_fp16=False)
    return True


def _agrees(network: SentenceTransformer, folder: Path, name: str) -> bool:
    encoder = load_compiled(folder, name, "questions")
    if encoder is None:
        return False
    expected = normalised(network.encode(list(CHECK_TEXTS), convert_to_numpy=True, prompt=""))
    ours = [encoder.encode_text(text) for text in CHECK_TEXTS]
    return bool((np.sum(expected * np.stack(ours), axis=1) > MIN_COSINE).all())


def _start(folder: Path, purpose: Purpose, threads: int | None) -> CompiledBackend:
    import openvino

    network = folder / "network.xml"
    if not network.is_file():
        raise FileNotFoundError(network)
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", PRIMITIVES_REMEMBERED)
    core = openvino.Core()
    # The second start reads the device's own binary instead of optimising again.
    core.set_property({"CACHE_DIR": str(folder / "started")})
    capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    settings = {
        # float32 exactly, unless the processor multiplies bfloat16 natively: its cosine to
        # float32 stays above 0.9999 there, at three times the speed.
        "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in capabilities else "f32",
        "PERFORMANCE_HINT": "LATENCY" if purpose == "questions" else "THROUGHPUT",
    }
    if purpose == "indexing":
        settings["CPU_RUNTIME_CACHE_CAPACITY"] = SHAPES_REMEMBERED
    elif threads:
        settings["INFERENCE_NUM_THREADS"] = str(threads)
    try:
        compiled = core.compile_model(network, "CPU", settings)
    except RuntimeError as error:
        raise OSError(f"{network} cannot be read") from error
    parallel = 1 if purpose == "questions" else max(2, os.cpu_count() or 2)
    return CompiledBackend(compiled, parallel)


def _read_recipe(path: Path, name: str) -> Recipe:
    fields = json.loads(path.read_text())
    identity = EncoderIdentity(**fields.pop("identity"))
    return Recipe(identity=replace(identity, name=name), **fields)
