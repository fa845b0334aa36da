"""Web pages: the main text with its headings, and what the page states of itself."""

from __future__ import annotations

from pathlib import Path

from index.readers.html_blocks import written
from index.readers.html_document import parse
from index.readers.html_encoding import decoded
from index.readers.html_main import main_blocks
from index.readers.html_metadata import page_metadata
from index.readers.html_tree import blocks
from index.types import SourceText


def read(path: Path, data: bytes) -> SourceText:
    """Read what the page says, without what the site puts around it."""
    page = decoded(path, data)
    tree = parse(path, page)
    text, marks = written(main_blocks(page, blocks(tree)))
    return SourceText(text, page_metadata(tree), tuple(marks))
