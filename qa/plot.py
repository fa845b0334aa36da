"""A picture of an evaluation: in how many of the first passages the answer is found."""

from __future__ import annotations

from pathlib import Path

from qa.evaluate import DEPTH, Evaluation


def found_within(found: Evaluation) -> list[float]:
    """Shares of the questions answered within the first 1, 2, … DEPTH passages."""
    ranks = [1 / row["RR@10"] for row in found.by_question.values() if row["RR@10"]]
    return [
        sum(round(rank) <= depth for rank in ranks) / found.questions
        for depth in range(1, DEPTH + 1)
    ]


def draw(found: Evaluation, path: Path) -> None:
    """Write the picture; its format is the suffix's: svg, png or pdf."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    shares = found_within(found)
    axes.plot(range(1, DEPTH + 1), shares, marker="o")
    for depth in (1, 5):
        share = shares[depth - 1]
        axes.annotate(f"{share:.3f}", (depth, share), (4, -14), textcoords="offset points")
    axes.set(
        title=f"{found.questions:,} questions",
        xlabel="first passages looked at",
        ylabel="share with a right one",
        xticks=range(1, DEPTH + 1),
        ylim=(0, 1.02),
    )
    axes.grid(alpha=0.3)
    figure.savefig(path)
