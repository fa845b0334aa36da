"""Files in batches, each one commit: read, cut and embedded.

Reading goes on in other processes, cutting on another thread, while a batch is
embedded, so that embedding never waits for either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from index import changes, records
from index.catalog import put
from index.encoder import Encoder, EncoderInput
from index.library import Writer
from index.prepare import Cutter, Prepared, prepare
from index.reading import reading
from index.segment import longest_passage
from index.sentences import TRAINING_MAX_CHARACTERS, SentenceSplitter, train
from index.types import Failure, SourceFile, SourceText

if TYPE_CHECKING:
    from index.readers import Reading
    from index.types import Float16

BATCH_PASSAGES = 512
"""Passages a commit: some seconds of embedding, so a kill loses little and commits cost little."""


@dataclass(slots=True)
class Batch:
    """Files read and cut, and those that could not be."""

    files: list[Path] = field(default_factory=list)
    prepared: list[Prepared] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0


def batches(
    writer: Writer,
    encoder: Encoder,
    pending: Sequence[SourceFile],
    languages: Mapping[Path, str],
) -> Iterator[Batch]:
    """The files in batches; while one is in use, the next is made.

    `languages` says what somebody knows of the languages files are in.
    """
    with ThreadPoolExecutor(1) as thread, reading() as reader:
        readings = reader.read(pending)
        made = _cut(writer, encoder, readings, languages)
        coming = thread.submit(next, made, None)
        while (batch := coming.result()) is not None:
            coming = thread.submit(next, made, None)
            yield batch


def embed(
    writer: Writer, encoder: Encoder, batch: Batch, told: Callable[[int], None]
) -> tuple[dict[bytes, Float16], int]:
    """Vectors by digest of what the library has none for, and how many passages were embedded.

    What is too much to hold in memory is kept in the catalog instead; `told` hears of each part.
    """
    passages = {p.digest: p for prepared in batch.prepared for p in prepared.passages}
    with writer.catalog.snapshot() as connection:
        known = records.known_digests(connection, passages)
    new = iter([passage for digest, passage in passages.items() if digest not in known])
    embedded = 0
    while chunk := list(islice(new, 2 * BATCH_PASSAGES)):
        inputs = [EncoderInput(passage.quote, passage.sentences) for passage in chunk]
        digests = (passage.digest for passage in chunk)
        vectors = dict(zip(digests, encoder.encode_passages(inputs), strict=True))
        embedded += len(chunk)
        if embedded == len(passages) - len(known) and embedded == len(chunk):
            return vectors, embedded
        with writer.catalog.transaction() as connection:
            changes.spare(connection, vectors)
        told(embedded)
    return {}, embedded


def _cut(
    writer: Writer,
    encoder: Encoder,
    readings: Iterator[list[Reading]],
    languages: Mapping[Path, str],
) -> Iterator[Batch]:
    """Cut files until there are enough passages for a commit."""
    learned, readings = _learned(writer, readings)
    limit = longest_passage(encoder.max_passage_tokens)
    cutter = Cutter(SentenceSplitter(learned), encoder.count_tokens, limit)
    batch = Batch()
    for found in readings:
        batch.files.append(found[0].source.path)
        for one in found:
            if isinstance(one.content, Failure):
                batch.failed.append(one.content)
            else:
                prepared = prepare(one.source, one.content, cutter, languages.get(one.source.path))
                batch.prepared.append(prepared)
                batch.passages += len(prepared.passages)
        if batch.passages >= BATCH_PASSAGES:
            yield batch
            batch = Batch()
    if batch.files:
        yield batch


def _learned(
    writer: Writer, readings: Iterator[list[Reading]]
) -> tuple[str | None, Iterator[list[Reading]]]:
    """What Punkt learned from this library's texts: once, when there was enough; then kept."""
    learned = writer.catalog.get("punkt")
    if learned is not None:
        return learned, readings
    first = list(_enough_to_learn(readings))
    with writer.catalog.snapshot() as connection:
        learned = train(chain(records.texts(connection), _texts(first)))
    if learned is not None:
        with writer.catalog.transaction() as connection:
            put(connection, "punkt", learned)
    return learned, chain(first, readings)


def _enough_to_learn(readings: Iterator[list[Reading]]) -> Iterator[list[Reading]]:
    characters = 0
    for found in readings:
        characters += sum(map(len, _texts([found])))
        yield found
        if characters >= TRAINING_MAX_CHARACTERS:
            return


def _texts(readings: Iterable[list[Reading]]) -> Iterator[str]:
    for found in readings:
        for one in found:
            if isinstance(one.content, SourceText):
                yield one.content.text
