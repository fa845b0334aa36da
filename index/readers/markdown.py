"""Markdown: the canonical text is the file as written; front matter and headings are read."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from index.readers.text import decode, find_date
from index.types import SourceText

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.M | re.S)
_FIELD = re.compile(r"^(title|date)[ \t]*:[ \t]*(.+?)[ \t]*\r?$", re.M | re.I)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*\r?$", re.M)
_UNDERLINED = re.compile(r"^(\S.*?)[ \t]*\r?\n=+[ \t]*\r?$", re.M)


def read(path: Path, data: bytes) -> SourceText:
    """Title and date from front matter; else the first top-level heading, a plain date."""
    text = decode(path, data)
    stated = _front_matter(text)
    return SourceText(
        text,
        title=stated.get("title") or _first_heading(text),
        date=_iso(stated.get("date", "")) or find_date(text),
    )


def _front_matter(text: str) -> dict[str, str]:
    block = _FRONT_MATTER.match(text)
    fields = _FIELD.findall(block[1]) if block else []
    return {name.lower(): value.strip("'\"") for name, value in fields}


def _first_heading(text: str) -> str | None:
    found = [match for match in (_HEADING.search(text), _UNDERLINED.search(text)) if match]
    return min(found, key=lambda match: match.start())[1] if found else None


def _iso(written: str) -> str | None:
    try:
        return datetime.date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return None
