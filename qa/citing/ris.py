"""Sources in RIS, which Zotero, EndNote, Mendeley and library catalogues read.

Tags as in the specification of 2011 (Research Information Systems, "RIS Format Specifications"),
with the words cited as a note (N1). Lines end in CRLF, as it asks; values are one line each.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.works import NUMBERED
from qa.citing import csl
from qa.citing.prose import quoted_with_place
from qa.types import Citation, Source

REFERENCE_TYPES = {
    "article": "UNPB",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "bill": "BILL",
    "book": "BOOK",
    "broadcast": "VIDEO",
    "chapter": "CHAP",
    "classic": "CLSWK",
    "collection": "BOOK",
    "dataset": "DATA",
    "entry": "ENCYC",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "figure": "FIGURE",
    "graphic": "ART",
    "hearing": "HEAR",
    "legal_case": "CASE",
    "legislation": "STAT",
    "manuscript": "MANSCPT",
    "map": "MAP",
    "motion_picture": "MPCT",
    "musical_score": "MUSIC",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "periodical": "SER",
    "personal_communication": "PCOMM",
    "post": "ICOMM",
    "post-weblog": "BLOG",
    "regulation": "LEGAL",
    "report": "RPRT",
    "review": "JOUR",
    "review-book": "JOUR",
    "software": "COMP",
    "song": "SOUND",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
"""By item type of CSL; any other is "GEN"."""


def ris(citation: Citation) -> str:
    """The source in RIS, with the words cited in a note."""
    source = citation.document
    kind = csl.item_type(source)
    lines = [("TY", REFERENCE_TYPES.get(kind, "GEN")), ("ID", csl.key(source))]
    lines += [*_work(source, kind), *_publication(source), ("N1", quoted_with_place(citation))]
    said = [f"{tag}  - {csl.one_line(value)}" for tag, value in lines if value.strip()]
    return "\r\n".join((*said, "ER  - ", ""))


def _work(source: Source, kind: str) -> Iterator[tuple[str, str]]:
    for name in csl.names(source.author):
        parts = (name.get("family"), name.get("given"), name.get("suffix"))
        yield "AU", name.get("literal") or ", ".join(part for part in parts if part)
    yield "TI", csl.title(source)
    yield "T2", source.publication or ""
    own_number = source.issue if kind in NUMBERED else None
    yield "SN", source.isbn or own_number or ""
    yield "IS", "" if own_number else source.issue or ""
    yield "VL", source.volume or ""
    first, _, last = (source.pages or "").partition("-")
    yield "SP", first
    yield "EP", last


def _publication(source: Source) -> Iterator[tuple[str, str]]:
    yield "ET", source.edition or ""
    yield "PB", source.publisher or ""
    yield "CY", source.place or ""
    yield from _date(source.date or "")
    yield "LA", source.language or ""
    yield "DO", source.doi or ""
    yield "UR", source.url or ""


def _date(written: str) -> Iterator[tuple[str, str]]:
    """YYYY/MM/DD/words: what is not known stays empty, but not its slash."""
    if parts := csl.date_parts(written):
        year, *rest = f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])
        yield "PY", year
        yield "DA", "/".join((year, *rest, *[""] * (4 - len(parts))))
    elif written.strip():
        yield "DA", f"///{written}"
