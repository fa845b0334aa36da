"""From the blocks of a PDF's pages to its canonical text, with marks and the map to characters."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from index.readers.pdf_characters import ADDED, pack
from index.readers.pdf_lines import Line
from index.readers.pdf_paragraphs import SAME_SIZE, Block
from index.types import Mark

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_CUT = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")
_SUSPENDED = re.compile(r"(?:and|or|to|und|oder|bis|et|ou|y|o|e|of|en)\b")
"""What follows a hyphen that stands for a word to come: short- and long-term."""
_REST = re.compile(r"[^\W\d_]+")
_SENTENCE_ENDS = re.compile(r"[.!?:;。\uff01\uff1f…][\"'\u2019\u201d»)\]]*$")
_OPEN_ENDS = re.compile(r"[^\W\d_]$|,$")
_TIGHT = re.compile(r"\w[\u2014/]$")
"""Dashes and slashes with a word right before them have the next right after them."""
_WITHOUT_SPACES = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]")
"""Chinese and Japanese, whose words are not parted."""


@dataclass(slots=True)
class PageBlocks:
    """A page's blocks, and what is printed on it as its number."""

    index: int
    """From 0."""
    label: str
    blocks: list[Block]


@dataclass(slots=True)
class Canonical:
    """A canonical text, as it is being put together."""

    pieces: list[str] = field(default_factory=list)
    numbers: array[int] = field(default_factory=lambda: array("i"))
    marks: list[Mark] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    headings: dict[int, int] = field(default_factory=dict)
    """Where the headings of the outline begin."""
    page_starts: dict[int, int] = field(default_factory=dict)
    """By the page's index, from 0."""

    @property
    def length(self) -> int:
        """So far, in code points."""
        return len(self.numbers)

    def add(self, text: str, numbers: array[int]) -> None:
        """Append what stands on the page begun last."""
        self.pieces.append(text)
        self.numbers.extend(numbers)

    def part(self, separator: str) -> None:
        """Append white space of ours."""
        self.add(separator, array("i", [ADDED]) * len(separator))

    def drop_last(self) -> None:
        """Take away the hyphen at the end."""
        self.pieces[-1] = self.pieces[-1][:-1]
        self.numbers.pop()

    def characters(self) -> bytes:
        """The map back, see `index.readers.pdf_characters`."""
        numbers = np.frombuffer(self.numbers, dtype=np.intc)
        bounds = pairwise([*self.page_starts.values(), self.length])
        return b"".join(
            pack(numbers[start:end], page, start)
            for page, (start, end) in zip(self.page_starts, bounds, strict=True)
        )


def assemble(pages: Sequence[PageBlocks]) -> Canonical:
    """Put all pages together. A paragraph that runs on over a page's end stays in one piece."""
    words = _Words(pages)
    text = Canonical()
    last: Block | None = None
    for page in pages:
        new_page = True
        for block in page.blocks:
            elsewhere = new_page or block.jumps
            if last is None:
                glue = ""
            elif elsewhere and _goes_on(last, block):
                glue = words.glue(last.lines[-1], block.lines[0])
            else:
                _strip_soft_hyphen(text)
                glue = "\n\n" if new_page else block.before
            _join(text, glue)
            if new_page:
                _begin_page(text, page)
            _add_block(text, block, words)
            new_page, last = False, block
    _strip_soft_hyphen(text)
    return text


_GIVEN = array("i")

CUT = "cut"
"""Instead of white space: the hyphen at the line's end goes."""


def _join(text: Canonical, glue: str) -> None:
    if glue == CUT:
        text.drop_last()
    else:
        text.part(glue)


def _strip_soft_hyphen(text: Canonical) -> None:
    if text.pieces and text.pieces[-1].endswith("\xad"):
        text.drop_last()


def _begin_page(text: Canonical, page: PageBlocks) -> None:
    text.page_starts[page.index] = text.length
    text.marks.append(Mark(text.length, "page", page.index + 1, page.label))
    if text.length:
        text.breaks.append(text.length)


def _add_block(text: Canonical, block: Block, words: _Words) -> None:
    for number, cell in enumerate(block.cells):
        if number:
            text.part("\t")
        above: Line | None = None
        for line in cell:
            if above:
                _join(text, words.glue(above, line))
            if line.heading:
                text.headings.setdefault(line.heading, text.length)
            text.add(line.text, line.numbers)
            line.numbers = _GIVEN  # of thousands of pages they take much room
            above = line


def _goes_on(last: Block, block: Block) -> bool:
    """Whether a paragraph surely runs on, from one page or column to the next."""
    above, below = last.lines[-1], block.lines[0]
    if last.is_row or block.is_row or block.is_item or above.heading or below.heading:
        return False
    if abs(above.size - below.size) > SAME_SIZE * above.size or above.turn != below.turn:
        return False
    if _SENTENCE_ENDS.search(above.text):
        return False
    if below.text[0].islower():
        return True
    return last.full and above.bold == below.bold and bool(_OPEN_ENDS.search(above.text))


class _Words:
    """The words of a document, to tell a hyphen that belongs to a word from one that parts it."""

    def __init__(self, pages: Iterable[PageBlocks]) -> None:
        self._pages = pages
        self._counts: Counter[str] | None = None
        self._parting: bool | None = None

    def glue(self, above: Line, below: Line) -> str:
        """What goes between two lines of one paragraph: a space, nothing, or CUT."""
        last, first = above.text[-1], below.text[0]
        if last == "\xad":
            return CUT
        if last in "-\u2010" and above.text[-2:-1].isalnum() and first.isalnum():
            return self._behind_hyphen(above.text, below.text)
        unspaced = _WITHOUT_SPACES.match(last) and _WITHOUT_SPACES.match(first)
        return "" if unspaced or _TIGHT.search(above.text) else " "

    def _behind_hyphen(self, above: str, below: str) -> str:
        cut, rest = _CUT.search(above), _REST.match(below)
        if not cut or not rest or not below[0].islower():
            return ""  # 2019-2020, non-GAAP
        if _SUSPENDED.match(below):
            return " "
        return CUT if self._is_one_word(cut[1], rest[0]) else ""

    def _is_one_word(self, start: str, rest: str) -> bool:
        """Whether the hyphen only parts a word at the line's end.

        What the document writes elsewhere decides, else whether it parts words at all.
        """
        counts = self._known()
        whole, compound = (start + rest).lower(), f"{start}-{rest}".lower()
        if counts[whole] != counts[compound]:
            return counts[whole] > counts[compound]
        first, second = start.lower(), rest.lower()
        both_known = counts[second] > 0 and (counts[first] > 0 or counts[f"{first}-"] > 0)
        return not both_known or self._parts_words()

    def _parts_words(self) -> bool:
        """Whether some word that a line's end parts stands elsewhere in one piece."""
        if self._parting is None:
            self._parting = any(
                self._known()[(cut[1] + rest[0]).lower()]
                for page in self._pages
                for block in page.blocks
                for above, below in pairwise(block.lines)
                if (cut := _CUT.search(above.text)) and (rest := _REST.match(below.text))
            )
        return self._parting

    def _known(self) -> Counter[str]:
        if self._counts is None:
            self._counts = Counter(
                word.lower().replace("\u2010", "-") for word in _whole_words(self._pages)
            )
            self._counts.update(  # such as "non-", which is no word by itself
                [f"{word.partition('-')[0]}-" for word in self._counts if "-" in word]
            )
        return self._counts


def _whole_words(pages: Iterable[PageBlocks]) -> Iterator[str]:
    """All words but those a line's end may have parted."""
    is_rest = False
    for page in pages:
        for block in page.blocks:
            for line in block.lines:
                is_cut = bool(_CUT.search(line.text))
                words = _WORD.findall(line.text)
                yield from words[is_rest : len(words) - is_cut]
                is_rest = is_cut
