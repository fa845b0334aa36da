"""Finding phrases of a list in a text, as whole words, with their offsets. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from index.types import Span

_WORD = regex.compile(r"[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?P<apostrophe>['’\u02bc][\p{L}\p{M}]+)*")  # noqa: RUF001
_ELIDED = regex.compile(
    r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’\u02bc](?=[\p{L}])",  # noqa: RUF001
    regex.IGNORECASE,
)
"""French leaves out a vowel before another, and writes two words as one."""
_APOSTROPHES = str.maketrans({"’": "'", "\u02bc": "'"})  # noqa: RUF001 - the quote is meant


class Word(NamedTuple):
    """A word and where it stands."""

    start: int
    end: int
    form: str
    """In lower case, composed, with a straight apostrophe."""
    capital: bool
    """Whether it is written with a capital."""


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of a stretch, in order; French elisions as words of their own.

    >>> [word.form for word in words("Le ministre n'a pas dit qu'il l'a lu; I don't.")]
    ['le', 'ministre', "n'", 'a', 'pas', 'dit', "qu'", 'il', "l'", 'a', 'lu', 'i', "don't"]
    """
    found = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        first, last = match.span()
        if match["apostrophe"] is None:
            found.append(_word(text, first, last))
            continue
        while elided := _ELIDED.match(text, first, last):
            found.append(_word(text, first, elided.end()))
            first = elided.end()
        found.append(_word(text, first, last))
    return found


class Phrases:
    """Phrases to be found as whole words, the longest first."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        split = (tuple(word.form for word in words(phrase)) or (phrase,) for phrase in phrases)
        for forms in sorted(set(split), key=lambda forms: (-len(forms), forms)):
            self._by_first.setdefault(forms[0], []).append(forms)

    def at(self, found: Sequence[Word], place: int) -> int:
        """How many words the phrase that begins at this word has; 0 where none does."""
        for forms in self._by_first.get(found[place].form, ()):
            if len(forms) == 1:
                return 1
            following = found[place : place + len(forms)]
            if tuple(word.form for word in following) == forms:
                return len(forms)
        return 0

    def spans(
        self, found: Sequence[Word], harmless: Phrases | None = None, *, initial: bool = True
    ) -> Iterator[Span]:
        """Where they stand, as places in the list of words.

        A capital inside a sentence is a name's or a German noun's ("May", "Not"), so a phrase that
        begins with one is passed over, unless the list begins with it and a sentence does too.
        """
        place = 0
        while place < len(found):
            if harmless and (skipped := harmless.at(found, place)):
                place += skipped
                continue
            length = self.at(found, place)
            if length and not (found[place].capital and (place or not initial)):
                yield place, place + length
            place += length or 1


def _word(text: str, start: int, end: int) -> Word:
    written = text[start:end]
    form = written.lower()
    if not written.isascii():
        form = unicodedata.normalize("NFC", form).translate(_APOSTROPHES)
    return Word(start, end, form, written[0].isupper())
