"""Markdown within a paragraph: which characters a reader sees. CommonMark 0.31, chapter 6.

markdown-it parses it too, but tells no offsets, and offsets are what a
quotation stands and falls with. So what it does is done here again, for
nothing but what is seen: marks of emphasis, code, links, HTML, escapes,
entities; and references to footnotes as Pandoc and GitHub have them.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field

from qa.checking.drafts.inline_html import InlineHtml
from qa.checking.drafts.markdown_emphasis import Run, paired, run_of
from qa.checking.drafts.prose import ENTITY

_MARKUP = re.compile(
    r"""
    (?P<escape> \\ [!-/:-@\[-`{-~] | \\ (?=\r|\n) )
    | (?P<code> `+ )
    | (?P<address> <(?: [A-Za-z][A-Za-z0-9.+-]{1,31}: [^\s<>\x00-\x20]*+
        | [\w.!#$%&'*+/=?^`{|}~-]++ @ [A-Za-z0-9.-]++ ) > )
    | (?P<html> < )
    | (?P<entity> & )
    | (?P<note> \[\^[^\]\s\[^]{1,100}\] )
    | (?P<open> !?\[ )
    | (?P<close> \] )
    | (?P<emphasis> \*+ | _+ | ~+ )
    """,
    re.VERBOSE,
)

_TARGET = re.compile(
    r"""
    \( \s*+
    (?: <(?:[^<>\\\r\n]|\\.)*+> | (?!<)(?:[^\s()\\\x00-\x1f]|\\.
        |\((?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*+\))*+\))*+ )
    (?: \s++ (?: "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' | \((?:[^()\\]|\\.)*+\) ) )?+
    \s*+ \)
    """,
    re.VERBOSE | re.DOTALL,
)
"""What follows the words of a link: (address "title"); parentheses in it to the second level."""

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999}+)\]", re.DOTALL)


SEEN, HIDDEN, REPLACED, LITERAL = range(4)
"""How a character is shown; the last as code."""


@dataclass(slots=True)
class Shown:
    """What a reader sees of a paragraph's characters."""

    how: bytearray
    """For each, one of the four."""
    replaced: dict[int, str] = field(default_factory=dict)
    """What is seen instead of a character; what else it stands for is hidden."""

    def hide(self, start: int, end: int) -> None:
        """These are markup."""
        self.mark(start, end, HIDDEN)

    def mark(self, start: int, end: int, how: int) -> None:
        """These are shown so."""
        self.how[start:end] = bytes([how]) * (end - start)

    def replace(self, start: int, end: int, words: str) -> None:
        """Words are seen instead of these."""
        self.hide(start, end)
        self.how[start] = REPLACED
        self.replaced[start] = words


@dataclass(slots=True)
class _Bracket:
    start: int
    end: int
    runs: int
    """How many runs stood before it."""
    image: bool


def shown(words: str, labels: Container[str]) -> Shown:
    """What is seen of a paragraph; `labels` are those that links refer to, normalised."""
    return _Inline(words, labels).read()


class _Inline:
    """Reads a paragraph once, from left to right."""

    def __init__(self, words: str, labels: Container[str]) -> None:
        self._words = words
        self._labels = labels
        self._shown = Shown(bytearray(len(words)))
        self._runs: list[Run] = []
        self._brackets: list[_Bracket] = []
        self._linked = 0
        """So many brackets stand before a link: they begin none themselves."""
        self._ticks: dict[int, list[int]] | None = None
        self._elements = InlineHtml(words)

    def read(self) -> Shown:
        """The result."""
        at = 0
        while found := _MARKUP.search(self._words, at):
            kind = found.lastgroup or ""
            at = max(_READ[kind](self, found), found.end())
        self._emphasise(self._runs)
        return self._shown

    def _emphasise(self, runs: list[Run]) -> None:
        for start, end in paired(runs):
            self._shown.hide(start, end)

    def _escape(self, found: re.Match[str]) -> int:
        self._shown.hide(found.start(), found.start() + 1)
        return found.end()

    def _code(self, found: re.Match[str]) -> int:
        """A run of backticks, to the next of the same length."""
        if self._ticks is None:
            self._ticks = defaultdict(list)
            for run in re.finditer("`+", self._words):
                self._ticks[len(run[0])].append(run.start())
        length = len(found[0])
        places = self._ticks[length]
        after = bisect_right(places, found.start())
        if after == len(places):
            return found.end()
        start, end = found.end(), places[after]
        self._shown.hide(found.start(), start)
        self._shown.hide(end, end + length)
        inner = self._words[start:end]
        padded = inner.strip(" ") and inner[0] == inner[-1] == " "
        self._shown.mark(start, end, LITERAL)
        if padded:
            self._shown.hide(start, start + 1)
            self._shown.hide(end - 1, end)
        return end + length

    def _address(self, found: re.Match[str]) -> int:
        self._shown.hide(found.start(), found.start() + 1)
        self._shown.hide(found.end() - 1, found.end())
        return found.end()

    def _html(self, found: re.Match[str]) -> int:
        end = self._elements.end(found.start())
        if end:
            self._shown.hide(found.start(), end)
            if self._words[found.start() : found.start() + 3].lower() == "<br":
                self._shown.replace(found.start(), end, "\n")
        return end

    def _entity(self, found: re.Match[str]) -> int:
        entity = ENTITY.match(self._words, found.start())
        if entity is None or (seen := html.unescape(entity[0])) == entity[0]:
            return found.end()
        self._shown.replace(*entity.span(), seen)
        return entity.end()

    def _note(self, found: re.Match[str]) -> int:
        """The mark of a footnote; at the start of a line with a colon, the footnote begins."""
        self._shown.hide(*found.span())
        return found.end()

    def _open(self, found: re.Match[str]) -> int:
        image = found[0][0] == "!"
        self._brackets.append(_Bracket(*found.span(), len(self._runs), image))
        return found.end()

    def _close(self, found: re.Match[str]) -> int:
        if not self._brackets:
            return found.end()
        opened = self._brackets.pop()
        active = opened.image or len(self._brackets) >= self._linked
        self._linked = min(self._linked, len(self._brackets))
        end = self._link_end(opened, found.start()) if active else 0
        if end:
            self._shown.hide(opened.start, opened.end)
            self._shown.hide(found.start(), end)
            self._emphasise(self._runs[opened.runs :])
            del self._runs[opened.runs :]
            if not opened.image:
                self._linked = len(self._brackets)
        return end

    def _link_end(self, opened: _Bracket, close: int) -> int:
        """Where a link whose words end with a bracket ends itself; 0 where it is none."""
        if target := _TARGET.match(self._words, close + 1):
            return target.end()
        label = _LABEL.match(self._words, close + 1)
        if label and label[1].strip():
            return label.end() if self._refers(label[1]) else 0
        if close - opened.end <= 999 and self._refers(self._words[opened.end : close]):
            return label.end() if label else close + 1
        return 0

    def _refers(self, label: str) -> bool:
        from markdown_it.common.utils import normalizeReference

        return normalizeReference(label) in self._labels

    def _emphasis(self, found: re.Match[str]) -> int:
        if run := run_of(self._words, *found.span()):
            self._runs.append(run)
        return found.end()


_READ = {
    "escape": _Inline._escape,
    "code": _Inline._code,
    "address": _Inline._address,
    "html": _Inline._html,
    "entity": _Inline._entity,
    "note": _Inline._note,
    "open": _Inline._open,
    "close": _Inline._close,
    "emphasis": _Inline._emphasis,
}
