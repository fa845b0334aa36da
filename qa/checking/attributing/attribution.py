"""Whom or what a draft names as the origin of a quotation, and whether the source bears it out.

Named counts what stands beside the quotation: in its sentence outside the marks, in a reference or
a line with a dash behind it, or in the sentence before or after where that tells of speech. A
pronoun names nobody. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from index.metadata import split_authors
from index.types import DocumentId, Span
from qa.checking.attributing.beside import Beside, beside
from qa.checking.attributing.known_sources import NamedSource, Names, folded
from qa.checking.attributing.persons import Person, persons, same_person
from qa.checking.attributing.speech import Speech, speeches
from qa.checking.attributing.told import Told, told
from qa.checking.types import Attribution
from qa.cue_matching import words
from qa.types import Source


@dataclass(frozen=True, slots=True)
class Claim:
    """Who or what a draft names beside a quotation."""

    start: int
    """Of the name, in the draft's prose."""
    end: int
    name: str
    kind: Literal["source", "speaker"]
    documents: frozenset[DocumentId]
    """Those called so, or written by somebody called so."""
    person: Person | None
    """Of a speaker."""


def attributions(  # noqa: PLR0913, PLR0917 - two texts, and where to look in each
    prose: str,
    quotation: Span,
    sentences: Sequence[Span],
    source_text: str,
    words_there: Span,
    document: Source,
    known: Names,
) -> tuple[Attribution, ...]:
    """What a draft names as the origin of `prose[quotation]`, held against where it was found.

    Args:
        prose: the draft's.
        quotation: between the marks.
        sentences: of the prose, in order.
        source_text: what stands around the words in the source, the more the better.
        words_there: in `source_text`.
        document: the source.
        known: the names of the library's documents.
    """
    claims = named(prose, quotation, sentences, known)
    return held_against(claims, source_text, words_there, document)


def held_against(
    claims: Sequence[Claim], source_text: str, words_there: Span, document: Source
) -> tuple[Attribution, ...]:
    """The same for what has been found already: who or what is named beside a quotation."""
    spoken = told(source_text, words_there) if any(claim.person for claim in claims) else None
    return tuple(_judged(claim, document, spoken) for claim in claims)


def named(prose: str, quotation: Span, sentences: Sequence[Span], known: Names) -> list[Claim]:
    """Whom or what a draft names beside a quotation, in the draft's order."""
    around = beside(prose, quotation, sentences)
    claims = _of_references(prose, around, known)
    if not any(claim.kind == "speaker" for claim in claims):
        claims += _of_speech(prose, around, known)
    taken = list(claims)
    for span in around.own:
        claims += _of_sources(prose, span, known, taken)
    if not any(claim.kind == "source" for claim in claims):
        for span in around.neighbours:
            claims += _of_sources(prose, span, known, taken)
    return sorted(claims, key=lambda claim: claim.start)


def _of_references(prose: str, around: Beside, known: Names) -> list[Claim]:
    """In "(Miller, 2024)" and "— Author, Title"; an unknown author there is a speaker."""
    claims = []
    for start, end in around.references:
        found = known.found(prose, start, end, authors=True)
        claims += [_source(prose, one) for one in found]
        if prose[start] in "—–―-" and not claims:  # noqa: RUF001 - dashes are meant
            first = next(iter(persons(prose, words(prose, start, end))), None)
            claims += [_speaker(prose, first, known)] if first else []
    return claims


def _of_speech(prose: str, around: Beside, known: Names) -> list[Claim]:
    """The one who is told to speak nearest to the quotation."""
    nearest = _nearest(prose, around)
    if nearest is None or nearest.speaker is None:
        return []
    person = nearest.speaker
    sources = [
        one
        for one in known.found(prose, *_reach(prose, person))
        if one.start < person.end and person.start < one.end
    ]
    if sources:
        return [_source(prose, sources[0])]
    return [_speaker(prose, person, known)]


def _reach(prose: str, person: Person) -> Span:
    """A name with the words beside it, since a title may be longer: "The Voice of Laos reports"."""
    reach = 40
    return max(0, person.start - reach), min(len(prose), person.end + reach)


def _nearest(prose: str, around: Beside) -> Speech | None:
    """In the words next to the quotation first, then in the rest of its sentence, then beside it."""
    for spans in (around.next_to, around.own, around.neighbours):
        found = [
            (around.distance(speech.start, speech.end), speech)
            for span in spans
            for speech in speeches(prose, *span)
            if speech.speaker or speech.noun
        ]
        if found:
            return min(found, key=lambda pair: pair[0])[1]
    return None


def _source(prose: str, one: NamedSource) -> Claim:
    name = prose[one.start : one.end]
    return Claim(one.start, one.end, name, "source", one.documents, None)


def _speaker(prose: str, person: Person, known: Names) -> Claim:
    name = prose[person.start : person.end]
    kind: Literal["source", "speaker"] = "source" if person.is_organisation else "speaker"
    documents = known.by_author(person.forms)
    return Claim(person.start, person.end, name, kind, documents, person)


def _of_sources(prose: str, span: Span, known: Names, taken: Sequence[Claim]) -> Iterator[Claim]:
    for one in known.found(prose, *span):
        if not any(one.start < claim.end and claim.start < one.end for claim in taken):
            yield _source(prose, one)


def _judged(claim: Claim, document: Source, spoken: Told | None) -> Attribution:
    if claim.kind == "source":
        agrees, reason = _from_source(claim, document)
    else:
        agrees, reason = _by_speaker(claim, document, spoken)
    return Attribution(claim.start, claim.end, claim.name, claim.kind, agrees, reason)


def _from_source(claim: Claim, document: Source) -> tuple[bool | None, str]:
    if not claim.documents:
        return None, "no document in the library is known by this name"
    if document.id in claim.documents:
        return True, "the passage is from it"
    return False, f"the passage is from {document.title or document.path}"


def _by_speaker(claim: Claim, document: Source, spoken: Told | None) -> tuple[bool | None, str]:
    person = claim.person
    assert person is not None  # a speaker is somebody
    assert spoken is not None
    authors = [folded(words(author)) for author in split_authors(document.author)]
    if any(same_person(person.forms, author) for author in authors):
        return True, "wrote the document"
    agrees, reason = spoken.by(person)
    if agrees is None and claim.documents and not spoken.mentions(person):
        return (
            False,
            f"wrote other documents; the passage is from {document.title or document.path}",
        )
    return agrees, reason
