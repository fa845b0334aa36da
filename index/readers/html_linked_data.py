"""Metadata in JSON-LD, which newspapers and journals give with the terms of schema.org."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from typing import TYPE_CHECKING, Any

from index.readers.stated import metadata
from index.types import Metadata

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_NODES = 10_000
"""Things described in one page. Most describe fewer than a hundred."""

_TEXTS = ("article", "posting", "report", "book", "thesis", "chapter", "recipe", "review")
"""What the types of things end with that are texts and have authors."""

_PAGES = ("webpage", "aboutpage", "itempage", "creativework")
"""What stands for the page itself, if no text is described."""

Thing = dict[str, Any]


def metadata_of(tree: LexborHTMLParser) -> Metadata:
    """Of the first text that is described, or else of the page."""
    scripts = tree.css('script[type="application/ld+json" i]')
    things = [thing for script in scripts for thing in _things(script.text())]
    by_id = {thing["@id"]: thing for thing in things if _is_whole(thing)}
    for endings in (_TEXTS, _PAGES):
        for thing in things:
            if any(kind.endswith(endings) for kind in _types(thing)):
                return _metadata(thing, by_id)
    return Metadata()


def _things(written: str) -> Iterator[Thing]:
    """All things described, the outer ones first; nothing if it is no JSON."""
    try:
        open_ones: list[Any] = [json.loads(written.strip().removesuffix(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    seen = 0
    while open_ones and seen < MAX_NODES:
        seen += 1
        each = open_ones.pop(0)
        if isinstance(each, list):
            open_ones.extend(each)
        elif isinstance(each, dict):
            yield each
            open_ones.extend(value for value in each.values() if isinstance(value, list | dict))


def _is_whole(thing: Thing) -> bool:
    """More than a reference to what is described elsewhere."""
    return isinstance(thing.get("@id"), str) and len(thing) > 1


def _types(thing: Thing) -> list[str]:
    stated = thing.get("@type")
    kinds = stated if isinstance(stated, list) else [stated]
    return [kind.rpartition("/")[2].lower() for kind in kinds if isinstance(kind, str)]


def _metadata(thing: Thing, by_id: dict[str, Thing]) -> Metadata:
    authors = thing.get("author") or thing.get("creator")
    language = thing.get("inLanguage")
    if isinstance(language, dict):
        language = language.get("alternateName") or language.get("name")
    part_of = _names(thing.get("isPartOf"), by_id)
    publisher = _names(thing.get("publisher"), by_id)
    return metadata(
        {
            "title": _text(thing.get("headline")) or _text(thing.get("name")),
            "author": [name for name in _names(authors, by_id) if "://" not in name],
            "publication": next(iter(part_of + publisher), None),
            "date": thing.get("datePublished"),
            "language": language if isinstance(language, str) else None,
            "url": thing.get("url"),
        }
    )


def _names(value: object, by_id: dict[str, Thing]) -> list[str]:
    """The names of one or several things or strings, which may be described elsewhere."""
    names = []
    for each in value if isinstance(value, list) else [value]:
        whole = each
        if isinstance(each, dict) and "name" not in each:
            identity = each.get("@id")
            whole = by_id.get(identity, each) if isinstance(identity, str) else each
        name = whole.get("name") if isinstance(whole, dict) else whole
        if text := _text(name):
            names.append(text)
    return names


def _text(value: object) -> str | None:
    """A string, in which sites often leave entities of HTML."""
    return unescape(value) if isinstance(value, str) and value.strip() else None
