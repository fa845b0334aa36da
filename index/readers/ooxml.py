"""What DOCX and PPTX share: namespaces, how parts of a package refer to others, who made it."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index.errors import FileDamaged
from index.readers.package import Package, damaged
from index.readers.stated import metadata
from index.readers.walk import Names, attribute
from index.types import Metadata

if TYPE_CHECKING:
    from lxml.etree import _Element

_TRANSITIONAL = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
_PREFIXES = {
    f"{_TRANSITIONAL}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_TRANSITIONAL}presentationml/2006/main": "p",
    f"{_STRICT}presentationml/main": "p",
    f"{_TRANSITIONAL}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_TRANSITIONAL}drawingml/2006/diagram": "dgm",
    f"{_STRICT}drawingml/diagram": "dgm",
    f"{_TRANSITIONAL}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_TRANSITIONAL}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_TRANSITIONAL}markup-compatibility/2006": "mc",
}
"""ECMA-376: part 1 for the strict ones, part 4 for the transitional ones, part 3 for mc."""

NAMES = Names(_PREFIXES)
_RELATION_NAMESPACES = tuple(space for space, prefix in _PREFIXES.items() if prefix == "r")

_STAND_INS = frozenset(("powerpoint presentation", "powerpoint-präsentation", "word document"))
"""Titles that programs write where nobody gave one."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part of a package says of another."""

    kind: str
    """The last word of its type: "footnotes", "slide", "notesSlide"."""
    target: str
    """The other part's name."""


def relations(package: Package, part: str) -> dict[str, Relation]:
    """By their ids; a part without any has none. The package's own are those of part ""."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if not package.has(listing):
        return {}
    found = {}
    for element in package.xml(listing):
        target, key = element.get("Target"), element.get("Id")
        if target and key and element.get("TargetMode") != "External":
            kind = element.get("Type", "").rpartition("/")[2]
            found[key] = Relation(kind, _resolved(package, folder, target))
    return found


def relation_id(element: _Element, name: str = "id") -> str:
    """The id of a relation in an attribute r:NAME, "" where there is none."""
    values = (element.get(f"{{{space}}}{name}") for space in _RELATION_NAMESPACES)
    return next((value for value in values if value), "")


def part_of_kind(package: Package, part: str, kind: str, usual: str | None = None) -> str | None:
    """The part so related to another; else the usual one, if the package has it."""
    related = (each.target for each in relations(package, part).values() if each.kind == kind)
    names = (name for name in (*related, usual) if name and package.has(name))
    return next(names, None)


def main_part(package: Package, usual: str, root: str) -> tuple[str, _Element]:
    """The name and root of the part that holds the document."""
    name = part_of_kind(package, "", "officeDocument", usual)
    if name is None:
        raise damaged(package.path, f"{usual} is missing")
    element = package.xml(name)
    if NAMES.of(element) != root:
        raise damaged(package.path, f"it holds {NAMES.of(element)[:40]} instead of {root}")
    return name, element


def core_properties(package: Package) -> Metadata:
    """Title, authors, language and day of making, from Dublin Core in docProps/core.xml."""
    name = part_of_kind(package, "", "core-properties", "docProps/core.xml")
    if name is None:
        return Metadata()
    try:
        root = package.xml(name)
    except FileDamaged:  # its text can be read all the same
        return Metadata()
    stated = {NAMES.of(element): element.text or "" for element in root}
    title = stated.get("title", "")
    return metadata(
        {
            "title": "" if title.strip().lower() in _STAND_INS else title,
            "authors": [name.strip() for name in stated.get("creator", "").split(";")],
            "date": stated.get("created", ""),
            "language": stated.get("language", ""),
        }
    )


def children(element: _Element | None, *path: str) -> list[_Element]:
    """The descendants at a path of short names."""
    found = [] if element is None else [element]
    for name in path:
        found = [child for each in found for child in each if NAMES.of(child) == name]
    return found


def child(element: _Element | None, *path: str) -> _Element | None:
    """The first of them."""
    return next(iter(children(element, *path)), None)


def left_out(name: str, element: _Element) -> bool:
    """Whether an element repeats, for older programs, what stands beside it."""
    parent = element.getparent() if name in {"mc:Fallback", "mc:Choice"} else None
    return parent is not None and parent[0] is not element


def on(element: _Element | None) -> bool:
    """Whether a property that is on unless it says otherwise is on."""
    return element is not None and attribute(element, "val") not in {"0", "false", "off", "none"}


def _resolved(package: Package, folder: str, target: str) -> str:
    target = target.replace("\\", "/")
    name = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    return name if package.has(name) else unquote(name)
