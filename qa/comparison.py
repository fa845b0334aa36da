"""Whether one evaluation is better than another, or only luckier.

A paired randomisation test (Smucker, Allan and Carterette, "A Comparison of
Statistical Significance Tests for Information Retrieval Evaluation", CIKM
2007), by scipy: how often would swapping the two results of questions at
random make a difference as large?
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import QuestionsInvalid

RESAMPLES = 9_999
"""p-values are then right to about .01."""

SEED = 0
"""The same two files always give the same p-values."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two evaluations, over the questions both asked."""

    measure: str
    questions: int
    first: float
    second: float
    p: float
    """Probability of a difference as large, either way, if there were none."""


def compare(first: Path, second: Path) -> list[Difference]:
    """Compare two evaluations that `qa eval --output` wrote.

    Raises:
        QuestionsInvalid: when a file is none, or they have no question in common.
    """
    one, other = _by_question(first), _by_question(second)
    shared = sorted(one.keys() & other.keys())
    if not shared:
        raise QuestionsInvalid(
            f"{first} and {second} have no question in common.",
            "Compare two evaluations of the same questions.",
        )
    measures = [name for name in one[shared[0]] if name in other[shared[0]]]
    return [
        _difference(name, [one[id_][name] for id_ in shared], [other[id_][name] for id_ in shared])
        for name in measures
    ]


def _difference(measure: str, first: list[float], second: list[float]) -> Difference:
    import numpy as np
    from scipy.stats import permutation_test

    tested = permutation_test(
        (np.array(first), np.array(second)),
        lambda x, y, axis: np.mean(y - x, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=RESAMPLES,
        rng=SEED,
    )
    means = float(np.mean(first)), float(np.mean(second))
    return Difference(measure, len(first), *means, float(tested.pvalue))


def _by_question(path: Path) -> dict[str, dict[str, float]]:
    try:
        found: dict[str, dict[str, float]] = json.loads(path.read_text("utf-8"))["by_question"]
        return {id_: dict(row) for id_, row in found.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QuestionsInvalid(
            f"{path}: this is no evaluation ({error!r}).",
            f"Write one with: qa eval QUESTIONS --output {path.name}",
        ) from None
