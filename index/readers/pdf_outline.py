"""The headings of a PDF, from its outline: what readers show as bookmarks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from index.readers.pdf_lines import Line

MAX_ENTRIES = 20_000
"""Of an outline. A damaged one may go on without end."""

MAX_LINES = 4
"""Of one heading on the page."""

MAX_TITLE_CHARACTERS = 500
"""Longer ones are no headings."""

_NUMBER = re.compile(r"^(?:(?:chapter|part|section)\s+)?[\divxlc]+(?:\.\d+)*[.:)]?\s+(?=\S)", re.I)
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline that leads to a page."""

    title: str
    level: int
    """From 1."""
    page: int
    """From 0."""
    height: float | None
    """Where on the page, in points from below."""


def outline_of(document: Any) -> list[Heading]:
    """All entries that lead to a page, in the outline's order."""
    return list(_headings(document))


def _headings(document: Any) -> Iterator[Heading]:
    from pypdfium2 import raw

    for count, bookmark in enumerate(document.get_toc()):
        if count >= MAX_ENTRIES:
            return
        title = _title(bookmark)
        target = bookmark.get_dest()
        page = target.get_index() if target else None
        if not title or len(title) > MAX_TITLE_CHARACTERS or page is None:
            continue
        view, place = target.get_view()
        height = place[1] if view == raw.PDFDEST_VIEW_XYZ and len(place) > 1 else 0
        yield Heading(title, bookmark.level + 1, page, height or None)


def _title(bookmark: Any) -> str:
    try:
        return clean(bookmark.get_title())
    except UnicodeDecodeError:  # halves of characters
        return ""


def clean(written: str) -> str:
    r"""Text from a PDF's dictionaries, without line breaks, control characters, lone surrogates.

    >>> clean(" A\x00B\r\n C ")
    'AB C'
    """
    shown = (
        character
        for character in written
        if character.isspace() or unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
    )
    return " ".join("".join(shown).split())


def mark_headings(headings: Sequence[Heading], pages: Sequence[Sequence[Line]]) -> None:
    """Number the lines that are headings of the outline, from 1 for its first entry.

    Tabs in them are the gap behind a number, and become spaces.
    """
    for number, heading in enumerate(headings, 1):
        if heading.page < len(pages):
            for line in _find(heading, pages[heading.page]):
                line.heading = number
                line.text = line.text.replace("\t", " ")


def _find(heading: Heading, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines that have a heading's words; several may have them, then the one it leads to."""
    wanted = {_letters(heading.title), _letters(_NUMBER.sub("", heading.title))} - {""}
    found = [
        lines[at : at + count]
        for at in range(len(lines))
        for count in _lines_of(wanted, lines[at : at + MAX_LINES])
    ]
    if not found or heading.height is None:
        return found[0] if found else ()
    height = heading.height
    return min(found, key=lambda match: abs(match[0].baseline + match[0].size - height))


def _lines_of(wanted: set[str], lines: Sequence[Line]) -> Iterator[int]:
    """How many of these lines together read like one of the wanted."""
    longest = max(map(len, wanted), default=0)
    text = ""
    for count, line in enumerate(lines, 1):
        if line.heading or len(text) > 2 * longest + 40:
            return
        text = f"{text} {line.text}".strip()
        if _letters(text) in wanted or _letters(_NUMBER.sub("", text)) in wanted:
            yield count
            return


def _letters(text: str) -> str:
    """Letters and digits only, for comparison."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()
