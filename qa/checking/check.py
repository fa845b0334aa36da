"""Every statement of a draft, held against the passages nearest to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from index import language
from index.segment import sentences
from qa.checking.checked import Checked, CheckedStatement, SourceDifference
from qa.checking.drafts.draft import Draft
from qa.checking.drafts.statements import Statement, statements
from qa.checking.facts.differences import Difference, differences
from qa.checking.facts.facts import facts, says
from qa.checking.facts.likeness import MIN_SHARED
from qa.checking.facts.reading import read
from qa.types import Answer, Citation, CitedPassage, Sentence

Ask = Callable[[str], Answer]
"""The passages nearest to a text, with what their scores are made of."""

MIN_MEANING = 1.35
"""From this on a passage is near enough to support a statement: of 2.45 at most, the cosines of the
passage, of its best sentence, and of the passage to the first ones. Measured with the standard
model on 25 statements of the seeds in other words (all supported) and 25 invented ones (none), in
`tests/test_draft_checks.py`, and on some 1,500 sentences of articles of SQuAD 2.0 that the library
does not hold (about one in a hundred supported). It says that a passage is about the same, not
that it proves anything."""

MIN_WORDS_SHARED = 0.8
"""Share of a statement's content words that a passage holds: from this on it is near as well."""

MAX_ASKED = 2000
"""Characters of a statement that are looked at: as many as a question may have."""

PASSAGES = 5
"""The first so many are held against a statement: sources disagree among themselves."""


def check(draft: Draft, ask: Ask) -> Checked:
    """What supports each statement of a draft, and where sources put something differently.

    Passages of the draft itself, should it be in the library, are no support. `ask` is asked for
    each statement; it must explain its scores.
    """
    found, left_out = statements(draft)
    checking = _Checking(draft, ask, language.detect(draft.prose))
    checked = [checking.statement(number, one) for number, one in enumerate(found, start=1)]
    return Checked(
        draft=str(draft.path) if draft.path else "",
        generation=checking.generation,
        statements=tuple(checked),
        left_out=left_out,
    )


class _Checking:
    """Asks for one statement of a draft after the other."""

    def __init__(self, draft: Draft, ask: Ask, language_: str | None) -> None:
        self._draft = draft
        self._ask = ask
        self._language = language_
        self.generation = 0

    def statement(self, number: int, statement: Statement) -> CheckedStatement:
        near = self._near(statement.text)
        meaning = _meaning(near[0]) if near else 0.0
        start, end = self._draft.span(statement.start, statement.end)
        return CheckedStatement(
            number=number,
            text=statement.text,
            start=start,
            end=end,
            locator=self._draft.locator(statement.start, statement.end),
            holds_quotation=statement.holds_quotation,
            support=near[0].citation if near and self._is_near(statement, near[0]) else None,
            meaning=meaning,
            differences=tuple(self._differences(statement, near)),
        )

    def _near(self, text: str) -> list[CitedPassage]:
        """The nearest passages, without the draft's own."""
        # Quotation marks would ask for passages with these very words, and hide all others.
        question = _MARKS.sub(" ", text)[:MAX_ASKED]
        if not any(character.isalnum() for character in question):
            return []
        answer = self._ask(question)
        self.generation = answer.generation
        return [one for one in answer.passages if not self._is_draft(one.citation)][:PASSAGES]

    def _is_near(self, statement: Statement, passage: CitedPassage) -> bool:
        if _meaning(passage) >= MIN_MEANING:
            return True
        source = read(passage.citation.quote, passage.citation.document.language)
        items = read(statement.text, self._language).items
        held = sum(source.holds(item) for item in items)
        return held >= MIN_SHARED and held >= MIN_WORDS_SHARED * len(items)

    def _is_draft(self, citation: Citation) -> bool:
        path, sha256 = self._draft.path, self._draft.sha256
        return sha256 == citation.document.sha256 or str(path) == citation.document.path

    def _differences(
        self, statement: Statement, near: Sequence[CitedPassage]
    ) -> Iterator[SourceDifference]:
        """What the passages put differently, once for each way to put it."""
        told: set[tuple[int, str]] = set()
        found = [
            (pair.difference.statement.start, place, pair)
            for place, passage in enumerate(near)
            for pair in self._pairs(statement, passage.citation)
        ]
        for start, _, pair in sorted(found, key=lambda each: each[:2]):
            key = start, " ".join(pair.difference.source.text.casefold().split())
            if key not in told:
                told.add(key)
                yield self._told(statement, pair)

    def _pairs(self, statement: Statement, citation: Citation) -> Iterator[_Pair]:
        """The differences from a passage's sentences, the best one first."""
        best = citation.best_sentence
        said = facts(best.quote, citation.document.language) if best else ()
        for sentence in _sentences(citation):
            of_source = citation.document.language
            for found in differences(
                statement.text[:MAX_ASKED],
                sentence.quote,
                self._language,
                of_source,
                citation.quote,
            ):
                # What the best sentence says as well, another says of something else.
                if not any(
                    fact.kind == found.statement.kind and says(fact, found.statement)
                    for fact in said
                ):
                    yield _Pair(found, sentence, citation)

    def _told(self, statement: Statement, pair: _Pair) -> SourceDifference:
        here, there = pair.difference.statement, pair.difference.source
        start, end = self._draft.span(statement.start + here.start, statement.start + here.end)
        return SourceDifference(
            kind=pair.difference.kind,
            start=start,
            end=end,
            at=here.start,
            words=here.text,
            source_start=pair.sentence.start + there.start,
            source_end=pair.sentence.start + there.end,
            source_words=there.text,
            citation=replace(pair.citation, best_sentence=pair.sentence),
        )


@dataclass(frozen=True, slots=True)
class _Pair:
    """A difference, and where its source's side stands."""

    difference: Difference
    sentence: Sentence
    citation: Citation


def _meaning(passage: CitedPassage) -> float:
    """As the explanation has it; without one nothing is known to be near."""
    parts = {part.kind: part.score for part in passage.explanation or ()}
    return parts.get("meaning", 0.0)


def _sentences(citation: Citation) -> list[Sentence]:
    """The best sentence, then the passage's others."""
    quote, offset = citation.quote, citation.start
    best = citation.best_sentence
    others = [
        Sentence(offset + start, offset + end, quote[start:end])
        for start, end in sentences(quote)
        if not best or not (start + offset < best.end and best.start < end + offset)
    ]
    return [best, *others] if best else others


_MARKS = regex.compile(r"[\"\p{Pi}\p{Pf}\u201e\u201a\u300c\u300d\u300e\u300f](?<!\p{L}\u2019)")
"""Quotation marks, but for the apostrophe."""
