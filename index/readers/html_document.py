"""From the characters of a web page, HTML or XHTML, to its tree."""

from __future__ import annotations

import re
from html.entities import html5
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import LimitExceeded

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_NESTING = 25_000
"""Elements inside elements. Parsing takes the square of it: some five seconds at this depth.
Browsers stop at 512."""

INTERNAL: Any = "internal"
"""Entities that the file itself declares; lxml's stub does not know the word."""

_NEVER_NEST = "area|br|col|dd|dt|hr|img|input|li|link|meta|option|p|t(?:body|d|foot|h|head|r)|wbr"
_TAG = re.compile(rf"<(/?)(?!(?:{_NEVER_NEST})\b)[a-z]", re.I)

_XHTML = re.compile(
    r"\s*(?:<\?xml\s|(?:<!DOCTYPE[^>]{0,200}>\s*)?<html\s[^>]{0,300}?\bxmlns=)", re.I
)
_XML_DECLARATION = re.compile(r"\s*<\?xml\s[^>]*\?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_XML_OWN = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_CLOSES_ITSELF = re.compile(
    r"<(title|script|style|textarea|iframe|xmp|noembed|noframes|a|div|span|p|i|b|em|strong)"
    r"(\s[^<>]*)?/>",
    re.I,
)


def parse(path: Path, page: str, *, is_xhtml: bool = False) -> LexborHTMLParser:
    """The page's tree, as browsers build it. Whether it is XHTML is seen where it is not known.

    Raises:
        LimitExceeded: when it is nested too deep to be read in a sane time.
    """
    from selectolax.lexbor import LexborHTMLParser

    if is_xhtml or _XHTML.match(page):
        page = _as_html(page)
    if nesting(page) > MAX_NESTING:
        raise LimitExceeded(
            path,
            f"its elements are nested more than {MAX_NESTING:,} deep.",
            "Open it in a browser, and save its text or print it to a PDF.",
        )
    return LexborHTMLParser(page)


def nesting(page: str) -> int:
    """About how deep elements are nested, without a parser: those that are never closed count."""
    depth = deepest = 0
    for closing in _TAG.findall(page):
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def _as_html(page: str) -> str:
    """XHTML as HTML, where <title/> would not end and sections of CDATA would be comments."""
    from lxml import etree

    # The entities of HTML are declared outside of the file, where nothing is fetched from.
    known = _ENTITY.sub(_character, _XML_DECLARATION.sub("", page, count=1))
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=INTERNAL,  # libxml2 stops where these swell ("a billion laughs")
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(known.encode(), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return _CLOSES_ITSELF.sub(r"<\1\2></\1>", page)  # no XML, whatever it says
    return etree.tostring(root, encoding="unicode", method="html")


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    return entity[0] if name in _XML_OWN else html5.get(name, entity[0])
