"""The same changes made again by one process that does nothing else, and what it answers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quaere import add, make_engine
from benchmarks.soak_traffic import Observed, Shown, Step, shown
from qa.engine import Engine

SAME_SCORE = 1e-4
"""Questions embedded in one batch with others differ from those embedded alone in the last bits;
passages nearer to each other than this may change places."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that no state of the library explains that held when it was given."""

    observed: Observed
    off: float
    """The largest difference of a score from the nearest state's; infinite where passages differ."""


def wrong(
    library: Path, sources: Path, first: int, steps: Sequence[Step], observed: Iterable[Observed]
) -> list[Wrong]:
    """The answers that are wrong.

    `library` and `sources` are copies of what the service began with, at generation `first`.
    """
    generations = [first, *(step.generation for step in steps)]
    by_state: dict[int, set[Observed]] = defaultdict(set)
    for one in observed:
        for state in _states(generations, one.generation):
            by_state[state].add(one)
    nearest: dict[Observed, float] = {}
    with closing(make_engine(library)) as engine:
        for state in range(len(generations)):
            if state:
                _carry_out(engine, library, sources, steps[state - 1])
            for one, off in _compared(engine, by_state[state]):
                nearest[one] = min(off, nearest.get(one, math.inf))
    found = [Wrong(one, off) for one, off in nearest.items() if off > SAME_SCORE]
    return sorted(found, key=lambda one: (one.observed.generation, one.observed.question))


def _states(generations: Sequence[int], generation: int) -> list[int]:
    """After how many steps the library may have been at this generation.

    Between those of two steps lie commits within the second, which show it in part.
    """
    if generation in generations:
        return [state for state, one in enumerate(generations) if one == generation]
    before = sum(one < generation for one in generations)
    return [state for state in (before - 1, before) if 0 <= state < len(generations)]


def _compared(engine: Engine, observed: Iterable[Observed]) -> Iterator[tuple[Observed, float]]:
    answers: dict[str, tuple[Shown, ...]] = {}
    for one in observed:
        if one.question not in answers:
            answers[one.question] = shown(engine.ask(one.question))
        yield one, _off(answers[one.question], one.passages)


def _off(here: Sequence[Shown], there: Sequence[Shown]) -> float:
    """The largest difference of scores; infinite where not the same passages, but for ties."""
    if len(here) != len(there):
        return math.inf
    for one, other in zip(here, there, strict=True):
        tied = {p.places for p in here if math.isclose(p.score, one.score, abs_tol=SAME_SCORE)}
        if other.places not in tied:
            return math.inf
    return max(
        (abs(one.score - other.score) for one, other in zip(here, there, strict=True)), default=0.0
    )


def _carry_out(engine: Engine, library: Path, sources: Path, step: Step) -> None:
    _CHANGES[step.kind](engine, library, sources / step.name, step.text)


def _upload(engine: Engine, library: Path, path: Path, text: str) -> None:
    stored = library / "uploads" / path.name
    stored.parent.mkdir(exist_ok=True)
    stored.write_bytes(text.encode())
    add(engine, stored)


def _delete(engine: Engine, library: Path, path: Path, _: str) -> None:
    engine.remove([library / "uploads" / path.name])


def _edit(engine: Engine, _: Path, path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    add(engine, path.parent)


def _rename(engine: Engine, _: Path, path: Path, name: str) -> None:
    path.rename(path.with_name(name))
    add(engine, path.parent)


def _remove(engine: Engine, _: Path, path: Path, __: str) -> None:
    path.unlink()
    add(engine, path.parent)


_CHANGES: dict[str, Callable[[Engine, Path, Path, str], None]] = {
    "upload": _upload,
    "delete": _delete,
    "edit": _edit,
    "rename": _rename,
    "remove": _remove,
}
