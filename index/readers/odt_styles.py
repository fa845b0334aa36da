"""What an ODT says of its paragraphs elsewhere: the title, bullets and hidden text by style."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.readers.walk import Names, attribute, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = Names(
    {f"{_ODF}{name}:1.0": name for name in ("office", "text", "table", "style", "meta", "manifest")}
    | {f"{_ODF}drawing:1.0": "draw", "http://purl.org/dc/elements/1.1/": "dc"}
)
"""OpenDocument 1.3, part 3, section 1.3."""

_BULLETS = frozenset(("text:list-level-style-bullet", "text:list-level-style-image"))

MAX_PARENTS = 50
"""How far a style may stand from the one it is derived from at last."""


class Styles:
    """The styles of a document: its named ones, and the automatic ones of its content."""

    def __init__(self, *roots: _Element | None) -> None:
        self._parents: dict[str, str] = {}
        self._display: dict[str, str] = {}
        self._lists: dict[str, dict[int, bool]] = {}
        """For each style of lists and each of its levels, whether items have bullets."""
        for root in roots:
            for group in () if root is None else root:
                if NAMES.of(group) in {"office:styles", "office:automatic-styles"}:
                    for element in group:
                        self._note(element)

    def is_title(self, name: str | None) -> bool:
        """Whether a paragraph's style is that of titles, or derived from it."""
        return "Title" in self._chain(name)

    def is_quotation(self, name: str | None) -> bool:
        """Whether a paragraph's style is that of quotations, or derived from it."""
        return "Quotations" in self._chain(name)

    def is_hidden(self, name: str | None) -> bool:
        """Whether a style hides what is written in it."""
        stated = (self._display.get(each) for each in self._chain(name))
        return next(filter(None, stated), None) == "none"

    def is_bulleted(self, name: str | None, level: int) -> bool:
        """Whether a list's items of that level have bullets, as those without any style have."""
        style = self._lists.get(name or "")
        return style.get(level, False) if style else True

    def _chain(self, name: str | None) -> Iterator[str]:
        """A style, the one it is derived from, and so on."""
        for _ in range(MAX_PARENTS):
            if not name:
                return
            yield name
            name = self._parents.get(name)

    def _note(self, element: _Element) -> None:
        name = attribute(element, "name") or ""
        if NAMES.of(element) == "style:style":
            self._parents[name] = attribute(element, "parent-style-name") or ""
            texts = (each for each in element if NAMES.of(each) == "style:text-properties")
            self._display[name] = next((attribute(each, "display") or "" for each in texts), "")
        elif NAMES.of(element) == "text:list-style":
            self._lists[name] = {
                whole_number(attribute(level, "level")) or 1: NAMES.of(level) in _BULLETS
                for level in element
            }
