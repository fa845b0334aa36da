"""What the documents of a library may be called, found in prose. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from index.lexical import fold
from index.metadata import split_authors
from index.types import Document, DocumentId
from qa.cue_matching import Word, words

SHORT_NAME = 2
"""Words: a name no longer keeps its capitals in prose, or it would be found in "the news"."""

_ASCII_WORD = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class KnownSource:
    """What a document of the library may be called."""

    id: DocumentId
    names: tuple[str, ...]
    """Its title, what it appeared in, its file."""
    authors: tuple[str, ...] = ()
    """As people write them: "Anna Miller", and "Miller"."""


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A name in a text, and the documents called so."""

    start: int
    end: int
    documents: frozenset[DocumentId]


def known_source(document: Document) -> KnownSource:
    """What a stored document may be called.

    A file's name without its suffix counts where it is no plain word, such as "notes".
    """
    metadata = document.metadata
    path = PurePath(document.path)
    stem = None if path.stem.isalpha() else path.stem
    names = (metadata.title, metadata.publication, path.name, stem)
    authors = [form for name in split_authors(metadata.author) for form in written_forms(name)]
    return KnownSource(document.id, tuple(name for name in names if name), tuple(authors))


def written_forms(author: str) -> list[str]:
    """How prose names an author.

    >>> written_forms("Miller, Anna"), written_forms("Anna Miller")
    (['Anna Miller', 'Miller'], ['Anna Miller', 'Miller'])
    """
    family, comma, given = (part.strip() for part in author.partition(","))
    if comma and given and family:
        return [f"{given} {family}", family]
    parts = author.split()
    return [author, parts[-1]] if len(parts) > 1 else [author]


def folded(found: Sequence[Word]) -> tuple[str, ...]:
    """Words in lower case without accents, without the English genitive.

    >>> folded(words("Tô Lâm's visit"))
    ('to', 'lam', 'visit')
    """
    return tuple(fold(word.form.removesuffix("'s")) or word.form for word in found)


class Names:
    """The names of a library's documents. Made once, looked for in many texts.

    By their folded words in a dictionary, so that looking takes as long in any library. Made of
    strings, numbers and tuples of these alone, which Python's garbage collector passes over.
    """

    def __init__(self, known: Iterable[KnownSource]) -> None:
        names: dict[str, list[DocumentId]] = {}
        authors: dict[str, list[DocumentId]] = {}
        for source in known:
            for name in source.names:
                names.setdefault(name, []).append(source.id)
            for name in source.authors:
                authors.setdefault(name, []).append(source.id)
        self._names = _by_words(names)
        self._authors = _by_words(authors)
        self._sets: dict[tuple[int, ...], frozenset[DocumentId]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for forms in (*self._names, *self._authors):
            first, length = forms.partition(" ")[0], forms.count(" ") + 1
            held = self._lengths.get(first, ())
            if length not in held:
                self._lengths[first] = tuple(sorted((*held, length), reverse=True))

    def found(self, text: str, start: int, end: int, *, authors: bool = False) -> list[NamedSource]:
        """Titles, publications and files named in a stretch, the longest at each place.

        `authors` too, as in a reference such as "(Miller, 2024)".
        """
        in_text = words(text, start, end)
        forms = folded(in_text)
        named = []
        place = 0
        while place < len(forms):
            length, ids = self._at(in_text, forms, place, authors=authors)
            if length:
                last = in_text[place + length - 1].end
                named.append(NamedSource(in_text[place].start, last, ids))
            place += length or 1
        return named

    def by_author(self, forms: Sequence[str]) -> frozenset[DocumentId]:
        """The documents written by somebody of this folded name."""
        written = self._authors.get(" ".join(forms), ())
        return frozenset(id_ for _, ids in written for id_ in ids)

    def _at(
        self, in_text: Sequence[Word], forms: Sequence[str], place: int, *, authors: bool
    ) -> tuple[int, frozenset[DocumentId]]:
        for length in self._lengths.get(forms[place], ()):
            if place + length > len(forms):
                continue
            key = " ".join(forms[place : place + length])
            named = self._names.get(key, ()) + (self._authors.get(key, ()) if authors else ())
            here = _capitals([word.capital for word in in_text[place : place + length]])
            alike = tuple(ids for capitals, ids in named if capitals & here == capitals)
            if alike:
                return length, self._together(alike)
        return 0, frozenset()

    def _together(self, alike: tuple[tuple[DocumentId, ...], ...]) -> frozenset[DocumentId]:
        """As a set, made once: thousands of documents may be of one newspaper."""
        key = tuple(map(id, alike))  # they live as long as this object does
        if key not in self._sets:
            self._sets[key] = frozenset(id_ for ids in alike for id_ in ids)
        return self._sets[key]


_Written = tuple[int, tuple[DocumentId, ...]]
"""Which words of a name must have a capital, as bits, and the documents called so."""


def _by_words(names: dict[str, list[DocumentId]]) -> dict[str, tuple[_Written, ...]]:
    """By the folded words, with spaces between."""
    found: dict[str, tuple[_Written, ...]] = {}
    for name, ids in names.items():
        forms, capitals = _forms(name)
        if forms:
            found[forms] = (*found.get(forms, ()), (_capitals(capitals), tuple(ids)))
    return found


def _forms(name: str) -> tuple[str, list[bool]]:
    """A name's folded words, and which of them have a capital."""
    if name.isascii() and "'" not in name:  # most are, and there are many
        written = _ASCII_WORD.findall(name)
        return " ".join(written).lower(), [word[0].isupper() for word in written]
    in_name = words(name)
    return " ".join(folded(in_name)), [word.capital for word in in_name]


def _capitals(capitals: Sequence[bool]) -> int:
    """Of a short name all that are capitals, of a longer one the first."""
    looked_at = capitals if len(capitals) <= SHORT_NAME else capitals[:1]
    return sum(1 << place for place, capital in enumerate(looked_at) if capital)
