"""A text made ready to be compared: its words and marks, with their places.

A word here is what a reader takes for one: 59,000 and 3.5, people's, U.S. Hyphenated words are
taken apart for comparing and count as one where a quotation begins or ends: "violent protest" is
no quotation out of "non-violent protest".
"""

# ruff: noqa: RUF001, RUF002 - apostrophes and dashes are what is meant
from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

import regex

from index.lexical import UNSPACED, fold
from index.spans import trimmed
from qa.checking.comparing.rules import HYPHEN, LONG, MINUS, SHORT, Normalised, normalise

_UNSPACED = rf"{UNSPACED}ー"
"""Of these each character is compared by itself."""

_APOSTROPHE = "['‘’‛ʼ´`＇]"
_ELISIONS = "[cdjlmst]|qu|jusqu|lorsqu|puisqu|quoiqu|dell|dall|nell|sull|all|un"
"""Words of French and Italian that lose their vowel: they and what follows are two words. Not
"n'", without which a sentence says the opposite."""

_TOKEN = regex.compile(
    rf"""
    [a-zA-Z]++(?=[\ \n])             # most words: what follows would find them too, slower
    | [[{_UNSPACED}]--\p{{M}}]\p{{M}}*
    | \p{{Hangul}}\p{{M}}*
    | (?<![\p{{L}}\p{{M}}\p{{N}}_])(?i:{_ELISIONS}){_APOSTROPHE}(?=\p{{L}})
    | (?P<letters>[[\p{{L}}\p{{M}}\p{{N}}_\u200c\u200d]--[{_UNSPACED}\p{{Hangul}}]]++)
      (?: (?: {_APOSTROPHE}
            | (?<=\p{{N}})[.,:/٫٬](?=\p{{N}})            # 59,000  3.5  10:30  ٤٫٥
            | (?<=(?<![\p{{L}}\p{{M}}])\p{{L}})\.(?=\p{{L}})  # U.S
            | (?<=\p{{L}})\.(?=\p{{Ll}})                 # example.org
          )
          [[\p{{L}}\p{{M}}\p{{N}}_\u200c\u200d]--[{_UNSPACED}\p{{Hangul}}]]++
      )*
    | \s?[-\u2010-\u2015]\s?        # with its spaces: they tell one dash from another
    | \.(?:\.\.|\s\.\s\.)
    | \S\p{{M}}*
    """,
    regex.VERBOSE | regex.V1,
)
_DASH_WITH_SPACES = regex.compile(r"\s?[-\u2010-\u2015]\s?")
_HANGUL = regex.compile(r"\p{Hangul}")

SEPARATOR = "\x1f"
"""Between words in `Stretch.joined`; white space to Unicode, so that no word holds it."""

_ONE_DASH = str.maketrans({SHORT: HYPHEN, LONG: HYPHEN})

WORD_BEGINS = "\x1e"
"""Before the first syllable of a Korean word: syllables are compared, and so are the spaces."""

_JOINING = frozenset((HYPHEN, SHORT))
_AFTER_A_NUMBER = frozenset("%‰٪％")
_GROUPED = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}_.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?![\p{L}\p{N}_])"
)
"""A number whose thousands are parted by spaces: 5 000. "In 1990 300 people" holds none."""
_HAN_NUMERALS = frozenset("〇零一二三四五六七八九十百千万萬億亿兆")
_PREFIXES = "anti non un in im dis mis ex pre post pro counter pseudo semi quasi half"
_NEGATING_PREFIXES = frozenset(_PREFIXES.split())
"""Before an en dash that is written for a hyphen: "non–violent"."""


class Stretch:
    """A text and what comparing needs of it, each part made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def normalised(self) -> Normalised:
        """The text after every rule."""
        return normalise(self.text)

    @cached_property
    def _tokens(self) -> tuple[list[str], list[int], list[int]]:
        normalised = self.normalised
        found = tokens(normalised.text)
        firsts = [first for _, first, _ in found]
        lasts = [last - 1 for _, _, last in found]
        starts, ends = normalised.starts[firsts], normalised.ends[lasts]
        return [form for form, _, _ in found], starts.tolist(), ends.tolist()

    @property
    def forms(self) -> list[str]:
        """Words and marks after every rule."""
        return self._tokens[0]

    @property
    def starts(self) -> list[int]:
        """Of each word or mark, in the text as given."""
        return self._tokens[1]

    @property
    def ends(self) -> list[int]:
        """Of each word or mark, in the text as given."""
        return self._tokens[2]

    @cached_property
    def folded(self) -> list[str]:
        """Words without case and accents, so that what differs in them alone is seen as near."""
        return [folded(form) for form in self.forms]

    @cached_property
    def are_words(self) -> list[bool]:
        """Of each: a word, not a mark."""
        return [is_word(form) for form in self.forms]

    @cached_property
    def shares(self) -> list[float]:
        """Of each: how much of a word it is. The parts of "close-knit" and "1950–2025" make one."""
        shares = [1.0 if word else 0.0 for word in self.are_words]
        first = 0
        for at, form in enumerate(self.forms):
            goes_on = at > first and not _JOINING.isdisjoint((form, self.forms[at - 1]))
            if not (goes_on and (self.one_word(at) or self._in_range(at))):
                first = at
                continue
            parts = sum(self.are_words[first : at + 1])
            for part in range(first, at + 1):
                shares[part] = self.are_words[part] / max(1, parts)
        return shares

    @cached_property
    def joined(self) -> str:
        """The forms in a row, each between separators; all dashes are one."""
        joined = SEPARATOR + SEPARATOR.join(self.forms) + SEPARATOR
        return joined if joined.isascii() else joined.translate(_ONE_DASH)

    def parts_a_word(self, place: int) -> bool:
        """Whether a text that began or ended at this offset would cut a word.

        >>> stretch = Stretch("Our party met, at -5 degrees, the non-violent U.S. people's art.")
        >>> [stretch.parts_a_word(stretch.text.index(cut)) for cut in ("arty", "5", "violent")]
        [True, True, True]
        >>> [stretch.parts_a_word(stretch.text.index(cut)) for cut in ("S.", "'s", "art.", ",")]
        [True, True, False, False]
        """
        text = self.text
        if not 0 < place < len(text) or self._plainly_between(place):
            return False
        if unicodedata.category(text[place])[0] == "M":
            return True
        at = bisect_right(self.starts, place - 1) - 1
        if at >= 0 and place < self.ends[at]:
            return not text[place - 1 : place + 1].isspace() and self._inside(at, place)
        return self.one_word(at + 1)

    def _plainly_between(self, place: int) -> bool:
        before, after, next_after = (
            self.text[place - 1],
            self.text[place],
            self.text[place + 1 :][:1],
        )
        if before.isspace():
            return not (after.isdigit() or unicodedata.combining(after))
        if after.isspace():
            return not (next_after in _AFTER_A_NUMBER or (before + next_after).isdigit())
        return after in ".,;:!?" and (not next_after or next_after.isspace())

    def _inside(self, at: int, place: int) -> bool:
        first, last = trimmed(self.text, self.starts[at], self.ends[at])
        return first < place < last

    def one_word(self, at: int) -> bool:
        """Whether the token here and the one before it are parts of one word or number."""
        if not 0 < at < len(self.forms):
            return False
        left, right = self.forms[at - 1], self.forms[at]
        if right in _AFTER_A_NUMBER and left[-1].isdigit():
            return True
        if self.ends[at - 1] != self.starts[at]:
            return self.starts[at] in self._goes_on_after_spaces
        return (
            HYPHEN in {left, right}
            or (_is_numeral(left[-1]) and _is_numeral(right[0]))
            or left == MINUS
            or (_is_currency(left) and right[0].isdigit())
            or (_is_currency(right) and left[-1].isdigit())
            or (left == SHORT and at > 1 and self.forms[at - 2].lower() in _NEGATING_PREFIXES)
        )

    @cached_property
    def _goes_on_after_spaces(self) -> frozenset[int]:
        """Where the groups of a number stand, but for the first: 000 of "5 000"."""
        found = (match.span() for match in _GROUPED.finditer(self.text))
        return frozenset(at for start, end in found for at in range(end - 3, start, -4))

    def _in_range(self, at: int) -> bool:
        """Whether the token here and the one before it are parts of such as "1950–2025"."""
        forms = self.forms
        dash = at if forms[at : at + 1] == [SHORT] else at - 1
        return (
            0 < dash < len(forms) - 1
            and forms[dash] == SHORT
            and forms[dash - 1][-1].isdigit()
            and forms[dash + 1][0].isdigit()
        )

    def shown_together(self, at: int) -> bool:
        """Whether people read the token here and the one before it as one word."""
        if self.one_word(at) or self._in_range(at):
            return True
        if not 0 < at < len(self.forms) or self.ends[at - 1] != self.starts[at]:
            return False
        left, right = self.forms[at - 1], self.forms[at]
        return (len(left) > 1 and left[-1] == "'") or (
            bool(_HANGUL.match(right)) and bool(_HANGUL.search(left))
        )


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Words and marks of a text with their places, in order.

    >>> [token for token, _, _ in tokens("The U.S. (people's) 59,000, l'homme close-knit.")]
    ['The', 'U.S', '.', '(', "people's", ')', '59,000', ',', "l'", 'homme', 'close', '-', 'knit', '.']
    """
    found = []
    for match in _TOKEN.finditer(text):
        form, (first, last) = match.group(), match.span()
        if (
            form >= "\u1100"
            and _HANGUL.match(form)
            and not (first and _HANGUL.match(text[first - 1]))
        ):
            form = WORD_BEGINS + form
        found.append((form, first, last))
    return found


@lru_cache(1 << 16)
def folded(form: str) -> str:
    """A form without case and accents; all dashes are one.

    >>> folded("Lâm"), folded("—")
    ('lam', '-')
    """
    if _DASH_WITH_SPACES.fullmatch(form):
        return HYPHEN
    return fold(form.removeprefix(WORD_BEGINS)) or form


@lru_cache(1 << 16)
def is_word(form: str) -> bool:
    """Whether a form holds a letter or a digit."""
    return any(character.isalnum() for character in form)


def _is_numeral(character: str) -> bool:
    return character in _HAN_NUMERALS or character.isdigit()


def _is_currency(form: str) -> bool:
    return unicodedata.category(form[0]) == "Sc"


@lru_cache(256)
def prepare(text: str) -> Stretch:
    """A text made ready; the same text is made ready once."""
    return Stretch(text)
