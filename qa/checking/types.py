"""What a check of a draft finds. Offsets are Unicode code points, half-open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from index.types import Locator
from qa.types import Citation, Context

MIN_WORDS = 3
"""Of a quotation that is verified; shorter ones are single terms, which stand anywhere."""


class Verdict(StrEnum):
    """How a quotation stands to its source."""

    EXACT = "exact"
    """Every character stands in the source, in this order."""
    NORMALISED = "normalised"
    """The same words; what differs is in the published list, `qa.checking.comparing.rules`."""
    ALTERED = "altered"
    """Some word is changed, missing, added or moved."""
    NOT_FOUND = "not_found"
    """No source holds anything like it."""

    @property
    def is_the_same(self) -> bool:
        """Whether a quotation has its source's words."""
        return self in {Verdict.EXACT, Verdict.NORMALISED}


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation in a draft's prose (see `qa.checking.drafts.draft.Draft`)."""

    start: int
    """Of what stands between the marks."""
    end: int
    ends: tuple[int, ...]
    """Where it may end, ascending, `end` among them: a closing mark may be an apostrophe."""
    kind: Literal["marks", "block"]
    marks: str
    """The opening mark and the closing one, such as “”; empty for a block quotation."""
    within: int | None = None
    """Place in the list of the quotation it is nested in."""


@dataclass(frozen=True, slots=True)
class Change:
    """Words that differ. Either side may be empty: added to the source's, or dropped."""

    draft_start: int
    """In the quotation's text."""
    draft_end: int
    draft: str
    source_start: int
    """In the source text it was compared with; in a report, in the canonical text."""
    source_end: int
    source: str

    def shifted(self, *, draft: int = 0, source: int = 0) -> Change:
        """The same, with offsets into texts that begin so many characters earlier."""
        return replace(
            self,
            draft_start=self.draft_start + draft,
            draft_end=self.draft_end + draft,
            source_start=self.source_start + source,
            source_end=self.source_end + source,
        )


@dataclass(frozen=True, slots=True)
class Omission:
    """An ellipsis in the draft, and the words it stands for."""

    start: int
    """Of the ellipsis, brackets included, in the quotation's text."""
    end: int
    omitted: str
    """Verbatim; empty where the source has nothing there."""
    honest: bool
    reason: str | None
    """Why it is not, such as: leaves out "not"."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Words in [brackets] in the draft, and what they stand for."""

    start: int
    end: int
    inserted: str
    """Between the brackets."""
    replaced: str
    """Of the source, verbatim; empty where nothing was taken out."""
    honest: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A quotation's text held against a stretch of a source."""

    verdict: Verdict
    start: int
    """In the stretch: the words the quotation was taken from, or comes nearest to."""
    end: int
    similarity: float
    """0 to 1: the share of words that agree."""
    rules: tuple[str, ...] = ()
    """Names of the rules by which it is the same, in the published list's order."""
    changes: tuple[Change, ...] = ()
    omissions: tuple[Omission, ...] = ()
    insertions: tuple[Insertion, ...] = ()

    @property
    def rank(self) -> tuple[int, float]:
        """Lower is better; equal ones are equally good."""
        return tuple(Verdict).index(self.verdict), -self.similarity


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who or what a draft names as the origin of a quotation."""

    start: int
    """Of the name, in the draft's prose."""
    end: int
    name: str
    kind: Literal["source", "speaker"]
    agrees: bool | None
    """Whether the passage is from it; None where that cannot be told."""
    reason: str
    """In a few words: why."""


@dataclass(frozen=True, slots=True)
class VerifiedQuotation:
    """A quotation of a draft and what became of it."""

    number: int
    """From 1, in the draft's order."""
    text: str
    """As in the draft's prose."""
    start: int
    """In the draft's text (of Markdown and plain text: the decoded file)."""
    end: int
    locator: Locator
    """In the draft."""
    verdict: Verdict
    similarity: float
    rules: tuple[str, ...]
    changes: tuple[Change, ...]
    """Source offsets are in the cited document's canonical text."""
    omissions: tuple[Omission, ...]
    insertions: tuple[Insertion, ...]
    citation: Citation | None
    """Of the words found, or of what comes nearest; None where nothing does."""
    elsewhere: tuple[Citation, ...]
    """Other places with the same words, the first few."""
    attributions: tuple[Attribution, ...]
    context: Context | None
    """What stands around the words in the source, where that may turn their meaning."""


@dataclass(frozen=True, slots=True)
class Verification:
    """Every quotation of a draft, verified."""

    draft: str
    """Its path."""
    generation: int
    """Of the library."""
    quotations: tuple[VerifiedQuotation, ...]
    short: int
    """Quotations left out: fewer words than the minimum."""
