"""What a check of a draft's statements finds. Offsets are Unicode code points, half-open."""

from __future__ import annotations

from dataclasses import dataclass

from index.types import Locator
from qa.checking.facts.differences import Kind
from qa.types import Citation


@dataclass(frozen=True, slots=True)
class SourceDifference:
    """Something a source puts differently than a statement does. Which is right is not told."""

    kind: Kind
    """number, date, unit or name."""
    start: int
    """Of the statement's words, in the draft's text."""
    end: int
    at: int
    """Where they begin in the statement's `text`."""
    words: str
    """The statement's, verbatim."""
    source_start: int
    """In the cited document's canonical text."""
    source_end: int
    source_words: str
    """The source's, verbatim."""
    citation: Citation
    """Its best sentence is the one the source's words stand in."""


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A sentence of a draft that states something, and what sources have on it."""

    number: int
    """From 1, in the draft's order."""
    text: str
    """As a reader sees it."""
    start: int
    """In the draft's text (of Markdown and plain text: the decoded file)."""
    end: int
    locator: Locator
    """In the draft."""
    holds_quotation: bool
    """Part of it is quoted; whether word for word, `qa verify` tells."""
    support: Citation | None
    """The passage that supports it best; None where none is near enough."""
    meaning: float
    """How near the nearest passage is in meaning, as `qa ask --explain` has it; 0 without one."""
    differences: tuple[SourceDifference, ...]
    """Between the statement and any of the nearest passages, in the statement's order."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Every statement of a draft, held against the library."""

    draft: str
    """Its path; empty of a text without a file."""
    generation: int
    """Of the library; 0 where nothing was asked."""
    statements: tuple[CheckedStatement, ...]
    left_out: int
    """Sentences that state nothing of their own: questions, quotations, a word or two."""
