"""The corpus: enough documents to time indexing on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quaere import indexing_encoder
from benchmarks.tutorial import Chunk
from index import readers
from index.scan import hash_file
from index.segment import longest_passage, segment
from index.sentences import SentenceSplitter, train
from index.types import SourceFile, SourceText

PASSAGES = 1000
"""At least so many are indexed; fewer only where the folder holds no more."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in a folder of their own, and the passages Quaere cuts them into."""

    folder: Path
    passages: tuple[Chunk, ...]


def first_documents(docs: Path, target: Path) -> Corpus:
    """Copy documents to `target`, by name, until they make PASSAGES passages."""
    target.mkdir()
    passages: list[Chunk] = []
    for file, found in _cut(sorted(docs.glob("*.txt"))):
        if len(passages) >= PASSAGES:
            break
        shutil.copy(file, target)
        passages += found
    return Corpus(target, tuple({passage.text: passage for passage in passages}.values()))


def _cut(files: Sequence[Path]) -> Iterator[tuple[Path, list[Chunk]]]:
    """Each file's passages, cut as indexing cuts them."""
    encoder = indexing_encoder()
    readings = [readers.read(SourceFile(file, hash_file(file).sha256))[0].content for file in files]
    texts = [content.text for content in readings if isinstance(content, SourceText)]
    splitter = SentenceSplitter(train(texts))  # reads the first texts only, as indexing does
    limit = longest_passage(encoder.max_passage_tokens)
    for file, text in zip(files, texts, strict=True):
        segments = segment(text, splitter, encoder.count_tokens, limit)
        yield file, [Chunk(file.name, s.start, s.end, text[s.start : s.end]) for s in segments]
