"""Names of somebody in prose: words with capitals in a row, and the titles before them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from qa import cues
from qa.checking.attributing.known_sources import folded
from qa.cue_matching import Word, words

_BETWEEN_NAMES = regex.compile(r"[ \u00a0]|\.[ \u00a0]?|-|[ \t]*(?:\r\n|\n|\r)[ \t]*")
_TITLE_WORDS = frozenset(word.form for title in cues.TITLES for word in words(title))
_NO_NAMES = frozenset(word.form for name in cues.NO_NAMES | cues.PRONOUNS for word in words(name))
_LEFT_OFF = _TITLE_WORDS | _NO_NAMES
_ORGANISATIONS = frozenset(form for name in cues.ORGANISATIONS for form in folded(words(name)))


@dataclass(frozen=True, slots=True)
class Person:
    """A name of somebody in a text, and the title before it."""

    start: int
    """Of the name, without the title."""
    end: int
    forms: tuple[str, ...]
    """The name's words, folded."""
    titles: tuple[str, ...]
    """In lower case, such as ("ambassador",)."""
    first: int
    """Place in the list of words of its first one, of the title where there is one."""
    last: int
    """Place after its last word."""

    @property
    def is_organisation(self) -> bool:
        """Whether it is a newspaper's or an office's name, by one of its words at either end."""
        return not _ORGANISATIONS.isdisjoint((self.forms[0], self.forms[-1]))


def persons(text: str, found: Sequence[Word]) -> list[Person]:
    """The names in a list of words, in order."""
    named = []
    place = 0
    while place < len(found):
        end = _run(text, found, place)
        if end > place and (person := _person(found, place, end)):
            named.append(person)
        place = max(end, place + 1)
    return named


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two folded names may be one person's: the shorter's words are all the longer's.

    >>> same_person(["kim"], ["kim", "jong", "un"])
    True
    >>> same_person(["kim", "il", "sung"], ["kim", "jong", "un"])
    False
    >>> same_person(["a", "miller"], ["anna", "miller"])
    True
    """
    short, long = sorted((one, other), key=len)
    left = list(long)
    for form in sorted(short, key=len, reverse=True):
        match = next((each for each in left if each == form or _initial(each, form)), None)
        if match is None:
            return False
        left.remove(match)
    return any(len(form) > 1 for form in short)


def is_title(form: str) -> bool:
    """Whether a word in lower case is one of a title: "ambassador"."""
    return form in _TITLE_WORDS


def is_article(form: str) -> bool:
    """Whether a word in lower case is an article."""
    return form in cues.ARTICLES


def _initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]


def _run(text: str, found: Sequence[Word], place: int) -> int:
    """The place after the words with capitals that begin here; the place itself where none do."""
    if not found[place].capital:
        return place
    end = ahead = place + 1
    while ahead < len(found) and _follows(text, found[ahead - 1], found[ahead]):
        if found[ahead].capital:
            end = ahead + 1
        elif found[ahead].form not in cues.NAME_PARTICLES:
            break
        ahead += 1
    return end


def _follows(text: str, word: Word, following: Word) -> bool:
    """Whether two words may be of one name: a full stop only behind an initial or a title."""
    between = text[word.end : following.start]
    if word.form.endswith("'s") or not _BETWEEN_NAMES.fullmatch(between):
        return False
    return not between.startswith(".") or len(word.form) == 1 or word.form in _TITLE_WORDS


def _person(found: Sequence[Word], first: int, last: int) -> Person | None:
    start = first
    while start < last and found[start].form in _LEFT_OFF:
        start += 1
    behind_article = start > 0 and is_article(found[start - 1].form)
    # German writes every noun with a capital: "sagte der Mann".
    if start == last or (last - start == 1 and behind_article):
        return None
    genitive = 2 if found[last - 1].form.endswith("'s") else 0
    titled = _titled_from(found, start)
    return Person(
        found[start].start,
        found[last - 1].end - genitive,
        folded(found[start:last]),
        tuple(word.form for word in found[titled:start]),
        titled,
        last,
    )


def _titled_from(found: Sequence[Word], start: int) -> int:
    """Where the title before a name begins, written with capitals or without."""
    titled = start
    while titled > 0 and found[titled - 1].form in _TITLE_WORDS:
        titled -= 1
    return titled
