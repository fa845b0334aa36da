r"""Sources as BibTeX entries, with the words cited as their annotation.

Entry types and fields are those of BibTeX itself (Patashnik, BibTeXing, 1988), which BibLaTeX
reads as well, and `doi`, `url`, `isbn`, `day`, `langid` and `entrysubtype`, which BibTeX passes
over. The words stand in `annote`, which only annotated bibliographies print. As BibTeX does
itself, white space is made one space.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qa.citing import csl
from qa.citing.prose import MONTHS, quoted_with_place
from qa.types import Citation, Source

ENTRY_TYPES = {
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "classic": "book",
    "collection": "book",
    "entry": "incollection",
    "entry-dictionary": "incollection",
    "entry-encyclopedia": "incollection",
    "pamphlet": "booklet",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "review": "article",
    "review-book": "article",
    "thesis": "phdthesis",
}
"""By item type of CSL; any other is "misc"."""

CONTAINERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHERS = {"techreport": "institution", "phdthesis": "school", "misc": "organization"}
"""What BibTeX calls what a work appeared in, and who published it, by entry type."""

KINDS = {"techreport": "Report", "phdthesis": "Thesis"}
"""What styles print in place of "Technical Report" and "PhD thesis", which nobody told us."""

SUBTYPES = {"article-magazine": "magazine", "article-newspaper": "newspaper"}

_LATEX = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{one: f"\\{one}" for one in "{}%&#$_"},
}

_UNPAIRED = {"{": r"{\ensuremath{\lbrace}}", "}": r"{\ensuremath{\rbrace}}"}
"""BibTeX counts braces, escaped or not, so that one without its other is spelled out."""

_LIGATURE = re.compile(r"([-'`,<>])(?=\1)|([?!])(?=`)")
"""What LaTeX's fonts would draw as a dash, a quotation mark or one upside down."""

_VERBATIM = str.maketrans({one: f"%{ord(one):02X}" for one in "{}\\ "})
"""Of addresses, which LaTeX takes as they are."""

_AND = re.compile(r"\band\b|,|^others$", re.IGNORECASE)


def bibtex(citation: Citation) -> str:
    """The source as a BibTeX entry, annotated with the words cited."""
    return entry(citation.document, (citation,))


def bibtex_list(citations: Iterable[Citation]) -> str:
    """Each source once, since keys must differ, annotated with all words cited from it."""
    by_key: dict[str, list[Citation]] = {}
    for citation in citations:
        by_key.setdefault(csl.key(citation.document), []).append(citation)
    return "\n".join(entry(some[0].document, some) for some in by_key.values())


def entry(source: Source, citations: Iterable[Citation] = ()) -> str:
    """A BibTeX entry, a field in a line."""
    kind = csl.item_type(source)
    type_ = ENTRY_TYPES.get(kind, "misc")
    fields = [f"  {name} = {value}," for name, value in _fields(source, kind, type_)]
    annotation = " ".join(quoted_with_place(one) for one in citations)
    if annotation:
        fields.append(f"  annote = {{{latex(annotation)}}},")
    return "\n".join((f"@{type_}{{{csl.key(source)},", *fields, "}\n"))


def _fields(source: Source, kind: str, type_: str) -> Iterator[tuple[str, str]]:
    texts = {
        CONTAINERS.get(type_, "howpublished"): source.publication,
        PUBLISHERS.get(type_, "publisher"): source.publisher,
        "address": source.place,
        "volume": source.volume,
        "number": source.issue,
        "edition": source.edition,
        "isbn": source.isbn,
        "type": KINDS.get(type_),
        "entrysubtype": SUBTYPES.get(kind),
        "langid": _language(source.language),
    }
    if authors := csl.names(source.author):
        yield "author", f"{{{' and '.join(map(_name, authors))}}}"
    yield "title", f"{{{{{latex(csl.title(source))}}}}}"  # twice: styles change no capitals
    yield from _date(source)
    for name, value in texts.items():
        if value and csl.one_line(value):
            yield name, f"{{{latex(value)}}}"
    if source.pages:
        yield "pages", f"{{{latex(source.pages).replace('-', '--')}}}"
    for name, address in (("doi", source.doi), ("url", source.url)):
        if address:
            yield name, f"{{{address.strip().translate(_VERBATIM)}}}"


def _date(source: Source) -> Iterator[tuple[str, str]]:
    parts = csl.date_parts(source.date)
    year = f"{parts[0]:04}" if parts else latex(source.date or "")
    if year:
        yield "year", f"{{{year}}}"
    if parts[1:]:
        yield "month", MONTHS[parts[1] - 1][:3].lower()  # a macro of BibTeX
    if parts[2:]:
        yield "day", f"{{{parts[2]}}}"


def _name(name: csl.Name) -> str:
    if "literal" in name:
        return f"{{{latex(name['literal'])}}}"  # in braces: not to be taken apart
    parts = (name["family"], name.get("suffix"), name["given"])
    return ", ".join(_part(part) for part in parts if part)


def _part(text: str) -> str:
    return f"{{{latex(text)}}}" if _AND.search(text) else latex(text)


def latex(text: str) -> str:
    r"""The text in one line, as LaTeX shows it; letters with accents stay as they are.

    >>> print(latex("50% of {Đà Nẵng} -- R&D"))
    50\% of \{Đà Nẵng\} -{}- R\&D
    """
    line = csl.one_line(text)
    ligatures = {found.start() for found in _LIGATURE.finditer(line)}
    unpaired = _unpaired(line)
    escaped = (
        _UNPAIRED[one] if at in unpaired else _LATEX.get(one, one) for at, one in enumerate(line)
    )
    return "".join(one + ("{}" if at in ligatures else "") for at, one in enumerate(escaped))


def _unpaired(text: str) -> set[int]:
    """Where braces stand that open or close nothing."""
    opened: list[int] = []
    unpaired: set[int] = set()
    for found in re.finditer(r"[{}]", text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            unpaired.add(found.start())
    return unpaired.union(opened)


def _language(code: str | None) -> str | None:
    """As LaTeX's babel names it, in English."""
    from babel import Locale, UnknownLocaleError

    try:
        return (Locale.parse(code).english_name or "").lower() if code else None
    except (UnknownLocaleError, ValueError):
        return None
