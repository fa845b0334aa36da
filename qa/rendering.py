"""Answers as text for people and as JSON for programs."""

from __future__ import annotations

import json
import os
import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from index.types import Locator
from qa import citation
from qa.types import Answer, Citation, CitedPassage, Context, Neighbours

MAX_WIDTH = 100
"""Longer lines are hard to read, however wide the terminal."""

MAX_SHORTENED = 300
"""Characters of words that stand beside others: enough to know them by."""

MAX_PLACES = 5
"""Of the same words, shown to people; a footer stands in hundreds."""

_CONTROL_PICTURES = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys(range(0x80, 0xA0), 0xFFFD),
}

Style = Callable[[str], str]


def answer_as_json(answer: Answer, references: Sequence[str] = ()) -> str:
    """The answer as the HTTP service sends it, with a list of references if there is one."""
    listed = {"references": list(references)} if references else {}
    return json.dumps(asdict(answer) | listed, ensure_ascii=False, indent=2)


def answer_as_text(answer: Answer, references: Sequence[str] = (), *, colour: bool) -> str:
    """The answer for a terminal or a pager; the best sentence of each passage has a `>` beside it.

    Neighbours, where they were asked for, have a `:`. Lines are broken to fit; the words are the
    source's, in the source's order. References stand at the end, if there are any.
    """
    width = terminal_width()
    shown = ["\n".join(_passage(found, width, colour)) for found in answer.passages]
    if answer.notice or not shown:
        shown.insert(0, answer.notice or "No passage found.")
    if references:
        shown += ["Sources", *map(printable, references)]
    return "\n\n".join(shown)


def in_context(
    before: Sequence[Citation], cited: Citation, after: Sequence[Citation], *, colour: bool
) -> str:
    """A passage between its neighbours, as they follow one another in the source."""
    width = terminal_width()
    bold, dim = styles(colour)
    lines = [bold(place(cited))]
    for one in (*before, cited, *after):
        mark, style = ("  > ", bold) if one is cited else ("  | ", dim)
        lines += [*margin(mark, one.quote, width, style, str), dim("  |")]
    return "\n".join(lines[:-1])


def terminal_width() -> int:
    """Of a line, in characters."""
    return min(shutil.get_terminal_size().columns, MAX_WIDTH)


def styles(colour: bool) -> tuple[Style, Style]:
    """What makes text bold, and what makes it dim."""
    if not colour:
        return str, str
    return (lambda text: f"\x1b[1m{text}\x1b[0m"), (lambda text: f"\x1b[2m{text}\x1b[0m")


def place(cited: Citation) -> str:
    """Where a source's words stand."""
    return place_in(cited.document.path, cited.locator)


def place_in(path: str, locator: Locator) -> str:
    """A place in a file, as it is shown."""
    return printable(citation.place(display_path(path), locator))


def display_path(path: str) -> str:
    """The path from here if the file lies below the current folder, else the whole path."""
    try:
        return printable(str(Path(path).relative_to(Path.cwd())))
    except ValueError:
        home = str(Path.home())
        below_home = path.startswith(home + os.sep)
        return printable(f"~{path[len(home) :]}" if below_home else path)


def printable(text: str) -> str:
    r"""Text that a terminal shows and never obeys: of control characters their pictures.

    >>> printable("a\tb\x1b[2Jc\x9b")
    'a\tb␛[2Jc�'
    """
    return text.translate(_CONTROL_PICTURES)


def line(text: str) -> str:
    r"""Text on one line, without characters a terminal obeys.

    >>> line("two\n  lines\x1b[2J")
    'two lines␛[2J'
    """
    return printable(" ".join(text.split()))


def shortened(text: str) -> str:
    """The beginning of a long text, on one line; scripts without spaces are cut anywhere."""
    words = line(text)
    if len(words) <= MAX_SHORTENED:
        return words
    cut = words[:MAX_SHORTENED]
    return f"{cut.rpartition(' ')[0] or cut} …"


def _passage(found: CitedPassage, width: int, colour: bool) -> Iterator[str]:
    cited = found.citation
    bold, dim = styles(colour)
    told = dim(f"score {found.score:.2f}  {cited.id}")
    yield f"{bold(f'[{found.rank}] {place(cited)}')}  {told}"
    if known := _known(cited):
        yield dim(printable("    " + " · ".join(known)))
    around = found.neighbours or Neighbours((), ())
    for one in around.before:
        yield from margin("  : ", one.quote, width, dim, dim)
    best = cited.best_sentence
    start, end = (best.start - cited.start, best.end - cited.start) if best else (0, 0)
    yield from margin("  | ", cited.quote[:start], width, dim, str)
    yield from margin("  > ", cited.quote[start:end], width, bold, bold)
    yield from margin("  | ", cited.quote[end:], width, dim, str)
    for one in around.after:
        yield from margin("  : ", one.quote, width, dim, dim)
    for other in found.also_at[:MAX_PLACES]:
        yield dim(f"    also at {place(other)}{_differences(cited.quote, other.quote)}")
    if (further := len(found.also_at) - MAX_PLACES) > 0:
        yield dim(f"    and at {further:,} more (--format json has all)")
    if found.context:
        yield from (dim(f"    {line}") for line in context_told(found.context))
    for part in found.explanation or ():
        name = part.kind.replace("_", " ")
        yield dim(f"    {part.points:.3f}  {name:<15} {part.score:>7.3f}, rank {part.rank:,}")


REASONS = {
    "cut": "the sentence goes on",
    "negation": "denied",
    "hedge": "hedged",
    "reported": "told as somebody's words",
    "contrast": "a turn",
}


def context_told(context: Context) -> Iterator[str]:
    """A line for each reason to look around, then the neighbours themselves."""
    for reason in context.reasons:
        yield f"{reason.where}: {REASONS[reason.kind]}, “{shortened(reason.words)}”"
    for where, neighbour in (("before", context.before), ("after", context.after)):
        if neighbour:
            yield f"{where} it stands: {shortened(neighbour.quote)}"


def _known(cited: Citation) -> list[str]:
    """What there is to say of the source, and of the passage's place where `place` does not."""
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


def margin(
    mark: str, text: str, width: int, of_mark: Style = str, of_text: Style = str
) -> Iterator[str]:
    """Text in lines as long as fit, with a mark before each."""
    for paragraph in printable(text).strip().split("\n"):
        for line in textwrap.wrap(paragraph, width - len(mark), break_on_hyphens=False):
            yield of_mark(mark) + of_text(line)
