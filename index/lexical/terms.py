"""From text to terms: words as written, then folded and stemmed.

Passages and questions go the same way. Tantivy sees only finished terms: its
own accent folding fails on decomposed text, and its query parser on raw
questions. Its stemmers (Snowball's) and its lists of function words are used.

What is written here by hand is where words begin and end: numbers and dates
stay whole, and scripts that leave no space between words become overlapping
pairs of characters, as in Lucene's CJK analyzer.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    import tantivy

STEMMERS = {
    "ar": "Arabic",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "hu": "Hungarian",
    "it": "Italian",
    "nb": "Norwegian",
    "nl": "Dutch",
    "nn": "Norwegian",
    "no": "Norwegian",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "ta": "Tamil",
    "tr": "Turkish",
}
"""Snowball's languages, by ISO 639-1 code, as tantivy names them."""

NO_FUNCTION_WORDS = {"ar", "el", "ro", "ta", "tr"}
"""Stemmed languages for which tantivy has no list of function words."""

# Letters that Unicode does not take apart into a base and a mark.
_FOLDED_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ł": "l",
        "ø": "o",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ð": "d",
    }
)

UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts without spaces between words, for sets of characters in patterns of `regex`."""

_PAIRED = rf"{UNSPACED}\p{{Hangul}}"
"""Scripts that become pairs of characters; Korean has spaces, and glues particles to its words."""

_WORD = regex.compile(
    rf"""(?P<number>\p{{N}}+(?:[.,:/-]\p{{N}}+)+)     # 59,000  3.5  10:30  2025-10-08
    |(?P<unspaced>[{_PAIRED}][{_PAIRED}\p{{M}}ー]*)
    |(?P<word>[[\p{{L}}\p{{N}}]--[{_PAIRED}]][[\p{{L}}\p{{N}}\p{{M}}]--[{_PAIRED}]]*)
    """,
    regex.VERBOSE | regex.V1,
)
_ENGLISH_GENITIVE = regex.compile(r"(?<=\p{L})['’]s\b")  # noqa: RUF001 - the quote is meant
_GROUPED = regex.compile(r"\p{N}{1,3}(?:[.,]\p{N}{3})+")
_DIGITS = regex.compile(r"\p{N}+")
_CHARACTER = regex.compile(r"\X")


def fold(text: str) -> str:
    """Lower case without accents.

    >>> fold("Tô Lâm met HỒ in Đà Nẵng, Łódź and Straße")
    'to lam met ho in da nang, lodz and strasse'
    """
    if text.isascii():
        return text.lower()
    # Marks go twice: some letters come apart only once their case is folded.
    return _bare(_bare(text).casefold()).translate(_FOLDED_LETTERS)


def written_words(text: str) -> list[str]:
    """The words of a text in order, in lower case, with their accents.

    >>> written_words("Việt Nam's 59,000 tonnes on 2025-10-08")
    ['việt', 'nam', '59000', 'tonnes', 'on', '2025-10-08', '2025', '10', '08']
    >>> written_words("東京都 ไทย")
    ['東京', '京都', 'ไท', 'ทย']
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _ENGLISH_GENITIVE.sub("", text.lower())
    return [word for match in _WORD.finditer(text) for word in _words(match)]


def folded_words(words: Sequence[str]) -> list[str]:
    """Each word folded; one that folding leaves empty or breaks stays as it is."""
    return [folded if len((folded := fold(word)).split()) == 1 else word for word in words]


def stems(folded: Sequence[str], language: str | None) -> list[str]:
    """The stem of each folded word by Snowball's rules; the word itself where it has none."""
    if language not in STEMMERS:
        return list(folded)
    found: list[str] = _stemmer(language).analyze(" ".join(folded))
    return found


def analyze(text: str, language: str | None) -> list[str]:
    """The terms of a text in a language, in order.

    >>> analyze("Việt Nam's leaders visited", "en"), analyze("les dirigeants", "fr")
    (['viet', 'nam', 'leader', 'visit'], ['le', 'dirig'])
    """
    return stems(folded_words(written_words(text)), language)


def function_words(words: Collection[str], languages: Collection[str | None]) -> set[str]:
    """Those of a text's written words that only serve grammar, in the language they fit best.

    >>> sorted(function_words(["who", "is", "the", "son"], ["en", "fr"]))  # of "son", French for his
    ['is', 'the']
    """
    listed = [code for code in languages if code in STEMMERS and code not in NO_FUNCTION_WORDS]
    by_language = (
        {word for word in words if not _content_words(code).analyze(word)} for code in listed
    )
    return max(by_language, key=len, default=set())


def _words(match: regex.Match[str]) -> Iterator[str]:
    found = match[0]
    if match.lastgroup == "unspaced":
        characters = _CHARACTER.findall(found)
        pairs = pairwise(characters)
        yield from ("".join(pair) for pair in pairs) if len(characters) > 1 else (found,)
    elif match.lastgroup == "number":
        if _GROUPED.fullmatch(found):
            yield "".join(_DIGITS.findall(found))
        else:
            yield found
            if not regex.fullmatch(r"\p{N}+[.,]\p{N}+", found):
                yield from _DIGITS.findall(found)
    else:
        yield found


def _bare(text: str) -> str:
    """The text without accents, its case kept."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@functools.cache
def _stemmer(language: str) -> tantivy.TextAnalyzer:
    import tantivy

    return _analyzer(tantivy.Filter.stemmer(STEMMERS[language]))


@functools.cache
def _content_words(language: str) -> tantivy.TextAnalyzer:
    import tantivy

    return _analyzer(tantivy.Filter.stopword(STEMMERS[language]))


def _analyzer(filter_: tantivy.Filter) -> tantivy.TextAnalyzer:
    import tantivy

    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(filter_).build()
