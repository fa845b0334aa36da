"""Where canonical text of a PDF is printed: boxes on its pages, by the map that its reader made.

What the map is, `index.readers.pdf_characters.pack` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.readers.pdf_characters import character_boxes

if TYPE_CHECKING:
    from index.readers.pdf_characters import Int32
    from index.types import Float32

Corners = tuple[float, float, float, float]
"""Left, bottom, right, top."""

SAME_LINE = 0.5
"""Boxes of characters that share this part of the lower one's height stand on one line."""

TOUCHING = 0.5
"""Boxes of characters at most this part of their height apart make one box."""


@dataclass(frozen=True, slots=True)
class Box:
    """Part of a line on a page, in PDF points from the page's lower left corner."""

    start: int
    """Of its characters in the canonical text."""
    end: int
    left: float
    bottom: float
    right: float
    top: float


def boxes_on(textpage: Any, characters: bytes, start: int, end: int) -> Iterator[Box]:
    """Where canonical[start:end] is printed on a page: a box for each part of a line, in reading order.

    `textpage` is the page, see `index.readers.pdf_characters.opened`; `characters` its map, see
    `on_page`.
    """
    offsets, numbers = _characters(characters, start, end)
    for first, after, corners in _merged(character_boxes(textpage, numbers)):
        yield Box(offsets[first], offsets[after - 1] + 1, *corners)


def on_page(characters: bytes, number: int) -> bytes:
    """The map of one page, from 1, out of that of all pages."""
    runs = _runs(characters)
    of_page: bytes = runs[runs[:, 1] == number - 1].tobytes()
    return of_page


def extent(characters: bytes) -> tuple[int, int]:
    """From where to where in the canonical text a map reaches."""
    runs = _runs(characters)
    return (int(runs[0, 0]), int(runs[-1, 0] + runs[-1, 3])) if len(runs) else (0, 0)


def _runs(characters: bytes) -> Int32:
    return np.frombuffer(characters, dtype="<i4").reshape(-1, 4)


def _characters(characters: bytes, start: int, end: int) -> tuple[list[int], list[int]]:
    """The characters of a canonical span on a page: their offsets, and their numbers there."""
    runs = _runs(characters)
    first = int(np.searchsorted(runs[:, 0] + runs[:, 3], start, side="right"))
    after = int(np.searchsorted(runs[:, 0], end, side="left"))
    offsets, numbers = list[int](), list[int]()
    for run_start, _, number, length in runs[first:after].tolist():
        inside = range(max(start, run_start), min(end, run_start + length))
        offsets.extend(inside)
        numbers.extend(offset - run_start + number for offset in inside)
    return offsets, numbers


def _merged(rectangles: Float32) -> Iterator[tuple[int, int, Corners]]:
    """Unite the boxes of neighbours on one line: the first, the one after the last, their box."""
    held: Corners | None = None
    first = after = 0
    for at, (left, top, right, bottom) in enumerate(rectangles.tolist()):
        if left >= right and top <= bottom:  # a newline or other character without a shape
            continue
        if held and _side_by_side(held, (left, bottom, right, top)):
            held = (
                min(held[0], left),
                min(held[1], bottom),
                max(held[2], right),
                max(held[3], top),
            )
        else:
            if held:
                yield first, after, held
            first, held = at, (left, bottom, right, top)
        after = at + 1
    if held:
        yield first, after, held


def _side_by_side(a: Corners, b: Corners) -> bool:
    heights = (a[3] - a[1], b[3] - b[1])
    shared = min(a[3], b[3]) - max(a[1], b[1])
    gap = max(b[0] - a[2], a[0] - b[2])
    if shared >= SAME_LINE * min(heights):
        return gap <= TOUCHING * max(heights)
    width = a[2] - a[0]  # of text that runs up or down: its letters are equally wide
    same_column = max(abs(a[0] - b[0]), abs(a[2] - b[2])) < 0.02 * width
    return same_column and -shared <= TOUCHING * width
