"""Whether an ellipsis or brackets change what the source says, as far as words can show it.

A reason is told in a few words, with the source's words in quotation marks. No reason is no proof
of honesty; it says only that nothing here looks like a turn of the meaning.
"""

from __future__ import annotations

import re
from functools import cache

from index.spans import BLANK_LINES
from qa import cues
from qa.cue_matching import Phrases, words

MOST_OMITTED = 100
"""Words an ellipsis may stand for without a remark."""

MOST_REPLACED = 5
"""Words that words in brackets may stand for without a remark."""

_NEGATIONS_LEFT_OUT = cues.phrases(
    "without, scarcely, barely, rarely, seldom, lack of, lacks, lacked, far from, instead of, rather than, anything but, refused to, refuses to",
    "ohne, kaum, selten, statt, anstatt, weigerte sich, lehnte ab",
    "sans, guère, rarement, à peine, au lieu de, plutôt que, refuse de, a refusé de",
    "đừng, chớ, thiếu, hiếm khi, thay vì, từ chối",
)
"""Beside the negations of `qa.cues`: words that deny what follows them, and whose loss turns it.
From the same lists as those, and the approximate negatives of Quirk et al., "A Comprehensive
Grammar of the English Language" (1985), 10.59; translated by hand."""

_NUMBERS = frozenset(
    word
    for row in (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions trillion dozen dozens half twice first second third",
        "null zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend millionen milliarden",
        "zéro deux trois quatre cinq sept huit neuf dix onze douze vingt trente quarante cinquante soixante cent cents mille millions milliard milliards",
        "hai ba bốn năm sáu bảy tám chín mười trăm nghìn triệu tỷ",
    )
    for word in row.split()
) - {"one", "half", "first", "second", "third", "năm"}
"""Cardinal numbers in the four languages, but for words that mean other things as often."""

_NEGATING_PREFIX = re.compile(r"(?:un|in|im|il|ir|non|dis|mis|anti|a)-?", re.IGNORECASE)
"""English prefixes of negation: Quirk et al. (1985), I.21 to I.23."""

_TURNING = {"negations": "negation", "hedges": "condition or doubt", "contrasts": "contrast"}

_FIGURE = re.compile(r"\d+(?:[.,]\d+)+")


def of_omission(omitted: str) -> str | None:
    """Why leaving out these words may mislead; None where nothing says so.

    >>> of_omission("if the harvest is good"), of_omission("on Thursday")
    ('leaves out the condition or doubt “if”', None)
    """
    for kind, meaning in _TURNING.items():
        if word := _first(omitted, kind):
            return f"leaves out the {meaning} “{word}”"
    if len(BLANK_LINES.findall(omitted.strip())) > 1:
        return "the parts stand more than one paragraph apart"
    if (count := len(words(omitted))) > MOST_OMITTED:
        return f"leaves out {count:,} words"
    return None


def of_insertion(
    inserted: str,
    replaced: str,
    *,
    note: bool,
    prefix: bool = False,
    beside: tuple[str, str] = ("", ""),
) -> str | None:
    """Why words in brackets may mislead; None where nothing says so.

    Args:
        inserted: Between the brackets.
        replaced: What the source has there; of a letter or syllable, only that.
        note: It is a remark, such as [sic].
        prefix: It begins a word that goes on without brackets.
        beside: Letters of the same word before the brackets and after them.

    >>> of_insertion("T", "t", note=False), of_insertion("not", "", note=False)
    (None, 'puts in the negation “not”')
    """
    if inserted.strip().casefold() == replaced.strip().casefold():
        return None
    reasons = (
        _word_turned(inserted, replaced, *beside),
        _prefix(inserted, replaced) if prefix else None,
        None if note else _turned("puts in", inserted),
        _turned("replaces", replaced),
    )
    if found := next(filter(None, reasons), None):
        return found
    if word := _first(replaced, "hedges"):
        return f"replaces the condition or doubt “{word}”"
    count = len(words(replaced))
    return f"replaces {count:,} words" if count > MOST_REPLACED else None


def _turned(does: str, text: str) -> str | None:
    if word := _first(text, "negations"):
        return f"{does} the negation “{word}”"
    if word := _number(text):
        return f"{does} the number “{word}”"
    return None


def _word_turned(inserted: str, replaced: str, left: str, right: str) -> str | None:
    """Of "n[ow]" for "not" neither part tells anything."""
    if not left + right:
        return None
    ours, theirs = (_first(left + part + right, "negations") for part in (inserted, replaced))
    if (ours or "").casefold() == (theirs or "").casefold():
        return None
    return f"replaces the negation “{theirs}”" if theirs else f"puts in the negation “{ours}”"


def _prefix(inserted: str, replaced: str) -> str | None:
    for does, text in (("puts in", inserted), ("replaces", replaced)):
        if _NEGATING_PREFIX.fullmatch(text.strip()):
            return f"{does} the negation “{text.strip()}”"
    return None


def _number(text: str) -> str | None:
    for word in words(text):
        if any(character.isdigit() for character in word.form) or word.form in _NUMBERS:
            figure = _FIGURE.match(text, word.start)
            return figure.group() if figure else text[word.start : word.end]
    return None


def _first(text: str, kind: str) -> str | None:
    """The first phrase of a list in a text, verbatim."""
    found = words(text)
    contracted = [word for word in found if word.form.endswith("n't")]
    if kind == "negations" and contracted:
        return text[contracted[0].start : contracted[0].end]
    for first, last in _listed(kind).spans(found, _listed("harmless")):
        return text[found[first].start : found[last - 1].end]
    return None


@cache
def _listed(kind: str) -> Phrases:
    lists = {
        "negations": cues.NEGATIONS | _NEGATIONS_LEFT_OUT,
        "hedges": cues.HEDGES,
        "contrasts": cues.CONTRASTS | cues.CONCESSIONS,
        "harmless": cues.NO_NEGATIONS | cues.NO_HEDGES,
    }
    return Phrases(lists[kind])
