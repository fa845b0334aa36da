"""The same changes made again by one process that does nothing else, and what it answers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from benchmarks.quaere import add, make_engine
from benchmarks.soak_traffic import Observed, Shown, Step, shown
from qa.engine import Engine

SAME_SCORE = 1e-4
"""Questions embedded in one batch with others differ from those embedded alone in the last bits;
passages nearer to each other than this may change places."""


def wrong(
    library: Path, sources: Path, first: int, steps: Sequence[Step], observed: Iterable[Observed]
) -> list[Observed]:
    """The answers that no state of the library explains that held when they were given.

    `library` and `sources` are copies of what the service began with, at generation `first`.
    """
    generations = [first, *(step.generation for step in steps)]
    unexplained: dict[int, set[Observed]] = defaultdict(set)
    for one in observed:
        for state in _states(generations, one.generation):
            unexplained[state].add(one)
    explained: set[Observed] = set()
    met: set[Observed] = set()
    with closing(make_engine(library)) as engine:
        for state in range(len(generations)):
            if state:
                _carry_out(engine, library, sources, steps[state - 1])
            met |= unexplained[state]
            explained |= _explained(engine, unexplained[state] - explained)
    return sorted(met - explained, key=lambda one: (one.generation, one.question))


def _states(generations: Sequence[int], generation: int) -> list[int]:
    """After how many steps the library may have been at this generation.

    Between those of two steps lie commits within the second, which show it in part.
    """
    if generation in generations:
        return [state for state, one in enumerate(generations) if one == generation]
    before = sum(one < generation for one in generations)
    return [state for state in (before - 1, before) if 0 <= state < len(generations)]


def _explained(engine: Engine, observed: Iterable[Observed]) -> set[Observed]:
    answers: dict[str, tuple[Shown, ...]] = {}
    found = set()
    for one in observed:
        if one.question not in answers:
            answers[one.question] = shown(engine.ask(one.question))
        if _same(answers[one.question], one.passages):
            found.add(one)
    return found


def _same(here: Sequence[Shown], there: Sequence[Shown]) -> bool:
    """The same scores in the same order, of the same passages but for ties."""
    if len(here) != len(there):
        return False
    for one, other in zip(here, there, strict=True):
        if not math.isclose(one.score, other.score, abs_tol=SAME_SCORE):
            return False
        tied = {p.places for p in here if math.isclose(p.score, one.score, abs_tol=SAME_SCORE)}
        if other.places not in tied:
            return False
    return True


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
