from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import SEEDS, qa_environment

from index.encoder import DEFAULT_MODEL, Encoder, EncoderInput, load_encoder
from index.encoder.load import locate
from index.encoder.network import load_network
from index.sentences import SentenceSplitter

if TYPE_CHECKING:
    from index.types import Float32

Ran = tuple[str, str]
HEAVY = ("torch", "transformers", "sentence_transformers")


def real_sentences(count: int) -> list[str]:
    splitter = SentenceSplitter()
    found: list[str] = []
    for file in sorted(SEEDS.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        for paragraph in text.split("\n"):
            found += [paragraph[a:b] for a, b in splitter.split(paragraph, (0, len(paragraph)))]
    # Clauses are as real as sentences, and shorter.
    clauses = [clause.strip() for text in found for clause in text.split(", ") if " " in clause]
    return list(dict.fromkeys(found + clauses))[:count]


def whole(texts: list[str]) -> list[EncoderInput]:
    return [EncoderInput(text, ((0, len(text)),)) for text in texts]


def cosines(left: Float32, right: Float32) -> Float32:
    scale = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    result: Float32 = np.sum(left * right, axis=1) / scale
    return result


@pytest.fixture(scope="module")
def encoder(cache: Path) -> Encoder:
    return load_encoder(DEFAULT_MODEL, cache, purpose="indexing", device="cpu")


def test_compiled_vectors_equal_those_of_sentence_transformers(encoder: Encoder) -> None:
    sentences = real_sentences(200)
    assert len(sentences) == 200
    expected = load_network(locate(DEFAULT_MODEL), "cpu").encode(sentences)
    indexed = np.stack([rows[0] for rows in encoder.encode_passages(whole(sentences))])
    asked = np.stack([encoder.encode_query(sentence) for sentence in sentences])
    assert cosines(indexed.astype(np.float32), expected).min() > 0.999
    assert cosines(asked, expected).min() > 0.999


def test_torch_gives_the_same_vectors_as_the_compiled_copy(encoder: Encoder) -> None:
    from index.encoder.torch_backend import load_torch_encoder

    checksum = encoder.identity.checksum
    torch_encoder = load_torch_encoder(locate(DEFAULT_MODEL), DEFAULT_MODEL, checksum, "cpu")
    texts = ["Rice was sent. It was eaten.", "Short."]
    inputs = [EncoderInput(texts[0], ((0, 14), (15, 28))), EncoderInput(texts[1], ((0, 6),))]
    for ours, theirs in zip(
        encoder.encode_passages(inputs), torch_encoder.encode_passages(inputs), strict=True
    ):
        assert ours.shape == theirs.shape
        assert cosines(ours.astype(np.float32), theirs.astype(np.float32)).min() > 0.999


def test_a_sentence_vector_is_the_mean_of_its_own_tokens(encoder: Encoder) -> None:
    text = "Rice was sent to the islands. The ambassador spoke of Pyongyang."
    middle = text.index(" The") + 1
    passage, first, second = encoder.encode_passages(
        [EncoderInput(text, ((0, middle - 1), (middle, len(text))))]
    )[0].astype(np.float32)
    about_rice = encoder.encode_query("Rice was sent")
    assert first @ about_rice > passage @ about_rice > second @ about_rice


def test_vectors_do_not_depend_on_what_else_is_in_the_batch(encoder: Encoder) -> None:
    texts = real_sentences(40)
    together = encoder.encode_passages(whole(texts))
    alone = [encoder.encode_passages(whole([text]))[0] for text in texts]
    for ours, theirs in zip(together, alone, strict=True):
        assert cosines(ours.astype(np.float32), theirs.astype(np.float32)).min() > 0.9999


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    for rows in encoder.encode_passages(whole(["One.", "Two words.", "\u3000!"])):
        assert np.linalg.norm(rows.astype(np.float32), axis=1) == pytest.approx(1, abs=1e-3)


def test_tokens_are_counted_beyond_what_the_model_reads(encoder: Encoder) -> None:
    assert encoder.count_tokens(["one two three", "word " * 1000]) == [3, 1000]


def imported_by(command: list[str], names: tuple[str, ...], environment: dict[str, str]) -> Ran:
    """Run a command of qa; what it printed, and which of these packages it imported."""
    script = (
        "import sys; from qa.cli import main\n"
        f"try: main({command!r})\n"
        "finally: print([name for name in sys.modules if name.split('.')[0] in"
        f" {names!r}], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout, done.stderr.strip()


def test_asking_never_imports_torch_or_transformers(seed_library: Path, cache: Path) -> None:
    environment = qa_environment(seed_library, cache)
    shown, imported = imported_by(["ask", "Who is the ambassador?"], HEAVY, environment)
    assert "Le Ba Vinh" in shown.replace("\n  > ", " ")
    assert imported == "[]"


@pytest.mark.parametrize("command", [["--help"], ["status"]])
def test_commands_that_need_no_model_import_nothing_heavy(
    seed_library: Path, cache: Path, command: list[str]
) -> None:
    heavy = (*HEAVY, "openvino", "numpy", "faiss", "tantivy", "nltk", "fastapi")
    _, imported = imported_by(command, heavy, qa_environment(seed_library, cache))
    assert imported == "[]"


@pytest.mark.slow
def test_the_first_batches_of_a_process_never_wait_for_each_other(cache: Path) -> None:
    """The binding's first use from two threads at once once hung for ever."""
    script = (
        "import sys; from pathlib import Path; from index.encoder import *\n"
        f"e = load_encoder(DEFAULT_MODEL, Path({str(cache)!r}), purpose='indexing', device='cpu')\n"
        "e.encode_passages([EncoderInput('word ' * n, ((0, 5 * n),)) for n in range(1, 200, 9)])"
    )
    for _ in range(5):
        subprocess.run([sys.executable, "-c", script], timeout=60, check=True)


def test_a_damaged_compiled_copy_is_made_again(tiny_model: Path, tmp_path: Path) -> None:
    first = load_encoder(str(tiny_model), tmp_path, purpose="questions", device="cpu")
    (network,) = tmp_path.rglob("network.xml")
    network.write_text("<nothing/>")
    second = load_encoder(str(tiny_model), tmp_path, purpose="questions", device="cpu")
    assert second.identity == first.identity
    assert np.allclose(first.encode_query("rice"), second.encode_query("rice"), atol=1e-5)


def test_a_model_without_openvino_runs_in_torch(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = load_encoder(str(tiny_model), tmp_path / "1", purpose="questions", device="cpu")
    monkeypatch.setattr("index.encoder.compiled.available", lambda: False)
    plain = load_encoder(str(tiny_model), tmp_path / "2", purpose="questions", device="cpu")
    assert not (tmp_path / "2").exists()
    assert compiled.encode_query("rice") @ plain.encode_query("rice") > 0.999
