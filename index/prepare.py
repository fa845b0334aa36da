"""From a read file to passages ready for embedding: cut, located, turned into terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from index.language import detect
from index.lexical import passage_terms
from index.locate import Locations
from index.locating import locations, outline
from index.segment import CountTokens, segment
from index.sentences import SentenceSplitter
from index.types import NewPassage, Segment, SourceFile, SourceText


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document complete but for its vectors."""

    source: SourceFile
    content: SourceText
    """Its language is what the words show, or else what the file states."""
    passages: tuple[NewPassage, ...]


@dataclass(frozen=True, slots=True)
class Cutter:
    """How texts are cut for a library and a model."""

    splitter: SentenceSplitter
    count_tokens: CountTokens
    max_tokens: int


def prepare(
    source: SourceFile, content: SourceText, cutter: Cutter, language: str | None = None
) -> Prepared:
    """Cut a document's text into passages. `language` is what somebody knows it is in."""
    segments = segment(
        content.text,
        cutter.splitter,
        cutter.count_tokens,
        cutter.max_tokens,
        outline=outline(content),
    )
    located = locations(content)
    # What a file states is wrong too often to go before what its words show: pages "in English".
    stated = detect(content.text) or content.metadata.language
    content = replace(content, metadata=replace(content.metadata, language=stated))
    language = language or stated
    passages = tuple(_passage(content.text, found, located, language) for found in segments)
    return Prepared(source, content, passages)


def _passage(text: str, found: Segment, located: Locations, language: str | None) -> NewPassage:
    quote = text[found.start : found.end]
    sentences = tuple((start - found.start, end - found.start) for start, end in found.sentences)
    return NewPassage(
        start=found.start,
        end=found.end,
        locator=located.locator(found.start, found.end),
        quote=quote,
        sentences=sentences,
        terms=passage_terms(quote, sentences, language),
        digest=hashlib.sha256(f"{sentences}\n{quote}".encode()).digest(),
    )
