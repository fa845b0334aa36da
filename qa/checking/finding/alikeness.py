"""Which of some places hold a quotation's words: a quick look before it is held against them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from index.types import Document
from qa.checking.finding.shingles import fragments

PLACES = 4
"""Held against a quotation word by word: those whose words are most alike."""

LOOKED_AT = 6
"""Of the places with most of its words in order somewhere, looked at for where they stand."""

NEARLY_AS_ALIKE = 0.8
"""Of the words that the most similar place has: what the others must have."""

NEARLY_AS_MANY = 0.7
"""Of the words in the stretch that has most: what others have that are kept too."""

NARROW = 400
"""Characters of a place that are not worth narrowing."""

ROOM = 8
"""Words left on either side, besides as many as the quotation has."""

_WORD = re.compile(r"\w+")
_MARKS = dict.fromkeys(map(ord, ".,;:!?…\"'“”„‘’‚«»‹›()[]{}*_-–—"), " ")  # noqa: RUF001 - marks are meant
_ALIKE = str.maketrans("“”„«»’‘‚–—", '"""""\'\'\'--')  # noqa: RUF001 - marks are meant


@dataclass(frozen=True, slots=True)
class Place:
    """Part of a document's canonical text."""

    document: Document
    start: int
    """Of `text`, in the canonical text."""
    text: str


def most_alike(text: str, places: Sequence[Place]) -> list[Place]:
    """All that hold the text to the letter; where none does, the few most like it."""
    literal = [place for place in places if text in place.text]
    if literal or len(places) < 2:
        return literal or list(places)
    loose = _loose(text)
    same = [place for place in places if loose in _loose(place.text)][:PLACES]
    words = _words(text)
    others = [place for place in places if place not in same]
    near = [_narrowed(text, place) for place in _first(words, others, LOOKED_AT, 0.0)]
    return same + _first(words, near, PLACES, NEARLY_AS_ALIKE)


def _loose(text: str) -> str:
    """The text without what the rules of normalising most often pass over."""
    return " ".join(text.casefold().translate(_ALIKE).split())


def _first(words: Sequence[str], places: Sequence[Place], count: int, nearly: float) -> list[Place]:
    """The first by how many of the words stand there in order: the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    alike = [LCSseq.similarity(words, _words(place.text)) for place in places]
    ranked = sorted(range(len(places)), key=lambda at: -alike[at])[:count]
    return [places[at] for at in ranked if alike[at] >= nearly * alike[ranked[0]]]


def _words(text: str) -> list[str]:
    """Words in lower case without the marks beside them; quick, for a first look."""
    return text.casefold().translate(_MARKS).split()


def _narrowed(text: str, place: Place) -> Place:
    """From the first stretch as long as the text with nearly the most of its words to the last.

    What an ellipsis or brackets stand for may be any words.
    """
    if len(place.text) < NARROW or len(fragments(text)) > 1 or "[" in text:
        return place
    import numpy as np

    wanted = _WORD.findall(text.casefold())
    there = _WORD.findall(place.text.casefold())
    if len(there) != len(_WORD.findall(place.text)) or not wanted:
        return place  # some letter is more than one in lower case
    width, known = len(wanted), set(wanted)
    sums = np.cumsum([0, *(word in known for word in there)])
    held = sums[width:] - sums[:-width] if len(there) > width else sums[-1:]
    near = np.flatnonzero(held >= NEARLY_AS_MANY * held.max())
    first = max(0, int(near[0]) - width - ROOM)
    last = min(len(there), int(near[-1]) + 2 * width + ROOM) - 1
    return _from_word_to_word(place, first, last)


def _from_word_to_word(place: Place, first: int, last: int) -> Place:
    if last < first:
        return place
    words = islice(_WORD.finditer(place.text), first, last + 1)
    start = next(words).start()
    end = max((word.end() for word in words), default=len(place.text))
    return Place(place.document, place.start + start, place.text[start:end])
