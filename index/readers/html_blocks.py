"""What a web page or a chapter of an e-book is made of: headings, paragraphs, items, rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.types import Mark


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of text that stands by itself, its white space in order."""

    text: str
    level: int = 0
    """Of a heading, from 1; else 0."""
    marker: str = ""
    """What the page shows before an item of a list."""
    runs_on: bool = False
    """A line end parts it from the block before: the next item, the next row."""
    linked: int = 0
    """How many of its characters are links, buttons and labels of fields."""
    is_aside: bool = False
    """In what the page itself sets off as navigation, footer and the like."""
    container: int = 0
    """The same number for blocks that stand side by side in one element."""


def kept(blocks: list[Block], keep: Iterable[bool]) -> list[Block]:
    """Some of the blocks; what ran on after one that is gone begins anew."""
    found: list[Block] = []
    goes_on = True
    for block, stays in zip(blocks, keep, strict=True):
        if stays:
            found.append(block if goes_on else replace(block, runs_on=False))
        goes_on = stays
    return found


def written(blocks: Iterable[Block], start: int = 0) -> tuple[str, list[Mark]]:
    """Blocks as canonical text that stands at `start`, with a mark for each heading."""
    pieces: list[str] = []
    marks: list[Mark] = []
    for block in blocks:
        if pieces:
            pieces.append("\n" if block.runs_on else "\n\n")
            start += len(pieces[-1])
        if block.level:
            marks.append(Mark(start, "heading", block.level, block.text))
        pieces.append(block.marker + block.text)
        start += len(pieces[-1])
    return "".join(pieces), marks
