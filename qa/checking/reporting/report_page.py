"""Reports as one HTML page. What drafts and sources say is text there, never markup."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.checking.checked import Checked, CheckedStatement, SourceDifference
from qa.checking.comparing.matching import on_one_line
from qa.checking.reporting import report_words as words
from qa.checking.types import Change, Verdict, Verification, VerifiedQuotation
from qa.rendering import context_told, display_path, place, printable
from qa.types import Citation

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a text, and how it is marked."""

    text: str
    tag: str = ""
    """mark, ins or del; none of what is not marked."""


@dataclass(frozen=True, slots=True)
class Side:
    """Words and where they stand."""

    pieces: tuple[Piece, ...]
    place: str
    known: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """The draft's words and the source's for the same thing."""

    kind: str
    here: str
    there: Side


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement or a quotation, and what was found."""

    number: int
    labels: tuple[str, ...]
    """Such as "supported" and "differs"."""
    draft: Side
    source: Side | None
    source_label: str
    pairs: tuple[Pair, ...] = ()
    compared: tuple[Piece, ...] = ()
    """The source's words with the draft's changes marked."""
    notes: tuple[str, ...] = ()


def of_statements(checked: Checked) -> str:
    """A page of a draft's statements."""
    return _page(
        title="What the draft states",
        draft=checked.draft,
        counts=words.counts_of_statements(checked),
        entries=[_of_statement(checked.draft, one) for one in checked.statements],
        explained="Beside each statement stands the passage nearest to it in the library. "
        "“Differs” says that a source has another figure, date, unit or name for what seems "
        "to be the same thing; which is right is for you to judge.",
        generation=checked.generation,
    )


def of_quotations(verification: Verification) -> str:
    """A page of a draft's quotations."""
    return _page(
        title="What the draft quotes",
        draft=verification.draft,
        counts=words.counts_of_quotations(verification),
        entries=[_of_quotation(verification.draft, one) for one in verification.quotations],
        explained="Exact: every character stands in the source. Normalised: the same words; the "
        "rules by which it differs are named. Altered: words are changed, missing, added or "
        "moved. Not found: no source holds anything like it.",
        generation=verification.generation,
    )


def _page(**shown: object) -> str:
    shown["draft"] = display_path(str(shown["draft"])) if shown["draft"] else "a draft"
    return _template().render(shown)


@functools.cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("qa", "checking/reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: printable(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["on_one_line"] = on_one_line
    return environment.get_template("report.html")


def _of_statement(draft: str, one: CheckedStatement) -> Entry:
    differing = [(each.at, each.at + len(each.words)) for each in one.differences]
    return Entry(
        number=one.number,
        labels=tuple(words.standing(one)),
        draft=Side(tuple(_marked(one.text, differing)), words.place_in_draft(draft, one)),
        source=_side(one.support) if one.support else None,
        source_label="Nearest source" if one.support else words.NO_SUPPORT,
        pairs=tuple(_pair(each) for each in one.differences),
    )


def _pair(one: SourceDifference) -> Pair:
    best = one.citation.best_sentence
    offset = best.start if best else one.citation.start
    span = (one.source_start - offset, one.source_end - offset)
    text = words.source_words(one.citation)
    there = Side(tuple(_marked(text, [span])), place(one.citation), words.known(one.citation))
    return Pair(one.kind, one.words, there)


def _of_quotation(draft: str, one: VerifiedQuotation) -> Entry:
    missing = one.verdict is Verdict.NOT_FOUND
    context = tuple(context_told(one.context)) if one.context else ()
    return Entry(
        number=one.number,
        labels=(words.VERDICTS[one.verdict],),
        draft=Side((Piece(one.text),), words.place_in_draft(draft, one)),
        source=_side(one.citation) if one.citation else None,
        source_label="Nearest source" if missing else "Source",
        compared=tuple(_compared(one)) if one.verdict is Verdict.ALTERED else (),
        notes=(*words.notes(one), *context),
    )


def _side(cited: Citation) -> Side:
    return Side((Piece(words.source_words(cited)),), place(cited), words.known(cited))


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """The text in pieces, the spans marked; those that overlap are one."""
    done = 0
    for start, end in sorted(set(spans)):
        if start < done:
            continue
        yield from _plain(text[done:start])
        yield Piece(text[start:end], "mark")
        done = end
    yield from _plain(text[done:])


def _compared(one: VerifiedQuotation) -> Iterator[Piece]:
    """The quotation with what the source has struck out and what the draft has put in."""
    done = 0
    for change in sorted(one.changes, key=lambda change: change.draft_start):
        if change.draft_start < done:
            continue
        yield from _plain(one.text[done : change.draft_start])
        yield from _changed(change)
        done = change.draft_end
    yield from _plain(one.text[done:])


def _changed(change: Change) -> Iterator[Piece]:
    if change.source:
        yield Piece(change.source, "del")
    if change.source and change.draft:
        yield Piece(" ")
    if change.draft:
        yield Piece(change.draft, "ins")
    if not change.draft:
        yield Piece(" ")


def _plain(text: str) -> Iterator[Piece]:
    if text:
        yield Piece(text)
