"""How things are timed: whole processes by the wall clock, rivals in turn."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from benchmarks.quaere import PROJECT

T = TypeVar("T")


def timed_process(command: Sequence[str], environment: Mapping[str, str]) -> tuple[float, str]:
    """Seconds from starting a process to its end, and what it printed.

    Raises:
        SystemExit: with what the process said, if it failed.
    """
    started = time.perf_counter()
    done = subprocess.run(
        command,
        env=environment,
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return seconds, done.stdout


def seconds_of(action: Callable[[], object]) -> float:
    """Seconds an action takes in this process."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def in_turn(rounds: int, *actions: Callable[[], T]) -> list[list[T]]:
    """What each action returned, run A B A B: what disturbs the machine disturbs both."""
    results: list[list[T]] = [[] for _ in actions]
    for _ in range(rounds):
        for taken, action in zip(results, actions, strict=True):
            taken.append(action())
    return results
