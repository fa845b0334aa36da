"""E-books in EPUB 2 and 3: all chapters in order, under their own headings or their titles."""

from __future__ import annotations

from pathlib import Path

from index.errors import NoTextLayer
from index.readers.epub_package import Chapter, frame
from index.readers.html_blocks import Block, written
from index.readers.html_document import parse
from index.readers.html_encoding import decoded
from index.readers.html_tree import blocks
from index.readers.limits import check_text
from index.readers.package import Package
from index.types import Mark, Metadata, SourceText

_GAP = "\n\n"


def read(path: Path, data: bytes) -> SourceText:
    """Read every chapter whole; no passage goes from one into the next."""
    package = Package(path, data)
    book = frame(package)
    manuscript = _Manuscript(path)
    for chapter in book.chapters:
        page = decoded(path, package.read(chapter.name))
        manuscript.add(chapter, blocks(parse(path, page, is_xhtml=True)))
    if manuscript.is_blank and any(map(_is_picture, package.names())):
        raise NoTextLayer(
            path, "its pages are pictures without text.", "Run OCR over it, and add the result."
        )
    return manuscript.finish(book.metadata)


def _is_picture(name: str) -> bool:
    return name.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg"))


class _Manuscript:
    """Chapters in a row, as canonical text with its marks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pieces: list[str] = []
        self._length = 0
        self._marks: list[Mark] = []
        self._breaks: list[int] = []
        self._is_under_title = False
        """What was written last stands under a title that only the table of contents gives."""

    @property
    def is_blank(self) -> bool:
        return not self._pieces

    def add(self, chapter: Chapter, found: list[Block]) -> None:
        """Add a chapter; one without text leaves no trace."""
        if not found:
            return
        titles = list(self._titles(chapter, found))
        if self._pieces or titles:
            self._write(_GAP)
        self._marks += [Mark(self._length - 1, "heading", *title) for title in titles]
        if self._length > len(_GAP):
            self._breaks.append(self._length)
        text, marks = written(found, self._length)
        self._write(text)
        self._marks += marks
        check_text(self._path, self._length)

    def finish(self, metadata: Metadata) -> SourceText:
        """The book with all that is known of it."""
        return SourceText("".join(self._pieces), metadata, tuple(self._marks), tuple(self._breaks))

    def _titles(self, chapter: Chapter, found: list[Block]) -> list[tuple[int, str]]:
        """Levels and words of headings the chapter stands under, and does not have in its text.

        Their marks stand in the blank line before it: at the start of a paragraph they would
        say that the paragraph is the heading. Files that have neither a title nor a heading go
        on with the chapter before: long chapters are cut in several files.
        """
        own = next((block.level for block in found if block.level), 0)
        titles = []
        if self._is_under_title and (own or chapter.title):
            titles.append((1, ""))
            self._is_under_title = False
        if chapter.title and not found[0].level:
            titles.append((own or 1, chapter.title))
            self._is_under_title = not own
        return titles

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
