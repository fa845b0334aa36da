"""The passages before and after others, read together; of each document the text once."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from index import records
from index.types import (
    Document,
    DocumentId,
    Neighbourhood,
    Passage,
    PassageId,
    Placed,
    Span,
    Stretch,
)

AROUND = records.AROUND

Row = tuple[Passage, tuple[Span, ...]]
"""A passage, and the spans of its sentences in the canonical text."""


def neighbours(
    connection: sqlite3.Connection, ids: Sequence[PassageId], count: int
) -> dict[PassageId, Neighbourhood]:
    """Up to `count` passages before each of these in its document, and up to so many after it."""
    runs = _runs(connection, ids, count)
    windows = [_window([passage for passage, _ in run]) for run in runs.values()]
    texts = records.parts(connection, windows)
    named = list({document for document, _, _ in windows})
    documents = {one.id: one for one in records.documents_of(connection, named)}
    return {
        id_: _placed(id_, run, Stretch(window[1], text, _sentences(run)), documents[window[0]])
        for (id_, run), window, text in zip(runs.items(), windows, texts, strict=True)
    }


def _runs(
    connection: sqlite3.Connection, ids: Sequence[PassageId], count: int
) -> dict[PassageId, list[Row]]:
    """For each passage those around it and itself, in the text's order."""
    runs: dict[PassageId, list[Row]] = defaultdict(list)
    for id_, *of_passage, blob in records.around(connection, ids, count):
        passage = records.as_passage(tuple(of_passage))
        start = passage.start
        spans = ((start + one, start + other) for one, other in records.spans_of(blob))
        runs[PassageId(id_)].append((passage, tuple(spans)))
    for run in runs.values():
        run.sort(key=lambda row: row[0].start)
    return runs


def _window(run: Sequence[Passage]) -> tuple[DocumentId, int, int]:
    return run[0].document_id, max(0, run[0].start - AROUND), run[-1].end + AROUND


def _sentences(run: Sequence[Row]) -> tuple[Span, ...]:
    return tuple(chain.from_iterable(spans for _, spans in run))


def _placed(
    id_: PassageId, run: Sequence[Row], around: Stretch, document: Document
) -> Neighbourhood:
    here = next(place for place, (passage, _) in enumerate(run) if passage.id == id_)
    placed = [Placed(passage, document, around) for passage, _ in run]
    return Neighbourhood(tuple(placed[:here]), tuple(placed[here + 1 :]))
