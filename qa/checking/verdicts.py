"""From what was found of a quotation to what is told of it: verdict, citation, context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from index.library import Snapshot
from index.types import DocumentId, Placed
from qa.checking.comparing.compare import compare
from qa.checking.drafts.draft import Draft
from qa.checking.finding.placing import Words, placed
from qa.checking.judging import Judged, Match
from qa.checking.origins import Origins
from qa.checking.types import Attribution, Quotation, Verdict, VerifiedQuotation
from qa.citation import cite
from qa.context import guard_in
from qa.types import Citation, Context

ELSEWHERE = 3
"""Other places told."""

MOST_ASKED = 200
"""Quotations not found of which the nearest passage by meaning is told, some seconds' work. Of
more, which no draft has but one that is not about the library, the most similar words are."""

Ask = Callable[[str], Citation | None]
"""What a library has nearest to some words by their meaning."""


class Verdicts:
    """Tells what became of a draft's quotations, in their order."""

    def __init__(
        self, snapshot: Snapshot, draft: Draft, itself: frozenset[DocumentId], ask: Ask | None
    ) -> None:
        self._snapshot = snapshot
        self._draft = draft
        self._itself = itself
        self._ask = ask
        self._origins = Origins(snapshot, draft)
        self._numbers = count(1)
        self._asked = 0

    def on(self, block: Sequence[tuple[Quotation, Judged]]) -> Iterator[VerifiedQuotation]:
        """The verdict on each quotation."""
        chosen = [self._chosen(quotation, one) for quotation, one in block]
        places = iter(placed(self._snapshot, [_words(one) for those in chosen for one in those]))
        for (quotation, one), matches in zip(block, chosen, strict=True):
            found = [(match, place) for match in matches for place in [next(places)] if place]
            yield self._verdict(quotation, one, found)

    def _chosen(self, quotation: Quotation, judged: Judged) -> list[Match]:
        """The match that is told, and some others with the same words."""
        if not judged.matches:
            return []
        first = judged.matches[0]
        if judged.verdict is Verdict.NOT_FOUND:
            return [first]
        first = self._origins.agreeing((quotation.start, judged.end), judged.matches)
        others = [match for match in judged.matches if match is not first]
        return [first, *(others[:ELSEWHERE] if judged.verdict.is_the_same else ())]

    def _verdict(
        self, quotation: Quotation, judged: Judged, found: Sequence[tuple[Match, Placed]]
    ) -> VerifiedQuotation:
        span = (quotation.start, judged.end)
        start, end = self._draft.span(*span)
        told = VerifiedQuotation(
            number=next(self._numbers),
            text=judged.text,
            start=start,
            end=end,
            locator=self._draft.locator(*span),
            verdict=judged.verdict if found else Verdict.NOT_FOUND,
            similarity=judged.comparison.similarity if found else 0.0,
            rules=(),
            changes=(),
            omissions=(),
            insertions=(),
            citation=None,
            elsewhere=(),
            attributions=(),
            context=None,
        )
        if told.verdict is Verdict.NOT_FOUND:
            return self._with_nearest(told, found)
        match, place = found[0]
        attributions = self._origins.attributions(span, match, place)
        return replace(
            told,
            rules=match.comparison.rules,
            changes=tuple(
                change.shifted(source=match.place.start) for change in match.comparison.changes
            ),
            omissions=match.comparison.omissions,
            insertions=match.comparison.insertions,
            citation=cite(place, match.words),
            elsewhere=tuple(cite(other, one.words) for one, other in found[1:]),
            attributions=attributions,
            context=_context(place, match, attributions),
        )

    def _with_nearest(
        self, told: VerifiedQuotation, found: Sequence[tuple[Match, Placed]]
    ) -> VerifiedQuotation:
        """With what comes nearest to words that stand nowhere: a whole passage."""
        self._asked += 1
        asked = self._ask(told.text) if self._ask and self._asked <= MOST_ASKED else None
        if asked and asked.document.id not in self._itself:
            return replace(
                told, citation=asked, similarity=compare(told.text, asked.quote).similarity
            )
        return replace(told, citation=cite(found[0][1]) if found else None)


def _context(place: Placed, match: Match, attributions: Sequence[Attribution]) -> Context | None:
    """What to look at around the words, but that somebody said them where the draft tells so."""
    context = guard_in(place.around, *match.words)
    if context is None or not any(one.agrees and one.kind == "speaker" for one in attributions):
        return context
    reasons = tuple(reason for reason in context.reasons if reason.kind != "reported")
    return replace(context, reasons=reasons) if reasons else None


def _words(match: Match) -> Words:
    return Words(match.place.document, *match.words)
