"""Where a source has the words of a quotation: letter by letter, or after the published rules."""

# ruff: noqa: RUF001, RUF002 - quotation marks and dashes are what is meant
from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from index.spans import LINE_END, trimmed
from qa.checking.comparing.rules import RULES, TEXT_RULES, alike, normal_form
from qa.checking.comparing.stretches import SEPARATOR, Stretch, prepare, tokens

STOPS = frozenset(".,،۔。，、।")
"""Commas and full stops of several scripts: what American typesetting puts inside the marks."""

_CLOSING_MARKS = "'’”\"»›“‘」』)] \u00a0\u202f"
"""And the spaces that some languages have before them."""
ASKING_OR_CALLING = frozenset("?!‽؟？！⁇⁈⁉")

_LEAST_MISSED = (
    "ellipsis-character",
    "dashes",
    "quote-marks",
    "invisible",
    "unicode-form",
    "white-space",
)
"""The order in which rules are tried to be done without. A dash's spaces are first taken for white
space, so that "dashes" is named only where white space does not tell the whole."""

_SPACES = re.compile(r"\s+")

_MANY = 200
"""Occurrences looked at, at most."""


class Found(NamedTuple):
    """A place of the source with the words of a quotation."""

    start: int
    end: int
    rules: tuple[str, ...]
    """By which they are the same; none where they are the same letter by letter."""


class Ends(NamedTuple):
    """What may differ at the ends of what is looked for."""

    first_letter: bool = True
    final_stop: bool = True


def find(quotation: Stretch, source: Stretch) -> Found | None:
    """The first place with the quotation's words, exact before normalised."""
    if not any(character.isalnum() for character in quotation.text):
        return None
    return next(places(quotation, source, Ends()), None)


def places(quotation: Stretch, source: Stretch, ends: Ends) -> Iterator[Found]:
    """Every place with the quotation's words, exact ones before normalised ones."""
    readings = [quotation]
    if (wanted := on_one_line(quotation.text)) != quotation.text:
        readings.insert(0, prepare(wanted))
    for search in (verbatim, partial(same_words, ends=ends)):
        for reading in readings:
            yield from search(reading, source)


def on_one_line(text: str) -> str:
    r"""The text as it reads where its lines were not broken to fit; paragraphs stay apart.

    A line break inside a paragraph is how a draft's file is laid out, in Markdown as in e-mail.

    >>> on_one_line("so many\r\n  words\n\nand more")
    'so many words\n\nand more'
    """
    return _SPACES.sub(_with_one_line_end_less, text)


def _with_one_line_end_less(spaces: re.Match[str]) -> str:
    return " " if len(LINE_END.findall(spaces[0])) == 1 else spaces[0]


def verbatim(quotation: Stretch, source: Stretch) -> Iterator[Found]:
    """Where the source has the text letter by letter, from word to word."""
    wanted, start = quotation.text, -1
    if not wanted.strip():
        return
    for _ in range(_MANY):
        start = source.text.find(wanted, start + 1)
        if start < 0:
            return
        end = start + len(wanted)
        if not (source.parts_a_word(start) or source.parts_a_word(end)):
            yield Found(start, end, ())


def same_words(quotation: Stretch, source: Stretch, ends: Ends) -> Iterator[Found]:
    """Where the source has the same words by the rules; those that need fewest rules come first."""
    for variant in _variants(quotation.text):
        if ("first-letter" in variant.rules and not ends.first_letter) or (
            "final-punctuation" in variant.rules and not ends.final_stop
        ):
            continue
        found = [
            Found(start, end, needed(variant.text, source.text[start:end], variant.rules))
            for start, end in _places(prepare(variant.text), source)
            if "final-punctuation" not in variant.rules or not _asks_or_calls(source.text, end)
        ]
        yield from sorted(found, key=lambda one: len(one.rules))


def needed(text: str, source: str, besides: Collection[str] = ()) -> tuple[str, ...]:
    """The rules without which two texts that are the same by the rules would differ.

    >>> needed("“So – it is”", '"So—it is"')
    ('quote-marks', 'dashes')
    """
    kept = set(TEXT_RULES)
    if _same_by(text, source, kept):
        for name in _LEAST_MISSED:
            if _same_by(text, source, kept - {name}):
                kept.discard(name)
    return tuple(name for name in RULES if name in kept or name in besides)


def _same_by(text: str, source: str, rules: Collection[str]) -> bool:
    one, other = normal_form(text, rules), normal_form(source, rules)
    if "white-space" not in rules:
        return alike(one, other) if "dashes" in rules else one == other
    ours, theirs = ([form for form, _, _ in tokens(given.strip())] for given in (one, other))
    return alike(ours, theirs) if "dashes" in rules else ours == theirs


class _Variant(NamedTuple):
    text: str
    rules: tuple[str, ...]


@lru_cache(1024)
def _variants(text: str) -> tuple[_Variant, ...]:
    """The text, and what it may stand for by the rules about its ends."""
    found = [_Variant(text, ())]
    if swapped := _first_letter_swapped(text):
        found.append(_Variant(swapped, ("first-letter",)))
    bare = [
        _Variant(bare, (*given.rules, "final-punctuation"))
        for given in found
        if (bare := without_final_stop(given.text)) is not None
    ]
    return (*found, *bare)


def _first_letter_swapped(text: str) -> str | None:
    at = next((at for at, character in enumerate(text) if character.isalnum()), None)
    if at is None or len(swapped := text[at].swapcase()) != 1 or swapped == text[at]:
        return None
    # A letter that does not come back, such as the Kelvin sign, would be another letter.
    return text[:at] + swapped + text[at + 1 :] if swapped.swapcase() == text[at] else None


def without_final_stop(text: str) -> str | None:
    """The text without its last comma or full stop; None where it ends otherwise.

    >>> without_final_stop("so he said ‘yes.’"), without_final_stop("yes?")
    ('so he said ‘yes’', None)
    """
    at = len(text) - 1
    while at >= 0 and text[at] in _CLOSING_MARKS:
        at -= 1
    if at < 1 or text[at] not in STOPS or text[at - 1] in "….":
        return None
    bare = text[:at] + text[at + 1 :]
    return bare if any(character.isalnum() for character in bare) else None


def _asks_or_calls(text: str, end: int) -> bool:
    following = text[end : end + 8].lstrip(_CLOSING_MARKS + "\t\n")
    return following[:1] in ASKING_OR_CALLING


def _places(quotation: Stretch, source: Stretch) -> Iterator[tuple[int, int]]:
    forms = quotation.forms
    if not any(quotation.are_words):
        return
    for position in _positions(quotation.joined, source.joined):
        first = source.joined.count(SEPARATOR, 0, position)
        after = first + len(forms)
        whole = not (source.one_word(first) or source.one_word(after))
        if whole and alike(forms, source.forms[first:after]):
            yield trimmed(source.text, source.starts[first], source.ends[after - 1])


def _positions(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)
