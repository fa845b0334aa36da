"""What of a quotation is looked for: all its words in a row, and a few of them at a time.

Words in a row are what Broder calls shingles ("On the resemblance and containment
of documents", 1997). An altered quotation has most of them left, and one that runs
over the end of a passage has most of them whole in one passage or the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log

from index.lexical import MOST_PHRASES, LexicalIndex, folded_words, stems, written_words
from qa.checking.comparing.editing import OMISSION

Phrase = tuple[str, ...]
"""Stems, one after another."""

MOST_WHOLE = 60
"""Words looked for in a row; hardly a passage holds more."""

SHINGLES = 10
"""Of a long quotation, spread over it."""

SHORT = 9
"""Below so many words shingles are pairs, so that one word altered leaves some; else threes."""

PAIRS = 7
"""Of a short quotation: the rarest. Pairs such as "of the" stand in too many passages."""

RARE, ENOUGH = 4.5, 4
"""Weight of shingles worth looking for, if there are so many. "It was" and "of the" take tantivy
longer than all the others, and tell little."""

RAREST = 6
"""Words looked for singly."""

_BRACKETED = re.compile(r"\[[^\[\]]*\]")


def fragments(text: str) -> list[str]:
    """What stands between a quotation's ellipses.

    >>> fragments("We came […] and saw ... and [they] won.")
    ['We came ', ' and saw ', ' and [they] won.']
    """
    return [part for part in OMISSION.split(text) if written_words(part)]


def phrases(text: str, languages: Sequence[str | None]) -> list[Phrase]:
    """A text's words as each language stems them, none twice."""
    words = folded_words(written_words(text))
    return list(dict.fromkeys(tuple(stems(words, language)) for language in languages))


def unbracketed(text: str) -> list[str]:
    """What stands between [brackets], since what stands in them may not be the source's.

    >>> unbracketed("and [they] won")
    ['and ', ' won']
    """
    return [part for part in _BRACKETED.split(text) if written_words(part)]


@dataclass(frozen=True, slots=True)
class Shingles:
    """Some shingles of a fragment, the rarest last."""

    forms: tuple[tuple[Phrase, ...], ...]
    """Of each, as the languages stem it."""
    weights: tuple[float, ...]
    """How rare the words of each are: their inverse document frequencies."""

    def weight(self, held: int) -> float:
        """Of those whose bits are set."""
        return sum(weight for place, weight in enumerate(self.weights) if held >> place & 1)

    @property
    def all_held(self) -> int:
        """The bits of all."""
        return (1 << len(self.weights)) - 1


def shingles(fragment: str, languages: Sequence[str | None], lexical: LexicalIndex) -> Shingles:
    """Some words of a fragment in a row, here and there, the rarest; none that no passage holds.

    A word that was put in is often the rarest of all, so that more are taken than would do.
    """
    found: dict[tuple[Phrase, ...], float] = {}
    for part in dict.fromkeys([fragment, *unbracketed(fragment)]):
        found |= dict(_of_part(phrases(part, languages), lexical))
    chosen = sorted((weight, forms) for forms, weight in found.items())[-MOST_PHRASES:]
    rare = [one for one in chosen if one[0] >= RARE]
    chosen = rare if len(rare) >= ENOUGH else chosen[-ENOUGH:]
    return Shingles(tuple(forms for _, forms in chosen), tuple(weight for weight, _ in chosen))


def _of_part(
    forms: Sequence[Phrase], lexical: LexicalIndex
) -> Iterator[tuple[tuple[Phrase, ...], float]]:
    rarity = [_rarity(set(terms), lexical) for terms in zip(*forms, strict=True)]
    width = min(len(rarity), 2 if len(rarity) < SHORT else 3)
    places = len(rarity) - width + 1
    found = [
        (sum(known), at)
        for at in range(places)
        if len(known := [one for one in rarity[at : at + width] if one is not None]) == width
    ]
    found.sort(reverse=True)
    for weight, at in found[:PAIRS] if width < 3 else _spread(found, places):
        yield tuple(sorted({form[at : at + width] for form in forms})), weight


def _rarity(terms: Collection[str], lexical: LexicalIndex) -> float | None:
    """The inverse document frequency of a word with these stems; None where no passage has it."""
    count = sum(map(lexical.frequency, terms))
    return log(1 + len(lexical) / count) if count else None


def _spread(found: Sequence[tuple[float, int]], places: int) -> Iterator[tuple[float, int]]:
    """The rarest of each part of a phrase; `found` begins with the rarest."""
    parts = min(SHINGLES, places)
    by_part: dict[int, tuple[float, int]] = {}
    for one in found:
        by_part.setdefault(one[1] * parts // places, one)
    yield from by_part.values()


def rarest(some: Sequence[Phrase], lexical: LexicalIndex) -> dict[str, float]:
    """The words that the fewest passages hold, for BM25."""
    terms = {term for phrase in some for term in phrase}
    counted = sorted((count, term) for term in terms if (count := lexical.frequency(term)))
    return {term: 1.0 for _, term in counted[:RAREST]}
