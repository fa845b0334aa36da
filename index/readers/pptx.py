"""PPTX: slide by slide the title, what stands on it, and the speaker notes.

Slides come in the order they are shown, hidden ones among them. Slide numbers,
dates, footers and charts are left out. ECMA-376 part 1, chapters 19 and 21.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import LimitExceeded, NoTextLayer
from index.readers.limits import MAX_PAGES
from index.readers.office_text import Block, Flow, Manuscript, block
from index.readers.ooxml import (
    NAMES,
    Relation,
    child,
    children,
    core_properties,
    left_out,
    main_part,
    relation_id,
    relations,
)
from index.readers.package import Package, damaged
from index.readers.walk import attribute
from index.types import SourceText

if TYPE_CHECKING:
    from lxml.etree import _Element

_TITLES = frozenset(("title", "ctrTitle"))
_REPEATED = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
"""Placeholders that say the same on every slide."""

_SHAPE_NAMES = frozenset(("p:sp", "p:pic", "p:graphicFrame", "p:cxnSp"))

_SCAFFOLD_POINTS = frozenset(("parTrans", "sibTrans", "pres"))
"""Points of a diagram that are lines and boxes, and hold no text of their own."""


def read(path: Path, data: bytes) -> SourceText:
    """Read all slides, each with its notes after it."""
    package = Package(path, data)
    manuscript = Manuscript(path)
    empty = 0
    slides = _slides(package)
    for number, name in enumerate(slides, 1):
        related = relations(package, name)
        blocks = _Slide(package, related).blocks(package.xml(name))
        notes = _notes(package, related)
        manuscript.begin("slide", number)
        manuscript.end_part()
        if not any(found.kind == "heading" for found in blocks):
            manuscript.end_headings()
        manuscript.extend(blocks)
        manuscript.begin("part", number, "speaker notes")
        manuscript.extend(notes)
        empty += not blocks and not notes
    if empty == len(slides):
        raise _no_text(path, empty)
    return manuscript.finish(core_properties(package), pages_without_text=empty)


def _slides(package: Package) -> list[str]:
    """The names of the slides' parts, in order."""
    name, root = main_part(package, "ppt/presentation.xml", "p:presentation")
    related = relations(package, name)
    listed = children(root, "p:sldIdLst", "p:sldId")
    if len(listed) > MAX_PAGES:
        raise LimitExceeded(
            package.path,
            f"it has {len(listed):,} slides; at most {MAX_PAGES:,} are read.",
            "Split it into smaller files.",
        )
    keys = [relation_id(element) for element in listed]
    missing = next((number for number, key in enumerate(keys, 1) if key not in related), None)
    if missing is not None:
        raise damaged(package.path, f"slide {missing} is missing")
    return [related[key].target for key in keys]


def _notes(package: Package, related: dict[str, Relation]) -> list[Block]:
    names = (each.target for each in related.values() if each.kind == "notesSlide")
    name = next((each for each in names if package.has(each)), None)
    return _Slide(package, {}).blocks(package.xml(name)) if name else []


def _no_text(path: Path, slides: int) -> NoTextLayer:
    return NoTextLayer(
        path,
        f"its {slides:,} slides hold no text, only pictures or nothing.",
        "Recognise the text with OCR after saving it as PDF, or remove it.",
    )


class _Slide:
    """A slide or its notes, read element by element."""

    def __init__(self, package: Package, related: dict[str, Relation]) -> None:
        self._package = package
        self._related = related
        self._title = Flow()
        self._body = Flow()
        self._placeholders: list[str] = []
        """The kinds of the shapes that are open; "" for one that is no placeholder."""

    def blocks(self, root: _Element) -> list[Block]:
        """The title first, wherever in the file it stands."""
        for event, name, element in NAMES.events(root, _is_left_out):
            if event == "start":
                self._start(name, element)
            elif event == "end":
                self._end(name)
        words = " ".join(part.text for part in self._title.blocks())
        title = block("heading", words, 1)
        return [*([title] if title else []), *self._body.blocks()]

    def _flow(self) -> Flow:
        titled = bool(self._placeholders) and self._placeholders[-1] in _TITLES
        return self._title if titled else self._body

    def _start(self, name: str, element: _Element) -> None:
        match name:
            case _ if name in _SHAPE_NAMES:
                self._placeholders.append(_placeholder(element))
            case "a:p":
                _begin(self._flow(), element)
            case "a:tbl":
                self._body.begin_table()
            case "a:tr":
                self._body.begin_row()
            case "a:tc":
                self._body.begin_cell()
            case "a:br":
                self._flow().write("\n")
            case "a:t" | "m:t":
                self._flow().write(element.text)
            case "dgm:relIds":
                self._body.float(_diagram(self._package, self._related, element))

    def _end(self, name: str) -> None:
        match name:
            case _ if name in _SHAPE_NAMES:
                self._placeholders.pop()
            case "a:p":
                self._flow().end_paragraph()
            case "a:tbl":
                self._body.end_table()


def _begin(flow: Flow, element: _Element) -> None:
    """A paragraph of DrawingML; bullets that a slide inherits from its layout are not looked up."""
    bulleted = child(element, "a:pPr", "a:buChar") is not None
    flow.begin_paragraph("item" if bulleted else "paragraph")


def _placeholder(shape: _Element) -> str:
    """What kind of placeholder a shape is: "title", "body"; "" for none."""
    properties = (part for part in shape if NAMES.of(part).startswith("p:nv"))
    found = (child(part, "p:nvPr", "p:ph") for part in properties)
    placeholder = next((each for each in found if each is not None), None)
    return "" if placeholder is None else attribute(placeholder, "type") or "obj"


def _is_left_out(name: str, element: _Element) -> bool:
    return (name in _SHAPE_NAMES and _placeholder(element) in _REPEATED) or left_out(name, element)


def _diagram(package: Package, related: dict[str, Relation], element: _Element) -> Iterator[Block]:
    """The text of a SmartArt diagram, which is a part of its own."""
    relation = related.get(relation_id(element, "dm"))
    if relation is None or not package.has(relation.target):
        return
    flow = Flow()
    for point in children(package.xml(relation.target), "dgm:ptLst", "dgm:pt"):
        if attribute(point, "type") in _SCAFFOLD_POINTS:
            continue
        for paragraph in children(point, "dgm:t", "a:p"):
            _begin(flow, paragraph)
            for part in paragraph.iter():
                if NAMES.of(part) in {"a:t", "a:br"}:
                    flow.write(part.text if NAMES.of(part) == "a:t" else "\n")
            flow.end_paragraph()
    yield from flow.blocks()
