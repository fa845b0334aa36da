"""Pages of PDFs as pictures, drawn in processes with limits: PDFs come from anywhere."""

from __future__ import annotations

import io
import threading
from concurrent.futures import TimeoutError as TimedOut
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, Any

from index.errors import NotAPdf, PageMissing, PageNotDrawn
from index.originals import opened
from index.reading import started_pool, stop_pool, wait_for
from index.types import Document

if TYPE_CHECKING:
    from pebble import ProcessPool

MEMORY_BYTES = 2**30
"""Address space of a worker; a page of 2000 by 8000 pixels takes 64 MB of it."""

SECONDS = 20.0
"""For one page. A page of a map with a million strokes takes about five."""

MAX_HEIGHT = 8000
"""Pixels. A page so long that it would be higher is drawn narrower than asked."""


class PageDrawer:
    """Draws pages, in workers that start with the first. Safe to share between threads."""

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
        from pebble import ProcessExpired

        if document.path.suffix.lower() != ".pdf":
            raise NotAPdf(
                f"{document.path}: the document is no PDF, so it has no pages to draw.",
                f"Read its text at /v1/documents/{document.id}/text.",
            )
        try:
            return self._drawn(document, number, width)
        except (TimedOut, ProcessExpired, MemoryError, BrokenProcessPool):
            raise PageNotDrawn(
                f"{document.path}: drawing page {number} takes more than {self._seconds:.0f} "
                f"seconds or {self._memory // 2**20:,} MB of memory.",
                f"Open the file itself: /v1/documents/{document.id}/original.",
            ) from None

    def close(self) -> None:
        """End the workers. Who waits for a page is told that it could not be drawn."""
        with self._lock:
            if self._pool:
                stop_pool(self._pool)
            self._pool = None

    def _drawn(self, document: Document, number: int, width: int) -> bytes:
        with self._lock:
            if self._pool is None or not self._pool.active:  # also after it broke down
                if self._pool:
                    stop_pool(self._pool)
                self._pool = started_pool(self._memory)
            arguments = [document, number, width]
            pool = self._pool
            future = pool.schedule(drawn, arguments, timeout=self._seconds)
        wait_for(pool, future)
        if not future.done():
            raise BrokenProcessPool
        return future.result()


def drawn(document: Document, number: int, width: int) -> bytes:
    """In a worker: draw a page of a document's file.

    Raises:
        OriginalError: with the remedy.
    """
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
            return _png(pdf[number - 1], width)
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
