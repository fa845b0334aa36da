"""Titles as English style manuals write and order them; pure."""

from __future__ import annotations

import re
import unicodedata

STOP_WORDS = frozenset(
    (
        *("a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor"),
        *("of", "on", "onto", "or", "over", "so", "the", "till", "to", "up", "via", "with", "yet"),
    )
)
"""Kept small: the list of the CSL 1.0.2 specification, "Title Case Conversion"."""

_WORD = re.compile(r"[^\W_](?:[^\W_]|['\N{RIGHT SINGLE QUOTATION MARK}.](?=[^\W_]))*")


def title_case(text: str) -> str:
    """Headline style, as CSL has it: words in small letters get a capital, but for stop words.

    Not so the first and last word, and after a colon. Words with any capital stay as they are.

    >>> title_case("the well-being of rice: a study of what iPods are for")
    'The Well-Being of Rice: A Study of What iPods Are For'
    """
    words = list(_WORD.finditer(text))
    written = list(text)
    for number, word in enumerate(words):
        before = text[words[number - 1].end() : word.start()] if number else ":"
        is_edge = number == len(words) - 1 or any(mark in before for mark in ":?!")
        if word[0].islower() and (is_edge or word[0] not in STOP_WORDS):
            written[word.start()] = word[0][0].upper()
    return "".join(written)


def sort_key(text: str) -> str:
    """What a reference list is ordered by: letters and digits, without accents and marks.

    >>> sort_key("Émile “Zola”")
    'emile zola'
    """
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(one for one in plain.casefold() if one.isalnum() or one == " ").strip()
