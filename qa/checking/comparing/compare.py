"""A quotation's text held against a stretch of a source: exact, normalised, altered, not found.

The stages are in files of their own: `rules` (what may differ), `stretches` (words), `matching` (the
same words), `alignment`, `nearness` and `changes` (the nearest words, how near they are, how they
differ), and for ellipses and brackets `editing`, `fragments`, `omissions` and `honesty`.

A quotation is exact or normalised only where the source holds all its words in this order; both
are found by searching, never by likeness. Likeness only tells altered from not found.
"""

from __future__ import annotations

from index.spans import trimmed
from qa.checking.comparing.alignment import Alignment, align
from qa.checking.comparing.changes import changes
from qa.checking.comparing.matching import Found, find
from qa.checking.comparing.omissions import edited
from qa.checking.comparing.stretches import Stretch, prepare
from qa.checking.types import Comparison, Verdict

ALTERED_FROM = 0.6
"""From this similarity on the words count as the source's, altered; below, they are not found.

One word of three changed leaves two thirds, as do two of three that changed places: none in order
but one, all of them there. Measured on the seeds, see tests/test_comparing.py."""


def compare(quoted: str, source: str) -> Comparison:
    """How a quotation's text stands to a stretch of a source's canonical text.

    Args:
        quoted: What stands between the marks.
        source: Up to some 20,000 characters that hold the place, if any does.

    >>> found = compare("a swift fox", "The quick brown fox; a quick fox.")
    >>> found.verdict.value, [(change.draft, change.source) for change in found.changes]
    ('altered', [('swift', 'quick')])
    """
    quotation, stretch = prepare(quoted), prepare(source)
    if found := find(quotation, stretch):
        return _matched(found)
    if found_edited := edited(quotation, stretch, ALTERED_FROM):
        return found_edited
    return _nearest(quotation, stretch)


def _matched(found: Found) -> Comparison:
    """The comparison of a quotation whose words were found."""
    verdict = Verdict.NORMALISED if found.rules else Verdict.EXACT
    return Comparison(verdict, found.start, found.end, 1.0, found.rules)


def _nearest(quotation: Stretch, source: Stretch) -> Comparison:
    """The comparison of a quotation whose words the source does not have."""
    alignment = align(quotation, source)
    start, end = _span(source, alignment)
    similarity = round(min(alignment.score, 0.99), 4)
    if similarity < ALTERED_FROM:
        return Comparison(Verdict.NOT_FOUND, start, end, similarity)
    found = changes(quotation, source, alignment)
    start = min([start, *(change.source_start for change in found)])
    end = max([end, *(change.source_end for change in found)])
    return Comparison(Verdict.ALTERED, start, end, similarity, changes=found)


def _span(source: Stretch, alignment: Alignment) -> tuple[int, int]:
    if alignment.first >= alignment.last:
        return 0, 0
    return trimmed(source.text, source.starts[alignment.first], source.ends[alignment.last - 1])
