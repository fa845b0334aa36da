"""What a web page states of itself: in its head, in JSON-LD, in marked elements. No guesses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from index import works
from index.readers import html_linked_data
from index.readers.office_text import one_line
from index.readers.stated import completed, metadata, short_value
from index.types import Metadata

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

Stated = Mapping[str, Sequence[str]]

_BYLINE = re.compile(r"by\s+(?=\S)", re.I)
_ADDRESS = re.compile(r"https?://|@\w+$", re.I)
_SITE_PARTING = " -\N{EN DASH}\N{EM DASH}|·•:»«"

_FIELDS: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "title": ("citation_title",),
        "author": ("citation_author", "citation_authors"),
        "publication": ("citation_journal_title", "citation_conference_title"),
        "date": ("citation_publication_date", "citation_date", "citation_online_date"),
        "publisher": (
            "citation_publisher",
            "citation_dissertation_institution",
            "citation_technical_report_institution",
        ),
    },
    {
        "title": ("og:title", "dc.title", "dcterms.title", "headline", "twitter:title"),
        "author": ("author", "article:author", "dc.creator", "dcterms.creator", "byl", "creator"),
        "publication": ("og:site_name",),
        "publisher": ("dc.publisher", "dcterms.publisher", "publisher"),
        "date": (
            *("article:published_time", "datepublished", "dc.date.issued", "dcterms.issued"),
            *("dc.date", "dcterms.date", "dcterms.created", "date", "pubdate", "publish-date"),
            *("parsely-pub-date", "sailthru.date", "og:article:published_time"),
        ),
    },
)
"""Names that `meta` elements go by: of scholars' pages first, then of all others."""

_TYPES = {
    "citation_dissertation_institution": "thesis",
    "citation_technical_report_institution": "report",
    "citation_journal_title": "article-journal",
    "citation_conference_title": "paper-conference",
}
"""What a scholar's page is of, by which of the names is there:
https://scholar.google.com/intl/en/scholar/inclusion.html#indexing"""

_NUMBERS = {
    "volume": ("citation_volume", "prism.volume"),
    "issue": ("citation_issue", "citation_technical_report_number", "prism.number"),
    "first": ("citation_firstpage", "prism.startingpage"),
    "last": ("citation_lastpage", "prism.endingpage"),
    "doi": ("citation_doi", "prism.doi", "dc.identifier", "dc.identifier.doi"),
    "isbn": ("citation_isbn", "prism.isbn", "dc.identifier"),
}
"""Names of Highwire Press and PRISM that numbers go by, and of Dublin Core."""


def page_metadata(tree: LexborHTMLParser) -> Metadata:
    """What is stated, from the most to the least careful of the ways to say it."""
    meta = _meta(tree)
    scholarly, common = (_of_fields(meta, fields) for fields in _FIELDS)
    linked = html_linked_data.metadata_of(tree)
    found = completed(
        *(_page(tree), scholarly, _numbers(meta), replace(linked, publication=None), common),
        *(linked, _elements(tree)),
    )
    title = found.title or _title(tree)
    for site in (found.publication, found.publisher):
        title = _without_site(title, site)
    return replace(found, title=title)


def _meta(tree: LexborHTMLParser) -> Stated:
    """What the `meta` elements say, by name in lower case; "dc:title" is "dc.title"."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for node in tree.css("meta[content]"):
        stated = node.attributes
        name = stated.get("name") or stated.get("property") or stated.get("itemprop") or ""
        name = re.sub(r"^dc(terms)?:", r"dc\1.", name.strip().lower())
        value = one_line(unescape(stated.get("content") or ""))
        if value and value not in found[name]:
            found[name].append(value)
    return found


def _of_fields(meta: Stated, fields: Mapping[str, tuple[str, ...]]) -> Metadata:
    values = {
        field: next((meta[name] for name in names if meta.get(name)), [])
        for field, names in fields.items()
    }
    authors = [
        _BYLINE.sub("", name, count=1) for name in values["author"] if not _ADDRESS.match(name)
    ]
    publications = [name for name in values["publication"] if not _ADDRESS.match(name)]
    publishers = [name for name in values["publisher"] if not _ADDRESS.match(name)]
    return metadata(
        {
            "title": values["title"][0] if values["title"] else None,
            "author": authors,
            "publication": publications[0] if publications else None,
            "date": values["date"][0] if values["date"] else None,
            "publisher": publishers[0] if publishers else None,
        }
    )


def _numbers(meta: Stated) -> Metadata:
    """What scholars' pages state beside the names: the kind of work, and where it is found."""
    values = {
        field: [
            short for name in names for value in meta.get(name, ()) if (short := short_value(value))
        ]
        for field, names in _NUMBERS.items()
    }
    ends = [each[0] for each in (values["first"], values["last"]) if each]
    return Metadata(
        type=next((kind for name, kind in _TYPES.items() if meta.get(name)), None),
        volume=next(iter(values["volume"]), None),
        issue=next(iter(values["issue"]), None),
        pages=works.page_range("-".join(dict.fromkeys(ends))) if values["first"] else None,
        doi=next(filter(None, map(works.doi, values["doi"])), None),
        isbn=next(filter(None, map(works.isbn, values["isbn"])), None),
    )


def _page(tree: LexborHTMLParser) -> Metadata:
    """Its language and its address."""
    html = tree.css_first("html")
    canonical = tree.css_first('link[rel~="canonical" i][href]')
    shared = tree.css_first('meta[property="og:url" i][content]')
    addresses = [
        (canonical.attributes.get("href") if canonical else None) or "",
        (shared.attributes.get("content") if shared else None) or "",
    ]
    stated = html.attributes if html else {}
    return completed(
        metadata({"language": stated.get("lang") or stated.get("xml:lang")}),
        *(metadata({"url": address.strip()}) for address in addresses),
    )


def _elements(tree: LexborHTMLParser) -> Metadata:
    """The day in a `time` element, if it is marked as the page's or stands in its only article."""
    marked = tree.css('time[itemprop="datePublished"], time[pubdate]')
    only = len(tree.css("article")) == 1
    times = marked or (tree.css("article time[datetime]") if only else [])
    author = tree.css_first('[itemprop="author"] [itemprop="name"]')
    return metadata(
        {
            "date": (times[0].attributes.get("datetime") or times[0].text()) if times else None,
            "author": one_line(author.text()) if author else None,
        }
    )


def _title(tree: LexborHTMLParser) -> str | None:
    """The only headline of the first level, if the window's title agrees; else that title."""
    head = tree.css_first("head title") or tree.css_first("title")
    window = one_line(head.text()) if head else ""
    headlines = [one_line(node.text(separator=" ")) for node in tree.css("h1")]
    headlines = [line for line in headlines if line]
    if len(headlines) == 1 and (not window or headlines[0].casefold() in window.casefold()):
        window = headlines[0]
    return metadata({"title": window or (headlines[0] if headlines else None)}).title


def _without_site(title: str | None, site: str | None) -> str | None:
    """The title without the site's name at its end, where pages are wont to put it."""
    if title and site and title.casefold().endswith(site.casefold()):
        rest = title[: -len(site)]
        if rest.rstrip() and rest.rstrip()[-1] in _SITE_PARTING:
            return rest.rstrip(_SITE_PARTING) or title
    return title
