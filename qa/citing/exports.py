"""Citations in the formats of other programs, and ready to paste.

- bibtex, ris, csl-json: for bibliographies; the words cited go along as an annotation or note.
- markdown: a block quotation with a footnote, in whose comment is all that `qa verify
  --citations` needs to find the words again, see `qa.citing.saved`.
- html: a block quotation; plain: the words and where they are from, in a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from html import escape

from index.public_id import public_id
from index.spans import BLANK_LINES
from qa.citing import csl, prose
from qa.citing.bibtex import bibtex, bibtex_list
from qa.citing.markdown_text import block_quotation
from qa.citing.ris import ris
from qa.types import Citation

__all__ = [
    "FORMATS",
    "bibtex",
    "bibtex_list",
    "csl_json",
    "csl_json_list",
    "html_blockquote",
    "markdown_footnote",
    "plain",
    "ris",
]

# What would end an HTML comment or begin one, and characters that some editors part lines at.
_IN_COMMENT = re.compile("--|[<>\x7f-\x9f\u2028\u2029]")


def csl_json(citation: Citation) -> str:
    """The source in CSL-JSON, as a list of one."""
    return csl_json_list([citation])


def csl_json_list(citations: Iterable[Citation]) -> str:
    """Each source once in CSL-JSON, annotated with the words cited from it.

    `custom` has the words verbatim, and where they stand.
    """
    items: dict[str, csl.Item] = {}
    quoted: dict[str, list[Citation]] = {}
    for one in citations:
        key = csl.key(one.document)
        items.setdefault(key, csl.item(one.document))
        quoted.setdefault(key, []).append(one)
    for key, found in items.items():
        found["annote"] = " ".join(prose.quoted_with_place(one) for one in quoted[key])
        found["custom"] = {"quaere": [_quoted(one) for one in quoted[key]]}
    return json.dumps(list(items.values()), ensure_ascii=False, indent=2)


def _quoted(citation: Citation) -> dict[str, str]:
    found = {"id": citation.id, "quote": citation.quote}
    if citation.pinpoint:
        found |= {"locator": citation.pinpoint.locator, "label": citation.pinpoint.label}
    return found


def markdown_footnote(citation: Citation) -> str:
    """A block quotation, and the note that says where it is from."""
    label = note_label(citation)
    quotation = block_quotation(citation.quote, f"[^{label}]")
    note = f"{prose.note(citation, 'markdown')} {commented(citation)}"
    return f"{quotation}\n\n[^{label}]: {note}\n"


def commented(citation: Citation) -> str:
    """The comment that `qa.citing.saved` finds a citation in."""
    return f"<!-- quaere: {_in_comment(saved_fields(citation))} -->"


def note_label(citation: Citation) -> str:
    """The note's name: the passage's id, with the offsets where part of it is cited."""
    whole = public_id(citation.document.sha256, citation.start, citation.end) == citation.id
    return f"q-{citation.id}" + ("" if whole else f"-{citation.start}-{citation.end}")


def saved_fields(citation: Citation) -> dict[str, str | int]:
    """What an audit needs, as `qa.citing.saved` reads it."""
    words = citation.selectors[0]
    return {
        "quote": citation.quote,
        "id": citation.id,
        "sha256": citation.document.sha256,
        "path": citation.document.path,
        "start": citation.start,
        "end": citation.end,
        "prefix": words.prefix,
        "suffix": words.suffix,
    }


def _in_comment(fields: dict[str, str | int]) -> str:
    """JSON that ends no comment: all in question stands inside strings."""
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return _IN_COMMENT.sub(lambda found: "".join(f"\\u{ord(one):04x}" for one in found[0]), written)


def html_blockquote(citation: Citation) -> str:
    """A block quotation whose footer says where it is from; it links to the address, if any."""
    address = citation.links.web or citation.document.url
    cite = f' cite="{escape(address)}"' if address else ""
    paragraphs = BLANK_LINES.split(citation.quote.strip())
    words = "\n".join(f"<p>{escape(one.lstrip(), quote=False)}</p>" for one in paragraphs)
    footer = f"<footer>— {prose.note(citation, 'html')}</footer>"
    return f"<blockquote{cite}>\n{words}\n{footer}\n</blockquote>\n"


def plain(citation: Citation) -> str:
    """“Words” — Author, Title (Publication, date), page."""
    source = citation.document
    titled = ", ".join(filter(None, (prose.authors(source), csl.title(source))))
    within = ", ".join(filter(None, (prose.publication(source), prose.published(source))))
    parts = (f"{titled} ({within})", prose.place_in_words(citation))
    return f"“{citation.quote}” — {', '.join(filter(None, parts))}"


FORMATS: dict[str, Callable[[Citation], str]] = {
    "bibtex": bibtex,
    "ris": ris,
    "csl-json": csl_json,
    "markdown": markdown_footnote,
    "html": html_blockquote,
    "plain": plain,
}
