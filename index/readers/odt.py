"""ODT: the paragraphs, headings, lists and tables of a text document in order; then its notes.

Read as it is shown: what tracked changes deleted, and hidden text, are left
out. Headers and footers stand with the page styles, and are not read.
OpenDocument 1.3, part 3, chapters 3 to 9.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import FileDamaged, FileEncrypted
from index.readers.odt_styles import NAMES, Styles
from index.readers.office_text import Block, Flow, Manuscript, one_line
from index.readers.package import Package, damaged
from index.readers.stated import metadata
from index.readers.walk import attribute, whole_number
from index.types import Metadata, SourceText

if TYPE_CHECKING:
    from lxml.etree import _Element

_NO_TEXT = frozenset(
    (
        *("text:tracked-changes", "office:forms", "office:event-listeners", "text:number"),
        *("text:sequence-decls", "text:variable-decls", "text:user-field-decls"),
        *("text:script", "text:ruby-text", "text:note-citation", "table:title", "table:desc"),
        *("title", "desc", "draw:object", "draw:object-ole", "draw:image", "draw:plugin"),
        *("dc:creator", "dc:date", "meta:date-string", "meta:creator-initials"),
    )
)
"""Old versions, declarations, descriptions of pictures, and what notes and comments are named by."""

_TABLES = {
    "table:table": Flow.begin_table,
    "table:table-row": Flow.begin_row,
    "table:table-cell": Flow.begin_cell,
    "table:covered-table-cell": Flow.begin_cell,
}

_NOTE_ORDER = ("footnote", "endnote", "comment")


def read(path: Path, data: bytes) -> SourceText:
    """Read the main text, and the notes and comments in it, in order."""
    package = Package(path, data)
    _check_open(package)
    content = package.xml("content.xml")
    styles = package.xml("styles.xml") if package.has("styles.xml") else None
    story = _Story(Styles(styles, content))
    manuscript = Manuscript(path)
    manuscript.extend(story.blocks(_body(path, content)))
    manuscript.end_headings()
    for kind in _NOTE_ORDER:
        for number, note in enumerate((each for each in story.notes if each.kind == kind), 1):
            manuscript.begin("part", number, note.label or f"{kind} {number}")
            manuscript.extend(note.blocks)
    return manuscript.finish(_metadata(package))


def _check_open(package: Package) -> None:
    """Raise FileEncrypted if the manifest says how to decrypt: passwords are not the zip's own."""
    name = "META-INF/manifest.xml"
    root = package.xml(name) if package.has(name) else None
    if root is not None and any(
        NAMES.of(each) == "manifest:encryption-data" for each in root.iter()
    ):
        raise FileEncrypted(
            package.path, "it is locked with a password.", "Open it, and save it without one."
        )


def _body(path: Path, content: _Element) -> _Element:
    bodies = (each for part in content if NAMES.of(part) == "office:body" for each in part)
    found = next((each for each in bodies if NAMES.of(each) == "office:text"), None)
    if found is None:
        raise damaged(path, "it is no text document")
    return found


def _metadata(package: Package) -> Metadata:
    try:
        root = package.xml("meta.xml") if package.has("meta.xml") else None
    except FileDamaged:  # its text can be read all the same
        return Metadata()
    fields = () if root is None else (each for group in root for each in group)
    stated = {NAMES.of(each): each.text or "" for each in fields}
    return metadata(
        {
            "title": stated.get("dc:title", ""),
            "author": stated.get("meta:initial-creator", "").strip()
            or stated.get("dc:creator", ""),
            "date": stated.get("meta:creation-date", ""),
            "language": stated.get("dc:language", ""),
        }
    )


@dataclass(frozen=True, slots=True)
class _Note:
    kind: str
    label: str
    """Empty where the file does not say its number."""
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class _List:
    style: str | None
    fresh: list[bool]
    """One flag, whether the next paragraph is the first of an item and has its bullet."""


class _Story:
    """The main text, read element by element."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._flows = [Flow()]
        self._lists: list[list[_List]] = [[]]
        """For each flow, the lists that are open."""
        self.notes: list[_Note] = []

    def blocks(self, root: _Element) -> list[Block]:
        """All blocks of the main text; then `notes` has the others."""
        for event, name, element in NAMES.events(root, self._is_left_out):
            if event == "start":
                self._start(name, element)
                self._flows[-1].write(element.text)
            else:
                if event == "end":
                    self._end(name, element)
                self._flows[-1].write(element.tail)
        return self._flows[0].blocks()

    def _start(self, name: str, element: _Element) -> None:
        flow = self._flows[-1]
        match name:
            case "text:h":
                level = whole_number(attribute(element, "outline-level")) or 1
                flow.begin_paragraph("heading", level)
            case "text:p":
                self._begin_paragraph(element)
            case "text:s" | "text:tab":
                flow.write(" ")
            case "text:line-break":
                flow.write("\n")
            case "text:list":
                style = attribute(element, "style-name") or self._list_style()
                self._lists[-1].append(_List(style, [False]))
            case "text:list-item":
                self._start_item(True)
            case _ if name in _TABLES:
                _TABLES[name](flow)
            case "text:note-body" | "office:annotation" | "draw:text-box":
                self._flows.append(Flow())
                self._lists.append([])

    def _end(self, name: str, element: _Element) -> None:
        match name:
            case "text:h" | "text:p":
                self._flows[-1].end_paragraph()
            case "text:list":
                self._lists[-1].pop()
            case "text:list-item":
                self._start_item(False)
            case "table:table":
                self._flows[-1].end_table()
            case "text:note-body" | "office:annotation":
                self._lists.pop()
                self.notes.append(_note(element, self._flows.pop().blocks()))
            case "draw:text-box":
                self._lists.pop()
                box = self._flows.pop()
                self._flows[-1].float(box.blocks())

    def _begin_paragraph(self, element: _Element) -> None:
        lists = self._lists[-1]
        style = attribute(element, "style-name")
        if self._styles.is_title(style):
            self._flows[-1].begin_paragraph("heading", 1)
        elif lists and lists[-1].fresh[0]:
            bulleted = self._styles.is_bulleted(lists[-1].style, len(lists))
            self._flows[-1].begin_paragraph("item" if bulleted else "paragraph")
        else:
            self._flows[-1].begin_paragraph(quoted=self._styles.is_quotation(style))
        self._start_item(False)

    def _start_item(self, fresh: bool) -> None:
        if self._lists[-1]:
            self._lists[-1][-1].fresh[0] = fresh

    def _list_style(self) -> str | None:
        """The style of the list around, which a list in it has too."""
        return self._lists[-1][-1].style if self._lists[-1] else None

    def _is_left_out(self, name: str, element: _Element) -> bool:
        if name in _NO_TEXT or name.endswith("-source"):  # templates of tables of contents
            return True
        if name in {"text:section", "text:hidden-text"} and (
            attribute(element, "display") == "none" or attribute(element, "is-hidden") == "true"
        ):
            return True
        return name in {"text:p", "text:h", "text:span"} and self._styles.is_hidden(
            attribute(element, "style-name")
        )


def _note(element: _Element, blocks: list[Block]) -> _Note:
    """A note or a comment, by its body."""
    if NAMES.of(element) == "office:annotation":
        author = _words(element, "dc:creator")
        return _Note("comment", f"comment by {author}" if author else "comment", blocks)
    note = element.getparent()
    kind = "endnote" if attribute(note, "note-class") == "endnote" else "footnote"
    shown = _words(() if note is None else note, "text:note-citation")
    return _Note(kind, f"{kind} {shown}" if shown else "", blocks)


def _words(elements: Iterable[_Element], name: str) -> str:
    """The text of the first such element."""
    found: Iterator[_Element] = (each for each in elements if NAMES.of(each) == name)
    return one_line("".join(str(text) for each in found for text in each.itertext()))
