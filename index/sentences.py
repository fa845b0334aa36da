"""Sentence boundaries: the one door to NLTK.

Punkt (Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary
Detection", Computational Linguistics 32:4, 2006) is trained on the library's
own texts, once, and never downloads anything.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

from index.abbreviations import ABBREVIATIONS
from index.types import Span

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktParameters

TRAINING_MIN_CHARACTERS = 20_000
"""Below this Punkt learns accidents: a short word that happens to stand last twice."""

TRAINING_MAX_CHARACTERS = 200_000
"""Training takes a second for this much; more text adds few abbreviations."""

_CJK_STOP = re.compile(r"(?<=[。！？｡])[」』”’）]*")  # noqa: RUF001 - the characters are meant


class SentenceSplitter:
    """Splits text into sentences; built from what `train` returned, or from nothing."""

    def __init__(self, learned: str | None = None) -> None:
        parameters = _parameters(json.loads(learned) if learned else {})
        self._tokenizer = _punkt().PunktSentenceTokenizer(parameters, lang_vars=_language_vars())

    def split(self, text: str, span: Span) -> Iterator[Span]:
        """The sentences of text[start:end], as offsets into `text`."""
        offset = span[0]
        for start, end in self._tokenizer.span_tokenize(text[offset : span[1]]):
            yield from _split_cjk(text, offset + start, offset + end)


@functools.cache
def untaught() -> SentenceSplitter:
    """One that has learned from no text, for texts that belong to no library."""
    return SentenceSplitter()


def train(texts: Iterable[str]) -> str | None:
    """Learn abbreviations, collocations and sentence starters; None if there is too little text.

    The result is JSON, with everything sorted, so that equal texts give equal results.
    """
    sample = _sample(texts)
    if len(sample) < TRAINING_MIN_CHARACTERS:
        return None
    trainer = _punkt().PunktTrainer(lang_vars=_language_vars())
    trainer.train(sample, finalize=True)
    learned = trainer.get_params()
    return json.dumps(
        {
            "abbreviations": sorted(learned.abbrev_types),
            "collocations": sorted(learned.collocations),
            "sentence_starters": sorted(learned.sent_starters),
            "orthographic_context": dict(sorted(learned.ortho_context.items())),
        },
        ensure_ascii=False,
    )


def _sample(texts: Iterable[str]) -> str:
    parts: list[str] = []
    size = 0
    for text in texts:
        parts.append(text[: TRAINING_MAX_CHARACTERS - size])
        size += len(parts[-1])
        if size >= TRAINING_MAX_CHARACTERS:
            break
    return "\n\n".join(parts)


def _parameters(learned: dict[str, Any]) -> PunktParameters:
    parameters: PunktParameters = _punkt().PunktParameters()
    parameters.abbrev_types = ABBREVIATIONS | set(learned.get("abbreviations", ()))
    parameters.collocations = {tuple(pair) for pair in learned.get("collocations", ())}
    parameters.sent_starters = set(learned.get("sentence_starters", ()))
    parameters.ortho_context.update(learned.get("orthographic_context", {}))
    return parameters


def _language_vars() -> Any:
    class TypographicLanguageVars(_punkt().PunktLanguageVars):  # type: ignore[misc]  # untyped
        """Punkt's own knows only the ASCII quotes, and so joins a quotation to what follows it."""

        _re_non_word_chars = r"(?:[)\";}\]\*:@\'\({\[!\?”’»“„])"  # noqa: RUF001 - quotes are meant
        re_boundary_realignment = re.compile(r'["\')\]}”’»“]+?(?:\s+|(?=--)|$)', re.M)  # noqa: RUF001

    return TypographicLanguageVars()


@functools.cache
def _punkt() -> ModuleType:
    """NLTK's Punkt without the rest of NLTK, whose import takes a second for scipy and others.

    A bare package stands in for nltk while its submodule is imported, and goes afterwards.
    """
    spec = importlib.util.find_spec("nltk")
    assert spec is not None  # a dependency of ours
    if "nltk" in sys.modules:
        return _unhurried(importlib.import_module("nltk.tokenize.punkt"))
    bare = ModuleType("nltk")
    bare.__path__ = list(spec.submodule_search_locations or ())
    sys.modules["nltk"] = bare
    try:
        return _unhurried(importlib.import_module("nltk.tokenize.punkt"))
    finally:
        for name in [name for name in sys.modules if name.split(".")[0] == "nltk"]:
            del sys.modules[name]


def _unhurried(punkt: ModuleType) -> ModuleType:
    """Without NLTK's limit on wall time, five seconds a match, which is for strangers' patterns.

    Punkt's own take time in proportion to the text, and a paragraph of five megabytes takes four.
    """
    if hasattr(punkt, "redos"):  # from NLTK 3.10 on
        punkt.redos.DEFAULT_TIMEOUT = None
    return punkt


def _split_cjk(text: str, start: int, end: int) -> Iterator[Span]:
    """Chinese and Japanese part sentences by a full stop without a space; Punkt wants one."""
    for match in _CJK_STOP.finditer(text, start, end):
        if start < match.end() < end:
            yield start, match.end()
            start = match.end()
            while start < end and text[start].isspace():
                start += 1
    if start < end:
        yield start, end
