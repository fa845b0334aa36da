"""A text made ready to say where any of its words stand: paragraphs counted, marks looked up."""

from __future__ import annotations

from index.locate import Locations
from index.segment import Outline, paragraphs
from index.types import SourceText


def outline(content: SourceText) -> Outline:
    """What its marks tell of a text's structure."""
    rows = [mark.start for mark in content.marks if mark.kind == "row"]
    headings = [mark.start for mark in content.marks if mark.kind == "heading" and mark.label]
    return Outline(content.breaks, tuple(headings), tuple(rows) if content.is_the_file else ())


def locations(content: SourceText) -> Locations:
    """What says where words of a text stand. Ends of pages (`breaks`) make no difference."""
    return Locations(content, [start for start, _ in paragraphs(content.text, outline(content))])
