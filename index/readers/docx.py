"""DOCX: Word's paragraphs, headings, lists and tables in order; then notes and comments.

Read as it is shown when every change is accepted: what is deleted or hidden is
left out, of a field only its result is taken. Headers and footers, which
repeat on every page, are left out. ECMA-376 part 1, chapter 17.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from index.readers.docx_notes import KINDS, Notes
from index.readers.docx_styles import Styles
from index.readers.office_text import Block, Flow, Manuscript, one_line
from index.readers.ooxml import NAMES, child, core_properties, left_out, main_part, part_of_kind
from index.readers.package import Package
from index.readers.walk import attribute
from index.types import SourceText

if TYPE_CHECKING:
    from lxml.etree import _Element

_WRITTEN = {
    "w:tab": " ",
    "w:ptab": " ",
    "w:br": "\n",
    "w:cr": "\n",
    "w:noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
}
"""What stands for a character."""

_NO_TEXT = frozenset(
    (
        *("w:del", "w:moveFrom", "w:delText", "w:delInstrText", "w:instrText"),
        *("w:pPr", "w:rPr", "w:sdtPr", "w:sectPr", "w:tblPr", "w:trPr", "w:tcPr", "w:tblGrid"),
        "w:rt",  # a reading above the characters, which would stand amid the words
    )
)
"""Deleted text, the code of fields, and properties, among them the old ones of changed text."""


_SYMBOL = re.compile(r"(?![dD][89a-fA-F])[0-9a-fA-F]{4}")
"""Four digits, and no half of a pair."""


def read(path: Path, data: bytes) -> SourceText:
    """Read the main text, and what it refers to, in order."""
    package = Package(path, data)
    name, root = main_part(package, "word/document.xml", "w:document")
    styles = Styles(_part(package, name, "styles"), _part(package, name, "numbering"))
    notes = Notes({kind: _part(package, name, f"{kind}s") for kind in KINDS.values()})
    manuscript = Manuscript(path)
    manuscript.extend(_Story(styles, notes).blocks(root))
    manuscript.end_headings()
    written = [(note, _Story(styles, notes).blocks(note.content)) for note in notes]
    for kind in KINDS.values():
        for note, blocks in written:
            if note.kind == kind:
                manuscript.begin("part", note.number, note.label)
                manuscript.extend(blocks)
    return manuscript.finish(core_properties(package))


def _part(package: Package, name: str, kind: str) -> _Element | None:
    found = part_of_kind(package, name, kind, f"word/{kind}.xml")
    return package.xml(found) if found else None


class _Story:
    """One run of text, read element by element."""

    def __init__(self, styles: Styles, notes: Notes) -> None:
        self._styles = styles
        self._notes = notes
        self._flows = [Flow()]
        self._paragraphs: list[_Element | None] = []
        """The properties of those that are open: a text box stands inside of one."""
        self._hidden: list[bool] = []
        """Of the runs that are open."""
        self._codes: list[bool] = []
        """Of the fields that are open, whether their code is being read and not the result."""
        self._marked: _Element | None = None
        """The run in which a note's own mark stands."""

    def blocks(self, root: _Element) -> list[Block]:
        """All of its blocks."""
        for event, name, element in NAMES.events(root, _is_left_out):
            if event == "start":
                self._start(name, element)
            elif event == "end":
                self._end(name)
        return self._flows[0].blocks()

    def _start(self, name: str, element: _Element) -> None:
        flow = self._flows[-1]
        match name:
            case "w:p":
                self._begin_paragraph(child(element, "w:pPr"))
            case "w:r":
                self._hidden.append(self._is_hidden(child(element, "w:rPr")))
            case "w:tbl":
                flow.begin_table()
            case "w:tr":
                flow.begin_row()
            case "w:tc":
                flow.begin_cell()
            case "w:txbxContent":
                self._flows.append(Flow())
            case "w:fldChar":
                self._field(attribute(element, "fldCharType"))
            case _ if self._shows():
                self._write(name, element)

    def _end(self, name: str) -> None:
        match name:
            case "w:p":
                mark = child(self._paragraphs.pop(), "w:rPr")
                deleted = any(child(mark, kind) is not None for kind in ("w:del", "w:moveFrom"))
                self._flows[-1].end_paragraph(runs_on=deleted)
            case "w:r":
                self._hidden.pop()
            case "w:tbl":
                self._flows[-1].end_table()
            case "w:txbxContent":
                box = self._flows.pop()
                self._flows[-1].float(box.blocks())

    def _begin_paragraph(self, properties: _Element | None) -> None:
        self._paragraphs.append(properties)
        level = self._styles.heading_level(properties)
        if level:
            self._flows[-1].begin_paragraph("heading", level)
        else:
            bulleted = self._styles.is_bulleted(properties)
            self._flows[-1].begin_paragraph(
                "item" if bulleted else "paragraph", quoted=self._styles.is_quotation(properties)
            )

    def _is_hidden(self, run: _Element | None) -> bool:
        return self._styles.is_hidden(self._paragraphs[-1] if self._paragraphs else None, run)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._codes.append(True)
        elif kind == "separate" and self._codes:
            self._codes[-1] = False
        elif kind == "end" and self._codes:
            self._codes.pop()

    def _shows(self) -> bool:
        """Not in a hidden run, nor in a field whose result the code of another works with."""
        return not any(self._hidden) and not any(self._codes[:-1])

    def _write(self, name: str, element: _Element) -> None:
        if name in KINDS:
            self._refer(KINDS[name], element)
        elif self._marked is not None and element.getparent() is self._marked:
            return
        elif name in {"w:t", "m:t"}:
            self._flows[-1].write(element.text)
        elif name == "w:sym":
            self._flows[-1].write(_symbol(element))
        else:
            self._flows[-1].write(_WRITTEN.get(name))

    def _refer(self, kind: str, element: _Element) -> None:
        mark = ""
        if attribute(element, "customMarkFollows") in {"1", "true", "on"}:
            self._marked = element.getparent()
            words = (_mark(following) for following in element.itersiblings())
            mark = one_line("".join(words))
        self._notes.refer(kind, attribute(element, "id"), mark)


def _is_left_out(name: str, element: _Element) -> bool:
    if name == "w:tr":
        return child(element, "w:trPr", "w:del") is not None
    if name == "w:tc":
        return child(element, "w:tcPr", "w:cellDel") is not None
    return name in _NO_TEXT or left_out(name, element)


def _mark(element: _Element) -> str:
    return _symbol(element) if NAMES.of(element) == "w:sym" else element.text or ""


def _symbol(element: _Element) -> str:
    """A character of a font of symbols, by its number in the font."""
    written = attribute(element, "char") or ""
    return chr(int(written, 16)) if _SYMBOL.fullmatch(written) else ""
