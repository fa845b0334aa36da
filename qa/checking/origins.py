"""Where a draft says its quotations are from, held against where they were found."""

from __future__ import annotations

from collections.abc import Sequence

from index import records
from index.library import Snapshot
from index.types import Placed, Span
from qa.checking.attributing.attribution import Claim, held_against, named
from qa.checking.attributing.known_sources import Names, known_source
from qa.checking.drafts.draft import Draft
from qa.checking.judging import Match
from qa.checking.types import Attribution
from qa.citation import source

MOST_EQUALS = 16
"""Equally good places among which the one that a draft names is looked for."""


class Origins:
    """What a draft names as the origins of its quotations."""

    def __init__(self, snapshot: Snapshot, draft: Draft) -> None:
        with snapshot.catalog.snapshot() as connection:
            documents = records.documents(connection)
        self._known = Names(map(known_source, documents))
        self._prose = draft.prose
        self._sentences = draft.sentences()
        self._known_claims: dict[Span, list[Claim]] = {}
        """Of quotations of which a match was chosen, and is not yet told."""

    def attributions(self, quotation: Span, match: Match, place: Placed) -> tuple[Attribution, ...]:
        """Who or what is named beside a quotation, and whether its source is that."""
        claims = self._known_claims.pop(quotation, None)
        if claims is None:
            claims = self._claims(quotation)
        return _held_against(claims, match, place.around.text, place.around.start)

    def agreeing(self, quotation: Span, matches: Sequence[Match]) -> Match:
        """The first of equally good matches that is from where the draft says, or else the first."""
        if len(matches) == 1:
            return matches[0]
        claims = self._known_claims[quotation] = self._claims(quotation)
        for match in matches[:MOST_EQUALS]:
            if _is_named(claims, match) or _agrees(claims, match):
                return match
        return matches[0]

    def _claims(self, quotation: Span) -> list[Claim]:
        return named(self._prose, quotation, self._sentences, self._known)


def _agrees(claims: Sequence[Claim], match: Match) -> bool:
    found = _held_against(claims, match, match.place.text, match.place.start)
    return any(one.agrees for one in found)


def _held_against(
    claims: Sequence[Claim], match: Match, around: str, offset: int
) -> tuple[Attribution, ...]:
    start, end = match.words
    words_there = (start - offset, end - offset)
    return held_against(claims, around, words_there, source(match.place.document))


def _is_named(claims: Sequence[Claim], match: Match) -> bool:
    return any(match.place.document.id in claim.documents for claim in claims)
