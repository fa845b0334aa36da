"""Markdown as its reader sees it. markdown-it finds the blocks and the lines they stand on."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.spans import LINE_END
from index.types import Span
from qa.checking.drafts.markdown_inline import LITERAL, REPLACED, SEEN, shown
from qa.checking.drafts.prose import Kind, Prose, Writer

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_FOOTNOTE = re.compile(r"\[\^[^\]\s\[^]{1,100}\]:[ \t]*")
_ANCHOR = re.compile(r"[ \t]*\{[#.:][^{}]*\}[ \t]*$")
"""What Pandoc and kramdown put behind a heading: {#rice}."""
_CALLOUT = re.compile(r"\[!\w+\]")
"""GitHub's and Obsidian's notes and warnings look like block quotations: > [!NOTE]."""
_UNSEEN = re.compile(r"\s*<(?:script|style|head|title|textarea|iframe|svg)\b", re.I)
_HTML_QUOTATION = re.compile(r"\s*<blockquote\b", re.I)
_RUNS = re.compile(bytes([SEEN]) + b"+|" + bytes([LITERAL]) + b"+|" + bytes([REPLACED]))


MAX_NESTING = 100
"""Lists and quotations in others; markdown-it leaves out what is nested deeper than this."""


def read(text: str, start: int = 0) -> Prose:
    """The prose of a Markdown text from `start` on: front matter ends there."""
    from markdown_it import MarkdownIt

    # Inline parsing takes most of the time and tells no offsets.
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.disable(["inline", "text_join"])
    parser.block.ruler.at("reference", _reference)
    environment: dict[str, dict[str, object]] = {}
    tokens = parser.parse(text[start:], environment)
    reader = _Blocks(text, start, frozenset(environment.get("references", ())))
    for token in tokens:
        reader.take(token)
    return reader.writer.finish()


class _Blocks:
    """Writes the prose, block by block."""

    def __init__(self, text: str, start: int, labels: frozenset[str]) -> None:
        self._text = text
        self._lines = list(_lines(text, start))
        self._labels = labels
        self._quotations: list[int | None] = []
        """Length of the prose where those that are open began; None of one that is a note."""
        self._items = 0
        self._heading = False
        self._in_cell = False
        self._footnote = False
        """The last block was a footnote: what is indented below belongs to it."""
        self.writer = Writer(text, taken=start)

    def take(self, token: Token) -> None:
        """A block begins, or ends, or is given whole."""
        match token.type:
            case "blockquote_open":
                self._begin_quotation(token)
            case "blockquote_close":
                if (began := self._quotations.pop()) is not None:
                    self.writer.end_block(began)
            case "list_item_open" | "list_item_close":
                self._items += token.nesting
            case "heading_open" | "heading_close":
                self._heading = token.nesting > 0
            case "th_open" | "td_open" | "th_close" | "td_close":
                self._in_cell = token.nesting > 0
            case "inline":
                self._inline(token)
            case "fence" | "code_block":
                self._code(token)
            case "html_block":
                self._html(token)

    def _kind(self) -> Kind:
        if any(began is not None for began in self._quotations):
            return "quote"
        if self._heading:
            return "heading"
        return "item" if self._items else "text"

    def _begin_quotation(self, token: Token) -> None:
        first = self._text[slice(*self._lines[_span(token)[0]])].lstrip(" \t>")
        self._quotations.append(None if _CALLOUT.match(first) else self.writer.length)

    def _inline(self, token: Token) -> None:
        self._footnote = False
        begun: list[Span] = []
        for stretch in self._stretches(token):
            if begun and _FOOTNOTE.match(self._text, *stretch):
                self._paragraph(begun, self._kind())
                begun = []
            begun.append(stretch)
        if begun:
            self._paragraph(begun, self._kind())

    def _stretches(self, token: Token, skipped: int = 0) -> Iterator[Span]:
        """Where its lines stand, without what says that they belong to a list or a quotation."""
        first = _span(token)[0] + skipped
        for line, words in enumerate(token.content.split("\n"), first):
            if words := words.strip(" \t"):
                yield self._cell(line, words) if self._in_cell else self._suffix(line, words)

    def _suffix(self, line: int, words: str) -> Span:
        start, end = self._lines[line]
        at = self._text.rfind(words, start, end)
        return (at, at + len(words)) if at >= 0 else (start, end)

    def _cell(self, line: int, words: str) -> Span:
        """Of a table. Several stand on a line, and bars in them have a backslash."""
        start, end = self._lines[line]
        pattern = re.compile(re.escape(words).replace(r"\|", r"\\?\|"))
        found = pattern.search(self._text, max(start, self.writer.taken), end)
        return found.span() if found else (end, end)

    def _code(self, token: Token) -> None:
        stretches = list(self._stretches(token, skipped=int(token.type == "fence")))
        if not stretches:
            return
        if self._footnote and token.type == "code_block":
            self._footnote_goes_on(stretches)
            return
        self.writer.part(stretches[0][0])
        before = self.writer.length
        self.writer.add(*_joined(self._text, stretches))
        self.writer.end_paragraph(before, "code")

    def _footnote_goes_on(self, stretches: list[Span]) -> None:
        """Its further paragraphs are indented, which is how code looks to CommonMark."""
        begun: list[Span] = []
        for stretch in stretches:
            if begun and len(LINE_END.findall(self._text, begun[-1][1], stretch[0])) > 1:
                self._paragraph(begun, "text")
                begun = []
            begun.append(stretch)
        self._paragraph(begun, "text")
        self._footnote = True

    def _html(self, token: Token) -> None:
        stretches = list(self._stretches(token))
        if not stretches or _UNSEEN.match(token.content):
            return
        if _HTML_QUOTATION.match(token.content):
            before = self.writer.length
            self._paragraph(stretches, "quote")
            self.writer.end_block(before)
        else:
            self._paragraph(stretches, self._kind())

    def _paragraph(self, stretches: list[Span], kind: Kind) -> None:
        """Write lines as one paragraph."""
        note = _FOOTNOTE.match(self._text, *stretches[0])
        self._footnote = note is not None
        if note:
            stretches[0] = (note.end(), stretches[0][1])
        start, end = stretches[-1]
        if kind == "heading" and (anchor := _ANCHOR.search(self._text[start:end])):
            stretches[-1] = (start, start + anchor.start())
        self.writer.part(stretches[0][0])
        before = self.writer.length
        self._write(*_joined(self._text, stretches))
        self.writer.taken = max(self.writer.taken, stretches[-1][1])
        self.writer.end_paragraph(before, kind)

    def _write(self, words: str, places: array[int]) -> None:
        """Write what is seen of a paragraph's words."""
        seen = shown(words, self._labels)
        for run in _RUNS.finditer(seen.how):
            start, end = run.span()
            if run[0][0] == REPLACED:
                replacement = seen.replaced[start]
                self.writer.add(replacement, [places[start]] * len(replacement))
                continue
            if run[0][0] == LITERAL:
                self.writer.literal.append((self.writer.length, self.writer.length + end - start))
            self.writer.add(words[start:end], places[start:end])


def _reference(state: StateBlock, line: int, last: int, silent: bool) -> bool:  # its signature
    """What a link refers to, which a footnote of one word looks like."""
    from markdown_it.rules_block import reference

    begins = state.bMarks[line] + state.tShift[line]
    return not state.src.startswith("[^", begins) and reference(state, line, last, silent)


def _joined(text: str, stretches: list[Span]) -> tuple[str, array[int]]:
    """The words of some lines with a line end between them, and where each character stands."""
    pieces: list[str] = []
    places = array("I")
    for start, end in stretches:
        if places and (line_end := LINE_END.search(text, places[-1] + 1, start)):
            pieces.append(line_end[0])
            places.extend(range(*line_end.span()))
        pieces.append(text[start:end])
        places.extend(range(start, end))
    return "".join(pieces), places


def _span(token: Token) -> Span:
    """The lines it stands on."""
    assert token.map is not None  # every block has them
    return token.map[0], token.map[1]


def _lines(text: str, start: int) -> Iterator[Span]:
    for found in LINE_END.finditer(text, start):
        yield start, found.start()
        start = found.end()
    yield start, len(text)
