"""Indexing: passages a second, all of `qa add` against `encode` alone.

The first documents of the corpus that make 1,000 passages are taken. (A) `qa add FOLDER` with a
fresh library, a whole process by the wall clock: reading, cutting, embedding passages and
sentences, both indexes, the commit. (B) in a process of its own, `SentenceTransformer.encode` of
the same passages, float32, default batch size, with the model loaded and warm: only that call.
They run in turn; each figure is a median. Beside them stands the most passages a second that this
processor's float32 matrix product allows with this model (see benchmarks/ceiling.py).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from benchmarks.ceiling import model_path, read_shape, token_counts
from benchmarks.corpus import Corpus, first_documents
from benchmarks.quaere import command, environment
from benchmarks.report import Comparison, line, show
from benchmarks.timing import timed_process

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Encoded:
    """What benchmarks/encode_alone.py reports."""

    seconds: float
    rate: float
    """Float32 operations a second in a matrix product."""
    threads: int


def run(squad2: Path) -> None:
    """Time indexing and encoding in turn."""
    with tempfile.TemporaryDirectory() as name:
        corpus = first_documents(squad2 / "docs", Path(name) / "docs")
        texts = [passage.text for passage in corpus.passages]
        ours, alone = _timed(corpus, texts, Path(name))
    per_second = len(texts) / median(ours)
    encoded_per_second = len(texts) / median(one.seconds for one in alone)
    show(
        Comparison(
            f"passages a second, of {len(texts):,}: median of {ROUNDS}",
            per_second,
            encoded_per_second,
            "encode alone, float32",
            less_is_better=False,
            decimals=1,
        )
    )
    _show_ceiling(texts, alone, per_second, encoded_per_second)


def _timed(corpus: Corpus, texts: Sequence[str], folder: Path) -> tuple[list[float], list[Encoded]]:
    """Seconds of each `qa add`, and what each process that only encodes reports."""
    file = folder / "texts.json"
    file.write_text(json.dumps(texts))
    ours, alone = [], []
    for number in range(ROUNDS):
        ours.append(_add(corpus, folder / f"library-{number}"))
        alone.append(_encode(file))
    return ours, alone


def _add(corpus: Corpus, library: Path) -> float:
    """Seconds of `qa add`, making the library; it must embed exactly the corpus's passages."""
    add = command("qa", "add", corpus.folder, "--format", "json")
    seconds, printed = timed_process(add, environment(library))
    embedded = json.loads(printed)["embedded"]
    if embedded != len(corpus.passages):
        raise SystemExit(f"qa add embedded {embedded} passages, not {len(corpus.passages)}.")
    return seconds


def _encode(texts: Path) -> Encoded:
    encode = command("benchmarks.encode_alone", texts)
    _, printed = timed_process(encode, environment(texts.parent / "none"))
    return Encoded(**json.loads(printed))


def _show_ceiling(
    texts: Sequence[str], alone: Sequence[Encoded], ours: float, encoded: float
) -> None:
    """How fast the processor multiplies, what that allows, how much of it is used."""
    shape = read_shape(model_path())
    tokens = token_counts(model_path(), texts, shape.max_tokens)
    operations = fmean(map(shape.operations, tokens))
    rate = max(one.rate for one in alone)
    ceiling = rate / operations
    print("  what the processor allows in float32")
    line(f"  matrix product, {alone[0].threads} threads, GFLOP/s", f"{rate / 1e9:,.0f}")
    line(f"  GFLOP a passage of {fmean(tokens):.0f} tokens", f"{operations / 1e9:.2f}")
    line("  passages a second at most", f"{ceiling:,.1f}")
    line("  of that, Quaere reaches", f"{ours / ceiling:.0%}")
    line("  of that, encode alone reaches", f"{encoded / ceiling:.0%}")
