"""Commands for writers: cite a passage, verify a draft's quotations, check what it states."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from index.types import Filters
from qa import citing
from qa.checking.types import MIN_WORDS
from qa.engine import Engine
from qa.options import PATH, Chosen, filtered, with_engine

as_report = click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to print the report; html is one page that needs nothing else.",
)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--style",
    type=click.Choice(citing.ALL_STYLES),
    default="plain",
    show_default=True,
    help="A citation style, or a format to take elsewhere.",
)
@with_engine
def cite(engine: Engine, ids: tuple[str, ...], style: str) -> None:
    """Cite the passage with this ID, as `qa ask` gives it in JSON and `/cite` in the prompt.

    Of a citation style the note or parenthesis comes first, then the entry of
    the reference list. What is not known of a source is left out or shown as
    missing; set it with: qa edit FILE --author NAMES
    """
    citations = [engine.cite(id_) for id_ in ids]
    click.echo(citing.all_formatted(citations, style), nl=False)


@click.command()
@click.argument("draft", type=PATH, required=False)
@click.option(
    "--citations",
    type=PATH,
    metavar="FILE",
    help="Instead: audit citations that were saved, as JSON or as our Markdown footnotes.",
)
@click.option(
    "--min-words",
    type=click.IntRange(1),
    default=MIN_WORDS,
    show_default=True,
    help="Leave out shorter quotations.",
)
@filtered
@as_report
@with_engine
def verify(
    engine: Engine,
    *,
    draft: Path | None,
    citations: Path | None,
    min_words: int,
    chosen: Chosen,
    as_: str,
) -> None:
    """Verify every quotation in DRAFT: exact, normalised, altered or not found.

    DRAFT is Markdown, DOCX, plain text or any other format that can be added.
    The exit status is 0 where every quotation is exact or normalised.
    With --citations: whether each is intact, moved, changed or gone; status 0
    where all are intact or moved.
    """
    if (draft is None) == (citations is None):
        raise click.UsageError("name a DRAFT, or a file of citations after --citations")
    if draft:
        _verify(engine, draft, min_words, chosen.as_filters(engine), as_)
    if citations:
        _audit(engine, citations, as_)


def _verify(engine: Engine, path: Path, min_words: int, filters: Filters, as_: str) -> None:
    from qa.checking.drafts.draft import read_draft
    from qa.checking.reporting import outcome, report

    found = engine.verify(read_draft(path), min_words, filters)
    click.echo(report.shown(found, as_, colour=sys.stdout.isatty()))
    outcome.raise_for_quotations(found)


def _audit(engine: Engine, path: Path, as_: str) -> None:
    from qa.checking.auditing import audit_report
    from qa.checking.reporting import outcome
    from qa.citing.saved import read_saved

    if as_ == "html":
        raise click.UsageError("an audit is printed as text or json")
    found = engine.audit(read_saved(path))
    click.echo(audit_report.shown(found, as_))
    outcome.raise_for_citations(path, found)


@click.command()
@click.argument("draft", type=PATH)
@filtered
@as_report
@with_engine
def check(engine: Engine, draft: Path, *, chosen: Chosen, as_: str) -> None:
    """For each sentence of DRAFT that states something, show the passage that supports it best.

    Where a source has another number, date, unit or name for the same thing,
    both stand side by side, marked "differs". Which is right is yours to judge:
    the exit status is 0 where nothing differs.
    """
    from qa.checking.drafts.draft import read_draft
    from qa.checking.reporting import outcome, report

    found = engine.check(read_draft(draft), chosen.as_filters(engine))
    click.echo(report.shown(found, as_, colour=sys.stdout.isatty()))
    outcome.raise_for_statements(found)
