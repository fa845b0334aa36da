"""From the tree of a web page to its blocks, without recursion however deep it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.readers.html_blocks import Block
from index.readers.html_elements import (
    ASIDE,
    ASIDE_ROLES,
    BLOCKS,
    CONTROLS,
    HEADINGS,
    PREFORMATTED,
    SKIPPED,
)
from index.readers.html_tables import MAX_NESTED, Table
from index.readers.office_text import MAX_HEADING_CHARACTERS, one_line
from index.readers.walk import whole_number

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SIDE_BY_SIDE = frozenset(("p", *HEADINGS))
"""They hold a paragraph each; what they stand in holds them together."""

_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_BREAK = "\0"
"""Stands for <br>: no parser leaves this character in a text."""
_INDENTATION = re.compile(r"^[ \t]+", re.M)
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_INVISIBLE = dict.fromkeys((*range(9), *range(14, 32), *range(0x7F, 0xA0), 0xAD, 0xFEFF))
"""Control characters, soft hyphens and marks of byte order."""


def blocks(tree: LexborHTMLParser) -> list[Block]:
    """All that the page shows, in order. A page of frames shows nothing of its own."""
    return _Walk(tree).blocks(tree.body) if tree.body else []


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for the text inside an element."""

    container: int = 0
    is_preformatted: bool = False
    is_linked: bool = False
    is_aside: bool = False


@dataclass(slots=True)
class _List:
    number: int | None
    """Of the next item; None where items have bullets."""
    begun: bool
    """Some item of it, or of the list around it, has been written."""


class _Walk:
    def __init__(self, tree: LexborHTMLParser) -> None:
        candidates = tree.css('[hidden], [style*="none" i], [style*="hidden" i]')
        self._hidden = {node.mem_id for node in candidates if _is_hidden(node)}
        self._aside = {
            node.mem_id
            for node in tree.css("[role]")
            if (node.attributes.get("role") or "").strip().lower() in ASIDE_ROLES
        }
        self._blocks: list[Block] = []
        self._scopes = [_Scope()]
        self._pieces: list[str] = []
        self._linked = 0
        self._level = 0
        self._marker = ""
        self._runs_on = False
        self._lists: list[_List] = []
        self._tables: list[Table] = []

    def blocks(self, root: LexborNode) -> list[Block]:
        top = root.mem_id
        node: LexborNode | None = root
        while node is not None:
            if node.is_text_node:
                self._write(node.text_content or "")
            elif self._enter(node):
                if (child := node.first_child) is not None:
                    node = child
                    continue
                self._leave(node)
            while node is not None and node.mem_id != top and node.next is None:
                node = node.parent
                if node is not None:
                    self._leave(node)
            node = None if node is None or node.mem_id == top else node.next
        return self._blocks

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        if self._scopes[-1].is_linked:
            self._linked += len(text.strip())

    def _enter(self, node: LexborNode) -> bool:
        """Begin an element; False where nothing in it is read."""
        tag = _name(node)
        if tag in SKIPPED or node.mem_id in self._hidden:
            return False
        if tag in BLOCKS:
            self._part(tag)
        self._scopes.append(self._scope(tag, node))
        if tag in HEADINGS:
            self._level = HEADINGS[tag]
        if begin := _BEGINNINGS.get(tag):
            begin(self, node)
        return True

    def _leave(self, node: LexborNode) -> None:
        tag = _name(node)
        if tag in BLOCKS:
            self._part(tag)
        if end := _ENDS.get(tag):
            end(self)
        self._scopes.pop()

    def _scope(self, tag: str, node: LexborNode) -> _Scope:
        around = self._scopes[-1]
        number = node.mem_id
        return _Scope(
            number if tag in BLOCKS and tag not in _SIDE_BY_SIDE else around.container,
            around.is_preformatted or tag in PREFORMATTED,
            # A heading that is a button folds and unfolds what it heads.
            around.is_linked or (tag in CONTROLS and not (self._level and tag == "button")),
            around.is_aside
            or number in self._aside
            or (tag in ASIDE and not _is_attribution(tag, node)),
        )

    def _part(self, tag: str) -> None:
        """End the paragraph; among preformatted text, the line."""
        if self._scopes[-1].is_preformatted and tag not in HEADINGS:
            if self._pieces and not self._pieces[-1].endswith("\n"):
                self._pieces.append("\n")
        else:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        if not self._pieces:
            return
        raw = "".join(self._pieces)
        linked, self._linked = self._linked, 0
        self._pieces.clear()
        if self._level:
            texts = [one_line(raw.replace(_BREAK, " ").translate(_INVISIBLE))]
        elif self._scopes[-1].is_preformatted:
            texts = list(_preformatted(raw))
        else:
            texts = list(_paragraphs(raw))
        for text in filter(None, texts):
            self._add(text, linked * len(text) // max(1, sum(map(len, texts))))

    def _add(self, text: str, linked: int) -> None:
        level = self._level if len(text) <= MAX_HEADING_CHARACTERS else 0
        scope = self._scopes[-1]
        marker = "" if level else self._marker
        runs_on = self._item_runs_on() if marker else self._runs_on
        self._blocks.append(
            Block(text, level, marker, runs_on, linked, scope.is_aside, scope.container)
        )
        self._level, self._marker, self._runs_on = 0, "", False

    def _item_runs_on(self) -> bool:
        """Whether an item of the list was written before; now one is."""
        runs_on = bool(self._lists) and self._lists[-1].begun
        for around in reversed(self._lists):
            if around.begun:
                break
            around.begun = True
        return runs_on

    def _begin_break(self, _: LexborNode) -> None:
        self._write("\n" if self._scopes[-1].is_preformatted else _BREAK)

    def _begin_bullets(self, _: LexborNode) -> None:
        self._begin_list(None)

    def _begin_numbers(self, node: LexborNode) -> None:
        stated = node.attributes
        lettered = stated.get("type") not in {None, "", "1"}
        self._begin_list(None if lettered else whole_number(stated.get("start")) or 1)

    def _begin_list(self, number: int | None) -> None:
        self._lists.append(_List(number, bool(self._lists) and self._lists[-1].begun))

    def _begin_item(self, node: LexborNode) -> None:
        self._marker = "- "
        if self._lists and (number := self._lists[-1].number) is not None:
            number = whole_number(node.attributes.get("value")) or number
            self._marker = f"{number}. "
            self._lists[-1].number = number + 1

    def _begin_definition(self, _: LexborNode) -> None:
        self._runs_on = True

    def _begin_table(self, _: LexborNode) -> None:
        read_through = len(self._tables) >= MAX_NESTED or self._scopes[-1].is_preformatted
        self._tables.append(Table(self._blocks, read_through))
        if not read_through:
            self._blocks = self._tables[-1].loose

    def _begin_row(self, _: LexborNode) -> None:
        if self._tables and not self._tables[-1].is_read_through:
            self._tables[-1].begin_row()

    def _begin_cell(self, _: LexborNode) -> None:
        if self._tables and not self._tables[-1].is_read_through:
            self._blocks = self._tables[-1].begin_cell()

    def _end_cell(self) -> None:
        if self._tables and not self._tables[-1].is_read_through:
            self._blocks = self._tables[-1].loose

    def _end_table(self) -> None:
        table = self._tables.pop()
        if not table.is_read_through:
            table.end()
            self._blocks = table.outside

    def _end_list(self) -> None:
        self._lists.pop()
        self._marker = ""

    def _end_item(self) -> None:
        self._marker = ""

    def _end_definition(self) -> None:
        self._runs_on = False

    def _end_heading(self) -> None:
        self._level = 0

    def _end_preformatted(self) -> None:
        if not self._scopes[-2].is_preformatted:
            self._end_paragraph()


_BEGINNINGS: dict[str, Callable[[_Walk, LexborNode], None]] = {
    "br": _Walk._begin_break,
    "ul": _Walk._begin_bullets,
    "dir": _Walk._begin_bullets,
    "menu": _Walk._begin_bullets,
    "ol": _Walk._begin_numbers,
    "li": _Walk._begin_item,
    "dd": _Walk._begin_definition,
    "table": _Walk._begin_table,
    "tr": _Walk._begin_row,
    "td": _Walk._begin_cell,
    "th": _Walk._begin_cell,
}
_ENDS: dict[str, Callable[[_Walk], None]] = {
    **dict.fromkeys(("ul", "dir", "menu", "ol"), _Walk._end_list),
    **dict.fromkeys(HEADINGS, _Walk._end_heading),
    **dict.fromkeys(PREFORMATTED, _Walk._end_preformatted),
    **dict.fromkeys(("td", "th"), _Walk._end_cell),
    "li": _Walk._end_item,
    "dd": _Walk._end_definition,
    "table": _Walk._end_table,
}


def _name(node: LexborNode) -> str:
    """The element's, without the prefix that XHTML may give it."""
    return (node.tag or "").rpartition(":")[2]


def _is_hidden(node: LexborNode) -> bool:
    """Pages that hide their whole body show it by a script once they are loaded."""
    stated = node.attributes
    hidden = "hidden" in stated or _HIDDEN.search(stated.get("style") or "") is not None
    return hidden and node.tag not in {"html", "body"}


def _is_attribution(tag: str, node: LexborNode) -> bool:
    parent = node.parent
    return tag == "footer" and parent is not None and parent.tag in {"blockquote", "figure"}


def _paragraphs(raw: str) -> Iterator[str]:
    """Lines parted by breaks, and paragraphs where there are two in a row."""
    if _BREAK not in raw:
        yield one_line(raw.translate(_INVISIBLE))
        return
    lines = [one_line(line.translate(_INVISIBLE)) for line in raw.split(_BREAK)]
    yield from _BLANK_LINES.split("\n".join(lines).strip("\n"))


def _preformatted(raw: str) -> Iterator[str]:
    """Lines as they stand, from the least of their indentations; paragraphs at blank lines."""
    from textwrap import dedent

    text = raw.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n")
    spaced = _INDENTATION.sub(lambda match: match[0].expandtabs(4), text)
    for paragraph in _BLANK_LINES.split(spaced):
        lines = dedent(paragraph.strip("\n")).splitlines()
        yield "\n".join(line.rstrip() for line in lines).strip()
