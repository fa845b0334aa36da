"""From text to sentences to passages, every offset exact. Pure functions.

A passage is whole sentences, at most MAX_TOKENS long, that never cross a
paragraph unless both are short, or one is the heading of the other, and never
the end of a page unless a sentence does. What is written here by hand is the
cutting into paragraphs and passages, since it decides what can be cited;
sentences are NLTK's Punkt, taught the typographic quotes and the CJK full stops.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.sentences import SentenceSplitter, untaught
from index.spans import BLANK_LINES, LINE_END, trimmed
from index.types import Segment, Span

VERSION = "4"
"""Changes whenever the same text would be cut differently."""

MAX_TOKENS = 200
"""Longest passage in the model's tokens. Longer ones blur the embedding and overrun the 256
tokens MiniLM reads; shorter ones lose the context a reader needs."""

SHORT_TOKENS = 120
"""A paragraph below this joins a neighbour that is short too: bylines, list items, the paragraphs of
a news article, which say little each."""

JOINED_TOKENS = 192
"""Longest passage made of several short paragraphs; each tells something else."""

HEADING_TOKENS = 30
"""A line above this is no heading. Alone it would be found by its words and answer nothing, so it
stays with what it heads, even where both together pass MAX_TOKENS."""

MAX_SENTENCE_CHARACTERS = 1200
"""A sentence beyond this is no sentence (tables, base64, minified code) and is cut at spaces."""

WRAPPED_LINE_CHARACTERS = 120
"""Text is hard-wrapped below this; a longer line is a paragraph of its own."""

CountTokens = Callable[[Sequence[str]], Sequence[int]]

_STARTS_A_LINE_OF_ITS_OWN = re.compile(
    r"[ \t]*(?:#{1,6}\s|[-*+•\u2013]\s|\d{1,3}[.)]\s|\||>|```|~~~)"
)
_ROW = re.compile(r"[^\S\r\n]*[^\s][^\t\r\n]*\t")
"""A row of a table: a tab parts its cells."""
_NO_HEADING_STARTS = re.compile(r"[(\[|>]|[-*+•\u2013]\s")
"""Captions and notes in brackets, rows of tables, quotations, list items."""
_CLOSERS = ")]\"'\u2019\u201d»"


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a text's structure beside its words; all are ascending offsets."""

    breaks: tuple[int, ...] = ()
    """What no passage crosses, unless a sentence does: ends of pages, slides, records."""
    headings: tuple[int, ...] = ()
    """Where a heading stands."""
    rows: tuple[int, ...] = ()
    """Where rows begin, in a text that is nothing but rows."""

    def parted(self, one: Span, other: Span) -> bool:
        """Whether a break lies between the starts of two sentences."""
        return bisect_right(self.breaks, one[0]) != bisect_right(self.breaks, other[0])

    def heads(self, start: int) -> bool:
        """Whether a heading begins here."""
        before = bisect_right(self.headings, start)
        return before > 0 and self.headings[before - 1] == start


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences in a row, and how many tokens they have."""

    sentences: tuple[Span, ...]
    tokens: int
    heading: bool
    """Headings and nothing else."""

    def __add__(self, other: _Piece) -> _Piece:
        return _Piece(
            self.sentences + other.sentences,
            self.tokens + other.tokens,
            self.heading and other.heading,
        )


def longest_passage(model_reads: int) -> int:
    """The limit on passages for a model that reads so many tokens, with room for a heading."""
    return min(MAX_TOKENS, max(model_reads - HEADING_TOKENS, model_reads // 2))


def segment(
    text: str,
    splitter: SentenceSplitter,
    count_tokens: CountTokens,
    max_tokens: int = MAX_TOKENS,
    *,
    outline: Outline = Outline(),
) -> list[Segment]:
    """Cut a canonical text into passages, in order and without overlap.

    Everything but white space between sentences lies in exactly one passage.
    `count_tokens` is the encoder's; no passage has more than `max_tokens`, a heading of at most
    HEADING_TOKENS left out.
    """
    pieces: list[_Piece] = []
    for sentences in _sentences_by_paragraph(text, splitter, count_tokens, max_tokens, outline):
        pieces.extend(_pack(text, sentences, max_tokens, outline))
    return [
        Segment(piece.sentences[0][0], piece.sentences[-1][1], piece.sentences)
        for piece in _join_short(pieces, max_tokens, outline)
    ]


def paragraphs(text: str, outline: Outline = Outline()) -> Iterator[Span]:
    r"""Spans of text parted by blank lines, or by line ends where lines are not wrapped.

    >>> list(paragraphs("One.\n\nTwo\nwrapped.\n- item"))
    [(0, 4), (6, 18), (19, 25)]
    """
    if outline.rows:
        for start, end in pairwise((0, *outline.rows, len(text))):
            yield from _trimmed(text, start, end)
        return
    for start, end in _between(BLANK_LINES, text, 0, len(text)):
        lines = list(_between(LINE_END, text, start, end))
        open_at = start
        for line, following in pairwise(lines):
            if _part_here(text, line, following):
                yield from _trimmed(text, open_at, line[1])
                open_at = following[0]
        yield from _trimmed(text, open_at, end)


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a stretch of text, cut as for passages, with nothing learned of a library."""
    for paragraph in paragraphs(text):
        yield from _sentences(text, paragraph, untaught())


def _part_here(text: str, line: Span, following: Span) -> bool:
    """Whether a paragraph ends with this line; a table is one, however long its lines."""
    rows = bool(_ROW.match(text, *line)), bool(_ROW.match(text, *following))
    if any(rows):
        return not all(rows)
    return bool(
        max(line[1] - line[0], following[1] - following[0]) > WRAPPED_LINE_CHARACTERS
        or _STARTS_A_LINE_OF_ITS_OWN.match(text, *following)
        or text.startswith("#", line[0])
    )


def _sentences(text: str, paragraph: Span, splitter: SentenceSplitter) -> Iterator[Span]:
    """A paragraph's sentences; those of a table are its rows."""
    if not _ROW.match(text, *paragraph):
        yield from splitter.split(text, paragraph)
        return
    for line in _between(LINE_END, text, *paragraph):
        yield from _trimmed(text, *line)


def _between(separator: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Span]:
    for match in separator.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The span without white space at its ends; nothing where nothing is left."""
    start, end = trimmed(text, start, end)
    if start < end:
        yield start, end


def _sentences_by_paragraph(
    text: str,
    splitter: SentenceSplitter,
    count_tokens: CountTokens,
    max_tokens: int,
    outline: Outline,
) -> Iterator[list[tuple[Span, int]]]:
    """Each paragraph's sentences with their token counts, every one within the limit."""
    spans = [
        [
            piece
            for sentence in _sentences(text, paragraph, splitter)
            for piece in _cut(text, sentence, MAX_SENTENCE_CHARACTERS)
        ]
        for paragraph in paragraphs(text, outline)
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


def _pack(
    text: str, sentences: Sequence[tuple[Span, int]], max_tokens: int, outline: Outline
) -> Iterator[_Piece]:
    """A paragraph as few pieces of about equal length, none above the limit."""
    total = sum(tokens for _, tokens in sentences)
    target = total / -(-total // max_tokens) if total else max_tokens
    start, end = sentences[0][0][0], sentences[-1][0][1]
    heading = total <= min(HEADING_TOKENS, max_tokens) and (
        outline.heads(start) or looks_like_heading(text[start:end])
    )
    spans: list[Span] = []
    size = 0
    for span, tokens in sentences:
        # Close the piece when adding would overrun, or land further past the target than now.
        full = size + tokens > max_tokens or size + tokens / 2 > target
        if spans and (full or outline.parted(spans[-1], span)):
            yield _Piece(tuple(spans), size, heading)
            spans, size = [], 0
        spans.append(span)
        size += tokens
    if spans:
        yield _Piece(tuple(spans), size, heading)


def _join_short(pieces: Iterable[_Piece], max_tokens: int, outline: Outline) -> list[_Piece]:
    """Join neighbours while both are short, and headings to what they head."""
    joined: list[_Piece] = []
    for piece in pieces:
        if (
            joined
            and not outline.parted(joined[-1].sentences[-1], piece.sentences[0])
            and _belong_together(joined[-1], piece, max_tokens)
        ):
            joined[-1] += piece
        else:
            joined.append(piece)
    if len(joined) > 1 and joined[-1].heading:
        *_, body, signature = joined  # the last line heads nothing: a name, a place, "The End"
        together = not outline.parted(body.sentences[-1], signature.sentences[0])
        if together and body.tokens + signature.tokens <= max_tokens:
            joined[-2:] = [body + signature]
    return joined


def _belong_together(held: _Piece, piece: _Piece, max_tokens: int) -> bool:
    tokens = held.tokens + piece.tokens
    if held.heading and held.tokens <= HEADING_TOKENS:
        return tokens <= max_tokens + HEADING_TOKENS
    if piece.heading and not held.heading:  # it belongs to what follows
        return False
    limit = min(max_tokens, JOINED_TOKENS)
    return tokens <= limit and max(held.tokens, piece.tokens) < SHORT_TOKENS


def looks_like_heading(paragraph: str) -> bool:
    """Whether a short paragraph is one line that ends like no sentence.

    >>> [looks_like_heading(line) for line in ("On Rice (1950)", "It rained.", "- rice", "(Photo)")]
    [True, False, False, False]
    """
    return (
        len(paragraph.splitlines()) == 1
        and not _ROW.match(paragraph)
        and not _NO_HEADING_STARTS.match(paragraph)
        and paragraph.rstrip(_CLOSERS)[-1:].isalnum()
    )
