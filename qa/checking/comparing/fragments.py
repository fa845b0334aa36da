"""Where the fragments of a quotation stand in its source: each found, or else its nearest words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.spans import trimmed
from qa.checking.comparing.alignment import align
from qa.checking.comparing.changes import changes
from qa.checking.comparing.editing import Fragment
from qa.checking.comparing.matching import Ends, Found, needed, places
from qa.checking.comparing.rules import RULES, normal_form
from qa.checking.comparing.stretches import Stretch, prepare
from qa.checking.types import Change

_MANY = 100
"""Occurrences of a fragment looked at, at most."""

_TRIED = 8
"""Ways to place the fragments that were found, where others were not."""

_LIKE = 0.5
"""From this share of words on a fragment is taken for the source's nearest words; else for added."""


class PlacedFragment(NamedTuple):
    """A fragment's place."""

    start: int
    end: int
    rules: tuple[str, ...]
    changes: tuple[Change, ...]
    """Draft offsets are in the fragment."""
    score: float
    same: bool
    """Its words were found."""


def placed(fragments: Sequence[Fragment], source: Stretch) -> list[PlacedFragment]:
    """A place for each fragment: in order where that can be, as near together as can be."""
    options = [_occurrences(fragment, source) for fragment in fragments]
    chains = _chains(options)
    if not chains and all(options):
        return [_found(option[0]) for option in options]
    # Short fragments stand in many places: those with most letters are held to.
    shortest = sorted(range(len(options)), key=lambda at: len(fragments[at].text))
    while not chains:
        options[shortest.pop(0)] = []
        chains = _chains(options)
    if None not in chains[0]:
        return _filled(fragments, chains[0], source)
    readings = [_filled(fragments, chain, source) for chain in chains[:_TRIED]]
    return max(readings, key=lambda places: _agreeing(fragments, places))


def _agreeing(fragments: Sequence[Fragment], places: Sequence[PlacedFragment]) -> float:
    return sum(
        len(fragment.text) * place.score for fragment, place in zip(fragments, places, strict=True)
    )


def _occurrences(fragment: Fragment, source: Stretch) -> list[Found]:
    if fragment.glued_left or fragment.glued_right:
        return list(_inside_words(fragment, source))
    ends = Ends(fragment.first, fragment.may_add_stop)
    stretch = prepare(fragment.text)
    by_start: dict[int, Found] = {}
    for found in places(stretch, source, ends):
        by_start.setdefault(found.start, found)
    return sorted(by_start.values())[:_MANY]


def _inside_words(fragment: Fragment, source: Stretch) -> Iterator[Found]:
    """Places where the side beside the brackets may be inside a word."""
    wanted, at = normal_form(fragment.text, RULES).strip(), -1
    normalised = source.normalised
    for _ in range(_MANY):
        at = normalised.text.find(wanted, at + 1)
        if at < 0 or not wanted:
            return
        start, end = int(normalised.starts[at]), int(normalised.ends[at + len(wanted) - 1])
        start, end = trimmed(source.text, start, end)
        cut_left = not fragment.glued_left and source.parts_a_word(start)
        cut_right = not fragment.glued_right and source.parts_a_word(end)
        if not (cut_left or cut_right):
            yield Found(start, end, needed(fragment.text, source.text[start:end]))


def _chains(options: Sequence[Sequence[Found]]) -> list[list[Found | None]]:
    """One occurrence of each that has any, in order; those in the least stretch first."""
    held = [at for at, some in enumerate(options) if some]
    if not held:
        return [[None] * len(options)]
    rest = [options[at] for at in held[1:]]
    chains = [chain for first in options[held[0]] if (chain := _after([first], rest))]
    chains.sort(key=lambda chain: chain[-1].end - chain[0].start)
    return [_spread(chain, held, len(options)) for chain in chains]


def _spread(chain: Sequence[Found], held: Sequence[int], size: int) -> list[Found | None]:
    found: list[Found | None] = [None] * size
    for at, place in zip(held, chain, strict=True):
        found[at] = place
    return found


def _after(chain: list[Found], rest: Sequence[Sequence[Found]]) -> list[Found] | None:
    for some in rest:
        following = next((one for one in some if one.start >= chain[-1].end), None)
        if following is None:
            return None
        chain.append(following)
    return chain


def _filled(
    fragments: Sequence[Fragment], chain: Sequence[Found | None], source: Stretch
) -> list[PlacedFragment]:
    """With the nearest words, between their neighbours, of each fragment that was not found."""
    places: list[PlacedFragment] = []
    done = 0
    for at, (fragment, found) in enumerate(zip(fragments, chain, strict=True)):
        following = next((one.start for one in chain[at:] if one), len(source.text))
        place = _found(found) if found else _nearest(fragment, source, done, following)
        places.append(place)
        done = max(done, place.end)
    return places


def _found(found: Found) -> PlacedFragment:
    return PlacedFragment(found.start, found.end, found.rules, (), 1.0, same=True)


def _nearest(fragment: Fragment, source: Stretch, start: int, end: int) -> PlacedFragment:
    low, high = bisect_left(source.starts, start), bisect_left(source.starts, end)
    stretch = prepare(fragment.text)
    alignment = align(stretch, source, low, high)
    if alignment.score < _LIKE or alignment.first >= alignment.last:
        added = Change(0, len(fragment.text), fragment.text, start, start, "")
        return PlacedFragment(start, start, (), (added,), 0.0, same=False)
    found = changes(
        stretch,
        source,
        alignment,
        first_letter=fragment.first,
        final_stop=fragment.may_add_stop,
    )
    first, last = source.starts[alignment.first], source.ends[alignment.last - 1]
    first, last = trimmed(source.text, first, last)
    if found and fragment.glued_left and _ends_with(found[0]):
        first, found = found[0].source_end - len(found[0].draft), found[1:]
    if found and fragment.glued_right and _begins_with(found[-1], len(fragment.text)):
        last, found = found[-1].source_start + len(found[-1].draft), found[:-1]
    return PlacedFragment(first, last, (), found, alignment.score, same=False)


def _ends_with(change: Change) -> bool:
    """The rest of a word whose beginning stands in brackets: "[T]he"."""
    at_start = change.draft_start == 0
    return at_start and bool(change.draft) and change.source.endswith(change.draft)


def _begins_with(change: Change, end: int) -> bool:
    """The beginning of a word whose rest stands in brackets: "walk[ed]"."""
    at_end = change.draft_end == end
    return at_end and bool(change.draft) and change.source.startswith(change.draft)
