"""What comes nearest to the words of a saved citation where they no longer stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from index.lexical import written_words
from index.spans import trimmed
from index.types import Document, Span
from qa.checking.auditing.documents import Documents
from qa.checking.auditing.occurrences import REACH, between, in_context
from qa.checking.comparing.compare import compare
from qa.checking.finding.alikeness import Place
from qa.checking.types import Change, Comparison, Verdict
from qa.citing.saved import SavedCitation

IN_PLACE_FROM = 1 / 3
"""Share of words that agree from which on what stands between the old prefix and suffix counts as
the cited words, changed. Found by likeness alone, more must agree: `compare.ALTERED_FROM`."""

ELSEWHERE_FROM = 0.8
"""The same for a document that was not cited, where nothing stands beside the words that did."""

ELSEWHERE_WORDS = 8
"""Of which that is the share, at least."""

CLOSING = 10
"""Characters looked at for a sentence's end: the full stop and the marks and notes after it."""

_ENDS_SENTENCE = re.compile(r"[.!?…。！？]\W*$")  # noqa: RUF001 - these are the characters


@dataclass(frozen=True, slots=True)
class Nearest:
    """Words like those of a citation."""

    document: Document
    start: int
    """In the document's canonical text."""
    end: int
    similarity: float
    same: bool
    """The same words, but for what the rules let pass."""
    rules: tuple[str, ...]
    changes: tuple[Change, ...]
    """Source offsets are in the canonical text."""
    in_context: bool | None
    """Whether they stand beside what the cited words stood beside; None where it is not known."""


def nearest_in(documents: Documents, document: Document, saved: SavedCitation) -> Nearest | None:
    """The words of a document most like the cited ones, if any are alike.

    What stands between prefix and suffix is taken if it is alike. Nothing there is the words
    taken out: then their neighbours are not taken for them.
    """
    text = documents.text(document)
    if gap := between(text, saved):
        if gap[0] == gap[1]:
            return None
        if gap[1] - gap[0] <= 3 * len(saved.quote) + REACH:
            place = Place(document, gap[0], text[slice(*gap)])
            if found := _in_place(place, saved):
                return found
    places = documents.resembling(saved.quote, document)
    return _best(_compared(documents, place, saved) for place in places)


def nearest_anywhere(
    documents: Documents, but: Document | None, saved: SavedCitation
) -> Nearest | None:
    """The words most like the cited ones in any other document.

    They stand beside what they stood beside, or are so many and so alike that they need not.
    """
    places = (one for one in documents.resembling(saved.quote) if one.document != but)
    found = (_compared(documents, place, saved) for place in places)
    many = len(written_words(saved.quote)) >= ELSEWHERE_WORDS
    return _best(
        one
        for one in found
        if one and (one.in_context or (many and one.similarity >= ELSEWHERE_FROM))
    )


def _best(found: Iterable[Nearest | None]) -> Nearest | None:
    alike = filter(None, found)
    return max(alike, key=lambda one: (one.in_context is True, one.similarity), default=None)


def _in_place(place: Place, saved: SavedCitation) -> Nearest | None:
    """What all of a place, and no more, has become of the cited words."""
    found = compare(saved.quote, place.text)
    if found.similarity < IN_PLACE_FROM:
        return None
    said, end = place.text, len(place.text)
    changes = found.changes
    if found.verdict is Verdict.NOT_FOUND:
        changes = (Change(0, len(saved.quote), saved.quote, 0, end, said),)
        found = replace(found, start=0, end=end)
    elif found.verdict is Verdict.ALTERED:
        first, last = _within_sentence(said, found)
        before, after = (first, found.start), (found.end, last)
        changes = (*_added(said, before, 0), *changes, *_added(said, after, len(saved.quote)))
        found = replace(found, start=first, end=last)
    found = replace(found, changes=changes)
    return _nearest(place, found, context=True)


def _within_sentence(said: str, found: Comparison) -> Span:
    """The words found, and what stands beside them in their sentences: sentences added are none."""
    start, end = found.start, found.end
    if not _ENDS_SENTENCE.search(said[:start][-CLOSING:]):
        start = 0
    if not _ENDS_SENTENCE.search(said[:end][-CLOSING:]):
        end = len(said)
    return trimmed(said, start, end)


def _added(said: str, words: Span, at: int) -> Iterator[Change]:
    """Words at the beginning or the end of a place that no cited words correspond to."""
    start, end = trimmed(said, *words)
    if written_words(said[start:end]):
        yield Change(at, at, "", start, end, said[start:end])


def _compared(documents: Documents, place: Place, saved: SavedCitation) -> Nearest | None:
    found = compare(saved.quote, place.text)
    if found.verdict is Verdict.NOT_FOUND:
        return None
    words = (found.start + place.start, found.end + place.start)
    context = in_context(documents.text(place.document), words, saved)
    return _nearest(place, found, context=context)


def _nearest(place: Place, found: Comparison, *, context: bool | None) -> Nearest:
    return Nearest(
        place.document,
        found.start + place.start,
        found.end + place.start,
        found.similarity,
        found.verdict.is_the_same,
        found.rules,
        tuple(change.shifted(source=place.start) for change in found.changes),
        context,
    )
