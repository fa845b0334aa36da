"""What is in a library, read: documents, their texts and pages, passages, and their citations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index import records
from index.errors import DocumentMissing, OffsetsInvalid, PassageMissing
from index.listing import FailurePage, Listing, Page, Place, failures, page
from index.types import BoxesBy, Document, DocumentId, Failure, PageBoxes, Placed, Span
from qa.opened import Opened
from qa.settings import Settings
from qa.types import Chosen, Citation, Contents, DocumentsIn, Neighbours, Outline

if TYPE_CHECKING:
    from index.originals import Original
    from index.page_images import PageDrawer


class Reading(Opened):
    """What can be looked up in a library."""

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        super().__init__(settings, processes)
        self._drawer: PageDrawer | None = None

    def close(self) -> None:
        """Close the library, and end the processes that draw pages."""
        with self._lock:
            if self._drawer:
                self._drawer.close()
                self._drawer = None
        super().close()

    def contents(self) -> Contents:
        """What a reader can choose from: how many documents, which languages, which days."""
        library = self._open()
        with library.catalog.snapshot() as connection:
            first, last = records.dates(connection)
            return Contents(
                documents=records.count(connection, "documents"),
                passages=records.count(connection, "passages"),
                languages=tuple(
                    DocumentsIn(*one) for one in records.documents_by_language(connection)
                ),
                date_from=first,
                date_to=last,
                generation=library.catalog.generation(),
                failures=records.count(connection, "failures"),
            )

    def documents(self) -> list[Document]:
        """Every document, by path."""
        with self._open().catalog.snapshot() as connection:
            return records.documents(connection)

    def page(self, listing: Listing, limit: int, after: Place | None = None) -> Page:
        """Some documents in an order, those after a place in it."""
        with self._open().catalog.snapshot() as connection:
            return page(connection, listing, limit, after)

    def holds(self, path: Path) -> bool:
        """Whether any document is at or below a path, whatever is on disk."""
        with self._open().catalog.snapshot() as connection:
            return records.holds(connection, path)

    def known_under(self, path: Path) -> tuple[list[Document], list[Failure]]:
        """Documents at or below a path, the outer ones first, and what failed there."""
        with self._open().catalog.snapshot() as connection:
            return records.documents(connection, path), records.failures(connection, path)

    def failures(self) -> list[Failure]:
        """Files that could not be indexed."""
        with self._open().catalog.snapshot() as connection:
            return records.failures(connection)

    def failed(self, limit: int, after: Path | None = None) -> FailurePage:
        """Some files that could not be indexed, those after a path."""
        with self._open().catalog.snapshot() as connection:
            return failures(connection, limit, after)

    def document(self, id_: DocumentId) -> Document:
        """One document.

        Raises:
            DocumentMissing: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            return records.existing(connection, id_)

    def original(self, id_: DocumentId) -> Original:
        """A document's file, open, with the very bytes that were indexed; yours to close.

        Raises:
            DocumentMissing, DocumentInside, OriginalError: with the remedy.
        """
        from index.originals import opened

        return opened(self.document(id_))

    def page_image(self, id_: DocumentId, number: int, width: int) -> bytes:
        """A page of a PDF as a PNG so many pixels wide; pages count from 1.

        Raises:
            DocumentMissing, DocumentInside, OriginalError: with the remedy.
        """
        return self._pages().draw(self.document(id_), number, width)

    def page_boxes(
        self, id_: DocumentId, number: int, words: Span, by: BoxesBy = "line"
    ) -> PageBoxes:
        """Where what stands of these words on a page of a PDF is printed.

        Raises:
            DocumentMissing, DocumentInside, OffsetsInvalid, OriginalError: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            document = records.existing(connection, id_)
            characters = records.characters(connection, id_)
            text = records.text(connection, id_) if by == "word" else None
        if not 0 <= words[0] <= words[1] <= document.length:
            raise OffsetsInvalid.outside(id_, *words, document.length)
        return self._pages().find(document, number, characters, words, text)

    def _pages(self) -> PageDrawer:
        with self._lock:
            if self._drawer is None:
                from index.page_images import PageDrawer

                self._drawer = PageDrawer()
            return self._drawer

    def outline(self, id_: DocumentId) -> Outline:
        """Where the headings, pages and slides of a document begin.

        Raises:
            DocumentMissing: with the remedy.
        """
        from qa.outline import outline

        with self._open().catalog.snapshot() as connection:
            return outline(records.existing(connection, id_), records.marks(connection, id_))

    def text(self, id_: DocumentId, start: int = 0, end: int | None = None) -> str:
        """Part of a document's canonical text.

        Raises:
            DocumentMissing, OffsetsInvalid: with the remedy.
        """
        with self._open().catalog.snapshot() as connection:
            text = records.text(connection, id_)
        if text is None:
            raise DocumentMissing.numbered(id_)
        end = len(text) if end is None else end
        if not 0 <= start <= end <= len(text):
            raise OffsetsInvalid.outside(id_, start, end, len(text))
        return text[start:end]

    def cite(self, id_: str) -> Citation:
        """The citation of the passage with this public id.

        Raises:
            PassageMissing: with the remedy.
        """
        from qa.citation import cite

        return cite(self._placed(id_))

    def cite_words(self, id_: DocumentId, spans: Sequence[Span]) -> list[Citation]:
        """The citation of each of these spans of a document's canonical text.

        Raises:
            DocumentMissing, OffsetsInvalid: with the remedy.
        """
        from qa.selection import cite_words

        return cite_words(self._open().catalog, id_, spans)

    def cite_all(self, chosen: Sequence[Chosen]) -> list[Citation]:
        """The citation of each of these words that somebody collected, in their order.

        Raises:
            DocumentMissing, OffsetsInvalid, WordsChanged: with the remedy.
        """
        from qa.selection import cite_all

        return cite_all(self._open().catalog, chosen)

    def neighbours(self, id_: str, count: int = 1) -> Neighbours:
        """Up to `count` passages before the one with this public id, and up to so many after it.

        Raises:
            PassageMissing: with the remedy.
        """
        from qa.citation import cite_neighbours

        return cite_neighbours(self.snapshot().neighbours(self._placed(id_).passage, count))

    def _placed(self, id_: str) -> Placed:
        placed = self.snapshot().placed_as(id_)
        if placed is None:
            raise PassageMissing(
                f"The library holds no passage {id_}.",
                "Passages have ids such as 931c04eb13e0c20c; qa ask --format json shows them. "
                "If its file has changed since, find the words again: qa verify --citations FILE",
            )
        return placed
