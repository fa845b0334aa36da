"""How near a part of a source comes to a quotation, from 0 to 1.

The mean of two shares: of the words that agree in order, and of those that agree in any order.
The first is low where words changed places, the second where words were replaced; a quotation
with one of either keeps a score that invented words do not reach.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from qa.checking.comparing.stretches import Stretch

Step = tuple[int | None, int | None]
"""A token of the quotation and one of the source; None where one has nothing for it."""

NEARLY = 0.9
"""What a word counts that differs in case or accents."""


def nearness(quotation: Stretch, source: Stretch, steps: Sequence[Step], part: slice) -> float:
    """The score of an alignment with a part of the source's tokens."""
    ours, theirs = sum(quotation.shares), sum(source.shares[part])
    for our_part, their_part in _written_otherwise(quotation, source, steps):
        least = min(our_part, their_part)
        ours, theirs = ours - our_part + least, theirs - their_part + least
    agreeing = sum(_agreement(quotation, source, step) for step in steps)
    return (agreeing + shared(quotation, source, part)) / (2 * max(ours, theirs, 1e-9))


def shared(quotation: Stretch, source: Stretch, part: slice) -> float:
    """How many of the quotation's words stand in a part of the source, in any order."""
    left = Counter(source.folded[part])
    found = 0.0
    for form, share in zip(quotation.folded, quotation.shares, strict=True):
        if left[form] > 0:
            left[form] -= 1
            found += share
    return found


def _agreement(quotation: Stretch, source: Stretch, step: Step) -> float:
    ours, theirs = step
    if ours is None or theirs is None or quotation.folded[ours] != source.folded[theirs]:
        return 0
    share = min(quotation.shares[ours], source.shares[theirs])
    return share if quotation.forms[ours] == source.forms[theirs] else NEARLY * share


def _written_otherwise(
    quotation: Stretch, source: Stretch, steps: Sequence[Step]
) -> Iterator[tuple[float, float]]:
    """How many words each has where one writes as one what the other writes as two."""
    for agreeing, group in groupby(steps, lambda step: _agreement(quotation, source, step) > 0):
        if not agreeing:
            run = list(group)
            ours = [one for one, _ in run if one is not None]
            theirs = [other for _, other in run if other is not None]
            written = "".join(quotation.folded[one] for one in ours)
            if written == "".join(source.folded[other] for other in theirs):
                yield (
                    sum(quotation.shares[one] for one in ours),
                    sum(source.shares[other] for other in theirs),
                )
