"""Footnotes, endnotes and comments of a DOCX, in the order the text refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.ooxml import children
from index.readers.walk import attribute

if TYPE_CHECKING:
    from lxml.etree import _Element

KINDS = {
    "w:footnoteReference": "footnote",
    "w:endnoteReference": "endnote",
    "w:commentReference": "comment",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A note that the text refers to."""

    kind: str
    number: int
    """Counted among those of its kind, from 1."""
    label: str
    """As in a citation: "footnote 3", "comment by Ana"."""
    content: _Element


class Notes:
    """Collects what is referred to. A note is read once, however often it is referred to."""

    def __init__(self, parts: dict[str, _Element | None]) -> None:
        """`parts` are the roots of the parts that hold notes, by kind."""
        self._contents = {
            kind: {attribute(note, "id"): note for note in children(root, f"w:{kind}")}
            for kind, root in parts.items()
        }
        self._counts = dict.fromkeys(parts, 0)
        self._found: list[Note] = []

    def __iter__(self) -> Iterator[Note]:
        """Those referred to, also by notes that are read meanwhile: a footnote has comments."""
        return iter(self._found)

    def refer(self, kind: str, key: str | None, mark: str) -> None:
        """The text refers to a note, by its number or by a mark of its own such as "*"."""
        if not mark:
            self._counts[kind] += 1  # what is referred to and missing is counted by Word too
        content = self._contents[kind].pop(key, None)
        if content is not None:
            number = self._counts[kind]
            self._found.append(Note(kind, number, _label(kind, mark or number, content), content))


def _label(kind: str, shown: str | int, content: _Element) -> str:
    if kind != "comment":
        return f"{kind} {shown}"
    author = " ".join((attribute(content, "author") or "").split())
    return f"comment by {author}" if author else "comment"
