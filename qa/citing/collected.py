"""Passages that were collected, as one file: to write on, or for a bibliography."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.spans import LINE_END
from qa.citing import all_formatted
from qa.citing.exports import commented, note_label
from qa.citing.markdown_text import block_quotation, escaped
from qa.citing.styles import in_texts, reference_list
from qa.types import Citation

REFERENCES = "References"
NAME = "quotations"
"""Of a file without a title."""
NAME_CHARACTERS = 80

_UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|]+')
"""In a file's name, on some system."""


@dataclass(frozen=True, slots=True)
class Collected:
    """Words that were kept, and what their finder wrote to them."""

    citation: Citation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    suffix: str
    media_type: str
    write: Callable[[Sequence[Collected], str, str], bytes]
    """Of passages, a style and a title, which may be empty."""


def markdown(passages: Sequence[Collected], style: str, title: str) -> bytes:
    """Block quotations with footnotes in the style, which `qa verify --citations` reads back.

    Words that were collected twice stand there twice, with one note.
    """
    citations = [one.citation for one in passages]
    notes = dict(
        zip(map(note_label, citations), in_texts(citations, style, "markdown"), strict=True)
    )
    first = {note_label(one): one for one in reversed(citations)}
    parts = [f"# {escaped(' '.join(title.split()))}"] if title.strip() else []
    for one in passages:
        parts.append(block_quotation(one.citation.quote, f"[^{note_label(one.citation)}]"))
        parts += [_note(one.note)] if one.note.strip() else []
    parts += [f"## {REFERENCES}", *reference_list(citations, style, "markdown")]
    parts += [f"[^{label}]: {note} {commented(first[label])}" for label, note in notes.items()]
    return ("\n\n".join(parts) + "\n").encode()


def _note(words: str) -> str:
    return "\n".join(escaped(line.strip()) for line in LINE_END.split(words.strip()))


def _word(passages: Sequence[Collected], style: str, title: str) -> bytes:
    from qa.citing.word import word

    return word(passages, style, title)


def _bibliography(style: str) -> Callable[[Sequence[Collected], str, str], bytes]:
    """Each source once, with the words cited from it; what was written to them is left out."""
    return lambda passages, _, __: all_formatted([one.citation for one in passages], style).encode()


FORMATS = {
    "markdown": Format(".md", "text/markdown; charset=utf-8", markdown),
    "docx": Format(
        ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _word
    ),
    "bibtex": Format(".bib", "application/x-bibtex", _bibliography("bibtex")),
    "ris": Format(".ris", "application/x-research-info-systems", _bibliography("ris")),
    "csl-json": Format(
        ".json", "application/vnd.citationstyles.csl+json", _bibliography("csl-json")
    ),
}


def file_name(title: str, suffix: str) -> str:
    """What to save a file with this title as, on any system.

    >>> file_name("Rice: yes/no", ".md"), file_name(" .. ", ".bib")
    ('Rice yes no.md', 'quotations.bib')
    """
    words = " ".join(_UNFIT.sub(" ", title).split())[:NAME_CHARACTERS].strip(" .")
    return (words or NAME) + suffix
