"""The command line: parse, call the engine, print. Results on stdout, notices on stderr."""

from __future__ import annotations

import contextlib
import logging
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import QuaereError
from index.types import DocumentId, Metadata
from qa import __version__, granting, rendering, reports, upkeep, writing
from qa.citing import ALL_STYLES, references
from qa.engine import Engine
from qa.exposure import Exposure, exposed
from qa.interrupts import stop_asked, until
from qa.options import PATH, Chosen, as_format, described, filtered, reranked, with_engine
from qa.types import DEFAULT_LIMIT, MAX_LIMIT, MAX_NEIGHBOURS, Request

MOST_WORKERS = 32
"""More than there are cores serve no faster, and each takes memory."""
INTERRUPTED = 130
"""What shells report for a process that Ctrl-C ended."""


if TYPE_CHECKING:
    from qa.evaluate import Evaluation


class Group(click.Group):
    """Turns our errors into one sentence, a remedy and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except QuaereError as error:
            click.echo(f"qa: {error.message}\n    {error.remedy}", err=True)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("qa: stopped.", err=True)
            ctx.exit(INTERRUPTED)


@click.group(cls=Group, invoke_without_command=True)
@click.version_option(__version__, prog_name="quaere")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Ask your documents; get the passages that answer, verbatim, each with its place.

    Without a command, opens a prompt. To begin:

    qa add ~/Sources

    qa ask "Who visited Pyongyang?"

    The library lies in the platform's data folder, or where QUAERE_LIBRARY or
    --library says.
    """
    logging.basicConfig(format="%(message)s")  # to stderr
    logging.getLogger("quaere").setLevel(logging.INFO)
    if ctx.invoked_subcommand is None:
        ctx.invoke(prompt)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@click.option("--dry-run", is_flag=True, help="Change nothing; show what would be done.")
@click.option("--keep-missing", is_flag=True, help="Keep documents whose files are gone.")
@click.option(
    "--bibliography",
    type=PATH,
    metavar="FILE.bib|.json",
    help="BibTeX or CSL-JSON that says what the documents there are; remembered for next time.",
)
@click.option("--verbose", is_flag=True, help="List every file by what happened to it.")
@as_format
@with_engine
def add(
    engine: Engine,
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    keep_missing: bool,
    bibliography: Path | None,
    verbose: bool,
    as_: str,
) -> None:
    """Index files and folders, or bring the library in step with them.

    New and changed files are read, moved ones recognised, and those that are
    gone taken out; what is unchanged costs nothing. Run it again at any time.
    What .gitignore and .quaereignore leave out is left out, and hidden files.
    """
    from index.sync import Options

    options = Options(keep_missing, dry_run, bibliography)
    try:
        with reports.progress_shown() as notify, stop_asked() as asked:
            report = engine.add(paths, until(asked, notify), options)
    except KeyboardInterrupt:
        click.echo("What was committed stays; run the command again to go on.", err=True)
        raise
    for failure in report.failed:
        click.echo(f"qa: {failure.message}\n    {failure.remedy}", err=True)
    click.echo(reports.sync_shown(report, as_, verbose=verbose))
    if report.failed:
        sys.exit(reports.exit_status(report.failed))


@main.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@with_engine
def remove(engine: Engine, paths: tuple[Path, ...]) -> None:
    """Take files and folders out of the library; on disk nothing is touched."""
    removed = engine.remove(paths)
    for path in removed:
        click.echo(rendering.display_path(str(path)))
    click.echo(f"{len(removed):,} removed from the library", err=True)


@main.command()
@click.argument("document", metavar="FILE_OR_NUMBER")
@described
@as_format
@with_engine
def edit(engine: Engine, document: str, *, edits: Metadata, as_: str) -> None:
    """Set what is known of a document: title, author, date and so on.

    An edit holds before what the file, a sidecar or a bibliography says, also
    after the file has changed. An empty value takes an edit back.
    """
    if edits == Metadata():
        raise click.UsageError("say what to set, such as --title or --date")
    named = DocumentId(int(document)) if document.isdecimal() else Path(document).resolve()
    click.echo(reports.document_shown(engine.edit(named, edits), as_))


@main.command()
@click.option("--failed", is_flag=True, help="List the files that could not be indexed.")
@as_format
@with_engine
def status(engine: Engine, failed: bool, as_: str) -> None:
    """Show what the library holds."""
    if failed:
        click.echo(reports.failures_listed(engine.failures(), as_))
    else:
        click.echo(reports.status_shown(engine.status(), as_))


main.add_command(upkeep.doctor)
main.add_command(upkeep.export)
main.add_command(upkeep.import_)
main.add_command(granting.keys)
main.add_command(writing.cite)
main.add_command(writing.verify)
main.add_command(writing.check)


@main.command()
@click.argument("question")
@click.option(
    "-k",
    "limit",
    type=click.IntRange(1, MAX_LIMIT),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="How many passages to show.",
)
@filtered
@click.option(
    "--per-document", type=click.IntRange(1), help="At most so many passages of one document."
)
@click.option(
    "--min-score",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Leave out passages that score less: how far behind the best one they may be.",
)
@click.option(
    "--neighbours",
    type=click.IntRange(0, MAX_NEIGHBOURS),
    default=0,
    help="Show so many passages before and after each as well.",
)
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option(
    "--style", type=click.Choice(ALL_STYLES), help="Append a list of the sources in this style."
)
@reranked
@as_format
@with_engine
def ask(
    engine: Engine,
    question: str,
    limit: int,
    *,
    chosen: Chosen,
    per_document: int | None,
    min_score: float,
    neighbours: int,
    explain: bool,
    style: str | None,
    as_: str,
) -> None:
    """Show the passages that answer QUESTION best; - reads it from standard input.

    A phrase in quotation marks must stand in the passages word for word.
    """
    if question == "-":
        question = sys.stdin.buffer.read().decode(errors="replace")
    filters = chosen.as_filters(engine)
    answer = engine.answer(
        Request(question, limit, filters, per_document, explain, min_score, neighbours)
    )
    cited = [found.citation for found in answer.passages]
    listed = references(cited, style) if style else []
    if as_ == "json":
        click.echo(rendering.answer_as_json(answer, listed))
    else:
        click.echo(rendering.answer_as_text(answer, listed, colour=sys.stdout.isatty()))


@main.command("eval")
@click.argument("questions", type=PATH, required=False)
@click.option("--docs", type=PATH, help="Judge answers from this folder.")
@click.option(
    "--output",
    type=PATH,
    help="Write figures, misses and every question's measures here, as JSON, and a plot beside it.",
)
@click.option(
    "--compare",
    type=PATH,
    nargs=2,
    metavar="A.json B.json",
    help="Instead: test whether two evaluations differ by more than chance.",
)
@reranked
@with_engine
@click.pass_context
def evaluate(
    ctx: click.Context,
    engine: Engine,
    *,
    questions: Path | None,
    docs: Path | None,
    output: Path | None,
    compare: tuple[Path, Path] | None,
) -> None:
    """Judge the answers to QUESTIONS whose right passages are known.

    QUESTIONS has a JSON object a line: id, question, answerable, and gold, a
    list of places: file, start and end (or the file alone), rel if graded.
    With --docs the folder is indexed first, into a library that is thrown away
    unless --library names one.
    """
    if (questions is None) == (compare is None):
        raise click.UsageError("name a file of QUESTIONS, or two evaluations after --compare")
    if compare:
        from qa.comparison import compare as differences

        click.echo(reports.differences_shown(differences(*compare)))
    if questions:
        if output:
            _check_writable(output)
        own = ctx.params["library"] is None
        found = _judged(engine, questions, docs, throw_away=own)
        click.echo(reports.evaluation_shown(found))
        if output:
            reports.write_evaluation(found, output)


def _check_writable(output: Path) -> None:
    """Said before the work is done, not after it."""
    if output.suffix == ".svg":
        raise click.UsageError(f"{output}: the plot goes there; name a file that ends in .json")
    try:
        output.open("a").close()
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}") from None


def _judged(engine: Engine, questions: Path, docs: Path | None, *, throw_away: bool) -> Evaluation:
    import tempfile

    from qa.evaluate import ask_engine
    from qa.evaluate import evaluate as judge
    from qa.questions import read_questions

    asked = read_questions(questions)
    root = docs.resolve() if docs else None
    with contextlib.ExitStack() as stack:
        if docs and throw_away:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="quaere-"))
            engine = stack.enter_context(closing(engine.beside(Path(folder))))
        if docs:
            engine.add([docs], stack.enter_context(reports.progress_shown()))
        if asked.unanswerable:
            click.echo(f"{asked.unanswerable:,} unanswerable ones left out", err=True)
        return judge(ask_engine(engine, root), asked.answerable, root)


@main.command()
@reranked
@with_engine
def prompt(engine: Engine) -> None:
    """Open a prompt: questions one after another, /help for commands."""
    if not sys.stdin.isatty():
        raise click.UsageError('the prompt needs a terminal; in a script use: qa ask "QUESTION"')
    from qa.prompt import run_prompt

    run_prompt(engine)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=PATH)
@with_engine
def watch(engine: Engine, paths: tuple[Path, ...]) -> None:
    """Bring the library in step with files and folders, and keep it so as they change."""
    from qa.watch import watch as watch_paths

    with stop_asked() as asked:
        notify = until(asked, lambda _: None)
        with contextlib.suppress(KeyboardInterrupt):
            watch_paths(engine, paths, notify, reports.tell_of_sync, asked)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--watch",
    "watched",
    type=PATH,
    multiple=True,
    metavar="PATH",
    help="Keep the library in step with this folder meanwhile. May be repeated.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_WORKERS),
    default=1,
    show_default=True,
    metavar="N",
    help="Answer from so many processes; as many as there are cores is plenty.",
)
@exposed
@reranked
@with_engine
def serve(
    engine: Engine,
    host: str,
    port: int,
    *,
    watched: tuple[Path, ...],
    workers: int,
    exposure: Exposure,
) -> None:
    """Serve the library: a page to ask and read in at /, and an HTTP API.

    The API is described at /openapi.json; docs/http.md shows it with curl, qa.client
    is the same from Python.

    On any address but the loopback's it needs API keys (qa keys add NAME), or
    --insecure. It speaks plain HTTP: put a proxy with TLS before it.
    """
    from api.server import serve as run_server
    from qa.jobs.process import working
    from qa.watch import watching

    with watching(engine, watched, reports.tell_of_sync), working(engine):
        run_server(engine, host, port, exposure, workers)
