"""From a read file to passages ready for embedding: cut, numbered by line, turned into terms."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from index.language import detect
from index.lexical import folded_words, hash_sentences, stems, written_words
from index.segment import CountTokens, segment
from index.sentences import SentenceSplitter
from index.types import NewPassage, Segment, SourceFile, SourceText

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document complete but for its vectors."""

    source: SourceFile
    content: SourceText
    language: str | None
    passages: tuple[NewPassage, ...]


def prepare(
    source: SourceFile,
    content: SourceText,
    splitter: SentenceSplitter,
    count_tokens: CountTokens,
    max_tokens: int,
) -> Prepared:
    """Cut a document's text into passages."""
    segments = segment(content.text, splitter, count_tokens, max_tokens)
    line_ends = [match.end() for match in _LINE_END.finditer(content.text)]
    language = detect(content.text)
    passages = tuple(_passage(content.text, found, line_ends, language) for found in segments)
    return Prepared(source, content, language, passages)


def _passage(
    text: str, found: Segment, line_ends: Sequence[int], language: str | None
) -> NewPassage:
    quote = text[found.start : found.end]
    sentences = tuple((start - found.start, end - found.start) for start, end in found.sentences)
    words = [written_words(quote[start:end]) for start, end in sentences]
    terms = [stems(folded_words(row), language) for row in words]
    return NewPassage(
        start=found.start,
        end=found.end,
        line_start=bisect_right(line_ends, found.start) + 1,
        line_end=bisect_right(line_ends, found.end - 1) + 1,
        quote=quote,
        sentences=sentences,
        terms=" ".join(term for row in terms for term in row),
        hashes=hash_sentences(list(zip(terms, words, strict=True))),
        digest=hashlib.sha256(f"{sentences}\n{quote}".encode()).digest(),
    )
