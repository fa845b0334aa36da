"""The frame of an EPUB: which files are its chapters, in which order, and what it states."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from index import works
from index.errors import FileBinary, FileDamaged, FileEncrypted, FileUndecodable
from index.readers.html_document import parse
from index.readers.html_encoding import decoded
from index.readers.office_text import one_line
from index.readers.package import Package, damaged
from index.readers.stated import metadata
from index.readers.walk import attribute
from index.types import Metadata

if TYPE_CHECKING:
    from lxml.etree import _Element

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_FONT_ALGORITHMS = frozenset(
    ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
)
"""What fonts are scrambled with in books that are free to read."""

_CHAPTER_TYPES = frozenset(("application/xhtml+xml", "text/html", "text/x-oeb1-document"))
_CONTENTS_TYPE = "application/x-dtbncx+xml"
_AUTHOR_ROLE = "aut"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file that is read from beginning to end."""

    name: str
    title: str | None
    """As the table of contents calls it."""


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    kind: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the package document says."""

    metadata: Metadata
    chapters: tuple[Chapter, ...]


def frame(package: Package) -> Frame:
    """Read the package document and the table of contents.

    Raises:
        FileDamaged: where they are missing or lead nowhere.
        FileEncrypted: where chapters are locked.
    """
    name = _package_document(package)
    root = package.xml(name)
    items = {attribute(item, "id") or "": _item(package, name, item) for item in _all(root, "item")}
    titles = _titles(package, list(items.values()))
    chapters = tuple(
        Chapter(item.name, titles.get(item.name)) for item in _spine(package.path, root, items)
    )
    _check_open(package, {chapter.name for chapter in chapters})
    missing = next((each.name for each in chapters if not package.has(each.name)), None)
    if missing:
        raise damaged(package.path, f"the chapter {missing} is missing")
    return Frame(_metadata(root), chapters)


def _package_document(package: Package) -> str:
    for file in _all(package.xml(_CONTAINER), "rootfile"):
        if name := attribute(file, "full-path"):
            return name
    raise damaged(package.path, f"{_CONTAINER} names no package document")


def _item(package: Package, base: str, item: _Element) -> _Item:
    return _Item(
        _linked(package, base, attribute(item, "href") or ""),
        (attribute(item, "media-type") or "").lower(),
        tuple((attribute(item, "properties") or "").split()),
    )


def _linked(package: Package, base: str, reference: str) -> str:
    """The entry that a reference leads to. One that leads out of the archive leads nowhere."""
    path = reference.partition("#")[0]
    written = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    plain = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(path)))
    return written if package.has(written) and not package.has(plain) else plain


def _spine(path: Path, root: _Element, items: dict[str, _Item]) -> list[_Item]:
    """The files to read in order; what stands beside the text at the end."""
    main: list[_Item] = []
    beside: list[_Item] = []
    for reference in _all(root, "itemref"):
        item = items.get(attribute(reference, "idref") or "")
        if item and item.kind in _CHAPTER_TYPES and "nav" not in item.properties:
            is_linear = attribute(reference, "linear") != "no"
            (main if is_linear else beside).append(item)
    if not main + beside:
        raise damaged(path, "it names no chapters")
    return list(dict.fromkeys(main + beside))


def _check_open(package: Package, chapters: set[str]) -> None:
    if not package.has(_ENCRYPTION):
        return
    for locked in _all(package.xml(_ENCRYPTION), "EncryptedData"):
        method = next(_all(locked, "EncryptionMethod"), None)
        names = {
            unquote(attribute(each, "URI") or "").lstrip("/")
            for each in _all(locked, "CipherReference")
        }
        if attribute(method, "Algorithm") not in _FONT_ALGORITHMS and names & chapters:
            raise FileEncrypted(
                package.path,
                "its chapters are locked against copying (DRM).",
                "Get it in a form that is not, from where it was bought or from a library.",
            )


def _titles(package: Package, items: list[_Item]) -> dict[str, str]:
    """What the table of contents calls each file; the first entry for a file is its title."""
    found: dict[str, str] = {}
    for item in items:
        try:
            if "nav" in item.properties:
                entries = list(_navigation(package, item.name))
            elif item.kind == _CONTENTS_TYPE:
                entries = list(_old_navigation(package, item.name))
            else:
                continue
        except (FileDamaged, FileBinary, FileUndecodable):  # the chapters can be read all the same
            continue
        for reference, title in entries:
            if title:
                found.setdefault(_linked(package, item.name, reference), title)
    return found


def _navigation(package: Package, name: str) -> Iterator[tuple[str, str]]:
    page = decoded(package.path, package.read(name))
    tree = parse(package.path, page, is_xhtml=True)
    lists = tree.css("nav")
    contents = [each for each in lists if "toc" in (each.attributes.get("epub:type") or "").split()]
    for each in (contents or lists)[:1]:
        for link in each.css("a[href]"):
            yield link.attributes["href"] or "", one_line(link.text())


def _old_navigation(package: Package, name: str) -> Iterator[tuple[str, str]]:
    for point in _all(package.xml(name), "navPoint"):
        label = next(_all(point, "text"), None)
        reference = attribute(next(_all(point, "content"), None), "src")
        yield reference or "", one_line("" if label is None else label.text or "")


def _metadata(root: _Element) -> Metadata:
    part = next(_all(root, "metadata"), None)
    if part is None:
        return Metadata(type="book")
    identifiers = [*_words(part, "identifier"), *_words(part, "source")]
    stated = metadata(
        {
            "title": next(_words(part, "title"), None),
            "author": _authors(part),
            "publisher": next(_words(part, "publisher"), None),
            "date": _date(part),
            "language": next(_words(part, "language"), None),
            "url": next((each for each in identifiers if each.startswith("http")), None),
            "doi": next(filter(None, map(works.doi, identifiers)), None),
            "isbn": next(filter(None, map(works.isbn, identifiers)), None),
        }
    )
    return replace(stated, type="book")


def _authors(part: _Element) -> list[str]:
    """Creators, "Family, Given" where the book says so; translators only if there is no other."""
    creators = [(_refined(part, each, "role"), _name(part, each)) for each in _all(part, "creator")]
    writers = [name for role, name in creators if role in {None, _AUTHOR_ROLE}]
    return [name for name in writers or [name for _, name in creators] if name]


def _name(part: _Element, creator: _Element) -> str:
    sorted_by = _refined(part, creator, "file-as") or ""
    return sorted_by if "," in sorted_by else one_line(creator.text or "")


def _refined(part: _Element, element: _Element, name: str) -> str | None:
    """What is said of an element: by its attribute in EPUB 2, by a `meta` element in EPUB 3."""
    identity = attribute(element, "id")
    for meta in _all(part, "meta") if identity else ():
        if attribute(meta, "refines") == f"#{identity}" and attribute(meta, "property") == name:
            return one_line(meta.text or "") or None
    return attribute(element, name)


def _date(part: _Element) -> str | None:
    """Of publication if one is called so, else the first that is not of a change."""
    dates = [(attribute(each, "event"), one_line(each.text or "")) for each in _all(part, "date")]
    published = [date for event, date in dates if event in {"publication", "original-publication"}]
    return next(iter(published or [date for event, date in dates if event is None]), None)


def _words(part: _Element, name: str) -> Iterator[str]:
    return (words for each in _all(part, name) if (words := one_line(each.text or "")))


def _all(root: _Element, name: str) -> Iterator[_Element]:
    """Elements by their local name: books are careless with namespaces."""
    return root.iter(f"{{*}}{name}")
