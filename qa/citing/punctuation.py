"""How quotation marks, italics and the punctuation around them are written; pure.

Text comes with marks where they begin and end, since where a full stop goes depends on what
stands next to it, in whatever markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Literal

from qa.citing.markdown_text import escaped

Markup = Literal["plain", "html", "markdown"]

# Noncharacters, which no text holds: Unicode keeps them for marks inside a program.
OPEN_QUOTE, CLOSE_QUOTE = "\ufdd0", "\ufdd1"
OPEN_ITALIC, CLOSE_ITALIC = "\ufdd2", "\ufdd3"
HYPHEN = "\ufdd4"
"""One that is no dash of a range."""

MARKS = OPEN_QUOTE + CLOSE_QUOTE + OPEN_ITALIC + CLOSE_ITALIC + HYPHEN


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotation marks of a kind of English."""

    opening: str
    closing: str
    takes_in_punctuation: bool
    """Full stops and commas that follow go inside."""


AMERICAN = Quotes("“", "”", takes_in_punctuation=True)
BRITISH = Quotes("‘", "’", takes_in_punctuation=False)  # noqa: RUF001 - as they are written

_ANY = f"[{MARKS}]*"
_QUOTED = re.compile(f"{OPEN_QUOTE}([^{OPEN_QUOTE}{CLOSE_QUOTE}]*){CLOSE_QUOTE}")
_AFTER_QUOTED = re.compile(
    f"(?P<inner>”?[{CLOSE_ITALIC}]*){CLOSE_QUOTE}(?P<end>{_ANY})(?P<point>[.,])"
)
# What stands at a seam: a point after one that already ends the words, or the same one twice.
_TWICE = re.compile(f"([.,;:])({_ANY[:-1]}+)\\1")
_AFTER_END = re.compile(f"(?<=[?!])({_ANY})\\.(?=[\\s{MARKS}]|$)")
_SPACES = re.compile(f" ({_ANY[:-1]}+) ")


def written(text: str, quotes: Quotes, markup: Markup) -> str:
    """Marked text as people write it.

    >>> title = f"{OPEN_QUOTE}On R&D{CLOSE_QUOTE}"
    >>> written(f"{title}, {OPEN_ITALIC}Rice{CLOSE_ITALIC}.", AMERICAN, "html")
    '“On R&amp;D,” <i>Rice</i>.'
    """
    text = _AFTER_END.sub(r"\1", _TWICE.sub(r"\1\2", _SPACES.sub(r" \1", text)))
    if quotes.takes_in_punctuation:
        text = _AFTER_QUOTED.sub(_inside, text)
        text = _QUOTED.sub(_nested, text)
    text = text.replace(HYPHEN, "-")
    text = escape(text, quote=False) if markup == "html" else text
    text = escaped(text) if markup == "markdown" else text
    text = text.replace(OPEN_QUOTE, quotes.opening).replace(CLOSE_QUOTE, quotes.closing)
    return _italics(text, markup).strip()


def without_marks(text: str) -> str:
    """The text, should it hold our marks' characters, without these."""
    return text.translate(str.maketrans("", "", MARKS))


def _inside(found: re.Match[str]) -> str:
    """A point that followed a closing mark, before it, unless the words have one already."""
    before = found.string[: found.start()].rstrip(MARKS)[-1:]
    point = found["point"]
    needless = ".?!" if point == "." else ","
    return f"{'' if before in needless else point}{found['inner']}{CLOSE_QUOTE}{found['end']}"


def _nested(found: re.Match[str]) -> str:
    """Quotation marks within quotation marks are single ones."""
    inner = found[1].replace("“", "‘").replace("”", "’")  # noqa: RUF001
    return f"{OPEN_QUOTE}{inner}{CLOSE_QUOTE}"


_ITALIC = re.compile(f"{OPEN_ITALIC}(\\s*)([^{OPEN_ITALIC}{CLOSE_ITALIC}]*?)(\\s*){CLOSE_ITALIC}")
_ITALICS = {"plain": "{}", "html": "<i>{}</i>", "markdown": "*{}*"}


def _italics(text: str, markup: Markup) -> str:
    def one(found: re.Match[str]) -> str:
        before, words, after = found.groups()
        return before + (_ITALICS[markup].format(words) if words else "") + after

    return without_marks(_ITALIC.sub(one, text))  # italics in italics: the inner ones only
