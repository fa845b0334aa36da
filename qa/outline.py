"""What a reader leafs by: the headings, pages and slides of a document; pure."""

from __future__ import annotations

from collections.abc import Sequence

from index.types import Document, Mark
from qa.types import Heading, Numbered, Outline


def outline(document: Document, marks: Sequence[Mark]) -> Outline:
    """Where the parts of a document begin, from what its reader marked.

    >>> marks = [Mark(0, "page", 1, "i"), Mark(0, "heading", 1, "Rice"), Mark(9, "heading", 1)]
    >>> outline(document, marks).headings  # doctest: +SKIP
    (Heading(level=1, title='Rice', start=0),)
    """
    return Outline(
        document.id,
        document.length,
        # One without words ends those before it.
        tuple(
            Heading(m.number, m.label, m.start) for m in marks if m.kind == "heading" and m.label
        ),
        tuple(Numbered(m.number, m.label, m.start) for m in marks if m.kind == "page"),
        tuple(Numbered(m.number, m.label, m.start) for m in marks if m.kind == "slide"),
    )
