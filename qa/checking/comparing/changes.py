"""From a quotation beside its source, word by word, to the words that were changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.spans import trimmed
from qa.checking.comparing.alignment import Alignment, agree
from qa.checking.comparing.matching import ASKING_OR_CALLING, STOPS
from qa.checking.comparing.nearness import Step
from qa.checking.comparing.stretches import Stretch
from qa.checking.types import Change


class _Run(NamedTuple):
    """Tokens that differ: half-open on both sides."""

    ours: tuple[int, int]
    theirs: tuple[int, int]


def changes(
    quotation: Stretch,
    source: Stretch,
    alignment: Alignment,
    *,
    first_letter: bool = True,
    final_stop: bool = True,
) -> tuple[Change, ...]:
    """The changes of an alignment, in order; what the rules on ends let pass is none.

    Put in place of the source's words, one after another, they give the quotation's words.
    """
    steps = alignment.steps
    agreeing = [agree(quotation, source, step) for step in steps]
    let_pass = agreeing.copy()
    if first_letter and steps:
        let_pass[0] |= _first_letter_only(quotation, source, steps[0])
    if final_stop and steps:
        _let_final_stop_pass(quotation, source, alignment, let_pass)
    if all(let_pass):
        # Nothing but a rule's difference is left, yet the rules together did not make it the same.
        let_pass = agreeing
    _mark_cut_words(source, alignment, let_pass)
    _mark_whole_words(quotation, source, steps, let_pass)
    runs = _with_cut_words(source, alignment, _runs(alignment, let_pass))
    return tuple(_change(quotation, source, run) for run in runs)


def _first_letter_only(quotation: Stretch, source: Stretch, step: Step) -> bool:
    ours, theirs = step
    if ours is None or theirs is None:
        return False
    one, other = quotation.forms[ours], source.forms[theirs]
    return one[0].swapcase() == other[0] and one[1:] == other[1:]


def _let_final_stop_pass(
    quotation: Stretch, source: Stretch, alignment: Alignment, let_pass: list[bool]
) -> None:
    at = len(alignment.steps) - 1
    while at > 0 and _closes(quotation, alignment.steps[at]):
        at -= 1
    ours, theirs = alignment.steps[at]
    if ours is None or quotation.forms[ours] not in STOPS:
        return
    beside = theirs if theirs is not None else alignment.last
    if beside >= len(source.forms) or source.forms[beside] not in ASKING_OR_CALLING:
        let_pass[at] |= theirs is None


def _closes(quotation: Stretch, step: Step) -> bool:
    return step[0] is not None and quotation.forms[step[0]] in {'"', ")", "]"}


def _mark_cut_words(source: Stretch, alignment: Alignment, let_pass: list[bool]) -> None:
    """A quotation that begins or ends inside a word changes that word."""
    if not let_pass:
        return
    if source.one_word(alignment.first):
        let_pass[0] = False
    if source.one_word(alignment.last):
        let_pass[-1] = False


def _mark_whole_words(
    quotation: Stretch, source: Stretch, steps: Sequence[Step], let_pass: list[bool]
) -> None:
    """Where a part of "close-knit" differs, people read that the word differs."""
    together = [
        (ours is not None and quotation.shown_together(ours))
        or (theirs is not None and source.shown_together(theirs))
        for ours, theirs in steps
    ]
    for at in range(1, len(steps)):
        let_pass[at] &= let_pass[at - 1] or not together[at]
    for at in range(len(steps) - 1, 0, -1):
        let_pass[at - 1] &= let_pass[at] or not together[at]


def _runs(alignment: Alignment, let_pass: Sequence[bool]) -> list[_Run]:
    runs: list[_Run] = []
    ours, theirs, goes_on = 0, alignment.first, False
    for (our_token, their_token), passes in zip(alignment.steps, let_pass, strict=True):
        next_ours = ours + (our_token is not None)
        next_theirs = theirs + (their_token is not None)
        if not passes:
            start = runs.pop() if goes_on else _Run((ours, ours), (theirs, theirs))
            runs.append(_Run((start.ours[0], next_ours), (start.theirs[0], next_theirs)))
        goes_on = not passes
        ours, theirs = next_ours, next_theirs
    return runs


def _with_cut_words(source: Stretch, alignment: Alignment, runs: list[_Run]) -> list[_Run]:
    """With the rest of a word of the source that the quotation begins or ends inside."""
    if runs and runs[0].theirs[0] == alignment.first:
        first, last = runs[0].theirs
        while source.one_word(first):
            first -= 1
        runs[0] = runs[0]._replace(theirs=(first, last))
    if runs and runs[-1].theirs[1] == alignment.last:
        first, last = runs[-1].theirs
        while source.one_word(last):
            last += 1
        runs[-1] = runs[-1]._replace(theirs=(first, last))
    return runs


def _change(quotation: Stretch, source: Stretch, run: _Run) -> Change:
    draft = _span(quotation, *run.ours)
    words = _span(source, *run.theirs)
    return Change(*draft, quotation.text[slice(*draft)], *words, source.text[slice(*words)])


def _span(stretch: Stretch, first: int, last: int) -> tuple[int, int]:
    if first < last:
        return trimmed(stretch.text, stretch.starts[first], stretch.ends[last - 1])
    at = stretch.starts[first] if first < len(stretch.starts) else len(stretch.text)
    return at, at
