"""PDF: the text as it is read, page after page, without running heads; tables row by row.

pdfium tells the characters and where they stand. From there: `pdf_characters`, `pdf_strokes`,
`pdf_lines`, `pdf_running`, `pdf_paragraphs`, `pdf_text`, each building on those before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.errors import FileEncrypted, FileRefused, LimitExceeded, NoTextLayer
from index.readers.limits import MAX_PAGES, check_text
from index.readers.pdf_characters import characters_of, opened
from index.readers.pdf_lines import lines_of
from index.readers.pdf_metadata import metadata_of
from index.readers.pdf_outline import Heading, clean, mark_headings, outline_of
from index.readers.pdf_paragraphs import blocks_of
from index.readers.pdf_running import PageLines, without_running_heads
from index.readers.pdf_streams import check_streams, check_whole, damaged
from index.readers.pdf_text import Canonical, PageBlocks, assemble
from index.types import Mark, SourceText


def read(path: Path, data: bytes) -> SourceText:
    """Read a PDF's text layer.

    Raises:
        FileDamaged, FileEncrypted, LimitExceeded, NoTextLayer: with the remedy.
    """
    import pypdfium2

    check_whole(path, data)
    check_streams(path, data)
    try:
        with pypdfium2.PdfDocument(data) as document:
            return _read(path, data, document)
    except pypdfium2.PdfiumError as error:
        raise _refusal(path, error) from None


def _refusal(path: Path, error: Any) -> FileRefused:
    from pypdfium2 import raw

    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return FileEncrypted(
            path,
            "it is locked with a password.",
            "Open it, and save it without one: qpdf --decrypt --password=SECRET IN OUT.",
        )
    return damaged(path, str(error).rstrip("."))


def _read(path: Path, data: bytes, document: Any) -> SourceText:
    count = len(document)
    if count > MAX_PAGES:
        raise LimitExceeded(
            path,
            f"it has {count:,} pages; Quaere reads at most {MAX_PAGES:,} of one file.",
            "Split it into smaller files.",
        )
    pages = list(_pages(path, document))
    empty = sum(not page.lines for page in pages)
    if empty == count:
        raise NoTextLayer(
            path,
            f"its {count:,} pages hold pictures and no text, as scans do."
            if count > 1
            else "its one page holds pictures and no text, as scans do.",
            "Let a program recognise the text, such as ocrmypdf IN OUT, and add what it makes.",
        )
    headings = outline_of(document)
    text = _assembled(document, pages, headings)
    return SourceText(
        "".join(text.pieces),
        metadata_of(document, path, data),
        tuple(sorted([*text.marks, *_marks(headings, text)], key=lambda mark: mark.start)),
        tuple(text.breaks),
        characters=text.characters(),
        pages_without_text=empty,
    )


def _pages(path: Path, document: Any) -> Iterator[PageLines]:
    """Each page's lines. What pdfium holds of a page is freed before the next."""
    characters = 0
    for index in range(len(document)):
        with opened(document, index) as textpage:
            characters += textpage.count_chars()
            check_text(path, characters)
            bounds = textpage.page.get_bbox()
            yield PageLines(lines_of(textpage, characters_of(textpage, bounds)), bounds)


def _assembled(document: Any, pages: Sequence[PageLines], headings: Sequence[Heading]) -> Canonical:
    lines = without_running_heads(pages)
    mark_headings(headings, lines)
    return assemble(
        [
            PageBlocks(index, _label(document, index), blocks_of(page))
            for index, page in enumerate(lines)
            if page
        ]
    )


def _label(document: Any, index: int) -> str:
    """The page number as printed; empty where the file states none."""
    try:
        return clean(document.get_page_label(index))
    except UnicodeDecodeError:  # halves of characters
        return ""


def _marks(headings: Sequence[Heading], text: Canonical) -> Iterator[Mark]:
    """Of the outline's entries. What is not found on its page begins with the page."""
    for number, heading in enumerate(headings, 1):
        start = text.headings.get(number, text.page_starts.get(heading.page))
        if start is not None:
            yield Mark(start, "heading", heading.level, heading.title)
