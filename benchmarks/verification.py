"""Quotations of a draft verified: seconds for all of them, and how often the verdict is right.

They are cut out of a library's own texts with a fixed seed: half stay as they are, a fifth differ
only by what the published rules let pass, a fifth have one word altered, a tenth are put together
from words of all over the library. The baseline is the obvious way: look for each quotation in
every text, and where none has it to the letter, take the best `partial_ratio` of rapidfuzz over
every text. That takes hours, so it is timed on a few quotations of each kind and multiplied.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.quaere import make_engine
from benchmarks.report import Comparison, line, show
from benchmarks.timing import seconds_of
from index import records
from index.library import Library
from qa.checking.drafts.draft import draft_of
from qa.checking.types import Verdict, VerifiedQuotation

SEED = 20251008
SHARES = {
    Verdict.EXACT: 0.5,
    Verdict.NORMALISED: 0.2,
    Verdict.ALTERED: 0.2,
    Verdict.NOT_FOUND: 0.1,
}
LEAST, MOST = 6, 40
"""Words of a quotation."""
SAMPLE = 2
"""Quotations of each kind that the baseline is timed on."""

_WORDS = re.compile(r"(?<!\w)[^\W\d_]+(?:[’'-][^\W\d_]+)*(?![\w’'-])")  # noqa: RUF001 - marks are meant
_SENTENCE = re.compile(r"(?:(?<=[.!?] )|^)[A-Z][^.!?\n]{20,400}[.!?](?=\s)", re.M)
_NOT_QUOTED = re.compile(r"[“”„«»\"‘‹›`´*_#|<>\[\]{}\\…]|\.\s?\.")  # noqa: RUF001 - marks are meant


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation, and what is true of it."""

    words: str
    verdict: Verdict


def run(library: Path, count: int) -> None:
    """Verify a draft of so many quotations."""
    texts = _texts(library)
    quoted = quotations(texts, count)
    draft = draft_of("".join(f"It says “{one.words}” there.\n\n" for one in quoted), markdown=False)
    with closing(make_engine(library)) as engine:
        engine.warm_up()
        passages = engine.status().passages
        found: list[VerifiedQuotation] = []
        ours = seconds_of(lambda: found.extend(engine.verify(draft).quotations))
    slow = _baseline(texts, quoted)
    show(
        Comparison(
            f"{count:,} quotations against {passages:,} passages, in s",
            ours,
            slow,
            f"every text, from {SAMPLE * len(SHARES)} quotations",
            decimals=1,
        )
    )
    line("  quotations a second", f"{count / ours:,.0f}")
    _show_right(quoted, found)


def quotations(texts: Sequence[str], count: int) -> list[Quoted]:
    """Quotations of each kind, mixed, none twice."""
    rng = random.Random(SEED)
    cuts = _cuts(texts, rng)
    made: dict[str, Quoted] = {}
    for verdict, share in SHARES.items():
        wanted = len(made) + round(share * count)
        while len(made) < wanted:
            words = _ALTERATIONS[verdict](next(cuts), cuts, rng)
            made.setdefault(words, Quoted(words, verdict))
    mixed = list(made.values())
    rng.shuffle(mixed)
    return mixed


def _texts(library: Path) -> list[str]:
    with closing(Library.open(library)) as opened, opened.catalog.snapshot() as connection:
        return list(records.texts(connection))


def _cuts(texts: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Sentences and phrases within them; a longer text gives more."""
    weights = [len(text) for text in texts]
    while True:
        (text,) = rng.choices(texts, weights)
        at = rng.randrange(len(text))
        sentence = _SENTENCE.search(text, at, at + 2000)
        if not sentence or _NOT_QUOTED.search(sentence[0]):
            continue
        found = list(_WORDS.finditer(sentence[0]))
        if not LEAST <= len(found) <= MOST or len(found) < 0.8 * len(sentence[0].split()):
            continue
        if rng.random() < 0.5:
            yield sentence[0]
            continue
        size = rng.randint(LEAST, len(found))
        first = rng.randint(0, len(found) - size)
        yield sentence[0][found[first].start() : found[first + size - 1].end()]


def _as_it_is(words: str, cuts: Iterator[str], rng: random.Random) -> str:
    del cuts, rng
    return words


def _written_otherwise(words: str, cuts: Iterator[str], rng: random.Random) -> str:
    """With more white space, and every other time another first letter."""
    del cuts
    if rng.random() < 0.5 and words[0].swapcase().swapcase() == words[0]:
        words = words[0].swapcase() + words[1:]
    before, after = words.split(" ", 1)
    return f"{before}  {after}"


def _with_a_word_changed(words: str, cuts: Iterator[str], rng: random.Random) -> str:
    """With a word of some other quotation in place of one, not at the ends."""
    found = list(_WORDS.finditer(words))[1:-1]
    place = rng.choice(found)
    others = (word for cut in cuts for word in _WORDS.findall(cut))
    other: str = next(word for word in others if word.lower() != place[0].lower())
    return words[: place.start()] + other + words[place.end() :]


def _put_together(words: str, cuts: Iterator[str], rng: random.Random) -> str:
    """As many words as it has, each from somewhere else."""
    return " ".join(rng.choice(_WORDS.findall(next(cuts))) for _ in words.split())


_ALTERATIONS: dict[Verdict, Callable[[str, Iterator[str], random.Random], str]] = {
    Verdict.EXACT: _as_it_is,
    Verdict.NORMALISED: _written_otherwise,
    Verdict.ALTERED: _with_a_word_changed,
    Verdict.NOT_FOUND: _put_together,
}


def _baseline(texts: Sequence[str], quoted: Sequence[Quoted]) -> float:
    """Seconds the obvious way would take for all quotations."""
    total = 0.0
    for verdict in SHARES:
        of_kind = [one.words for one in quoted if one.verdict is verdict]
        sample = of_kind[:SAMPLE]
        taken = sum(seconds_of(partial(_nearest, texts, words)) for words in sample)
        total += taken / max(1, len(sample)) * len(of_kind)
    return total


def _nearest(texts: Sequence[str], words: str) -> float:
    from rapidfuzz.fuzz import partial_ratio

    if any(words in text for text in texts):
        return 100.0
    return max(partial_ratio(words, text) for text in texts)


def _show_right(quoted: Sequence[Quoted], found: Sequence[VerifiedQuotation]) -> None:
    """How often each kind was told for what it is; one that was lost is wrong."""
    told = {one.text: one.verdict for one in found}
    kinds = Counter(one.verdict for one in quoted)
    right = Counter(one.verdict for one in quoted if told.get(one.words) is one.verdict)
    for verdict, count in kinds.items():
        line(f"  {verdict.value}, told right", f"{right[verdict] / count:.2%}")
