"""The out-of-context guard: what stands around words cited, where it may turn their meaning. Pure.

It looks at the rest of the sentence that words were cut from, and at the sentences before and
after, for cues of `qa.cues`. It reads no grammar: a cue is a reason to look, never a verdict.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from index.spans import LINE_END, trimmed
from index.types import Span, Stretch
from qa.cue_matching import words
from qa.neighbouring_cues import Found, in_following, in_lead, in_previous, in_tail
from qa.types import Context, Reason, Sentence, Side

STATEMENT_WORDS = 8
"""So many words with a capital first read as a whole statement, where one end is a sentence's."""

MOST_CAPITALS = 0.6
"""Of words: above this they are a name or a heading."""

LEFT_OUT_WORDS = 2
"""A sentence that goes on for no more words than these says little more."""

NEIGHBOURS = 6
"""Sentences on either side that are looked at: one that was cut for its length may be several."""

QUOTATION_CHARACTERS = 2_000
"""A quotation mark further off than this belongs to something else."""

_OPENING = regex.compile(r"(?:(?<=[\s(\[—–])|^)[“„«\"](?=\S)")  # noqa: RUF001 - the marks are meant
_CLOSING = regex.compile(r"(?<=[^\s(\[—–])[”“»\"]|(?<=\s)»")  # noqa: RUF001 - the marks are meant
_ENDS_A_SENTENCE = regex.compile(r"[.!?…:;。！？｡][\p{P}\p{S}]*$")  # noqa: RUF001 - CJK full stops


@dataclass(frozen=True, slots=True)
class _Around:
    """Words cited, the rest of their sentence, and the sentences beside it."""

    text: str
    words: Span
    lead: Span
    """Of the sentence, before the words; empty where they begin it."""
    tail: Span
    previous: Span | None
    following: Span | None

    @property
    def alone(self) -> bool:
        """Whether nothing stands beside the words, as in a text of one passage."""
        empty = self.lead[0] >= self.lead[1] and self.tail[0] >= self.tail[1]
        return empty and self.previous is None and self.following is None


def guard(
    text: str, start: int, end: int, sentences: Sequence[Span], *, offset: int = 0
) -> Context | None:
    """What may turn the meaning of `text[start:end]`; None where nothing beside it does.

    `sentences` are those of `text`, in order. `offset` is where `text` begins in the canonical
    text; what is returned counts from there.
    """
    around = _around(text, start, end, sentences)
    if around is None or around.alone:
        return None
    found = tuple(_reasons(around))
    if not found:
        return None
    return Context(
        before=_sentence(text, _shown_before(around, found), offset),
        after=_sentence(text, _shown_after(around, found), offset),
        reasons=tuple(Reason(kind, where, text[a:b]) for kind, where, (a, b) in found),
    )


def guard_in(stretch: Stretch, start: int, end: int) -> Context | None:
    """The same for offsets in the canonical text that the stretch is part of."""
    offset = stretch.start
    sentences = [(first - offset, last - offset) for first, last in stretch.sentences]
    return guard(stretch.text, start - offset, end - offset, sentences, offset=offset)


def _around(text: str, start: int, end: int, sentences: Sequence[Span]) -> _Around | None:
    start, end = trimmed(text, max(start, 0), min(end, len(text)))
    whole = list(_whole_sentences(text, _near(sentences, start, end)))
    held = [place for place, (first, last) in enumerate(whole) if first < end and start < last]
    if start >= end or not held:
        return None
    first, last = held[0], held[-1]
    return _Around(
        text,
        (start, end),
        trimmed(text, min(whole[first][0], start), start),
        trimmed(text, end, max(whole[last][1], end)),
        whole[first - 1] if first else None,
        whole[last + 1] if last + 1 < len(whole) else None,
    )


def _near(sentences: Sequence[Span], start: int, end: int) -> Sequence[Span]:
    """Those that hold the words, and some on either side: a long text has many."""
    first = bisect_right(sentences, start, key=lambda span: span[1])
    last = bisect_left(sentences, end, key=lambda span: span[0])
    return sentences[max(0, first - NEIGHBOURS) : last + NEIGHBOURS]


def _whole_sentences(text: str, sentences: Sequence[Span]) -> Iterator[Span]:
    """The sentences, with those put together that were cut for their length, or at a line's end."""
    held: Span | None = None
    for first, last in sentences:
        span = trimmed(text, max(first, 0), min(last, len(text)))
        if span[0] >= span[1]:
            continue
        if held and _goes_on(text, held, span):
            held = held[0], span[1]
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


def _goes_on(text: str, span: Span, following: Span) -> bool:
    """Whether a sentence runs on: no full stop, and a space, or a line end before a small letter."""
    between = text[span[1] : following[0]]
    lines = len(LINE_END.findall(between))
    if between.strip() or lines > 1 or _ENDS_A_SENTENCE.search(text, *span):
        return False
    return text[following[0]].islower() if lines else "\t" not in between


def _reasons(around: _Around) -> Iterator[Found]:
    """At most one of each kind on each side."""
    seen: set[tuple[str, Side]] = set()
    for kind, where, span in _all_reasons(around):
        if (kind, where) not in seen:
            seen.add((kind, where))
            yield kind, where, span


def _all_reasons(around: _Around) -> Iterator[Found]:
    text, whole = around.text, _reads_whole(around)
    lead = list(in_lead(text, around.lead))
    tail = list(in_tail(text, around.tail))
    reaches_the_end = not words(text, *around.tail)
    yield from lead
    if whole and reaches_the_end and not lead:
        yield from _cut(around, "before", around.lead)
    yield from tail
    if whole and not tail and not words(text, *around.lead):
        yield from _cut(around, "after", around.tail)
    if around.previous:
        yield from in_previous(text, around.previous)
    if around.following:
        yield from in_following(text, around.following, turns=whole or reaches_the_end)
    if not any(kind == "reported" for kind, *_ in (*lead, *tail)):
        yield from _inside_a_quotation(around)


def _cut(around: _Around, where: Side, rest: Span) -> Iterator[Found]:
    """What is left out of a sentence, where the words look as if nothing were."""
    if len(words(around.text, *rest)) > LEFT_OUT_WORDS:
        yield "cut", where, rest


def _reads_whole(around: _Around) -> bool:
    """Whether the words look like a statement of their own, and not like a name or a heading."""
    found = words(around.text, *around.words)
    capitals = sum(word.capital for word in found)
    return (
        len(found) >= STATEMENT_WORDS
        and found[0].capital
        and capitals <= MOST_CAPITALS * len(found)
    )


def _inside_a_quotation(around: _Around) -> Iterator[Found]:
    """A quotation that opens in a sentence before and closes in one after is somebody's words."""
    text, (start, end) = around.text, around.words
    opened = _open_mark(text, max(0, start - QUOTATION_CHARACTERS), start)
    if opened is None or not around.previous or opened >= around.previous[1]:
        return
    closed = _CLOSING.search(text, end, end + QUOTATION_CHARACTERS)
    again = _OPENING.search(text, end, end + QUOTATION_CHARACTERS)
    if closed and not (again and again.start() < closed.start()):
        yield "reported", "before", trimmed(text, opened, around.previous[1])


def _open_mark(text: str, start: int, end: int) -> int | None:
    """Where the last quotation mark stands that opens and is not closed."""
    opened: int | None = None
    marks = [(match.start(), True) for match in _OPENING.finditer(text, start, end)]
    marks += [(match.start(), False) for match in _CLOSING.finditer(text, start, end)]
    for place, opens in sorted(marks):
        opened = place if opens else None
    return opened


def _shown_before(around: _Around, found: Sequence[Found]) -> Span | None:
    if around.lead[0] < around.lead[1]:
        reaches = [span[0] for _, where, span in found if where == "before"]
        beyond = around.previous and any(first < around.previous[1] for first in reaches)
        first = around.previous[0] if around.previous and beyond else around.lead[0]
        return first, around.lead[1]
    return around.previous


def _shown_after(around: _Around, found: Sequence[Found]) -> Span | None:
    if around.tail[0] < around.tail[1]:
        reaches = [span[1] for _, where, span in found if where == "after"]
        beyond = around.following and any(last > around.following[0] for last in reaches)
        last = around.following[1] if around.following and beyond else around.tail[1]
        return around.tail[0], last
    return around.following


def _sentence(text: str, span: Span | None, offset: int) -> Sentence | None:
    if span is None:
        return None
    start, end = span
    return Sentence(start + offset, end + offset, text[start:end])
