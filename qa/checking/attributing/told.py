"""Whose words a source tells some words to be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.lexical import fold
from index.segment import sentences
from index.types import Span
from qa.checking.attributing.persons import Person, is_title, persons, same_person
from qa.checking.attributing.speech import Speech, speeches
from qa.cue_matching import words

AROUND = 500
"""Characters looked at on either side: the paragraphs beside."""

TITLES_BEFORE = 20
"""Places before, where a title stands, that are looked at for the name "the ambassador" has."""

BESIDE_A_TITLE = 60
"""Characters: "Ambassador to the Republic of Korea Le Ba Vinh"."""

BEFORE = 3
"""Sentences before, in which the one meant by "he said" was named."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Told:
    """What a source says of who speaks some words."""

    text: str
    around: Span
    """What was looked at."""
    here: tuple[Speech, ...]
    """In the words' own sentences."""
    beside: tuple[Span, ...]
    """Sentences beside these, the nearest first."""
    titled: tuple[Person, ...]
    """Whom a title without a name here means: "the ambassador"."""

    def by(self, person: Person) -> tuple[bool | None, str]:
        """Whether the words are told as this person's, and why."""
        speakers = [speech.speaker for speech in self.here if speech.speaker]
        if speakers:
            return self._by_name(person, speakers)
        if self.titled:
            same = same_person(person.forms, self.titled[0].forms)
            reason = f"the source gives the words to {self._title(self.titled[0])}"
            return (True, reason) if same else (None, f"{reason}, it seems")
        if any(same_person(person.forms, speaker.forms) for speaker in self._speak_beside()):
            return True, "the source lets them speak right beside the words"
        if self.mentions(person):
            return None, "the source names them, and does not say who speaks here"
        return None, "the source does not name them here"

    def _speak_beside(self) -> Iterator[Person]:
        for span in self.beside:
            yield from (one.speaker for one in speeches(self.text, *span) if one.speaker)

    def _name(self, person: Person) -> str:
        return self.text[person.start : person.end]

    def _title(self, person: Person) -> str:
        return f"the {' '.join(person.titles)}, {self._name(person)}"

    def _by_name(self, person: Person, speakers: Sequence[Person]) -> tuple[bool, str]:
        if any(same_person(person.forms, speaker.forms) for speaker in speakers):
            return True, "the source tells the words as theirs"
        return False, f"the source gives the words to {self._name(speakers[0])}"

    def mentions(self, person: Person) -> bool:
        """Whether some part of their name stands near the words."""
        written = {word for word in _WORD.findall(self.text, *self.around) if word[0].isupper()}
        return not {form for form in person.forms if len(form) > 1}.isdisjoint(map(fold, written))


def told(text: str, place: Span) -> Told:
    """What is told around `text[place]`."""
    start, end = max(0, place[0]), min(len(text), place[1])
    around = max(0, start - AROUND), min(len(text), end + AROUND)
    near = _sentences(text, *around)
    own = [span for span in near if span[0] < end and start < span[1]]
    before = [span for span in near if span[1] <= start][-BEFORE:]
    after = [span for span in near if span[0] >= end][:1]
    here = [speech for span in own for speech in speeches(text, *span)]
    nouns = {speech.noun for speech in here if is_title(speech.noun)}
    beside = (*reversed(before), *after)
    return Told(text, around, tuple(here), beside, tuple(_titled(text, start, nouns)))


def _titled(text: str, before: int, nouns: set[str]) -> Iterator[Person]:
    """For each title the last one named with it before the words."""
    lower = text[:before].lower() if nouns else ""
    if len(lower) != before:  # a few letters are two in lower case
        return
    for noun in sorted(nouns):
        place = before
        for _ in range(TITLES_BEFORE):
            place = lower.rfind(noun, 0, place)
            if place < 0:
                break
            stretch = words(text, place, min(before, place + BESIDE_A_TITLE))
            named = [person for person in persons(text, stretch) if noun in person.titles]
            if named:
                yield named[0]
                break


def _sentences(text: str, start: int, end: int) -> list[Span]:
    return [(first + start, last + start) for first, last in sentences(text[start:end])]
