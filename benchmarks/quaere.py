"""Quaere as the benchmarks run it: on the CPU, the packaged model, a library of their own.

The baselines run on the CPU too; compiled models are taken from the user's own cache.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path

from benchmarks.tutorial import LIMIT, Chunk
from index import records
from index.encoder import DEFAULT_MODEL, Encoder, load_encoder
from index.library import Library
from index.types import PassageId
from qa.engine import Engine
from qa.settings import PREFIX, Settings, read_settings

PROJECT = Path(__file__).parent.parent
SEEDS = PROJECT / "seeds"


def make_engine(library: Path) -> Engine:
    """An engine over a library in a temporary folder."""
    return Engine(Settings(library=library, cache=read_settings().cache, device="cpu"))


def add(engine: Engine, folder: Path) -> None:
    """Index a folder, without telling how far it has come."""
    engine.add([folder], lambda _: None)


def ask(engine: Engine, question: str) -> list[Chunk]:
    """The first passages, as the tutorial stack returns them."""
    cited = [passage.citation for passage in engine.ask(question, LIMIT).passages]
    return [Chunk(Path(c.document.path).name, c.start, c.end, c.quote) for c in cited]


def quotes(library: Path, count: int = 2000) -> list[str]:
    """The words of a library's first passages, to make other texts of."""
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        ids = [PassageId(number) for number in range(1, count)]
        return [passage.quote for passage in records.passages(connection, ids).values()]


def indexing_encoder() -> Encoder:
    """The packaged model as indexing runs it; compiled first, if it never was."""
    return load_encoder(DEFAULT_MODEL, read_settings().cache, purpose="indexing", device="cpu")


def command(module: str, *arguments: str | Path) -> list[str]:
    """The command line of a module, ours or a baseline, under this interpreter."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def environment(library: Path) -> dict[str, str]:
    """The one environment of all processes that are timed; the user's settings are left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {
        "QUAERE_LIBRARY": str(library),
        "QUAERE_CACHE": str(read_settings().cache),
        "QUAERE_DEVICE": "cpu",
        "HF_HUB_OFFLINE": "1",  # a baseline must not wait for a network either
    }
