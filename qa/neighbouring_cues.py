"""Cues beside words cited: in the rest of their sentence, in the sentences before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from index.types import Span
from qa import cues
from qa.cue_matching import Phrases, Word, words
from qa.types import ReasonKind, Side

Found = tuple[ReasonKind, Side, Span]
"""A reason, the side it stands on, and its words' place in the text."""

BEGINNING = 6
"""Words: a verb among the first of a sentence is its main one."""

SHORT = 8
"""Words: a sentence no longer than "So said the ambassador" tells of another."""

TO_THAT = 6
"""Words between a verb of speaking and "that": "told the agency on Monday that"."""

CLAUSE = 6
"""Words of a clause at a sentence's end, up to its verb: ", the ambassador to Laos said"."""

NEAR = 4
"""Words: a verb this near to what follows has it as its object."""

AROUND_A_CUE = 8
"""Words shown on either side of a cue, at most to the next punctuation."""

_NEGATIONS = Phrases(cues.NEGATIONS)
_HEDGES = Phrases(cues.HEDGES)
_HARMLESS = Phrases(cues.NO_NEGATIONS | cues.NO_HEDGES)
_SAID = Phrases(cues.SAID)
_REPORTING = Phrases(cues.REPORTING)
_THAT = Phrases(cues.THAT)
_ACCORDING_TO = Phrases(cues.ACCORDING_TO)
_ACCORDING_TO_ANYONE = Phrases(cues.ACCORDING_TO_ANYONE)
_CONTRASTS = Phrases(cues.CONTRASTS)
_CONCESSIONS = Phrases(cues.CONCESSIONS)
_DENIALS = Phrases(cues.DENIALS)
_DENIALS_BEFORE_A_COMMA = Phrases(cues.DENIALS_BEFORE_A_COMMA)
_DENYING = Phrases(cues.DENYING)
_DOUBTING = Phrases(cues.DOUBTING)

_PUNCTUATION = regex.compile(r"[,;:()\[\]“”„«»\"—–]|[.!?…](?=\s|$)|[\n\r]")  # noqa: RUF001 - the marks are meant
_OPENS_A_QUOTATION = regex.compile(r"[,:]\s*[“„«‘‚\"'»]\s*$")  # noqa: RUF001 - quotes are meant
_COLON = regex.compile(r":\s*[“„«\"]?\s*$")
_BREAKS_OFF = regex.compile(r"(?:[:,…]|\.\.\.)\s*[“„«\"]?\s*$")
_CLAUSE_BEGINS = regex.compile(r"[,”“»\"—–]\s*|’(?=[\s,])")  # noqa: RUF001 - the marks are meant
_ENDS = regex.compile(r"\s*(?:[,.!—–]|$)")  # noqa: RUF001 - the marks are meant


def in_lead(text: str, span: Span) -> Iterator[Found]:
    """In what stands before the words in their sentence."""
    near = (_clause_start(text, span), span[1])
    found = words(text, *near)
    yield from _of_a_rest(text, near, found, "before", initial=near[0] == span[0])
    if place := _reported_before(text, near, found):
        yield "reported", "before", _widened(text, near, found, place)


def in_tail(text: str, span: Span) -> Iterator[Found]:
    """In what stands after the words in their sentence."""
    start, end = span
    stop = text.find(";", start, end)
    near = (start, end if stop < 0 else stop)
    found = words(text, *near)
    yield from _of_a_rest(text, near, found, "after", initial=False)
    if place := _reported_after(text, near, found):
        yield "reported", "after", _widened(text, near, found, place)


def in_previous(text: str, span: Span) -> Iterator[Found]:
    """In the sentence before: one that ends in a colon says what the words are."""
    found = words(text, *span)
    if not found or not _BREAKS_OFF.search(text, *span):
        return
    if _COLON.search(text, *span):
        if place := next(_NEGATIONS.spans(found, _HARMLESS), None):
            yield "negation", "before", _widened(text, span, found, place)
        if place := next(_HEDGES.spans(found, _HARMLESS), None):
            yield "hedge", "before", _widened(text, span, found, place)
        if place := next(_REPORTING.spans(found), None) or _according(found):
            yield "reported", "before", _widened(text, span, found, place)
    if place := next((p for p in _CONTRASTS.spans(found) if p[1] == len(found)), None):
        yield "contrast", "before", _widened(text, span, found, place)


def in_following(text: str, span: Span, *, turns: bool) -> Iterator[Found]:
    """In the sentence after; `turns`: whether a "but" there is about the words."""
    found = words(text, *span)
    if not found:
        return
    contrast = _CONTRASTS.at(found, 0)
    if denial := _denial(text, found, contrast):
        yield "negation", "after", _widened(text, span, found, denial)
    if doubt := next(_DOUBTING.spans(found[: 2 * BEGINNING]), None):
        yield "hedge", "after", _widened(text, span, found, doubt)
    if len(found) <= SHORT and (verb := next(_SAID.spans(found[:3]), None)):
        yield "reported", "after", _widened(text, span, found, verb)
    if contrast and turns:
        yield "contrast", "after", _widened(text, span, found, (0, contrast))


def _clause_start(text: str, span: Span) -> int:
    """Where the last clause begins: after a semicolon, or with the "but" after a comma."""
    start = text.rfind(";", *span) + 1 or span[0]
    found = words(text, start, span[1])
    turns = (found[place[0]].start for place in _CONTRASTS.spans(found, initial=False))
    after_commas = [turn for turn in turns if text[start:turn].rstrip().endswith(",")]
    return max(after_commas, default=start)


def _of_a_rest(
    text: str, near: Span, found: Sequence[Word], where: Side, *, initial: bool
) -> Iterator[Found]:
    """Negations, hedges and contrasts in what a sentence says besides."""
    negations = list(_NEGATIONS.spans(found, _HARMLESS, initial=initial))
    negations += [(at, at + 1) for at, word in enumerate(found) if word.form.endswith("n't")]
    if negations := [place for place in negations if not _numbers(found, place)]:
        yield "negation", where, _widened(text, near, found, min(negations))
    hedges = _HEDGES.spans(found, _HARMLESS, initial=initial)
    if hedge := next((place for place in hedges if not _numbers(found, place)), None):
        yield "hedge", where, _widened(text, near, found, hedge)
    if found and (length := _CONTRASTS.at(found, 0) or _CONCESSIONS.at(found, 0)):
        yield "contrast", where, _widened(text, near, found, (0, length))


def _numbers(found: Sequence[Word], place: Span) -> bool:
    """Whether a number follows: "No. 5", "May 1950"."""
    return place[1] < len(found) and found[place[1]].form[0].isdigit()


def _reported_before(text: str, near: Span, found: Sequence[Word]) -> Span | None:
    """A verb of speaking that has the words as its object, or a colon before a quotation."""
    for start, end in _REPORTING.spans(found):
        reaches = len(found) - end < NEAR and not _passive(found, start)
        if reaches or _SAID.at(found, start) or any(_THAT.spans(found[end : end + TO_THAT])):
            return start, end
    if place := _according(found):
        return place
    if found and _OPENS_A_QUOTATION.search(text, *near):
        return len(found) - 1, len(found)
    return None


def _passive(found: Sequence[Word], verb: int) -> bool:
    """Whether a verb is a passive's: "pupils are exclusively admitted on"."""
    return any(word.form in cues.FORMS_OF_BE for word in found[max(0, verb - 2) : verb])


def _reported_after(text: str, near: Span, found: Sequence[Word]) -> Span | None:
    """A clause at the end that says who said so: ", said the ambassador", "according to her"."""
    for comma in _CLAUSE_BEGINS.finditer(text, *near):
        clause = [at for at, word in enumerate(found) if word.start >= comma.end()][:CLAUSE]
        held = [found[at] for at in clause]
        if verb := next(_REPORTING.spans(held), None):
            return clause[0] + verb[0], clause[0] + verb[1]
    return _according(found)


def _according(found: Sequence[Word]) -> Span | None:
    """Words such as "according to"; those that mean other things too only before a name."""
    for place in _ACCORDING_TO.spans(found):
        named = any(word.capital for word in found[place[1] : place[1] + 3])
        if named or _ACCORDING_TO_ANYONE.at(found, place[0]):
            return place
    return None


def _denial(text: str, found: Sequence[Word], skipped: int) -> Span | None:
    """Words at the beginning of a sentence that deny the one before."""
    if skipped >= len(found):
        return None
    length = _DENIALS.at(found, skipped)
    if length and not (
        _DENIALS_BEFORE_A_COMMA.at(found, skipped) == length
        and not _ENDS.match(text, found[skipped + length - 1].end)
    ):
        return skipped, skipped + length
    return next(_DENYING.spans(found[:BEGINNING]), None)


def _widened(text: str, within: Span, found: Sequence[Word], place: Span) -> Span:
    """A cue with the words around it, so that it can be read: up to the next punctuation."""
    first, last = place
    start, end = found[first].start, found[last - 1].end
    for word in reversed(found[max(0, first - AROUND_A_CUE) : first]):
        if _PUNCTUATION.search(text, word.end, start):
            break
        start = word.start
    for word in found[last : last + AROUND_A_CUE]:
        if _PUNCTUATION.search(text, end, word.start):
            break
        end = word.end
    return max(start, within[0]), min(end, within[1])
