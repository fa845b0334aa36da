"""Citations to take along: styles, exports, and citations that were saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.types import DocumentId
from qa.types import Citation

STYLES = ("chicago-notes", "chicago-author-date", "apa", "mla", "harvard", "ieee", "nature")
"""Of the Citation Style Language, see `qa.citing.styles`."""

EXPORTS = ("bibtex", "ris", "csl-json", "markdown", "html", "plain")
"""See `qa.citing.exports`."""

ALL_STYLES = (*STYLES, *EXPORTS)


@dataclass(frozen=True, slots=True)
class Styled:
    """A citation in one of ALL_STYLES."""

    style: str
    in_text: str | None
    """The note, or what stands in parentheses, with the place; None for an export."""
    text: str
    """The entry of a reference list; of an export all of it."""


def as_styled(citation: Citation, style: str) -> Styled:
    """A citation in one of ALL_STYLES, its parts by themselves."""
    if style in EXPORTS:
        from qa.citing.exports import FORMATS

        return Styled(style, None, FORMATS[style](citation))
    from qa.citing.styles import in_text, reference

    return Styled(style, in_text(citation, style), reference(citation, style))


def formatted(citation: Citation, style: str) -> str:
    """A citation in one of ALL_STYLES; of a CSL style the note or parenthesis, then the entry."""
    styled = as_styled(citation, style)
    return styled.text if styled.in_text is None else f"{styled.in_text}\n\n{styled.text}"


def all_formatted(citations: Sequence[Citation], style: str) -> str:
    """Several citations in a style, ready to be written to a file: a newline ends it."""
    from qa.citing import exports

    # Several passages of one document are one entry there.
    lists = {"csl-json": exports.csl_json_list, "bibtex": exports.bibtex_list}
    if style in lists:
        return lists[style](citations).rstrip("\n") + "\n"
    parts = [formatted(citation, style).rstrip("\n") for citation in citations]
    return "\n\n".join(parts) + "\n"


def references(citations: Sequence[Citation], style: str) -> list[str]:
    """The entries of a reference list, each document once; of other formats one each."""
    if style not in EXPORTS:
        from qa.citing.styles import reference_list

        return reference_list(citations, style)
    first: dict[DocumentId, Citation] = {}
    for citation in citations:
        first.setdefault(citation.document.id, citation)
    return [formatted(citation, style) for citation in first.values()]
