"""Labelled lines near the start of a text: "Title: On Rice", "By Ana Roe"; and its headline.

Read with caution: a wrong author is worse than none. A line counts only in a
block, between blank lines, that holds nothing but such lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.readers.dates import iso_day
from index.readers.stated import LABELS, metadata
from index.spans import LINE_END
from index.types import Metadata

HEAD_CHARACTERS = 1000
"""How far from the start anything is looked for."""

TITLE_MAX_CHARACTERS = 150
"""A first line longer than this is a paragraph. Most headlines have under 110 characters."""

_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LABELLED = re.compile(
    r"[ \t]*(?P<label>[^\W\d_][\w -]{0,30}?)[ \t]*:(?:[ \t]+(?P<value>\S.*)|[ \t]*)"
)
_DATED = re.compile(r"[ \t]*(?:date|dated|published|updated)[: \t]+(?P<date>\S.*)", re.I)
_DAY_FIRST = re.compile(r"^[ \t]*(?:date|dated|published|updated)[: \t]+(\d{4}-\d\d-\d\d)\b", re.I)
_PARTICLES = frozenset(
    ("de", "del", "der", "van", "von", "da", "di", "du", "la", "le", "bin", "al")
)
_NO_NAMES = frozenset(("a", "an", "the", "in", "on", "my", "our", "his", "her", "this", "that"))
_KNOWN = frozenset(label for labels in LABELS.values() for label in labels)


def labelled(text: str) -> Metadata:
    r"""What labelled lines and a byline near the start state.

    >>> labelled("On Rice\nBy Ana Roe\n\nRice grows.").author
    'Ana Roe'
    >>> labelled("Rice grows.\nAuthor: she said it.").author is None
    True
    """
    fields: dict[str, str] = {}
    for number, block in enumerate(_blocks(text)):
        found = _fields(block, first=number == 0, byline=number < 3)
        fields = {**found, **fields}
    return metadata(fields)


def find_title(text: str) -> str | None:
    r"""The first line, where it stands alone like a headline, or above labelled lines.

    >>> find_title("On Friendship\n\nIt was a cold day.")
    'On Friendship'
    >>> find_title("It was a cold day.\n\nThen it rained.") is None
    True
    """
    first, *others = LINE_END.split(_head(text))
    alone = others and not others[0].strip()
    block = next(_blocks(text), [])
    above_labels = len(block) > 1 and _fields(block, first=True, byline=True)
    return first.strip() if (alone or above_labels) and _looks_like_title(first) else None


def find_date(text: str) -> str | None:
    """A day near the start that is labelled, or alone on its line; ISO 8601.

    >>> find_date(" date 2025-10-08 The upcoming visit")
    '2025-10-08'
    >>> find_date("The year 2025 marks the 50th anniversary") is None
    True
    """
    lines = LINE_END.split(text[:HEAD_CHARACTERS])
    labelled_first = (match[1] for line in lines if (match := _DAY_FIRST.match(line)))
    whole_lines = (match["date"] if (match := _DATED.match(line)) else line for line in lines)
    days = (iso_day(words) for words in (*labelled_first, *whole_lines))
    return next(filter(None, days), None)


def _looks_like_title(line: str) -> bool:
    title = line.strip()
    return (
        len(title) <= TITLE_MAX_CHARACTERS
        and title[-1:] not in {".", ",", ";", ":", "…"}
        and any(character.isalpha() for character in title)
        and not _DAY_FIRST.match(line)
        and find_date(title) is None
        and not _is_known(line)
    )


def _head(text: str) -> str:
    """The start, with the whole of its last line unless that is no labelled line anyway."""
    start = len(text) - len(text.lstrip()) if text[:1].isspace() else 0
    end = LINE_END.search(text, start + HEAD_CHARACTERS, start + 3 * HEAD_CHARACTERS)
    return text[start : end.start() if end else start + 3 * HEAD_CHARACTERS]


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines of each paragraph near the start."""
    for block in _BLANK_LINE.split(LINE_END.sub("\n", _head(text))):
        if block.strip():
            yield block.strip("\n").split("\n")


def _fields(block: list[str], *, first: bool, byline: bool) -> dict[str, str]:
    """Label to value if the block holds nothing else; its first line may be the headline."""
    found: dict[str, str] = {}
    label = ""
    for number, line in enumerate(block):
        match = _LABELLED.fullmatch(line)
        if match:
            label = match["label"].lower()
            found.setdefault(label, (match["value"] or "").strip())
        elif label and line[:1] in {" ", "\t"}:  # a long value goes on, indented
            found[label] = f"{found[label]} {line.strip()}".strip()
        elif byline and (number > 0 or not first) and (names := _byline(line)):
            found.setdefault("by", names)
        elif not (first and number == 0 and _looks_like_title(line)) and iso_day(line) is None:
            return {}
    return {label: value for label, value in found.items() if _is_plausible(label, value)}


def _is_known(line: str) -> bool:
    match = _LABELLED.fullmatch(line)
    return match is not None and match["label"].strip().lower() in _KNOWN


def _is_plausible(label: str, value: str) -> bool:
    """Whether the value may be what the label promises, and no sentence of a dialogue."""
    if not value:
        return False
    if any(label in LABELS[field] for field in ("author", "publication", "publisher")):
        last_word = value.rpartition(" ")[2]
        return value[-1] not in "!?:;," and (
            value[-1] != "." or (last_word[:1].isupper() and len(last_word) <= 4)  # Jr., Inc.
        )
    return True


def _byline(line: str) -> str | None:
    """The names in "By Ana Roe and Ben van Poe", parted by "; "."""
    words = line.strip().split()
    if len(words) > 16 or not words or words[0].lower() != "by":
        return None
    joined = " ".join(words[1:])
    if "," in joined and not re.search(r" (?:and|&) ", joined):
        return None  # "Ana Roe, Staff Writer"
    names = re.split(r",? (?:and|&) |, ", joined)
    return "; ".join(names) if all(map(_is_name, names)) else None


def _is_name(words: str) -> bool:
    parts = words.split()
    return (
        2 <= len(parts) <= 5
        and parts[-1][0].isupper()
        and all(part[0].isupper() or part in _PARTICLES for part in parts)
        and not any(part.lower() in _NO_NAMES for part in parts)
        and not any(character in ':;!?"()' or character.isdigit() for character in words)
    )
