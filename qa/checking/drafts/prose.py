"""What a reader of a draft sees, put together from parts of its text, each character's place kept."""

from __future__ import annotations

# ruff: noqa: RUF001 - quotation marks and dashes look alike, and these are the ones meant
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.spans import LINE_END, trimmed
from index.types import Span

Kind = Literal["heading", "item", "code", "quote", "text"]

ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
"""CommonMark 0.31, section 2.5."""

_ATTRIBUTION = re.compile(
    r"(?:^|(?P<before>[^\s]?)[^\S\r\n]*(?P<gap>(?:(?:\r\n|\n|\r)[^\S\r\n]*)+))"
    r"(?P<dash>—|―|---?|–|-)[^\S\r\n]*(?P<first>[^\W\d_]|[“\"«(])[^\r\n]{0,200}\s*\Z"
)
"""A last line that begins with a dash: "— Author, Title"."""

_TERMINAL = frozenset('.!?…"”’»«“)]')

_REFERENCE = re.compile(
    r"(?<=[.!?…\"”’»«“])[^\S\r\n]+"
    r"(?:\((?:[^()\r\n]{1,120},? )?(?:1[5-9]|20)\d\d[a-z]?(?:, (?:pp?|S|tr)\. ?\d+(?:[-–]\d+)?)?\)"
    r"|\((?:pp?|S|tr)\. ?\d+(?:[-–]\d+)?\)|\[@[^\[\]\r\n]{1,200}\])\s*\Z"
)
"""Behind the last sentence, as in APA style and in Pandoc: "(Doe, 2020, p. 3)", "[@doe]"."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A span of prose, and what it is."""

    start: int
    end: int
    kind: Kind
    """In a block quotation everything but code is "quote"."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What a reader sees, and where its characters stand in the text it was made from."""

    text: str
    places: array[int]
    """For each character, and for the end."""
    paragraphs: tuple[Paragraph, ...]
    """Ascending."""
    blocks: tuple[Span, ...]
    """Block quotations, without who said it, the outer before those in it."""
    literal: tuple[Span, ...]
    """Code within lines, where marks are no quotation marks."""


@dataclass(slots=True)
class Writer:
    """Takes parts of a text, in order; what lies between them is left out."""

    text: str
    pieces: list[str] = field(default_factory=list)
    places: array[int] = field(default_factory=lambda: array("I"))
    paragraphs: list[Paragraph] = field(default_factory=list)
    blocks: list[Span] = field(default_factory=list)
    literal: list[Span] = field(default_factory=list)
    taken: int = 0
    """Up to where the text has been taken or left out."""

    @property
    def length(self) -> int:
        """Of the prose so far."""
        return len(self.places)

    def part(self, start: int) -> None:
        """Part what follows, which stands from `start` on, from what came before.

        By the line ends between them, as there are many: two make a blank line.
        """
        if not self.length:
            return
        ends = [found.span() for found in LINE_END.finditer(self.text, self.taken, start)][:2]
        for span in ends or [(self.taken, start)]:
            self.take(*span)

    def take(self, start: int, end: int) -> None:
        """Add text[start:end]."""
        self.add(self.text[start:end], range(start, end))

    def add(self, words: str, places: Sequence[int]) -> None:
        """Add words whose characters stand at these places, ascending."""
        if places:
            self.pieces.append(words)
            self.places.extend(places)
            self.taken = max(self.taken, places[-1] + 1)

    def end_paragraph(self, start: int, kind: Kind) -> None:
        """What was added since the prose had this length is a paragraph, if there is anything."""
        self.paragraph(start, self.length, kind)

    def paragraph(self, start: int, end: int, kind: Kind) -> None:
        """Prose that has been written already is a paragraph."""
        self.paragraphs.append(Paragraph(start, end, kind))

    def end_block(self, start: int) -> None:
        """What was added since is a block quotation."""
        if start < self.length:
            self.blocks.append((start, self.length))

    def finish(self) -> Prose:
        """All of it."""
        text = "".join(self.pieces)
        self.places.append(len(self.text))
        blocks = {trimmed(text, *quoted_part(text, block)) for block in self.blocks}
        return Prose(
            text,
            self.places,
            tuple(
                Paragraph(*span, paragraph.kind)
                for paragraph in self.paragraphs
                for span in [trimmed(text, paragraph.start, paragraph.end)]
                if span[0] < span[1]
            ),
            tuple(sorted((s for s in blocks if s[0] < s[1]), key=lambda span: (span[0], -span[1]))),
            tuple(self.literal),
        )


def width(text: str, place: int, following: int) -> int:
    """How many characters of the text, from a place, stand for the one that a reader sees.

    `following` is the place of the next one that is seen.
    """
    entity = ENTITY.match(text, place)
    if entity and (following >= entity.end() or following == place):
        return len(entity[0])
    return 1


def quoted_part(text: str, block: Span) -> Span:
    """A block quotation without a last line that says whose it is, or a reference at its end."""
    start, end = block
    # What is looked for is at most some hundred characters long.
    tail_start = max(start, end - 400)
    tail = text[tail_start:end].rstrip()
    found = _ATTRIBUTION.search(tail)
    if found and _says_whose(found, at_start=tail_start == start):
        tail = tail[: found.end("before") if found["gap"] else 0]
    elif found := _REFERENCE.search(tail):
        tail = tail[: found.start()]
    return start, tail_start + len(tail)


def _says_whose(found: re.Match[str], *, at_start: bool) -> bool:
    """Whether a last line with a dash is no part of the sentence before, wrapped at the dash."""
    if not found["gap"]:
        return at_start
    if found["before"] in _TERMINAL or len(LINE_END.findall(found["gap"])) > 1:
        return True
    return found["dash"] in {"—", "―", "--", "---"} and not found["first"].islower()
