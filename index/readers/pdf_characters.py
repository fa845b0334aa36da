"""The characters of a PDF's page, with their boxes, and the map from canonical text back to them.

pdfium numbers the characters of each page. `SourceText.characters` says which of them every
character of the canonical text is, so that a quotation can be shown where it is printed.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Float32, UInt32

    Int32 = NDArray[np.int32]
    Bytes = NDArray[np.uint8]

VISIBLE, WHITE, DROPPED = range(3)
"""What becomes of a character."""

HYPHENS_AT_LINE_ENDS = (0x02, 0xFFFE)
"""What pdfium makes of them, one by one and all at once. Damaged fonts say the same."""

BULLETS = {0xF0B7: ord("•"), 0xF0A7: ord("▪")}
"""Of Word, in fonts that know no Unicode."""

SOFT_HYPHEN = 0xAD

ADDED = -1
"""The number of a character that is on no page: spaces and newlines of ours."""


@dataclass(frozen=True, slots=True)
class PageCharacters:
    """What stands on a page, in pdfium's order, which mostly is the order of reading.

    Of a ligature, pdfium makes several characters with one box.
    """

    codes: UInt32
    kinds: Bytes
    """VISIBLE, WHITE or DROPPED."""
    boxes: Float32
    """[characters, 4]: left, top, right, bottom."""


@contextmanager
def opened(document: Any, index: int) -> Iterator[Any]:
    """A page's text, as pypdfium2 has it; freed at the end.

    What was filled into a form is on no page until it is flattened.
    """
    from pypdfium2 import raw

    page = document[index]
    try:
        if document.get_formtype() != raw.FORMTYPE_NONE and raw.FPDFPage_GetAnnotCount(page):
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[index]  # only then it shows
        yield page.get_textpage()
    finally:
        page.close()


def characters_of(textpage: Any, bounds: Sequence[float]) -> PageCharacters:
    """All characters of a page. Those outside its bounds are not seen by anybody: DROPPED.

    `bounds` are left, bottom, right, top.
    """
    count = textpage.count_chars()
    codes = _codes(textpage, count)
    boxes = character_boxes(textpage, range(count))
    _mend(textpage, codes)
    kinds = _kinds_by_code()[codes]
    left, bottom, right, top = bounds
    outside = (
        (boxes[:, 0] > right) | (boxes[:, 2] < left) | (boxes[:, 1] < bottom) | (boxes[:, 3] > top)
    )
    kinds[outside & (kinds != WHITE)] = DROPPED
    _keep_soft_hyphens_at_line_ends(codes, kinds)
    return PageCharacters(codes, kinds, boxes)


def _mend(textpage: Any, codes: UInt32) -> None:
    from pypdfium2 import raw

    for code, bullet in BULLETS.items():
        codes[codes == code] = bullet
    for at in np.flatnonzero(np.isin(codes, HYPHENS_AT_LINE_ENDS)):
        if raw.FPDFText_IsHyphen(textpage, int(at)) == 1:
            codes[at] = ord("-")


def _codes(textpage: Any, count: int) -> UInt32:
    """Code points. All at once where that is safe, which is twenty times faster."""
    from pypdfium2 import raw

    buffer = np.zeros(count + 1, dtype=np.uint16)
    if count:
        target = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_ushort))
        written = raw.FPDFText_GetText(textpage, 0, count, target) - 1  # it ends with a zero
        codes = buffer[:count].astype(np.uint32)
        # pdfium leaves out characters it knows no code for, and writes those beyond 16 bits
        # as two: then places in its text are not the numbers of characters.
        if written == count and not _surrogates(codes).any():
            return codes
    code_of = map(raw.FPDFText_GetUnicode, repeat(textpage.raw), range(count))
    codes = np.fromiter(code_of, dtype=np.uint32, count=count)
    codes[codes > 0x10FFFF] = 0  # what a damaged font says
    return _pair_surrogates(codes)


def _surrogates(codes: UInt32) -> NDArray[np.bool_]:
    return (codes >= 0xD800) & (codes < 0xE000)


def _pair_surrogates(codes: UInt32) -> UInt32:
    """Where halves of a character have numbers of their own, the first becomes the whole."""
    for at in np.flatnonzero(_surrogates(codes[:-1])):
        high, low = int(codes[at]), int(codes[at + 1])
        if high < 0xDC00 <= low < 0xE000:
            codes[at] = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
            codes[at + 1] = 0
    return codes


def character_boxes(textpage: Any, numbers: Sequence[int]) -> Float32:
    """[numbers, 4]: left, top, right, bottom; as high as the font, as wide as the step it takes."""
    from pypdfium2 import raw

    rectangles = (raw.FS_RECTF * len(numbers))()
    read = map(raw.FPDFText_GetLooseCharBox, repeat(textpage.raw), numbers, rectangles)
    deque(read, maxlen=0)  # the quickest way to call them all
    flat = np.frombuffer(rectangles, dtype=np.float32) if len(numbers) else np.zeros(0, np.float32)
    boxes: Float32 = np.nan_to_num(flat.reshape(-1, 4))
    return boxes


@lru_cache(maxsize=1)
def _kinds_by_code() -> Bytes:
    """The kind of every code point."""
    kinds = np.full(0x110000, VISIBLE, dtype=np.uint8)
    kinds[:0x20] = kinds[0x7F:0xA0] = DROPPED
    kinds[0xD800:0xE000] = DROPPED
    kinds[0xFDD0:0xFDF0] = DROPPED  # these and the next are no characters by Unicode
    kinds[0xFFFE::0x10000] = kinds[0xFFFF::0x10000] = DROPPED
    kinds[SOFT_HYPHEN] = kinds[0xFEFF] = DROPPED
    kinds[[code for code in range(0x3001) if chr(code).isspace()]] = WHITE
    return kinds


def _keep_soft_hyphens_at_line_ends(codes: UInt32, kinds: Bytes) -> None:
    """One there says that the word goes on in the next line; within a line it says nothing."""
    for at in np.flatnonzero(codes == SOFT_HYPHEN):
        if at + 1 == len(codes) or codes[at + 1] in (0x0A, 0x0D):
            kinds[at] = VISIBLE


def pack(numbers: Int32, page: int, start: int) -> bytes:
    """One page's part of the map as stored, from the numbers of its canonical characters.

    Little-endian int32 [runs, 4]: the canonical start, the page from 0, the number of the first
    character there, and how many follow on each other. What is ADDED is in no run. `start` is
    where the page begins in the canonical text.
    """
    if not len(numbers):
        return b""
    follows = (np.diff(numbers) == 1) & (numbers[:-1] != ADDED)
    starts = np.flatnonzero(np.concatenate(([True], ~follows)))
    lengths = np.diff(np.append(starts, len(numbers)))
    runs = np.stack([start + starts, np.full_like(starts, page), numbers[starts], lengths], axis=1)
    packed: bytes = runs[numbers[starts] != ADDED].astype("<i4").tobytes()
    return packed
