"""Answers as text for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from qa import citation
from qa.types import Answer, Citation, CitedPassage

MAX_WIDTH = 100
"""Longer lines are hard to read, however wide the terminal."""

Style = Callable[[str], str]


def answer_as_json(answer: Answer) -> str:
    """The answer as the HTTP service sends it."""
    return json.dumps(asdict(answer), ensure_ascii=False, indent=2)


def answer_as_text(answer: Answer, *, colour: bool) -> str:
    """The answer for a terminal or a pager; the best sentence of each passage has a `>` beside it.

    Lines are broken to fit; the words are the source's, in the source's order.
    """
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    shown = ["\n".join(_passage(found, width, colour)) for found in answer.passages]
    if answer.notice or not shown:
        shown.insert(0, answer.notice or "No passage found.")
    return "\n\n".join(shown)


def display_path(path: str) -> str:
    """The path from here if the file lies below the current folder, else the whole path."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        home = str(Path.home())
        return f"~{path[len(home) :]}" if path.startswith(home + os.sep) else path


def _passage(found: CitedPassage, width: int, colour: bool) -> Iterator[str]:
    cited = found.citation
    bold, dim = _styles(colour)
    yield f"{bold(f'[{found.rank}] {_place(cited)}')}  {dim(f'score {found.score:.2f}')}"
    if known := _known(cited):
        yield dim("    " + " · ".join(known))
    sentence = found.best_sentence
    start, end = sentence.start - cited.start, sentence.end - cited.start
    yield from _margin("  | ", cited.quote[:start], width, dim, str)
    yield from _margin("  > ", cited.quote[start:end], width, bold, bold)
    yield from _margin("  | ", cited.quote[end:], width, dim, str)
    for other in found.also_at:
        yield dim(f"    also at {_place(other)}{_differences(cited.quote, other.quote)}")
    for part in found.explanation or ():
        name = part.kind.replace("_", " ")
        yield dim(f"    {part.points:.3f}  {name:<15} {part.score:>7.3f}, rank {part.rank:,}")


def _place(cited: Citation) -> str:
    return citation.place(display_path(cited.document.path), cited.locator)


def _known(cited: Citation) -> list[str]:
    """What there is to say of the source, and of the passage's place where `_place` does not."""
    source, at = cited.document, cited.locator
    said = [source.title, source.author, source.publication, source.date]
    counted = at.line_start or at.page_start or at.slide_start or at.row_start
    if counted and at.headings[-1:] != (source.title,):
        said.append(citation.heading(at))
    return [value for value in said if value]


def _differences(here: str, there: str) -> str:
    """Words that stand in only one of two copies.

    >>> _differences("A rainy day.", "a raniy day"), _differences("A day.", "a day")
    (' (there: raniy; here: rainy)', '')
    """
    from index.lexical import written_words  # few answers have copies

    one, other = written_words(here), written_words(there)
    only = {
        "there": [word for word in other if word not in set(one)],
        "here": [word for word in one if word not in set(other)],
    }
    said = "; ".join(f"{where}: {' '.join(words)}" for where, words in only.items() if words)
    return f" ({said})" if said else ""


def _margin(mark: str, text: str, width: int, of_mark: Style, of_text: Style) -> Iterator[str]:
    for paragraph in text.strip().split("\n"):
        for line in textwrap.wrap(paragraph, width - len(mark), break_on_hyphens=False):
            yield of_mark(mark) + of_text(line)


def _styles(colour: bool) -> tuple[Style, Style]:
    if not colour:
        return str, str
    return (lambda text: f"\x1b[1m{text}\x1b[0m"), (lambda text: f"\x1b[2m{text}\x1b[0m")
