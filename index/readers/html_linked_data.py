"""Metadata in JSON-LD, which newspapers and journals give with the terms of schema.org."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, Any

from index import works
from index.readers.stated import metadata, short_value
from index.types import Metadata

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_NODES = 10_000
"""Things described in one page. Most describe fewer than a hundred."""

_TEXTS = ("article", "posting", "report", "book", "thesis", "chapter", "recipe", "review")
"""What the types of things end with that are texts and have authors."""

_PAGES = ("webpage", "aboutpage", "itempage", "creativework")
"""What stands for the page itself, if no text is described."""

_ITEM_TYPES = {
    "newsarticle": "article-newspaper",
    "scholarlyarticle": "article-journal",
    "blogposting": "post-weblog",
    "posting": "post",
    "report": "report",
    "thesis": "thesis",
    "chapter": "chapter",
    "book": "book",
    "review": "review",
    "article": "webpage",
    "page": "webpage",
}
"""By what a type of schema.org ends with, the first that fits, the item type of the Citation Style
Language. A mere Article is what its page is: CSL's "article" is a preprint."""

MAX_CONTAINERS = 3
"""An article is part of an issue, that of a volume, that of a journal."""

_PARTS_OF_CONTAINERS = ("page", "publicationissue", "publicationvolume")

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
        open_ones: deque[Any] = deque([json.loads(written.strip().removesuffix(";"), strict=False)])
    except (ValueError, RecursionError):
        return
    seen = 0
    while open_ones and seen < MAX_NODES:
        seen += 1
        each = open_ones.popleft()
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
    containers = list(_containers(thing, by_id))
    stated = metadata(
        {
            "title": _text(thing.get("headline")) or _text(thing.get("name")),
            "author": [name for name in _names(authors, by_id) if "://" not in name],
            "publication": next(filter(None, map(_name_of, containers)), None),
            "publisher": next(iter(_names(thing.get("publisher"), by_id)), None),
            "isbn": thing.get("isbn"),
            "date": thing.get("datePublished"),
            "language": language if isinstance(language, str) else None,
            "url": thing.get("url"),
        }
    )
    places = [thing, *(each for each in containers if isinstance(each, dict))]
    return replace(
        stated,
        type=_item_type(thing),
        volume=_stated_in(places, "volumeNumber"),
        issue=_stated_in(places, "issueNumber"),
        pages=_pages(thing),
        edition=_stated_in([thing], "bookEdition"),
    )


def _item_type(thing: Thing) -> str | None:
    kinds = _types(thing)
    for ending, item_type in _ITEM_TYPES.items():
        if any(kind.endswith(ending) for kind in kinds):
            return item_type
    return None


def _containers(thing: Thing, by_id: dict[str, Thing]) -> Iterator[object]:
    """What a thing is part of, what that is part of, and so on."""
    within: list[object] = [thing]
    for _ in range(MAX_CONTAINERS):
        parts_of = [each.get("isPartOf") for each in within if isinstance(each, dict)]
        several = [one for each in parts_of for one in (each if isinstance(each, list) else [each])]
        within = [_whole(one, by_id) for one in several[:MAX_CONTAINERS]]
        yield from within


def _name_of(container: object) -> str | None:
    """The name of what is more than a page, an issue or a volume of something."""
    if not isinstance(container, dict):
        return _text(container)
    kinds = _types(container)
    only_parts = kinds and all(kind.endswith(_PARTS_OF_CONTAINERS) for kind in kinds)
    return None if only_parts else _text(container.get("name"))


def _stated_in(things: list[Thing], name: str) -> str | None:
    return next(filter(None, (short_value(thing.get(name)) for thing in things)), None)


def _pages(thing: Thing) -> str | None:
    ends = (_stated_in([thing], name) for name in ("pageStart", "pageEnd"))
    whole = _stated_in([thing], "pagination") or "-".join(filter(None, ends))
    return works.page_range(whole)


def _whole(thing: object, by_id: dict[str, Thing]) -> object:
    """The thing itself, for a mere reference to one that is described elsewhere."""
    if isinstance(thing, dict) and "name" not in thing:
        identity = thing.get("@id")
        return by_id.get(identity, thing) if isinstance(identity, str) else thing
    return thing


def _names(value: object, by_id: dict[str, Thing]) -> list[str]:
    """The names of one or several things or strings, which may be described elsewhere."""
    names = []
    for each in value if isinstance(value, list) else [value]:
        whole = _whole(each, by_id)
        name = whole.get("name") if isinstance(whole, dict) else whole
        if text := _text(name):
            names.append(text)
    return names


def _text(value: object) -> str | None:
    """A string, in which sites often leave entities of HTML."""
    return unescape(value) if isinstance(value, str) and value.strip() else None
