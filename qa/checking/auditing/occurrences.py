"""Where the words of a saved citation stand in a text: W3C Web Annotation's text quote selector.

The recommendation (Web Annotation Data Model, section 4.2.4) leaves open how prefix
and suffix choose among several occurrences. Here the one they agree with best is
taken, character by character from the quote outwards, and of equals the nearest to
where the words stood. White space does not count: a text wrapped anew says the same.
"""

from __future__ import annotations

import heapq
import re
from itertools import takewhile

from index.spans import trimmed
from index.types import Span
from qa.citing.saved import SavedCitation

MOST_OCCURRENCES = 2_000
"""Judged by what stands around them, the nearest first: a citation of one word may have more."""

CLEAR = 12
"""Characters of a prefix or suffix that tell a place: two words. Fewer stand in many places."""

REACH = 160
"""Characters beside words within which their prefix and suffix are looked for: a sentence may have
been put between."""


def best_occurrence(text: str, saved: SavedCitation) -> Span | None:
    """Where the same words stand in the text, at the place that fits best."""
    pattern = r"\s+".join(re.escape(word) for word in saved.quote.split())
    # Looked ahead for, so that of "rain, rain, rain" all occurrences of "rain, rain" are found.
    found = (match.span(1) for match in re.finditer(f"(?=({pattern}))", text))
    whole = (span for span in found if _is_whole(text, span, saved))
    near = heapq.nsmallest(MOST_OCCURRENCES, whole, key=lambda span: abs(span[0] - saved.start))
    return min(
        near,
        key=lambda span: (-agreement(text, span, saved), abs(span[0] - saved.start)),
        default=None,
    )


def agreement(text: str, words: Span, saved: SavedCitation) -> int:
    """How many characters right before and after the words are as they were."""
    before, after = _around(text, words, 2 * REACH)
    prefix, suffix = _collapsed(saved.prefix), _collapsed(saved.suffix)
    return _alike(prefix[::-1], before[::-1]) + _alike(suffix, after)


def in_context(text: str, words: Span, saved: SavedCitation) -> bool | None:
    """Whether what stood right before or after the words is still beside them, or in them.

    None where the citation does not say what that was.
    """
    last, first = _collapsed(saved.prefix)[-CLEAR:], _collapsed(saved.suffix)[:CLEAR]
    known = [part for part in (last, first) if len(part) == CLEAR]
    if not known:
        return None
    start, end = words
    beside = _collapsed(text[max(0, start - REACH) : end + REACH])
    return any(part in beside for part in known)


def between(text: str, saved: SavedCitation) -> Span | None:
    """What stands between prefix and suffix now, where both are clear and stand there once.

    It is empty where the words were taken out and nothing was put in their place.
    """
    before, after = saved.prefix.split()[1:], saved.suffix.split()[:-1]  # the outer ones may be cut
    if min(len(" ".join(before)), len(" ".join(after))) < CLEAR:
        return None
    places = []
    for words in (before, after):
        pattern = r"\s+".join(map(re.escape, words))
        found = [match.span() for match in re.finditer(pattern, text)]
        if len(found) != 1:
            return None
        places.append(found[0])
    (_, start), (end, _) = places
    return trimmed(text, start, end) if start <= end else None


def _is_whole(text: str, words: Span, saved: SavedCitation) -> bool:
    """Whether the words are not part of longer ones: of "unfair" "fair" is none.

    A quote may have been cut within a word, as its prefix and suffix show then.
    """
    start, end = words
    begins = _joined(text[max(0, start - 1) : start], saved.quote.lstrip()[:1])
    ends = _joined(saved.quote.rstrip()[-1:], text[end : end + 1])
    cut = _joined(saved.prefix[-1:], saved.quote[:1]), _joined(saved.quote[-1:], saved.suffix[:1])
    return (not begins or cut[0]) and (not ends or cut[1])


def _joined(one: str, other: str) -> bool:
    return one.isalnum() and other.isalnum()


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _around(text: str, words: Span, reach: int) -> tuple[str, str]:
    start, end = words
    return _collapsed(text[max(0, start - reach) : start]), _collapsed(text[end : end + reach])


def _collapsed(text: str) -> str:
    return " ".join(text.split())
