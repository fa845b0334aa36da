"""A tree of XML as events with short names, without recursion however deep it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.etree import _Element

Event = tuple[Literal["start", "end", "skipped"], str, "_Element"]
Skip = Callable[[str, "_Element"], bool]


class Names:
    """Short names such as "w:p" for the elements of some namespaces; others are left as "p"."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._known: dict[str, str] = {}

    def of(self, element: _Element) -> str:
        """The element's; nothing for entities, which are no elements."""
        tag: object = element.tag
        if not isinstance(tag, str):
            return ""
        if tag not in self._known:
            namespace, _, local = tag.rpartition("}")
            prefix = self._prefixes.get(namespace.lstrip("{"))
            self._known[tag] = f"{prefix}:{local}" if prefix else local
        return self._known[tag]

    def events(self, root: _Element, skip: Skip) -> Iterator[Event]:
        """Elements as they start and end. Of one to skip there is a single event, at its end."""
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        skipped: _Element | None = None
        for event, element in walk:
            name = self.of(element)
            if event == "end":
                yield "skipped" if element is skipped else "end", name, element
                skipped = None
            elif skip(name, element):
                walk.skip_subtree()
                skipped = element
            else:
                yield "start", name, element


def attribute(element: _Element | None, name: str) -> str | None:
    """An attribute's value by its local name, whatever its namespace."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def whole_number(written: str | None) -> int | None:
    """A number of up to nine digits; None for anything else."""
    if written and len(written) <= 9 and written.isascii() and written.isdigit():
        return int(written)
    return None
