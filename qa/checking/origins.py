"""Where a draft says its quotations are from, held against where they were found."""

from __future__ import annotations

from collections.abc import Sequence

from index import records
from index.library import Snapshot
from index.types import Placed, Span
from qa.checking.attributing.attribution import Claim, attributions, named
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

    def attributions(self, quotation: Span, match: Match, place: Placed) -> tuple[Attribution, ...]:
        """Who or what is named beside a quotation, and whether its source is that."""
        return self._held_against(quotation, match, place.around.text, place.around.start)

    def agreeing(self, quotation: Span, matches: Sequence[Match]) -> Match:
        """The first of equally good matches that is from where the draft says, or else the first."""
        if len(matches) == 1 or not (claims := self._claims(quotation)):
            return matches[0]
        for match in matches[:MOST_EQUALS]:
            if _is_named(claims, match) or self._agrees(quotation, match):
                return match
        return matches[0]

    def _claims(self, quotation: Span) -> list[Claim]:
        return named(self._prose, quotation, self._sentences, self._known)

    def _agrees(self, quotation: Span, match: Match) -> bool:
        found = self._held_against(quotation, match, match.place.text, match.place.start)
        return any(one.agrees for one in found)

    def _held_against(
        self, quotation: Span, match: Match, around: str, offset: int
    ) -> tuple[Attribution, ...]:
        start, end = match.words
        return attributions(
            self._prose,
            quotation,
            self._sentences,
            around,
            (start - offset, end - offset),
            source(match.place.document),
            self._known,
        )


def _is_named(claims: Sequence[Claim], match: Match) -> bool:
    return any(match.place.document.id in claim.documents for claim in claims)
