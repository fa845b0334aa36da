"""Every quotation of a draft, held against a whole library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from index import records
from index.library import Snapshot
from index.types import Filters
from qa.checking.drafts.draft import Draft
from qa.checking.drafts.quotations import find
from qa.checking.finding.sources import Sources
from qa.checking.judging import Judged, judge
from qa.checking.types import MIN_WORDS, Verification
from qa.checking.verdicts import Ask, Verdicts

BLOCK = 500
"""Quotations looked for at once, so that a document that several may come from is read once."""

T = TypeVar("T")


def verify(
    snapshot: Snapshot,
    draft: Draft,
    min_words: int = MIN_WORDS,
    filters: Filters | None = None,
    ask: Ask | None = None,
) -> Verification:
    """Whether each quotation of a draft is what its source says.

    The draft itself, should it be in the library, is no source. Of a quotation that is not found,
    `ask` tells what comes nearest by its meaning; without it, or of very many, the passage with
    the most similar words is told.
    """
    quotations, short = find(draft, min_words)
    with snapshot.catalog.snapshot() as connection:
        itself = frozenset(records.documents_like(connection, draft.path, draft.sha256))
    sources = Sources(snapshot, filters, itself)
    judged: list[Judged] = []
    for block in _blocks(quotations):
        judged += judge(sources, draft.prose, block, min_words)
    verdicts = Verdicts(snapshot, draft, itself, ask)
    kept = list(zip(quotations, judged, strict=True))
    return Verification(
        draft=str(draft.path) if draft.path else "",
        generation=snapshot.generation,
        quotations=tuple(one for block in _blocks(kept) for one in verdicts.on(block)),
        short=short,
    )


def _blocks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), BLOCK):
        yield items[start : start + BLOCK]
