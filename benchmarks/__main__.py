"""`python -m benchmarks [NAME...] [--squad2 DIR]`: run the benchmarks and print their figures."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from benchmarks import cold_start, indexing, questions, seeds
from benchmarks.machine import header

ON_SEEDS: dict[str, Callable[[], None]] = {"seeds": seeds.run, "cold_start": cold_start.run}
"""These need only what is in the repository."""

ON_SQUAD2: dict[str, Callable[[Path], None]] = {
    "indexing": indexing.run,
    "questions": questions.run,
}
"""These need a larger corpus."""

NAMES = (*ON_SEEDS, *ON_SQUAD2)


def main() -> None:
    """Run the benchmarks that were named, or all."""
    parser = _parser()
    options = parser.parse_args()
    names: list[str] = options.names or list(NAMES)
    if unknown := sorted({*names} - {*NAMES}):
        parser.error(f"{unknown[0]}: there is no such benchmark; there are {', '.join(NAMES)}")
    squad2: Path | None = options.squad2
    if squad2 is None:
        names = _without_squad2(names)
    elif not _is_corpus(squad2):
        parser.error(f"{squad2}: this folder holds no docs/*.txt, or no questions.jsonl")
    if not names:
        parser.error("nothing is left to run")
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"  # here and in every process started
    print(header(), flush=True)
    for name in names:
        _run(name, squad2)


def _run(name: str, squad2: Path | None) -> None:
    print(f"\n{name}", flush=True)
    if squad2 and name in ON_SQUAD2:
        ON_SQUAD2[name](squad2)
    else:
        ON_SEEDS[name]()


def _without_squad2(names: list[str]) -> list[str]:
    """The benchmarks that need no corpus; says which are left out."""
    left_out = [name for name in names if name in ON_SQUAD2]
    if left_out:
        print(f"Left out, for want of --squad2 DIR (or SQUAD2=DIR): {', '.join(left_out)}")
    return [name for name in names if name in ON_SEEDS]


def _is_corpus(folder: Path) -> bool:
    return any((folder / "docs").glob("*.txt")) and (folder / "questions.jsonl").is_file()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="*",
        help=f"what to run: {', '.join(NAMES)}; by default all that can run",
    )
    parser.add_argument(
        "--squad2",
        metavar="DIR",
        type=Path,
        default=os.environ.get("SQUAD2") or None,
        help="a folder with docs/*.txt and questions.jsonl; by default the variable SQUAD2",
    )
    return parser


if __name__ == "__main__":
    main()
