"""The quotations in a draft: between marks of many languages, and set off as blocks."""

from __future__ import annotations

# ruff: noqa: RUF001 - quotation marks and dashes look alike, and these are the ones meant
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from index.spans import trimmed
from index.types import Span
from qa.checking.drafts.draft import Draft
from qa.checking.drafts.prose import Paragraph
from qa.checking.drafts.quotation_marks import PARTNERS
from qa.checking.drafts.quotation_pairs import Pair, Pairing
from qa.checking.types import MIN_WORDS, Quotation

_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Thai, Lao, Burmese, Khmer, Japanese and Chinese, which part words by no spaces."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}](?:[^\W{_UNSPACED}]|['’.,\u2010-](?=[^\W_]))*")


def find(draft: Draft, min_words: int = MIN_WORDS) -> tuple[list[Quotation], int]:
    """The quotations of at least so many words, in order, and how many have fewer.

    In unspaced scripts each character counts as a word.
    """
    found = {(each.start, each.end): each for each in _marked(draft)}
    for block in _blocks(draft, found):
        found[block.start, block.end] = block
    worded = {span: _has_words(draft.prose, span, min_words) for span in found}
    long = [each for span, each in found.items() if worded[span]]
    short = sum(1 for span in found if not worded[span] and _has_words(draft.prose, span, 1))
    return _nested(long), short


def _has_words(prose: str, span: Span, words: int) -> bool:
    """Whether there are as many words; no more are counted."""
    return all(next(found, None) for found in [_WORD.finditer(prose, *span)] for _ in range(words))


def _marked(draft: Draft) -> Iterator[Quotation]:
    """Quotations between marks, also those that run over several paragraphs."""
    paragraphs = list(_wrapped(draft))
    spans = [(each.start, each.end) for each in paragraphs if each.kind != "code"]
    pairing = Pairing(draft.prose, spans, _literal(draft.literal))
    carried: Pair | None = None
    before: Paragraph | None = None
    for paragraph in paragraphs:
        if paragraph.kind == "code":
            carried = None
            continue
        span = (paragraph.start, paragraph.end)
        again = carried and _goes_on(draft, carried, before, paragraph)
        read_from = (span[0] + 1, span[1]) if again else span
        found = pairing.pairs(read_from, carried if again else None)
        for pair in found.pairs:
            yield from _quotation(draft.prose, pair)
        carried, before = found.unclosed, paragraph


def _wrapped(draft: Draft) -> Iterator[Paragraph]:
    """The paragraphs; those parted by nothing but a line end as one, which may be long lines."""
    last: Paragraph | None = None
    for paragraph in draft.paragraphs:
        if last and _is_wrapped(draft, last, paragraph):
            last = replace(last, end=paragraph.end)
            continue
        if last:
            yield last
        last = paragraph
    if last:
        yield last


def _is_wrapped(draft: Draft, one: Paragraph, other: Paragraph) -> bool:
    between = draft.content.text[draft.places[one.end - 1] + 1 : draft.places[other.start]]
    return (
        one.kind == other.kind == "text"
        and between.strip(" \t") in {"\n", "\r\n", "\r"}
        and draft.prose[other.start] not in PARTNERS
    )


def _literal(spans: Sequence[Span]) -> frozenset[int]:
    return frozenset(chain.from_iterable(range(*span) for span in spans))


def _goes_on(draft: Draft, carried: Pair, before: Paragraph | None, paragraph: Paragraph) -> bool:
    """Whether a paragraph opens again what the one before has left open."""
    return (
        before is not None
        and before.kind == paragraph.kind
        and paragraph.kind != "heading"
        and draft.prose[paragraph.start] == carried.open
    )


def _quotation(prose: str, pair: Pair) -> Iterator[Quotation]:
    spans = [trimmed(prose, pair.start + 1, end) for end in pair.ends]
    ends = sorted({end for start, end in spans if start < end})
    start, end = trimmed(prose, pair.start + 1, pair.likeliest)
    if start < end:
        yield Quotation(start, end, tuple(ends), "marks", pair.open + pair.close)


def _blocks(draft: Draft, marked: dict[Span, Quotation]) -> Iterator[Quotation]:
    """Block quotations; of one that is in marks from end to end, what is between them."""
    by_start: dict[int, Quotation] = {}
    for quotation in marked.values():
        known = by_start.get(quotation.start)
        if known is None or quotation.end > known.end:
            by_start[quotation.start] = quotation
    starts = sorted(by_start)
    for start, end in draft.blocks:
        after = bisect_right(starts, start)
        first = by_start[starts[after]] if after < len(starts) else None
        if first and _fills(draft.prose, first, (start, end)):
            yield replace(first, kind="block")
        else:
            yield Quotation(start, end, (end,), "block", "")


def _fills(prose: str, quotation: Quotation, block: Span) -> bool:
    """Whether a block holds nothing but a quotation in marks, and whose it is."""
    start, end = block
    head = prose[start : quotation.start]
    if head.strip() != quotation.marks[0] or quotation.end > end:
        return False
    mark = prose.find(quotation.marks[1], quotation.end)
    return mark + 1 >= end or _is_attribution(prose[mark + 1 : end])


def _is_attribution(rest: str) -> bool:
    return (
        re.match(r"\s*(?:(?:[—–―]|--?-?)[^\r\n]{1,200}|\([^()]{1,200}\))?[.]?\s*\Z", rest)
        is not None
    )


def _nested(found: list[Quotation]) -> list[Quotation]:
    """In the order of the draft, each told which one it stands in."""
    ordered = sorted(found, key=lambda each: (each.start, -each.end, each.kind))
    around: list[int] = []
    told: list[Quotation] = []
    for place, quotation in enumerate(ordered):
        while around and ordered[around[-1]].end < quotation.end:
            around.pop()
        told.append(replace(quotation, within=around[-1] if around else None))
        around.append(place)
    return told
