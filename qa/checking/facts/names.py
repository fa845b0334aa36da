"""Names in a sentence: capitalised words in a row, with the title before them.

German writes every noun with a capital, so there only a title shows a name.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.types import Span

SAME_SPELLING = 0.9
"""Likeness of two names, 0 to 1, from which they are one name spelt in two ways."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words, folded: without case, accents, titles and genitives."""

    words: tuple[str, ...]
    title: str | None = None
    """"president", "ambassador": the role the name stands for, folded."""


def names(text: str, language: str | None = None) -> Iterator[tuple[Span, Name]]:
    """The names in a text, in order, with their offsets; titles do not count in.

    >>> text = "On Monday President Hồ Chí Minh's envoy met Ambassador Le Ba Vinh in Ha Noi."
    >>> [(text[slice(*span)], name.title) for span, name in names(text)]
    [('Hồ Chí Minh', 'president'), ('Le Ba Vinh', 'ambassador'), ('Ha Noi', None)]
    """
    for match in _NAME.finditer(text):
        yield from _in_a_row(text, list(_WORD.finditer(text, *match.span())), language)


def _in_a_row(
    text: str, tokens: list[regex.Match[str]], language: str | None
) -> Iterator[tuple[Span, Name]]:
    """The name that capitalised words make; two where the first has a title: Queen Anne of Kent."""
    opens = _opens(text, tokens[0].start())
    title, tokens, rest = _parted(tokens)
    while tokens and _no_name(tokens[0][0], opens=opens and title is None):
        tokens, opens = tokens[1:], False
    if tokens and (language != "de" or title) and not _is_none(text, tokens, title, opens=opens):
        yield (tokens[0].start(), _without_genitive(tokens[-1])), Name(_folded(tokens), title)
    if rest:
        yield from _in_a_row(text, rest, language)


def _is_none(text: str, tokens: list[regex.Match[str]], title: str | None, *, opens: bool) -> bool:
    """Of a single word: a sentence's first has a capital anyway, "the 8th Congress" a number."""
    if len(tokens) > 1:
        return False
    start = tokens[0].start()
    first = opens and title is None and not tokens[0][0].isupper()
    if first and _COUPLED.match(text, tokens[0].end()):
        return False  # "Laos and Vietnam"
    return first or _AFTER_ORDINAL.search(text, max(0, start - 8), start) is not None


@functools.lru_cache(maxsize=65_536)
def agree(one: Name, other: Name) -> bool:
    """Whether two names can be of one person or thing.

    >>> def name(words): return Name(tuple(words.lower().split()))
    >>> agree(name("To Lam"), name("Lam")), agree(name("Viet Nam"), name("Vietnam"))
    (True, True)
    >>> agree(name("DPRK"), name("Democratic Peoples Republic Korea"))
    True
    >>> agree(name("Le Ba Vinh"), name("Le Duc Tho"))
    False
    """
    if set(one.words) <= set(other.words) or set(other.words) <= set(one.words):
        return True
    here, there = "".join(one.words), "".join(other.words)
    short, long = sorted((here, there), key=len)
    return (
        here in _joined(other)
        or there in _joined(one)
        or (len(short) >= 3 and long.startswith(short))
        or _initials(one) == there
        or _initials(other) == here
        or (len(short) >= 6 and _likeness(here, there) >= SAME_SPELLING)
    )


def _joined(name: Name) -> set[str]:
    """Neighbouring words written together: "Socialist Republic of Viet Nam" holds "vietnam"."""
    words = name.words
    places = range(len(words))
    return {"".join(words[start : end + 1]) for start in places for end in places[start:]}


def _initials(name: Name) -> str:
    return "".join(word[0] for word in name.words) if len(name.words) > 1 else ""


def _likeness(one: str, other: str) -> float:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other)


def _parted(
    tokens: list[regex.Match[str]],
) -> tuple[str | None, list[regex.Match[str]], list[regex.Match[str]]]:
    """The last title before a name, the name, and what follows a person: "of the DPRK"."""
    title, at = None, 0
    for place, token in enumerate(tokens):
        word = token[0].rstrip(".").casefold()
        if word in _TITLES:
            title, at = word, place + 1
    if title and at < len(tokens) and tokens[at][0] in _LINKS:
        title = None  # "President of the Republic": what follows is no person
    ends = (place for place in range(at, len(tokens)) if tokens[place][0] in {"of", "for"})
    end = next(ends, len(tokens)) if title else len(tokens)
    return title, tokens[at:end], tokens[end + 1 :]


def _opens(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \"'([\u201c\u2018\u201e\u00ab")
    return not before or before[-1] in ".!?:\n\u2014"


def _without_genitive(token: regex.Match[str]) -> int:
    match = _GENITIVE.search(token[0])
    return token.start() + match.start() if match else token.end()


def _folded(tokens: list[regex.Match[str]]) -> tuple[str, ...]:
    from index.lexical import fold

    bare = (_GENITIVE.sub("", token[0]) for token in tokens if token[0] not in _LINKS)
    parts = (part for word in bare for part in regex.split(r"[-.]", fold(word)))
    return tuple(part.replace("'", "").replace("\u2019", "") for part in parts if part)


def _no_name(word: str, *, opens: bool) -> bool:
    """Days and months, and words that have a capital only where they begin a sentence."""
    folded = word.casefold()
    return word in _LINKS or folded in _months_and_days() or (opens and folded in _OPENING)


@functools.cache
def _months_and_days() -> frozenset[str]:
    from babel.dates import get_day_names, get_month_names

    return frozenset(
        name.casefold()
        for language in ("en", "fr", "vi")
        for listed in (get_month_names, get_day_names)
        for name in listed("wide", "format", language).values()
    )


_LINKS = {"of", "the", "de", "du", "des", "la", "von", "van", "der", "den", "for", "al", "bin"}
_CAPITALISED = r"\p{Lu}[\p{L}\p{M}\p{N}'\u2019]*(?:[.-]\p{Lu}[\p{L}\p{M}'\u2019]*)*"
_LINK = r"(?:of\sthe|for\sthe|of|for|de\sla|de|du|des|von\sder|von|van\sden|van|der|al|bin)"
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}'\u2019.-]+(?<![.-])")
_NAME = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}.-]){_CAPITALISED}(?:\.?\s(?:{_LINK}\s)?{_CAPITALISED})*"
)
_COUPLED = regex.compile(r"\s(?:and|und|et|và|&)\s\p{Lu}")
_AFTER_ORDINAL = regex.compile(r"\d(?:st|nd|rd|th)\s$")
_GENITIVE = regex.compile(r"['\u2019]s?$")

_TITLES = frozenset(
    """ambassador president chairman chairwoman chair premier minister chancellor secretary
    secretary-general king queen prince princess emperor general marshal admiral colonel captain
    lieutenant major senator governor mayor judge justice professor prof dr mr mrs ms miss sir
    lord lady bishop archbishop pope cardinal rabbi imam sheikh director commissioner comrade
    spokesman spokeswoman spokesperson leader founder chief botschafter botschafterin präsident
    präsidentin kanzler kanzlerin minister ministerin könig königin herr frau ambassadeur
    ambassadrice président présidente ministre roi reine monsieur madame""".split()  # noqa: SIM905 - words read best as text
)
_OPENING = frozenset(
    """a an the this that these those it its he she they we you i his her their our my your in on at
    of for from by with to and or but if as after before during since while when where what who
    which why how under over although though because despite throughout until according both all
    some many most several few each every no not only also however meanwhile moreover currently
    recently now then there here today yesterday tomorrow one two three four five six seven eight
    nine ten first second third another other such like regarding le la les un une des dans en au
    aux ce cette ces il elle ils elles pour par sur avec selon der die das ein eine einer im am
    vom zum zur mit nach von bei seit und aber doch er sie es trong ngày năm tại theo và của các
    những một khi với đã""".split()  # noqa: SIM905
)
