"""`python -m benchmarks [NAME...] [OPTIONS]`, see README.md: print the figures."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import (
    cold_start,
    folder,
    indexing,
    keeping_step,
    page,
    questions,
    ranking,
    seeds,
    serve,
    soak,
    verification,
    while_indexing,
)
from benchmarks.machine import header
from index.catalog import FILE_NAME as CATALOG

NAMES = (
    "seeds",
    "cold_start",
    "keeping_step",
    "page",
    "indexing",
    "questions",
    "ranking",
    "folder",
    "verification",
    "serve",
    "while_indexing",
    "soak",
)


def main() -> None:
    """Run the benchmarks that were named, or all that can run."""
    parser = _parser()
    options = parser.parse_args()
    can_run = _can_run(parser, options.squad2, options.sets)
    can_run |= _can_run_on_named(parser, options)
    named: list[str] = options.names or list(NAMES)
    if unknown := sorted({*named} - {*NAMES}):
        parser.error(f"{unknown[0]}: there is no such benchmark; there are {', '.join(NAMES)}")
    if left_out := [name for name in named if name not in can_run]:
        print(
            "Left out, for want of --squad2, --sets, --folder or --library DIR or --questions FILE: "
            f"{', '.join(left_out)}"
        )
    if len(left_out) == len(named):
        parser.error("nothing is left to run")
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"  # here and in every process started
    print(header(), flush=True)
    for name in named:
        if name in can_run:
            print(f"\n{name}", flush=True)
            can_run[name]()


def _can_run(
    parser: argparse.ArgumentParser, squad2: Path | None, sets: Path | None
) -> dict[str, Callable[[], None]]:
    """What can run: some need only the repository, some a folder of texts."""
    can_run: dict[str, Callable[[], None]] = {
        "seeds": seeds.run,
        "cold_start": cold_start.run,
        "keeping_step": keeping_step.run,
        "page": page.run,
    }
    if squad2:
        if not _is_corpus(squad2):
            parser.error(f"{squad2}: this folder holds no docs/*.txt, or no questions.jsonl")
        can_run["indexing"] = partial(indexing.run, squad2)
        can_run["questions"] = partial(questions.run, squad2)
    if sets:
        if not sets.is_dir() or not any(map(ranking.is_set, sets.iterdir())):
            parser.error(f"{sets}: no folder in it holds docs/ and questions.jsonl")
        can_run["ranking"] = partial(ranking.run, sets)
    return can_run


def _can_run_on_named(
    parser: argparse.ArgumentParser, options: argparse.Namespace
) -> dict[str, Callable[[], None]]:
    """What runs on a folder or a library of any kind."""
    can_run: dict[str, Callable[[], None]] = {}
    if options.folder:
        if not options.folder.is_dir():
            parser.error(f"{options.folder}: there is no such folder")
        can_run["folder"] = partial(folder.run, options.folder, options.every)
    if options.library:
        if not (options.library / CATALOG).is_file():
            parser.error(f"{options.library}: there is no library here")
        can_run["verification"] = partial(verification.run, options.library, options.quotations)
        if options.questions:
            both = options.library, options.questions
            can_run["serve"] = partial(serve.run, *both, options.workers)
            can_run["while_indexing"] = partial(while_indexing.run, *both)
            can_run["soak"] = partial(soak.run, *both, options.minutes)
    return can_run


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
    parser.add_argument(
        "--sets",
        metavar="DIR",
        type=Path,
        default=os.environ.get("SETS") or None,
        help="a folder of folders with docs/ and questions.jsonl; by default the variable SETS",
    )
    parser.add_argument(
        "--folder", metavar="DIR", type=Path, help="any folder of documents, to index as it is"
    )
    parser.add_argument(
        "--every", metavar="N", type=int, default=1, help="take each N-th file of it only"
    )
    parser.add_argument(
        "--library",
        metavar="DIR",
        type=Path,
        help="any library, to quote from or to serve; it is only read",
    )
    parser.add_argument(
        "--quotations", metavar="N", type=int, default=10_000, help="so many are verified"
    )
    parser.add_argument(
        "--questions",
        metavar="FILE",
        type=Path,
        help="questions about that library, to ask its service",
    )
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="so many answer them; by default one"
    )
    parser.add_argument(
        "--minutes", metavar="N", type=float, default=5, help="how long soak uses the service"
    )
    return parser


if __name__ == "__main__":
    main()
