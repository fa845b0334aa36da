"""What kind of work an entry of BibTeX describes, as the Citation Style Language names it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

ITEM_TYPES = {
    "article": "article-journal",
    "artwork": "graphic",
    "audio": "song",
    "book": "book",
    "bookinbook": "book",
    "booklet": "book",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "image": "figure",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "inreference": "entry",
    "jurisdiction": "legal_case",
    "legal": "treaty",
    "legislation": "legislation",
    "letter": "personal_communication",
    "manual": "report",
    "mastersthesis": "thesis",
    "movie": "motion_picture",
    "music": "musical_score",
    "mvbook": "book",
    "mvcollection": "book",
    "mvproceedings": "book",
    "mvreference": "book",
    "online": "webpage",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "reference": "book",
    "report": "report",
    "review": "review",
    "software": "software",
    "standard": "standard",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "video": "motion_picture",
    "www": "webpage",
}
"""By entry type of BibTeX or BibLaTeX, the item type; the mapping of citation.js 0.7
(@citation-js/plugin-bibtex, mapping/biblatexTypes.json), without "misc", which says nothing."""

ARTICLE_TYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
"""By what `entrysubtype` says of an article, as Zotero and pandoc write it."""


def item_type(entry_type: str, fields: Mapping[str, str]) -> str | None:
    """The item type of an entry; None where it does not say what it describes.

    Of those that say "misc", one with an e-print's number is a preprint, which is CSL's "article",
    and one with an address and no DOI is a page on the web.

    >>> item_type("Book", {}), item_type("article", {"entrysubtype": "newspaper"})
    ('book', 'article-newspaper')
    >>> item_type("misc", {}), item_type("misc", {"url": "https://example.org"})
    (None, 'webpage')
    """
    kind = entry_type.strip().lower()
    if kind == "article":
        return ARTICLE_TYPES.get(fields.get("entrysubtype", "").lower(), ITEM_TYPES[kind])
    if kind == "misc" and fields.get("eprint"):
        return "article"
    if kind == "misc" and not fields.get("doi"):
        addresses = (fields.get("url", ""), fields.get("howpublished", ""))
        return (
            "webpage" if any("://" in one and "doi.org/" not in one for one in addresses) else None
        )
    return ITEM_TYPES.get(kind)
