r"""RTF: paragraphs, headings, lists and tables in order; then footnotes and comments.

Characters are decoded by striprtf; `index.readers.rtf_rewrite` keeps the structure.
Hidden and deleted text, headers, footers and pictures are left out.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from index.errors import FileDamaged
from index.readers.office_text import Block, Manuscript, one_line
from index.readers.rtf_marks import MARKS, PIECE, blocks
from index.readers.rtf_rewrite import Rewritten, TooDeep, rewrite
from index.readers.stated import metadata
from index.types import Metadata, SourceText

_START = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}\{\\rtf")
_ENCODINGS = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_ENCODING = re.compile(rb"\\(mac|pca|pc)\b")

HEAD_BYTES = 200
"""Where the character set stands, right after \\rtf1."""

_CONTROLS = dict.fromkeys((*range(9), *range(0xB, 0x20), *range(0x7F, 0xA0)))
"""What is no text, though a file may name it by its number."""

_NOTE_ORDER = ("footnote", "endnote", "comment")


def read(path: Path, data: bytes) -> SourceText:
    """Read the main text, and the notes and comments in it, in order."""
    if not _START.match(data):
        raise FileDamaged(
            path,
            "it is no RTF file: it does not begin with {\\rtf.",
            "Give the file its right suffix, or save it again as RTF or DOCX.",
        )
    try:
        rewritten = rewrite(data.decode("latin-1"))
    except TooDeep:
        raise FileDamaged(
            path,
            "its parts are nested deeper than any program writes them.",
            "Open it in the program that made it, and save it again.",
        ) from None
    text, *pieces = _plain(data, rewritten).split(PIECE)
    named = list(zip(rewritten.kinds, pieces, strict=False))
    manuscript = Manuscript(path)
    manuscript.extend(blocks(text))
    manuscript.end_headings()
    for kind in _NOTE_ORDER:
        for number, (label, content) in enumerate(_notes(kind, named), 1):
            manuscript.begin("part", number, label or f"{kind} {number}")
            manuscript.extend(content)
    return manuscript.finish(_metadata(rewritten, named))


def _plain(data: bytes, rewritten: Rewritten) -> str:
    from striprtf.striprtf import rtf_to_text

    stated = _ENCODING.search(data[:HEAD_BYTES])
    encoding = _ENCODINGS[stated[1]] if stated else "cp1252"
    text: str = rtf_to_text(  # type: ignore[no-untyped-call]
        rewritten.rtf, encoding=encoding, errors="replace"
    )
    # RTF writes the halves of surrogate pairs one by one.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.translate(_CONTROLS)


def _notes(kind: str, pieces: list[tuple[str, str]]) -> list[tuple[str, list[Block]]]:
    """Labels and blocks of the notes of a kind; a comment's author stands before it."""
    found, author = [], ""
    for each, text in pieces:
        if each == "atnauthor":
            author = one_line(MARKS.sub(" ", text))
        elif each == kind:
            label = f"comment by {author}" if author else "comment"
            found.append((label if kind == "comment" else "", blocks(text)))
        if each == "comment":
            author = ""
    return found


def _metadata(rewritten: Rewritten, pieces: list[tuple[str, str]]) -> Metadata:
    stated = {kind: MARKS.sub(" ", text) for kind, text in reversed(pieces)}
    return metadata(
        {
            "title": stated.get("title", ""),
            "authors": [name.strip() for name in stated.get("author", "").split(";")],
            "date": _day(rewritten.created),
        }
    )


def _day(created: tuple[int, ...]) -> str:
    try:
        return datetime.date(*created).isoformat() if created else ""
    except (ValueError, OverflowError):
        return ""
