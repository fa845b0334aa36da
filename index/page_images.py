"""Pages of PDFs as pictures, and words on them, in processes with limits: PDFs come from anywhere."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as TimedOut
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import NotAPdf, PageMissing, PageNotDrawn
from index.originals import opened
from index.reading import started_pool, stop_pool, wait_for
from index.types import Box, Document, PageBoxes, Span

if TYPE_CHECKING:
    from pebble import ProcessPool

    from index.readers.pdf_boxes import Box as Printed

MEMORY_BYTES = 2**30
"""Address space of a worker; a page of 2000 by 8000 pixels takes 64 MB of it."""

SECONDS = 20.0
"""For one page. A page of a map with a million strokes takes about five."""

FINE = 1_000_000
"""Into so many parts a page's sides are divided where points on it are looked up."""

_WORD = re.compile(r"\S+")

Point = tuple[float, ...]
Result = TypeVar("Result")

MAX_HEIGHT = 8000
"""Pixels. A page so long that it would be higher is drawn narrower than asked."""


class PageDrawer:
    """Draws pages and finds words on them, in workers that start with the first. Safe to share between threads."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None

    def draw(self, document: Document, number: int, width: int) -> bytes:
        """A page, from 1, as a PNG so many pixels wide.

        Raises:
            DocumentInside, OriginalError: with the remedy.
        """
        self._refuse_others(document)
        return self._done(document, number, drawn, document, number, width)

    def find(
        self,
        document: Document,
        number: int,
        characters: bytes,
        words: Span,
        text: str | None = None,
    ) -> PageBoxes:
        """Where what stands of these words on a page, from 1, is printed.

        `characters` is the map its reader made, see `index.readers.pdf_characters`. With the
        canonical `text` each word has a box of its own, or one on each line it stands on.

        Raises:
            DocumentInside, OriginalError: with the remedy.
        """
        from index.readers.pdf_boxes import extent, on_page

        self._refuse_others(document)
        here = on_page(characters, number)
        first, last = extent(here)
        spans = [words]
        if text is not None:
            within = _WORD.finditer(text, max(words[0], first), min(words[1], last))
            spans = [word.span() for word in within]
        return self._done(document, number, found, document, number, here, spans)

    def _refuse_others(self, document: Document) -> None:
        if document.path.suffix.lower() != ".pdf":
            raise NotAPdf(
                f"{document.path}: the document is no PDF, so it has no pages to draw.",
                f"Read its text at /v1/documents/{document.id}/text.",
            )

    def _done(
        self, document: Document, number: int, work: Callable[..., Result], *arguments: object
    ) -> Result:
        """What comes of work on a page, in a worker."""
        from pebble import ProcessExpired

        try:
            return self._carried_out(work, arguments)
        except (TimedOut, ProcessExpired, MemoryError, BrokenProcessPool):
            raise PageNotDrawn(
                f"{document.path}: showing page {number} takes more than {self._seconds:.0f} "
                f"seconds or {self._memory // 2**20:,} MB of memory.",
                f"Open the file itself: /v1/documents/{document.id}/original.",
            ) from None

    def close(self) -> None:
        """End the workers. Who waits for a page is told that it could not be drawn."""
        with self._lock:
            if self._pool:
                stop_pool(self._pool)
            self._pool = None

    def _carried_out(self, work: Callable[..., Result], arguments: Sequence[object]) -> Result:
        with self._lock:
            if self._pool is None or not self._pool.active:  # also after it broke down
                if self._pool:
                    stop_pool(self._pool)
                self._pool = started_pool(self._memory)
            pool = self._pool
            future = pool.schedule(work, list(arguments), timeout=self._seconds)
        wait_for(pool, future)
        if not future.done():
            raise BrokenProcessPool
        result: Result = future.result()
        return result


def drawn(document: Document, number: int, width: int) -> bytes:
    """In a worker: draw a page of a document's file.

    Raises:
        OriginalError: with the remedy.
    """
    with _opened(document, number) as pdf:
        return _png(pdf[number - 1], width)


def found(document: Document, number: int, characters: bytes, spans: Sequence[Span]) -> PageBoxes:
    """In a worker: where spans are printed on a page; `characters` is the map of this page.

    Raises:
        OriginalError: with the remedy.
    """
    from index.readers import pdf_characters
    from index.readers.pdf_boxes import boxes_on

    with _opened(document, number) as pdf:
        with pdf_characters.opened(pdf, number - 1) as textpage:
            printed = [box for span in spans for box in boxes_on(textpage, characters, *span)]
        page = pdf[number - 1]
        width, height = page.get_size()
        return PageBoxes(number, width, height, tuple(_box(page, one) for one in printed))


def _shown(page: Any, across: float, up: float) -> Point:
    """A point of a page as fractions of its picture: a page may be turned, and its edges cut."""
    import ctypes

    from pypdfium2 import raw

    left, top = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, FINE, FINE, 0, across, up, left, top)
    return tuple(min(1.0, max(0.0, one.value / FINE)) for one in (left, top))


def _box(page: Any, printed: Printed) -> Box:
    corners = _shown(page, printed.left, printed.top), _shown(page, printed.right, printed.bottom)
    (left, right), (top, bottom) = (sorted(both) for both in zip(*corners, strict=True))
    return Box(printed.start, printed.end, left, top, right, bottom)


@contextmanager
def _opened(document: Document, number: int) -> Iterator[Any]:
    """A document's PDF, which has a page of this number."""
    import pypdfium2

    with opened(document).file as file:
        data = file.read()
    try:
        with pypdfium2.PdfDocument(data) as pdf:
            if not 1 <= number <= len(pdf):
                raise PageMissing(
                    f"{document.path}: there is no page {number}.",
                    f"Ask for one from 1 to {len(pdf)}.",
                )
            yield pdf
    except pypdfium2.PdfiumError as error:
        raise PageNotDrawn(
            f"{document.path}: page {number} cannot be drawn ({str(error).rstrip('.')}).",
            f"Open the file itself: /v1/documents/{document.id}/original.",
        ) from None


def _png(page: Any, width: int) -> bytes:
    points_wide, points_high = page.get_size()
    # A hair less, since pdfium rounds up what arithmetic left a hair above.
    scale = min(width / points_wide, MAX_HEIGHT / points_high) * (1 - 1e-9)
    image = page.render(scale=scale).to_pil()
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
