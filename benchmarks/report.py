"""How figures are printed: ours, the baseline's, the ratio."""

from __future__ import annotations

from dataclasses import dataclass

WIDTH = 46


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of Quaere's beside the baseline's from the same run."""

    what: str
    """What was measured, and in which unit."""
    ours: float
    baseline: float
    baseline_name: str
    less_is_better: bool = True
    decimals: int = 2

    @property
    def ratio(self) -> float:
        """How many times better Quaere is; above 1 it is ahead."""
        better, worse = self.ours, self.baseline
        if self.less_is_better:
            better, worse = worse, better
        return better / worse if worse else float("inf")


def show(comparison: Comparison) -> None:
    """Print a comparison."""
    print(f"  {comparison.what}")
    line("  Quaere", f"{comparison.ours:,.{comparison.decimals}f}")
    line(f"  {comparison.baseline_name}", f"{comparison.baseline:,.{comparison.decimals}f}")
    line("  ratio (above 1: Quaere ahead)", f"{comparison.ratio:.2f}")


def line(name: str, value: str) -> None:
    """Print one row of a table."""
    print(f"  {name:<{WIDTH}}{value:>10}", flush=True)
