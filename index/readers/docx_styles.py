"""What a DOCX says of its paragraphs elsewhere: headings, bullets and hidden text by style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.ooxml import child, children, on
from index.readers.walk import attribute, whole_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING_NAME = re.compile(r"heading ?([1-9])", re.I)
"""Word's own styles have English names in every language; only the ids are translated."""

_QUOTATION_NAME = re.compile(
    r"(?:intense )?quote|block ?(?:text|quotation|quote)|quotations?", re.I
)
"""Word's, Pandoc's and LibreOffice's names of styles for block quotations."""

QUOTATION_INDENT = 360
"""Twips; a quarter of an inch. Whoever sets off a quotation by hand, indents it by more."""

_BODY_LEVEL = 9
"""ECMA-376 17.3.1.20: outline levels are 0 to 8, 9 is body text."""

MAX_BASES = 50
"""How far a style may stand from the one it is based on at last; Word allows ten."""


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    base: str | None
    outline: int | None
    numbering: _Element | None
    vanish: bool | None


class Styles:
    """The styles of a document, asked about paragraphs and runs by their properties."""

    def __init__(self, styles: _Element | None, numbering: _Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._usual: str | None = None
        for element in children(styles, "w:style"):
            key = attribute(element, "styleId") or ""
            self._styles[key] = _style(element)
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in {
                "1",
                "true",
                "on",
            }:
                self._usual = key
        self._bullets = frozenset(_bullets(numbering))

    def heading_level(self, properties: _Element | None) -> int | None:
        """The level of a heading, from 1; None for any other paragraph."""
        outline = whole_number(attribute(child(properties, "w:outlineLvl"), "val"))
        if outline is not None:
            return outline + 1 if outline < _BODY_LEVEL else None
        for key, style in self._chain(properties):
            if style.outline is not None:
                return style.outline + 1 if style.outline < _BODY_LEVEL else None
            named = _HEADING_NAME.fullmatch(style.name) or _HEADING_NAME.fullmatch(key)
            if named:
                return int(named[1])
            if style.name.lower() == "title":
                return 1
        return None

    def is_bulleted(self, properties: _Element | None) -> bool:
        """Whether the paragraph is shown with a bullet."""
        numbering = child(properties, "w:numPr")
        key, level = _numbering(numbering)
        if key is None:
            styles = (style for _, style in self._chain(properties))
            inherited = (style.numbering for style in styles if style.numbering is not None)
            key, inherited_level = _numbering(next(inherited, None))
            level = level or inherited_level
        return (key, level or "0") in self._bullets

    def is_quotation(self, properties: _Element | None) -> bool:
        """Whether a paragraph is set off as a quotation, by its style or by its own indent."""
        if any(_QUOTATION_NAME.fullmatch(style.name) for _, style in self._chain(properties)):
            return True
        indent = child(properties, "w:ind")
        if child(properties, "w:numPr") is not None or attribute(indent, "hanging"):
            return False
        left = attribute(indent, "left") or attribute(indent, "start")
        return (whole_number(left) or 0) >= QUOTATION_INDENT

    def is_hidden(self, paragraph: _Element | None, run: _Element | None) -> bool:
        """Whether a run is hidden, by itself or by its style or its paragraph's."""
        if (own := child(run, "w:vanish")) is not None:
            return on(own)
        chains = (self._chain(run, "w:rStyle"), self._chain(paragraph))
        stated = (style.vanish for chain in chains for _, style in chain)
        return next((vanish for vanish in stated if vanish is not None), False)

    def _chain(
        self, properties: _Element | None, name: str = "w:pStyle"
    ) -> Iterator[tuple[str, _Style]]:
        """A paragraph's or run's style, the one it is based on, and so on."""
        usual = self._usual if name == "w:pStyle" else None
        key = attribute(child(properties, name), "val") or usual
        for _ in range(MAX_BASES):
            style = self._styles.get(key or "")
            if key is None or style is None:
                return
            yield key, style
            key = style.base


def _style(element: _Element) -> _Style:
    vanish = child(element, "w:rPr", "w:vanish")
    return _Style(
        name=attribute(child(element, "w:name"), "val") or "",
        base=attribute(child(element, "w:basedOn"), "val"),
        outline=whole_number(attribute(child(element, "w:pPr", "w:outlineLvl"), "val")),
        numbering=child(element, "w:pPr", "w:numPr"),
        vanish=None if vanish is None else on(vanish),
    )


def _numbering(element: _Element | None) -> tuple[str | None, str | None]:
    """The number of a list, and the level in it."""
    key = attribute(child(element, "w:numId"), "val")
    return key, attribute(child(element, "w:ilvl"), "val")


def _bullets(numbering: _Element | None) -> Iterator[tuple[str, str]]:
    """Lists and levels of them that have bullets."""
    levels = {
        attribute(each, "abstractNumId"): _bulleted_levels(each)
        for each in children(numbering, "w:abstractNum")
    }
    for number in children(numbering, "w:num"):
        abstract = attribute(child(number, "w:abstractNumId"), "val")
        for level in levels.get(abstract, ()):
            yield attribute(number, "numId") or "", level


def _bulleted_levels(abstract: _Element) -> list[str]:
    return [
        attribute(level, "ilvl") or "0"
        for level in children(abstract, "w:lvl")
        if attribute(child(level, "w:numFmt"), "val") == "bullet"
    ]
