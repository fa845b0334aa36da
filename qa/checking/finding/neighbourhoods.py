"""Passages that stand together in a document and hold a quotation's shingles between them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from index.types import DocumentId, PassageId
from qa.checking.finding.shingles import Shingles

NEIGHBOURHOODS = 32
"""Of a fragment, looked at."""

WELL_READ, WORTH_READING = 16, 0.5
"""After so many, the others must have this share of the best one's weight. Of the first it says
little: what is rarest in a quotation may be the word that was put in."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage that holds some shingles of a fragment."""

    document_id: DocumentId
    start: int
    end: int
    fragment: int
    held: int
    """Bits of the shingles."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a document."""

    document_id: DocumentId
    start: int
    end: int


def best_together(
    found: Mapping[PassageId, int], shingles: Shingles, reach: int
) -> dict[PassageId, int]:
    """Those in the best neighbourhoods of `reach` passages and one, which are numbered in order.

    A shingle counts once in a neighbourhood, however often it stands there.
    """
    import numpy as np

    ids = np.array(sorted(found), dtype=np.int64)
    held = np.array([found[PassageId(id_)] for id_ in ids.tolist()], dtype=np.int64)
    together = held.copy()
    for step in range(1, min(reach, len(ids) - 1) + 1):
        near = ids[step:] - ids[:-step] <= reach
        together[:-step] |= np.where(near, held[step:], 0)
    bits = together[:, None] >> np.arange(len(shingles.weights)) & 1
    weights = bits @ np.array(shingles.weights)
    best = np.argsort(-weights, kind="stable")[:NEIGHBOURHOODS]
    kept = {
        place
        for rank, first in enumerate(best.tolist())
        if rank < WELL_READ or weights[first] >= WORTH_READING * weights[best[0]]
        for place in range(first, int(np.searchsorted(ids, ids[first] + reach, side="right")))
    }
    return {PassageId(int(ids[place])): int(held[place]) for place in sorted(kept)}


def regions(
    anchors: Sequence[Anchor], shingles: Sequence[Shingles], reach: int, beside: int
) -> Iterator[Region]:
    """The places with the heaviest anchors together, and so many characters beside them.

    Together are those of one document with no more than `reach` characters between the outermost.
    """
    found: list[tuple[float, Region]] = []
    ordered = sorted(anchors, key=lambda anchor: (anchor.document_id, anchor.start))
    for _, group in groupby(ordered, key=lambda anchor: anchor.document_id):
        found += _runs(list(group), shingles, reach)
    found.sort(key=lambda one: (-one[0], one[1].document_id, one[1].start))
    for _, one in found[:NEIGHBOURHOODS]:
        yield Region(one.document_id, max(0, one.start - beside), one.end + beside)


def _runs(
    anchors: Sequence[Anchor], shingles: Sequence[Shingles], reach: int
) -> Iterator[tuple[float, Region]]:
    """Runs of a document's anchors that do not overlap, the heaviest first."""
    runs = []
    for first, anchor in enumerate(anchors):
        run = [one for one in anchors[first:] if one.start <= anchor.end + reach]
        end = max(one.end for one in run)
        runs.append((_weight(run, shingles), Region(anchor.document_id, anchor.start, end)))
    runs.sort(key=lambda run: (-run[0], run[1].start))
    taken: list[Region] = []
    for weight, run_region in runs:
        start, end = run_region.start, run_region.end
        if all(end <= before.start or start >= before.end for before in taken):
            taken.append(run_region)
            yield weight, run_region


def _weight(run: Sequence[Anchor], shingles: Sequence[Shingles]) -> float:
    held: dict[int, int] = {}
    for anchor in run:
        held[anchor.fragment] = held.get(anchor.fragment, 0) | anchor.held
    return sum(shingles[fragment].weight(bits) for fragment, bits in held.items())
