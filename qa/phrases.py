"""Phrases in quotation marks: passages must hold them word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.lexical import folded_words, written_words
from index.library import Snapshot
from index.types import PassageId

_QUOTED = re.compile(r"\"([^\"]*)\"|[“„]([^“”„]+)[”“]|«([^«»]+)»|‹([^‹›]+)›")  # noqa: RUF001


def quoted(question: str) -> list[str]:
    """What stands in quotation marks in a question, straight or typographic.

    >>> quoted('Who said "no more" and „nie wieder“?')
    ['no more', 'nie wieder']
    """
    found = (next(filter(None, match.groups()), "") for match in _QUOTED.finditer(question))
    return [phrase for phrase in found if written_words(phrase)]


def holding(snapshot: Snapshot, phrases: Sequence[str]) -> set[PassageId]:
    """Passages that hold all phrases: the same words in a row, whatever case and accents."""
    wanted = [folded_words(written_words(phrase)) for phrase in phrases]
    stemmed = [snapshot.lexical.holding(words, snapshot.languages) for words in wanted]
    quotes = snapshot.quotes(sorted(set.intersection(*stemmed)))
    return {
        id_ for id_, quote in quotes.items() if all(_stands_in(words, quote) for words in wanted)
    }


def _stands_in(words: Sequence[str], quote: str) -> bool:
    held = folded_words(written_words(quote))
    return f" {' '.join(words)} " in f" {' '.join(held)} "
