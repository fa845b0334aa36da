"""Emphasis in Markdown: which runs of * and _ and ~ are markup. CommonMark 0.31, section 6.2; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Span


@dataclass(slots=True)
class Run:
    """A run of * or _ or ~."""

    start: int
    end: int
    mark: str
    can_open: bool
    can_close: bool
    length: int
    order: int


def run_of(text: str, start: int, end: int) -> Run | None:
    """The run of one mark at text[start:end]; None where such a run is never markup."""
    mark = text[start]
    if mark == "~" and end - start != 2:
        return None
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    left = _flanks(after, before)
    right = _flanks(before, after)
    if mark == "_":
        opens = left and (not right or _is_punctuation(before))
        closes = right and (not left or _is_punctuation(after))
    else:
        opens, closes = left, right
    return Run(start, end, mark, opens, closes, end - start, start)


def paired(runs: Sequence[Run]) -> Iterator[Span]:
    """What is not seen; the runs are used up. CommonMark 0.31, "process emphasis".

    Marks that belong together; and words struck through, which are taken back.
    """
    openers: list[Run] = []
    bottom: dict[tuple[str, bool, int], int] = {}
    """For each kind of closing run, the first opening one that has not been tried in vain."""
    for run in runs:
        kind = (run.mark, run.can_open, run.length % 3)
        while run.can_close and run.start < run.end:
            place = _opener(openers, run, bottom.get(kind, -1))
            if place is None:
                bottom[kind] = run.order
                break
            opened = openers[place]
            del openers[place + 1 :]
            used = 2 if min(opened.end - opened.start, run.end - run.start) >= 2 else 1
            if run.mark == "~":
                yield opened.start, run.end
            else:
                yield opened.end - used, opened.end
                yield run.start, run.start + used
            opened.end -= used
            run.start += used
            if opened.start == opened.end:
                openers.pop()
        if run.can_open and run.start < run.end:
            openers.append(run)


def _opener(openers: list[Run], run: Run, bottom: int) -> int | None:
    """Place of the nearest run that this one closes."""
    for place in range(len(openers) - 1, -1, -1):
        opened = openers[place]
        if opened.order < bottom:
            return None
        if opened.mark == run.mark and not _rule_of_three(opened, run):
            return place
    return None


def _rule_of_three(opened: Run, run: Run) -> bool:
    """Whether two runs may not belong together because of their lengths."""
    return (
        (opened.can_close or run.can_open)
        and (opened.length + run.length) % 3 == 0
        and (opened.length % 3 != 0 or run.length % 3 != 0)
        and run.mark != "~"
    )


def _flanks(inside: str, outside: str) -> bool:
    """Whether a run of marks stands at an end of words: CommonMark 0.31, section 6.2."""
    if inside.isspace():
        return False
    return not _is_punctuation(inside) or outside.isspace() or _is_punctuation(outside)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
