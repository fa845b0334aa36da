"""What a PDF states of itself: its information dictionary, its XMP, its catalog's language."""

from __future__ import annotations

import ctypes
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import works
from index.errors import FileDamaged
from index.readers.package import parse_xml
from index.readers.pdf_outline import clean
from index.types import Metadata

if TYPE_CHECKING:
    from lxml import etree

_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_PRISM = re.compile(r"\{http://prismstandard\.org/namespaces/basic/\d\.\d/\}(\w+)")
_PACKET = re.compile(rb"<x:x[am]pmeta\b.*?</x:x[am]pmeta>|<rdf:RDF\b.*?</rdf:RDF>", re.S)
_OF_A_PICTURE = re.compile(rb"<dc:format>(?!application/pdf)|dc:format=\"(?!application/pdf)")
_DATE = re.compile(r"(?:D:)?(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?")
_ITEM_TYPES = {"journal": "article-journal", "magazine": "article-magazine"}
"""By PRISM's prism:aggregationType; what is in a book may be the whole book or a chapter."""

_DOIS = ("doi", "identifier")
_ISBNS = ("isbn", "identifier")
_FILE_NAME = re.compile(
    r"\.(?:docx?|dotx?|pdf|indd|qxd|tex|dvi|ps|xlsx?|pptx?|rtf|odt|html?|txt|pmd|fm|wpd|p65)$", re.I
)
_WORTHLESS = re.compile(
    r"(?:untitled|no title|title|\(?unknown\)?|none|null|document|doc|print|layout|slide|"
    r"powerpoint[- ]pr(?:e|ä)sentation|présentation powerpoint|book|page|scan|default|blank)"
    r"[\s_-]*\d*|[\W\d_]*",
    re.I,
)
_PROGRAM = re.compile(r"^microsoft (?:word|powerpoint|excel|publisher) - ", re.I)


def metadata_of(document: Any, path: Path, data: bytes) -> Metadata:
    """What is stated. XMP, which says more, goes before the older dictionary."""
    xmp = _xmp(path, data)
    return Metadata(
        title=_title(xmp.get("title"), path) or _title(_information(document, "Title"), path),
        author=xmp.get("creator") or _information(document, "Author"),
        publication=xmp.get("publicationName") or None,
        date=next(filter(None, map(_iso, _dates(document, xmp))), None),
        language=_language(_catalog_language(document)) or _language(xmp.get("language")),
        url=xmp.get("url"),
        type=_ITEM_TYPES.get(xmp.get("aggregationType", "").lower()),
        publisher=xmp.get("publisher") or None,
        volume=xmp.get("volume") or None,
        issue=xmp.get("number") or None,
        pages=_pages(xmp),
        edition=xmp.get("edition") or None,
        doi=next(filter(None, (works.doi(xmp.get(name, "")) for name in _DOIS)), None),
        isbn=next(filter(None, (works.isbn(xmp.get(name, "")) for name in _ISBNS)), None),
    )


def _pages(xmp: dict[str, str]) -> str | None:
    """The range that is stated, or the first page and the last."""
    ends = (xmp.get("startingPage"), xmp.get("endingPage"))
    return works.page_range(xmp.get("pageRange") or "-".join(filter(None, ends)))


def _dates(document: Any, xmp: dict[str, str]) -> list[str | None]:
    published = [xmp.get(name) for name in ("publicationDate", "coverDate", "date")]
    return [*published, _information(document, "CreationDate")]


def _information(document: Any, key: str) -> str | None:
    try:
        return clean(document.get_metadata_value(key)) or None
    except UnicodeDecodeError:
        return None


def _title(written: str | None, path: Path) -> str | None:
    """A title that says something: no file's name, no program's."""
    title = _PROGRAM.sub("", written or "")
    worthless = (
        _WORTHLESS.fullmatch(title)
        or _FILE_NAME.search(title)
        or title.casefold() in {path.stem.casefold(), path.name.casefold()}
    )
    return None if worthless else title


def _iso(written: str | None) -> str | None:
    """An ISO 8601 date out of a PDF's or an XMP one, its time cut off.

    >>> _iso("D:20230816101500-04'00'"), _iso("2023-08"), _iso("August")
    ('2023-08-16', '2023-08', None)
    """
    import datetime

    match = _DATE.match(written or "")
    if not match:
        return None
    year, month, day = match.groups()
    try:
        datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def _language(tag: str | None) -> str | None:
    """ISO 639-1 out of a language tag.

    >>> _language("en-US"), _language("x-unknown")
    ('en', None)
    """
    match = re.match(r"([a-z]{2})(?:[-_].*)?$", (tag or "").strip().lower())
    return match[1] if match else None


def _catalog_language(document: Any) -> str | None:
    from pypdfium2 import raw

    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(2 * length + 2)
    target = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    raw.FPDFCatalog_GetLanguage(document, target, length)
    return buffer.raw.decode("utf-16-le", errors="ignore").split("\0")[0] or None


def _xmp(path: Path, data: bytes) -> dict[str, str]:
    """The values of the document's XMP packet, which a PDF keeps uncompressed, by their names.

    Pictures have packets of their own; of several versions the last one holds.
    """
    for packet in reversed(_PACKET.findall(data)):
        if _OF_A_PICTURE.search(packet):
            continue
        try:
            return _values(parse_xml(path, packet))
        except FileDamaged:
            continue
    return {}


def _values(root: etree._Element) -> dict[str, str]:
    values: dict[str, str] = {}
    for description in root.iter(f"{{{_NAMES['rdf']}}}Description"):
        for name, value in description.attrib.items():
            _keep(values, str(name), clean(str(value)))
        for child in description:
            if isinstance(child.tag, str):
                items = child.findall(".//rdf:li", _NAMES) or [child]
                texts = [clean("".join(map(str, item.itertext()))) for item in items]
                several = "; " if child.tag.endswith("}creator") else None
                shown = [text for text in texts if text]
                _keep(values, child.tag, several.join(shown) if several else (shown or [""])[0])
    return values


def _keep(values: dict[str, str], name: str, value: str) -> None:
    prism = _PRISM.fullmatch(name)
    if prism:
        values.setdefault(prism[1], value)
    elif name.startswith(f"{{{_NAMES['dc']}}}") and value:
        values.setdefault(name.rpartition("}")[2], value)
