"""The sentences of a draft that state something of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from index.types import Span
from qa.checking.drafts.draft import Draft
from qa.checking.drafts.quotations import find
from qa.checking.types import Quotation

MIN_WORDS = 4
"""Fewer words seldom state anything: "Not so.", "See above."."""

PROSE = {"text", "item"}
"""Kinds of paragraphs that state something; headings, code and block quotations do not."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a draft's prose."""

    start: int
    """In the prose."""
    end: int
    text: str
    holds_quotation: bool


def statements(draft: Draft) -> tuple[list[Statement], int]:
    """The statements of a draft in order, and how many of its sentences are none."""
    quotations, _ = find(draft, 1)
    among = [paragraph for paragraph in draft.paragraphs if paragraph.kind in PROSE]
    sentences = draft.sentences(among)
    found = [
        _statement(draft, span, quotations)
        for span in sentences
        if _states(draft, span, quotations)
    ]
    return found, len(sentences) - len(found)


def _statement(draft: Draft, span: Span, quotations: Sequence[Quotation]) -> Statement:
    text = draft.prose[slice(*span)]
    return Statement(*span, text, bool(_inside(span, quotations)))


def _states(draft: Draft, span: Span, quotations: Sequence[Quotation]) -> bool:
    text = draft.prose[slice(*span)]
    if _QUESTION.search(text) or _words(text) < MIN_WORDS:
        return False
    own = list(text)
    for start, end in _inside(span, quotations):
        own[start - span[0] : end - span[0]] = " " * (end - start)
    return _words("".join(own)) > 0


def _inside(span: Span, quotations: Sequence[Quotation]) -> list[Span]:
    """The parts of a sentence that are quoted."""
    return [
        (max(span[0], one.start), min(span[1], one.end))
        for one in quotations
        if one.start < span[1] and span[0] < one.end
    ]


def _words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}'\u2019.,-]*")
_QUESTION = regex.compile(r"[?\uff1f][\s\p{P}]*$")
