"""What may differ between a quotation and its source: the published list of normalisation rules.

`RULES` is the list, for people. `normal_form` and `normalise` write a text as if the rules had
been followed from the start; the latter knows of each character where it stands in the text as
given. Two rules are about a quotation's ends and are in `qa.checking.comparing.matching`:
first-letter and final-punctuation.

Letters, digits, accents and other punctuation are never touched: whatever is not in this list is
an alteration. Compatibility forms (NFKC) are left alone on purpose: 10² is not 102.
"""

# ruff: noqa: RUF001 - quotation marks, ligatures and dashes are what is meant
from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Offsets = NDArray[np.int64]

RULES: Mapping[str, str] = MappingProxyType(
    {
        "unicode-form": "Composed and decomposed characters are the same, and so are typographic "
        "ligatures such as “ﬁ” and their letters; “10²” and “102” are not.",
        "white-space": "Runs of white space are one space, and so are the ends of paragraphs; a "
        "line broken within a paragraph is no difference at all; beside punctuation, "
        "just inside the quotation marks, and in scripts that part words by none it may be "
        "missing; “any one” and “anyone” are not the same.",
        "quote-marks": "All quotation marks are the same, single, double, straight or "
        "typographic, of any language, and so are all apostrophes; none may be missing.",
        "dashes": "All dashes are the same, and so are a hyphen and an en dash inside a word or "
        "between numbers; a dash may stand with or without spaces; a word's hyphen and a number's "
        "minus are never dropped or added.",
        "ellipsis-character": "Where the source has an ellipsis itself, “…”, “...” and “. . .” "
        "are the same.",
        "invisible": "Soft hyphens, zero-width spaces, byte order marks and marks of writing "
        "direction are left out; zero-width joiners and non-joiners are not.",
        "first-letter": "The first letter of the quotation may be a capital or not.",
        "final-punctuation": "A comma or full stop may stand just inside the closing mark, or "
        "before an ellipsis, that the source does not have there; it never stands for a question "
        "or exclamation mark.",
    }
)
"""Names and meanings, in the order in which verdicts name them."""

LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
"""The Latin ligatures of Unicode's Alphabetic Presentation Forms, U+FB00 to U+FB06."""

APOSTROPHES = "'‘’‛ʼ´`＇"
"""What is written for an apostrophe, and for a single quotation mark."""

_DOUBLE = "“”„‟«»‹›‚「」『』｢｣〝〞〟＂❛❜❝❞"
"""Other quotation marks (Unicode's Quotation_Mark property and look-alikes); never primes."""

_HYPHENS = "-\u2010\u2011﹣－"
_SHORT_DASHES = "\u2012–\u2212"
"""Figure dash, en dash, minus sign."""
_LONG_DASHES = "—―⸺⸻﹘"

HYPHEN, SHORT, LONG, MINUS, HANGING = "-", "–", "—", "\u2212", "\u2010"
"""What `normalise` writes for dashes: inside a word, an en dash without spaces, one that parts
phrases, a number's sign, and a hyphen with a space on one side, as in "two- and threefold"."""

ALIKE = frozenset({HYPHEN + SHORT, SHORT + HYPHEN, SHORT + LONG, LONG + SHORT})
"""Dashes that may stand for each other. A hyphen and a dash that parts phrases may not: "re-form"
is one word, "re — form" two."""


_Replacement = tuple[int, int, str]
"""Where, and what is written there instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Normalised:
    """A text after every rule, and where its characters come from."""

    text: str
    starts: Offsets
    """Of each character: the start of what it stands for in the text as given."""
    ends: Offsets


def normal_form(text: str, rules: Collection[str]) -> str:
    r"""A text with some of the rules applied to all of it.

    >>> normal_form("“The ﬁrst — a\u00a0step…”", RULES)
    '"The first—a step…"'
    """
    for name, step in _STEPS.items():
        if name in rules and (replacements := _effective(text, step(text))):
            text = _rewritten(text, replacements)
    return text


def normalise(text: str) -> Normalised:
    """A text after every rule, with the way back."""
    import numpy as np

    starts = np.arange(len(text), dtype=np.int64)
    ends = starts + 1
    for step in _STEPS.values():
        if replacements := _effective(text, step(text)):
            text = _rewritten(text, replacements)
            starts = _moved(starts, replacements, last_of_old=False)
            ends = _moved(ends, replacements, last_of_old=True)
    return Normalised(text, starts, ends)


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two normalised texts, or lists of their words, are the same but for dashes."""
    if len(one) != len(other):
        return False
    return one == other or all(
        left == right or left + right in ALIKE for left, right in zip(one, other, strict=True)
    )


def _effective(text: str, replacements: Iterable[_Replacement]) -> list[_Replacement]:
    return [one for one in replacements if one[2] != text[one[0] : one[1]]]


def _rewritten(text: str, replacements: Iterable[_Replacement]) -> str:
    pieces, done = list[str](), 0
    for first, last, new in replacements:
        pieces += text[done:first], new
        done = last
    return "".join((*pieces, text[done:]))


def _moved(offsets: Offsets, replacements: Iterable[_Replacement], *, last_of_old: bool) -> Offsets:
    """The offsets of a text's characters after replacements: each new one has that of the old."""
    import numpy as np

    pieces, done = list["Offsets"](), 0
    for first, last, new in replacements:
        pieces.append(offsets[done:first])
        if new:
            pieces.append(offsets[last - 1 if last_of_old else first].repeat(len(new)))
        done = last
    return np.concatenate((*pieces, offsets[done:]))


_INVISIBLE = re.compile(
    r"\u00ad(?:[^\S\n]*\n\s*)?|[\u200b\u2060\ufeff\u200e\u200f\u061c\u202a-\u202c\u2066-\u2069]"
)
"""Not the overrides of direction, U+202D and U+202E: they make a text read otherwise."""


def _without_invisible(text: str) -> Iterator[_Replacement]:
    if not text.isascii():
        yield from ((*match.span(), "") for match in _INVISIBLE.finditer(text))


_BEYOND_ASCII = regex.compile(r"(?:[\x00-\x7f](?=\p{M}))?[^\x00-\x7f]+")
_CLUSTER = regex.compile(r"\X")
"""Grapheme clusters: normalisation form C never composes across their boundaries (UAX 29)."""


def _composed(text: str) -> Iterator[_Replacement]:
    if text.isascii():
        return
    if unicodedata.is_normalized("NFC", text) and not _LIGATURE.search(text):
        return
    # Runs first, since clusters are slow to find and most text is in ASCII.
    for run in _BEYOND_ASCII.finditer(text):
        for match in _CLUSTER.finditer(text, *run.span()):
            letters = match.group().translate(LIGATURES)
            yield *match.span(), unicodedata.normalize("NFC", letters)


_LIGATURE = re.compile("[ﬀ-ﬆ]")

_SPACES = re.compile(r"\s(?:\s+|(?<! ))")


def _one_space(text: str) -> Iterator[_Replacement]:
    """A line may also end after a word's hyphen, where no space was."""
    for match in _SPACES.finditer(text):
        first, last = match.span()
        hyphenated = (
            "\n" in match.group()
            and text[first - 1 : first] in {*_HYPHENS, "–"}
            and text[max(0, first - 2) : first - 1].isalnum()
            and text[last : last + 1].isalnum()
        )
        yield first, last, "" if hyphenated else " "


_MARKS = re.compile(rf"``|''|[{APOSTROPHES}{_DOUBLE}]")


def _plain_marks(text: str) -> Iterator[_Replacement]:
    """An apostrophe stands between letters; where a mark quotes, single is as good as double."""
    for match in _MARKS.finditer(text):
        first, last = match.span()
        inside = text[max(0, first - 1) : first].isalnum() and text[last : last + 1].isalnum()
        yield first, last, "'" if inside and match.group() in APOSTROPHES else '"'


_ELLIPSIS = re.compile(r"\.(?:\.\.|\s\.\s\.)")


def _one_ellipsis(text: str) -> Iterator[_Replacement]:
    yield from ((*match.span(), "…") for match in _ELLIPSIS.finditer(text))


_DASH = re.compile(rf"(?<!-)-{{2,3}}(?!-)|[{_LONG_DASHES}]{{1,2}}|[{_SHORT_DASHES}]|[{_HYPHENS}]")
_BEFORE_A_SIGN = frozenset("([{=<>~≈±/:\"'")


def _plain_dashes(text: str) -> Iterator[_Replacement]:
    done = 0
    for match in _DASH.finditer(text):
        first, last = match.span()
        while first > done and text[first - 1].isspace():
            first -= 1
        while last < len(text) and text[last].isspace():
            last += 1
        left, right = text[first : match.start()], text[match.end() : last]
        outside = text[first - 1 : first] if first else "", text[last : last + 1]
        yield first, last, _plain_dash(left, match.group(), right, *outside)
        done = last


def _plain_dash(left: str, dash: str, right: str, before: str, after: str) -> str:
    """What is written for a dash, the white space on its sides, and what stands beyond."""
    spaced_left, spaced_right = bool(left) or not before, bool(right) or not after
    if len(dash) > 1 or dash in _LONG_DASHES:
        between_digits = not left and not right and before.isdigit() and after.isdigit()
        return SHORT if between_digits else LONG
    if (spaced_left or before in _BEFORE_A_SIGN) and not right and after.isdigit():
        return left + MINUS
    if spaced_left and spaced_right:
        return LONG
    if spaced_left or spaced_right:
        return left + HANGING + right if dash in _HYPHENS else LONG
    return HYPHEN if dash in _HYPHENS else SHORT


_STEPS: Mapping[str, Callable[[str], Iterable[_Replacement]]] = {
    "invisible": _without_invisible,
    "unicode-form": _composed,
    "white-space": _one_space,
    "quote-marks": _plain_marks,
    "ellipsis-character": _one_ellipsis,
    "dashes": _plain_dashes,
}
"""In the order in which they are applied: each finds what those before it have made plain."""

TEXT_RULES = tuple(name for name in RULES if name in _STEPS)
"""The rules that apply to the whole of a text."""
