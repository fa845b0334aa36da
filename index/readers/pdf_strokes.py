"""From the characters of a PDF's page to strokes: words in one font, on one baseline.

Characters are many, so they are dealt with in arrays; strokes are few, so each can be asked for
its size, its turn and its baseline.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.readers.pdf_characters import ADDED, VISIBLE, WHITE, PageCharacters

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Float32

    Indices = NDArray[np.intp]
    Flags = NDArray[np.bool_]

GAP = 0.5
"""Of a character's height. Strokes end at wider gaps; most words are parted by half of it."""

MOVED = 0.05
"""Of a character's height. Characters are moved up or down, or of another size, by more."""

CURRENCIES = [ord(sign) for sign in "$£¥"]
"""Signs that stand before their number; in tables, often right behind the number before."""

CLOSING = [ord(")"), ord("]")]
DIGITS = [ord(digit) for digit in "0123456789%"]
"""Behind these, pdfium takes the room before a closing bracket of a table for a space."""

UPRIGHT = 0.05
"""Radians. Text that is turned by more is no part of the lines around it; scans lean by less."""


@dataclass(slots=True)
class Stroke:
    """Characters that follow each other without a wide gap, in one size, on one baseline."""

    start: int
    end: int
    """In the page's text."""
    after_space: bool
    first: int
    last: int
    """pdfium's numbers of the characters at its ends."""
    left: float
    right: float
    baseline: float
    """All three as if the text were turned upright."""
    size: float
    """In points; one em."""
    turn: float = 0.0
    """Radians, counter-clockwise. 0 if upright."""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text in pdfium's order."""

    text: str
    """One space between words within a stroke, nothing between strokes."""
    numbers: array[int]
    """pdfium's number of each character, or ADDED."""
    strokes: list[Stroke]


def page_text(textpage: Any, page: PageCharacters) -> PageText:
    """Cut a page's characters into strokes."""
    shown = np.flatnonzero(page.kinds == VISIBLE)
    if not len(shown):
        return PageText("", array("i"), [])
    spaced = np.diff(np.cumsum(page.kinds == WHITE)[shown], prepend=0) > 0
    codes = page.codes[shown]
    spaced[1:] &= ~(np.isin(codes[1:], CLOSING) & np.isin(codes[:-1], DIGITS))
    begins = _begins(page.boxes[shown]) | (spaced & np.isin(codes, CURRENCIES))
    inside = spaced & ~begins
    places = np.arange(len(shown)) + np.cumsum(inside)
    text = np.full(places[-1] + 1, ord(" "), dtype="<u4")
    numbers = np.full(len(text), ADDED, dtype=np.intc)
    text[places], numbers[places] = codes, shown
    before = shown[inside] - 1
    numbers[places[inside] - 1] = np.where(page.kinds[before] == WHITE, before, ADDED)
    return PageText(
        text.tobytes().decode("utf-32-le"),
        array("i", numbers.tobytes()),
        _strokes(textpage, page, shown, begins, places, spaced),
    )


def _begins(boxes: Float32) -> Flags:
    """Whether each character begins a stroke."""
    left, top, right, bottom = boxes.T
    height = np.maximum((top - bottom)[1:], (top - bottom)[:-1])
    gap = np.maximum(left[1:] - right[:-1], left[:-1] - right[1:])
    moved = np.maximum(np.abs(np.diff(top)), np.abs(np.diff(bottom)))
    return np.concatenate(([True], (gap > GAP * height) | (moved > MOVED * height)))


def _strokes(
    textpage: Any,
    page: PageCharacters,
    shown: Indices,
    begins: Flags,
    places: Indices,
    spaced: Flags,
) -> list[Stroke]:
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(shown)) - 1
    left, top, right, bottom = page.boxes[shown].T
    columns = (
        places[starts],
        places[ends] + 1,
        spaced[starts],
        shown[starts],
        shown[ends],
        np.minimum.reduceat(left, starts),
        np.maximum.reduceat(right, starts),
        bottom[starts],
        (top - bottom)[starts],  # until its size is known
    )
    measure = _measurer(textpage)
    strokes = []
    for row in zip(*(column.tolist() for column in columns), strict=True):
        stroke = Stroke(*row)
        size, stroke.turn, x, y = measure(stroke.first)
        stroke.size = size or stroke.size or 1.0
        if stroke.turn:
            _turn_upright(stroke, page.boxes[stroke.last].tolist(), x, y)
        elif size:
            stroke.baseline = y
        strokes.append(stroke)
    return strokes


def _measurer(textpage: Any) -> Callable[[int], tuple[float, float, float, float]]:
    """A function from a character's number to its size, turn and origin; size 0 is not known."""
    from pypdfium2 import raw

    handle = textpage.raw
    matrix = raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()

    def measure(number: int) -> tuple[float, float, float, float]:
        size: float = raw.FPDFText_GetFontSize(handle, number)
        known = raw.FPDFText_GetMatrix(handle, number, matrix)
        if not known or not raw.FPDFText_GetCharOrigin(handle, number, x, y):
            return 0.0, 0.0, 0.0, 0.0
        height = size * math.hypot(matrix.c, matrix.d)
        turn = math.atan2(matrix.b, matrix.a)
        if not all(map(math.isfinite, (height, turn, x.value, y.value))):
            return 0.0, 0.0, 0.0, 0.0
        return abs(height), turn if abs(turn) > UPRIGHT else 0.0, x.value, y.value

    return measure


def _turn_upright(stroke: Stroke, last_box: list[float], x: float, y: float) -> None:
    """Put a stroke where it would stand if the page were turned so that it is upright."""
    cosine, sine = math.cos(stroke.turn), math.sin(stroke.turn)
    left, top, right, bottom = last_box
    stroke.left = x * cosine + y * sine
    stroke.baseline = y * cosine - x * sine
    across = ((left + right) * cosine + (top + bottom) * sine) / 2
    half = (abs(right - left) * abs(cosine) + abs(top - bottom) * abs(sine)) / 2
    stroke.right = max(stroke.left, across + half)
