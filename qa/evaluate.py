"""How often the right passage comes first: questions with known answers -> metrics.

The metrics are ir-measures'. Ours is only the judgement it starts from: a
passage is right when it covers at least half of the shorter of itself and a
gold span, or comes from a gold page or file.
"""

from __future__ import annotations

import glob
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

from index.types import Filters, Span
from qa.engine import Engine
from qa.questions import Gold, KnownQuestion
from qa.types import Citation

if TYPE_CHECKING:
    from ir_measures import Measure, Qrel, ScoredDoc

DEPTH = 10
"""How far down a ranking is judged."""

DEPTH_BY_FILE = 100
"""Passages asked for where files are judged: ten files may need many."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: offsets into the text of a file, and its pages there."""

    path: str
    start: int
    end: int
    page_start: int | None = None
    """Counted from 1."""
    page_end: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A passage as judged: its own place, and those that say the same."""

    places: tuple[Place, ...]
    quote: str


Ask = Callable[[KnownQuestion, int], Sequence[Found]]
"""The best passages for a question, so many, best first."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A question whose first passage is not right."""

    id: str
    question: str
    gold: tuple[Gold, ...]
    first: Found | None
    """What came instead."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a set of questions."""

    questions: int
    metrics: dict[str, float]
    """Means over the questions, by ir-measures' names."""
    by_question: dict[str, dict[str, float]]
    characters: float
    """Mean length of the passages among the first five."""
    latency_ms: float
    """Median."""
    latency_p95_ms: float
    misses: tuple[Miss, ...]


def ask_engine(engine: Engine, root: Path | None) -> Ask:
    """Ask as `qa ask` does, within the one file a question is asked of.

    That file is looked for below `root`, or by the end of its path without one.
    """
    engine.warm_up()

    def ask(known: KnownQuestion, limit: int) -> list[Found]:
        answer = engine.ask(known.question, limit, _within(known.scope, root))
        return [
            Found(tuple(_place(at) for at in (one.citation, *one.also_at)), one.citation.quote)
            for one in answer.passages
        ]

    return ask


def _within(scope: str | None, root: Path | None) -> Filters:
    if not scope:
        return Filters()
    # Files may be called "notes [2].txt".
    return Filters((f"{root}/{scope}",)) if root else Filters(globs=(f"*/{glob.escape(scope)}",))


def evaluate(ask: Ask, questions: Sequence[KnownQuestion], root: Path | None) -> Evaluation:
    """Ask every question and judge what comes.

    Files of gold are looked for below `root`, or by the end of their path without one.
    """
    qrels: list[Qrel] = []
    run: list[ScoredDoc] = []
    misses: list[Miss] = []
    seconds: list[float] = []
    lengths: list[int] = []
    for known in questions:
        start = time.perf_counter()
        found = ask(known, DEPTH_BY_FILE if known.by_file else DEPTH)
        seconds.append(time.perf_counter() - start)
        ranking = list(judged(found, known, root))[:DEPTH]
        qrels += _qrels(known)
        run += _scored(known, ranking)
        lengths += [len(one.quote) for one in found[:5]]
        if not ranking or not ranking[0].startswith("gold"):
            misses.append(Miss(known.id, known.question, known.gold, next(iter(found), None)))
    by_question = _measured(qrels, run, questions)
    names = next(iter(by_question.values()))
    return Evaluation(
        questions=len(questions),
        metrics={name: fmean(row[name] for row in by_question.values()) for name in names},
        by_question=by_question,
        characters=fmean(lengths) if lengths else 0.0,
        latency_ms=1000 * median(seconds),
        latency_p95_ms=1000 * (quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]),
        misses=tuple(misses),
    )


def judged(found: Sequence[Found], known: KnownQuestion, root: Path | None) -> Iterator[str]:
    """The ranking in the terms of its gold: "gold-2" where place 2 is first found, else "other-…".

    Where files are judged, only the first passage of each file counts.
    """
    claimed: set[int] = set()
    seen: set[str] = set()
    for rank, one in enumerate(found, start=1):
        path = one.places[0].path
        if known.by_file and path in seen:
            continue
        seen.add(path)
        hits = (
            number
            for number, gold in enumerate(known.gold)
            if number not in claimed and is_right(one, gold, known.by_file, root)
        )
        number = next(hits, None)
        if number is None:
            yield f"other-{rank}"
        else:
            claimed.add(number)
            yield f"gold-{number}"


def is_right(found: Found, gold: Gold, by_file: bool, root: Path | None) -> bool:
    """Whether a passage is from the gold file and, unless files are judged, from its page or span."""
    return any(
        (place.path == f"{root}/{gold.file}" if root else place.path.endswith(f"/{gold.file}"))
        and (by_file or gold.page is None or _on_page(place, gold.page))
        and (by_file or covers((place.start, place.end), gold))
        for place in found.places
    )


def covers(passage: Span, gold: Gold) -> bool:
    """Whether a span of the gold file overlaps the gold by half of the shorter of the two.

    Of a gold that has no span any does.

    >>> gold = Gold("a.txt", 20, 100, grade=1)
    >>> covers((10, 30), gold), covers((10, 29), gold)
    (True, False)
    """
    if gold.start is None or gold.end is None:
        return True
    overlap = min(passage[1], gold.end) - max(passage[0], gold.start)
    return overlap * 2 >= min(passage[1] - passage[0], gold.end - gold.start)


def _place(cited: Citation) -> Place:
    at = cited.locator
    return Place(cited.document.path, cited.start, cited.end, at.page_start, at.page_end)


def _on_page(place: Place, page: int) -> bool:
    return bool(place.page_start and place.page_end and place.page_start <= page <= place.page_end)


def _qrels(known: KnownQuestion) -> Iterator[Qrel]:
    from ir_measures import Qrel

    for number, gold in enumerate(known.gold):
        yield Qrel(known.id, f"gold-{number}", gold.grade)


def _scored(known: KnownQuestion, ranking: Sequence[str]) -> Iterator[ScoredDoc]:
    from ir_measures import ScoredDoc

    for rank, name in enumerate(ranking):
        yield ScoredDoc(known.id, name, -float(rank))


def _measures(questions: Sequence[KnownQuestion]) -> list[Measure]:
    from ir_measures import RR, Success, nDCG

    measures = [Success @ 1, Success @ 3, Success @ 5, Success @ 10, RR @ 10]
    if any(known.by_file for known in questions):  # a span's passages have no grades to sum up
        measures.append(nDCG @ 10)
    return measures


def _measured(
    qrels: Sequence[Qrel], run: Sequence[ScoredDoc], questions: Sequence[KnownQuestion]
) -> dict[str, dict[str, float]]:
    import ir_measures

    measures = _measures(questions)
    rows = {known.id: dict.fromkeys(map(str, measures), 0.0) for known in questions}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        rows[metric.query_id][str(metric.measure)] = metric.value
    return rows
