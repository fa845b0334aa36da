"""Who is told to say something, in a stretch of prose. Pure.

It reads words, no grammar: a verb of speaking and the name beside it. What stands between the two
decides: "Kim said", "Kim, the leader, said", "said President Kim", "according to Kim".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from index.spans import BLANK_LINES
from index.types import Span
from qa import cues
from qa.checking.attributing.persons import Person, is_article, is_title, persons
from qa.cue_matching import Phrases, Word, words

TO_THE_NAME = 6
"""Words between a verb and the name after it: "said the Vietnamese ambassador to Laos, Vinh"."""

_REPORTING = Phrases(cues.REPORTING)
_SPOKEN_TO = Phrases(cues.SPOKEN_TO)
_QUOTING = Phrases(cues.QUOTING)
_ACCORDING_TO = Phrases(cues.ACCORDING_TO)
_PRONOUNS = Phrases(cues.PRONOUNS)
_THAT = Phrases(cues.THAT | cues.ARTICLES)
_APART = regex.compile(rf"[:;“„«»”\"!?]|\.(?=\s)|{BLANK_LINES.pattern}")
_COMMA = regex.compile(r"[,()—–]")  # noqa: RUF001 - dashes are meant
_COLON_AT_END = regex.compile(r"\s*:\s*")


@dataclass(frozen=True, slots=True)
class Speech:
    """A verb of speaking, or words such as "according to", and who speaks."""

    start: int
    """Of the cue."""
    end: int
    speaker: Person | None
    """None where no name is told."""
    noun: str = ""
    """What speaks instead, in lower case: a common noun, "ambassador", or a pronoun."""


class _Stretch:
    """A stretch of prose, its words, and the names among them."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.end = text, end
        self.words = words(text, start, end)
        self.persons = persons(text, self.words)
        self._ending = {person.last: person for person in self.persons}

    def speeches(self) -> Iterator[Speech]:
        """Every report of speech."""
        for verb in _REPORTING.spans(self.words):
            yield self._by_verb(verb)
        for cue in _QUOTING.spans(self.words):
            if person := self._after(cue[1]):
                yield self._speech(cue, person)
        for cue in _ACCORDING_TO.spans(self.words):
            if (person := self._after(cue[1])) and self._may_report(cue):
                yield self._speech(cue, person)
        if self.persons and (speech := self._before_a_colon(self.persons[-1])):
            yield speech

    def _before_a_colon(self, person: Person) -> Speech | None:
        """As in an interview, "Kim Jong Un: …"; one word with a capital may be any: "Results:"."""
        if len(person.forms) == 1 and not person.titles:
            return None
        if _COLON_AT_END.fullmatch(self.text, person.end, self.end):
            return Speech(person.end, self.end, person)
        return None

    def _by_verb(self, verb: Span) -> Speech:
        first, _ = verb
        at = self._subject_end(first)
        if at is None:
            return self._inverted(verb)
        between = self._between(at, first)
        if _COMMA.search(between):
            return self._behind_a_comma(verb, at)
        if pronoun := self._pronoun_ends_at(at):
            return self._speech(verb, None, pronoun)
        if at + 1 in self._ending:
            return self._speech(verb, self._head(self._ending[at + 1]))
        inverted = self._inverted(verb)
        return inverted if inverted.speaker else self._speech(verb, None, self.words[at].form)

    def _behind_a_comma(self, verb: Span, at: int) -> Speech:
        """As in "Kim, the leader, said", "in Hanoi, said Kim", "the leader, Kim, said"."""
        if person := self._before_apposition(at):
            return self._speech(verb, person)
        inverted = self._inverted(verb)
        if inverted.speaker or inverted.noun or at + 1 not in self._ending:
            return inverted
        return self._speech(verb, self._head(self._ending[at + 1]))

    def _subject_end(self, verb: int) -> int | None:
        """The place of the word before a verb and its adverbs, if they are of one clause."""
        at = verb - 1
        while at >= 0 and _adverb(self.words[at]) and at + 1 not in self._ending:
            at -= 1
        if at < 0 or _APART.search(self._between(at, verb)):
            return None
        return at

    def _inverted(self, verb: Span) -> Speech:
        """As in "said President Kim", "sagte sie", "said the ambassador"."""
        first, last = verb
        if _SPOKEN_TO.at(self.words, first) or last >= len(self.words):
            return self._speech(verb, None)
        if person := self._after(last):
            return self._speech(verb, person)
        if _PRONOUNS.at(self.words, last) and not _THAT.at(self.words, last):
            return self._speech(verb, None, self.words[last].form)
        following = self.words[last : last + 2]
        if len(following) == 2 and is_article(following[0].form):
            return self._speech(verb, None, following[1].form)
        return self._speech(verb, None)

    def _after(self, place: int) -> Person | None:
        """The name right behind a verb, or behind an article and a title."""
        for person in self.persons:
            leading = self.words[place : person.first]
            if person.last <= place or self._is_another(person, place):
                continue
            between = self.text[self.words[place - 1].end : self.words[person.first].start]
            if len(leading) > TO_THE_NAME or _APART.search(between):
                return None
            if any(is_title(word.form) for word in leading) and is_article(leading[0].form):
                return person
            direct = all(is_article(word.form) for word in leading) and "," not in between
            return person if direct else None
        return None

    def _is_another(self, person: Person, after: int) -> bool:
        """Whether a name is that of a place or party behind a title: "the ambassador to Laos"."""
        before = person.first - 1
        return before > after and self.words[before].form in cues.BEFORE_ANOTHER

    def _before_apposition(self, at: int) -> Person | None:
        """Of "Kim, General Secretary of the Party, said" the name before the first comma."""
        for place in range(at, 0, -1):
            between = self._between(place - 1, place)
            if _APART.search(between):
                return None
            if _COMMA.search(between):
                return self._head(self._ending[place]) if place in self._ending else None
        return None

    def _head(self, person: Person) -> Person | None:
        """The subject itself: of "Kim of North Korea" the first, of "a man from Laos" nobody."""
        before = person.first - 1
        if before < 0 or self.words[before].form not in cues.BEFORE_ANOTHER:
            return person
        return self._ending.get(before)

    def _pronoun_ends_at(self, at: int) -> str:
        """Of one word, or of two as in Vietnamese."""
        for first in range(max(0, at - 1), at + 1):
            if _PRONOUNS.at(self.words, first) == at + 1 - first:
                return self.words[at].form
        return ""

    def _may_report(self, cue: Span) -> bool:
        """German "so" reports only behind a quotation: "…", so Merkel."""
        word = self.words[cue[0]]
        if word.form != "so":
            return True
        return not cue[0] or bool(_COMMA.search(self._between(cue[0] - 1, cue[0])))

    def _between(self, word: int, following: int) -> str:
        return self.text[self.words[word].end : self.words[following].start]

    def _speech(self, cue: Span, person: Person | None, noun: str = "") -> Speech:
        return Speech(self.words[cue[0]].start, self.words[cue[1] - 1].end, person, noun)


def speeches(text: str, start: int, end: int) -> list[Speech]:
    """Every report of speech in a stretch, in order."""
    return sorted(_Stretch(text, start, end).speeches(), key=lambda speech: speech.start)


def _adverb(word: Word) -> bool:
    return word.form in cues.BESIDE_A_VERB or (word.form.endswith("ly") and not word.capital)
