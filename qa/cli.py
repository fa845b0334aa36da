"""The command line: parse, call the engine, print. Results on stdout, notices on stderr."""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from index.errors import QuaereError
from qa import __version__, rendering, reports
from qa.engine import DEFAULT_LIMIT, MAX_LIMIT, Engine
from qa.settings import DEVICES, Settings, read_settings

INTERRUPTED = 130
"""What shells report for a process that Ctrl-C ended."""

PATH = click.Path(path_type=Path, readable=False)  # what cannot be read we say ourselves

Command = Callable[..., None]


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


def with_engine(command: Command) -> Command:
    """Give a command the options every command has, and an engine made from them."""

    @click.option("--library", type=PATH, help="Folder of the library.")
    @click.option("--model", help="Name or path of a sentence-transformers model.")
    @click.option("--device", type=click.Choice(DEVICES), help="What runs the model.")
    @wraps(command)
    def run(
        *args: Any, library: Path | None, model: str | None, device: str | None, **options: Any
    ) -> None:
        with closing(Engine(_settings(library, model, device))) as engine:
            command(engine, *args, **options)

    return run


def _settings(library: Path | None, model: str | None, device: str | None) -> Settings:
    settings = read_settings()
    return replace(
        settings,
        library=library or settings.library,
        model=model or settings.model,
        device=device or settings.device,
    )


def absolute(place: str) -> str:
    """A path or glob as documents' paths are stored; a bare pattern matches at any depth."""
    if glob.has_magic(place) and not Path(place).is_absolute():
        return str(Path.cwd().resolve() / place) if os.sep in place else f"*{os.sep}{place}"
    return place if glob.has_magic(place) else os.path.realpath(place)


as_format = click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)


@click.group(cls=Group, invoke_without_command=True)
@click.version_option(__version__, prog_name="quaere")
@click.pass_context
def main(ctx: click.Context) -> None:
    r"""Ask your documents; get the passages that answer, verbatim, each with its place.

    Without a command, opens a prompt.

    \b
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
@as_format
@with_engine
def add(engine: Engine, paths: tuple[Path, ...], as_: str) -> None:
    """Index files and folders, or bring the library in step with them.

    New and changed files are read, moved ones recognised, and those that are
    gone taken out; what is unchanged costs nothing. Run it again at any time.
    """
    try:
        with reports.progress_shown() as notify:
            report = engine.add(paths, notify)
    except KeyboardInterrupt:
        click.echo("What was committed stays; run the command again to go on.", err=True)
        raise
    for failure in report.failed:
        click.echo(f"qa: {failure.message}\n    {failure.remedy}", err=True)
    click.echo(reports.sync_as_json(report) if as_ == "json" else reports.sync_as_text(report))
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
@click.option("--failed", is_flag=True, help="List the files that could not be indexed.")
@as_format
@with_engine
def status(engine: Engine, failed: bool, as_: str) -> None:
    """Show what the library holds."""
    if failed:
        click.echo(reports.failures_listed(engine.failures(), as_))
    else:
        click.echo(reports.status_shown(engine.status(), as_))


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
@click.option(
    "--in",
    "within",
    multiple=True,
    help="Only documents at or below this path, or matching this glob. May be repeated.",
)
@as_format
@with_engine
def ask(engine: Engine, question: str, limit: int, within: tuple[str, ...], as_: str) -> None:
    """Show the passages that answer QUESTION best; - reads it from standard input."""
    if question == "-":
        question = sys.stdin.buffer.read().decode(errors="replace")
    answer = engine.ask(question, limit, [absolute(place) for place in within])
    if as_ == "json":
        click.echo(rendering.answer_as_json(answer))
    else:
        click.echo(rendering.answer_as_text(answer, colour=sys.stdout.isatty()))


@main.command("eval")
@click.argument("questions", type=PATH)
@click.option("--docs", type=PATH, help="Judge answers from this folder.")
@click.option("--output", type=PATH, help="Write figures and misses here, as JSON.")
@with_engine
@click.pass_context
def evaluate(
    ctx: click.Context, engine: Engine, questions: Path, docs: Path | None, output: Path | None
) -> None:
    """Judge the answers to QUESTIONS whose right passages are known.

    QUESTIONS has a JSON object a line: id, question, answerable, and gold, a
    list of places: file, start and end (or the file alone), rel if graded.
    With --docs the folder is indexed first, into a library that is thrown away
    unless --library names one.
    """
    import tempfile

    from qa.evaluate import evaluate as judge
    from qa.questions import read_questions

    asked = read_questions(questions)
    with contextlib.ExitStack() as stack:
        if docs and not ctx.params["library"]:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="quaere-"))
            engine = stack.enter_context(closing(engine.beside(Path(folder))))
        if docs:
            engine.add([docs], stack.enter_context(reports.progress_shown()))
        found = judge(engine, asked, docs.resolve() if docs else None)
    click.echo(reports.evaluation_shown(found))
    if output:
        output.write_text(reports.evaluation_as_json(found), encoding="utf-8")


@main.command()
@with_engine
def prompt(engine: Engine) -> None:
    """Open a prompt: questions one after another, /help for commands."""
    if not sys.stdin.isatty():
        raise click.UsageError('the prompt needs a terminal; in a script use: qa ask "QUESTION"')
    from qa.prompt import run_prompt

    run_prompt(engine)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 takes a free one.",
)
@with_engine
def serve(engine: Engine, host: str, port: int) -> None:
    """Serve the library over HTTP; the description of the API is at /openapi.json."""
    from api.server import serve as run_server

    run_server(engine, host, port)
