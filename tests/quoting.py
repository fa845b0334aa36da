"""Drafts that quote, made on the spot: quotations cut out of texts, as they are or altered."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STYLES = (
    ("“", "”"),
    ('"', '"'),
    ("‘", "’"),
    ("„", "“"),
    ("»", "«"),
    ("«", "»"),
    ("« ", " »"),
    ("‹", "›"),
)
"""English, German, French and Vietnamese marks."""

MARKS = set("“”„«»‹›\"'‘’‚`")

NONSENSE = ("zebrafish", "xylophones", "quokka", "marzipan", "bagpipes", "turnips")
"""Words that no seed holds."""


@dataclass(frozen=True)
class Cut:
    """Words of a text, and as they are quoted."""

    document: int
    start: int
    end: int
    quoted: str


def cuts(texts: Sequence[str], count: int, rng: random.Random, least: int = 5) -> Iterator[Cut]:
    """Sentences and phrases of the texts, from word to word within a paragraph."""
    lines = [
        (number, match.start(), match.group())
        for number, text in enumerate(texts)
        for match in re.finditer(r"[^\n]+", text)
    ]
    made = 0
    while made < count:
        number, offset, line = rng.choice(lines)
        sentences = list(re.finditer(r"\S.*?(?:[.!?](?=\s)|$)", line))
        whole = rng.random() < 0.4
        base, text = offset, line
        if whole:
            sentence = rng.choice(sentences)
            base, text = offset + sentence.start(), sentence.group()
        words = list(re.finditer(r"\S+", text))
        if len(words) < least:
            continue
        size = len(words) if whole else rng.randint(least, min(25, len(words)))
        first = rng.randint(0, len(words) - size)
        start, end = words[first].start(), words[first + size - 1].end()
        if sum(word.group().isalpha() for word in words[first : first + size]) < least:
            continue
        made += 1
        yield Cut(number, base + start, base + end, text[start:end])


def quotable(cut: Cut, style: tuple[str, str]) -> bool:
    """Whether the words can stand between these marks without any of their own in the way."""
    clash = set("'‘’") if style[0] in "‘'" else MARKS - set("'’")
    return not clash & set(cut.quoted)


def draft(quotations: Sequence[str], style: tuple[str, str], line_end: str) -> str:
    """A text with a paragraph for each quotation."""
    opening, closing = style
    paragraphs = [
        f"As paragraph {number} has it, {opening}{words}{closing} and so it goes on."
        for number, words in enumerate(quotations)
    ]
    return f"{line_end}{line_end}".join(paragraphs) + line_end


def blocks(quotations: Sequence[str], line_end: str) -> str:
    """A Markdown text with a block quotation for each."""
    return "".join(
        f"Paragraph {number} introduces this.{line_end}{line_end}> {words}{line_end}{line_end}"
        for number, words in enumerate(quotations)
    )


def altered(words: str, how: str, rng: random.Random) -> str:
    """With one word changed, dropped or added, or two neighbours swapped; never the outer ones."""
    parts = words.split(" ")
    plain = [
        at
        for at in range(1, len(parts) - 2)
        if parts[at].isalpha()
        and parts[at + 1].isalpha()
        and parts[at].lower() != parts[at + 1].lower()
    ]
    at = rng.choice(plain)
    if how == "changed":
        parts[at] = rng.choice(NONSENSE)
    elif how == "dropped":
        del parts[at]
    elif how == "added":
        parts.insert(at, rng.choice(NONSENSE))
    else:
        parts[at], parts[at + 1] = parts[at + 1], parts[at]
    return " ".join(parts)


def alterable(words: str) -> bool:
    """Whether `altered` finds words to alter."""
    parts = words.split(" ")
    return any(
        parts[at].isalpha()
        and parts[at + 1].isalpha()
        and parts[at].lower() != parts[at + 1].lower()
        for at in range(1, len(parts) - 2)
    )
