"""From text to sentences to passages, every offset exact. Pure functions.

A passage is whole sentences, at most MAX_TOKENS long, that never cross a
paragraph unless both are short, or one is the heading of the other. What is
written here by hand is the cutting into paragraphs and passages, since it
decides what can be cited; sentences are NLTK's Punkt, taught the typographic
quotes and the CJK full stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.sentences import SentenceSplitter
from index.types import Segment, Span

VERSION = "1"
"""Changes whenever the same text would be cut differently."""

MAX_TOKENS = 200
"""Longest passage in the model's tokens. Longer ones blur the embedding and overrun the 256
tokens MiniLM reads; shorter ones lose the context a reader needs."""

SHORT_TOKENS = 80
"""A paragraph below this joins a neighbour that is short too: headings, bylines, list items."""

HEADING_TOKENS = 30
"""A line above this is no heading. Alone it would be found by its words and answer nothing."""

MAX_SENTENCE_CHARACTERS = 1200
"""A sentence beyond this is no sentence (tables, base64, minified code) and is cut at spaces."""

WRAPPED_LINE_CHARACTERS = 120
"""Text is hard-wrapped below this; a longer line is a paragraph of its own."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]

_BLANK_LINES = re.compile(r"(?:\r\n|\n|\r)(?:[^\S\r\n]*(?:\r\n|\n|\r))+")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_STARTS_A_LINE_OF_ITS_OWN = re.compile(
    r"[ \t]*(?:#{1,6}\s|[-*+•\u2013]\s|\d{1,3}[.)]\s|\||>|```|~~~)"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences in a row, and how many tokens they have."""

    sentences: tuple[Span, ...]
    tokens: int

    def __add__(self, other: _Piece) -> _Piece:
        return _Piece(self.sentences + other.sentences, self.tokens + other.tokens)


def segment(
    text: str, splitter: SentenceSplitter, count_tokens: CountTokens, max_tokens: int = MAX_TOKENS
) -> list[Segment]:
    """Cut a canonical text into passages, in order and without overlap.

    Everything but white space between sentences lies in exactly one passage.
    `count_tokens` is the encoder's; no passage has more than `max_tokens`.
    """
    pieces: list[_Piece] = []
    for sentences in _sentences_by_paragraph(text, splitter, count_tokens, max_tokens):
        pieces.extend(_pack(sentences, max_tokens))
    return [
        Segment(piece.sentences[0][0], piece.sentences[-1][1], piece.sentences)
        for piece in _join_short(text, pieces, max_tokens)
    ]


def paragraphs(text: str) -> Iterator[Span]:
    r"""Spans of text parted by blank lines, or by line ends where lines are not wrapped.

    >>> list(paragraphs("One.\n\nTwo\nwrapped.\n- item"))
    [(0, 4), (6, 18), (19, 25)]
    """
    for start, end in _between(_BLANK_LINES, text, 0, len(text)):
        lines = list(_between(_LINE_BREAK, text, start, end))
        open_at = start
        for (line_start, line_end), (next_start, next_end) in pairwise(lines):
            long = max(line_end - line_start, next_end - next_start) > WRAPPED_LINE_CHARACTERS
            if (
                long
                or _STARTS_A_LINE_OF_ITS_OWN.match(text, next_start, next_end)
                or text.startswith("#", line_start)
            ):
                yield from _trimmed(text, open_at, line_end)
                open_at = next_start
        yield from _trimmed(text, open_at, end)


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space at its ends; nothing where nothing is left."""
    chunk = text[start:end]
    stripped = chunk.strip()
    if stripped:
        start += len(chunk) - len(chunk.lstrip())
        yield start, start + len(stripped)


def _sentences_by_paragraph(
    text: str, splitter: SentenceSplitter, count_tokens: CountTokens, max_tokens: int
) -> Iterator[list[tuple[Span, int]]]:
    """Each paragraph's sentences with their token counts, every one within the limit."""
    spans = [
        [
            piece
            for sentence in splitter.split(text, paragraph)
            for piece in _cut(text, sentence, MAX_SENTENCE_CHARACTERS)
        ]
        for paragraph in paragraphs(text)
    ]
    counts = iter(count_tokens([text[start:end] for row in spans for start, end in row]))
    for row in spans:
        yield [
            piece
            for span in row
            for piece in _within(text, span, next(counts), count_tokens, max_tokens)
        ]


def _within(
    text: str, span: Span, tokens: int, count_tokens: CountTokens, max_tokens: int
) -> list[tuple[Span, int]]:
    """Halve a sentence until each piece has at most `max_tokens`."""
    start, end = span
    if tokens <= max_tokens or end - start < 2:
        return [(span, tokens)]
    halves = list(_cut(text, span, (end - start + 1) // 2))
    counts = count_tokens([text[a:b] for a, b in halves])
    return [
        piece
        for half, count in zip(halves, counts, strict=True)
        for piece in _within(text, half, count, count_tokens, max_tokens)
    ]


def _cut(text: str, span: Span, longest: int) -> Iterator[Span]:
    """Cut a span into pieces of at most `longest` characters, at spaces where there are any.

    >>> list(_cut("one two three", (0, 13), 8))
    [(0, 7), (8, 13)]
    """
    start, end = span
    while end - start > longest:
        # A space in the second half keeps the pieces from degenerating.
        space = max(text.rfind(mark, start + longest // 2, start + longest + 1) for mark in " \t\n")
        stop = space if space > start else start + longest
        yield from _trimmed(text, start, stop)
        start = stop
    yield from _trimmed(text, start, end)


def _pack(sentences: Sequence[tuple[Span, int]], max_tokens: int) -> Iterator[_Piece]:
    """A paragraph as few pieces of about equal length, none above the limit."""
    total = sum(tokens for _, tokens in sentences)
    target = total / -(-total // max_tokens) if total else max_tokens
    spans: list[Span] = []
    size = 0
    for span, tokens in sentences:
        # Close the piece when adding would overrun, or land further past the target than now.
        if spans and (size + tokens > max_tokens or size + tokens / 2 > target):
            yield _Piece(tuple(spans), size)
            spans, size = [], 0
        spans.append(span)
        size += tokens
    if spans:
        yield _Piece(tuple(spans), size)


def _join_short(text: str, pieces: Iterable[_Piece], max_tokens: int) -> Iterator[_Piece]:
    """Join neighbours while both are short, and a heading to what it heads."""
    held: _Piece | None = None
    for piece in pieces:
        if held is None:
            held = piece
        elif held.tokens + piece.tokens <= max_tokens and (
            max(held.tokens, piece.tokens) < SHORT_TOKENS or _is_heading(text, held)
        ):
            held += piece
        else:
            yield held
            held = piece
    if held is not None:
        yield held


def _is_heading(text: str, piece: _Piece) -> bool:
    """Whether a piece is one short line that ends like no sentence.

    >>> _is_heading("On Rice", _Piece(((0, 7),), 2)), _is_heading("It rained.", _Piece(((0, 10),), 2))
    (True, False)
    """
    start, end = piece.sentences[0][0], piece.sentences[-1][1]
    return (
        piece.tokens <= HEADING_TOKENS and text[end - 1].isalnum() and "\n" not in text[start:end]
    )
