"""Options that several commands have, and what is made of them."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from index.scan import shown
from index.types import DocumentId, Filters, Metadata
from qa.engine import Engine
from qa.settings import DEVICES, Settings, read_settings

PATH = click.Path(path_type=Path, readable=False)  # what cannot be read we say ourselves

DAY = click.DateTime(["%Y-%m-%d"])

Command = Callable[..., None]

as_format = click.option(
    "--format",
    "as_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the result.",
)

reranked = click.option(
    "--reranker",
    metavar="NAME_OR_PATH",
    help="A cross-encoder that reads the first passages again; slower, often better.",
)


def with_engine(command: Command) -> Command:
    """Give a command the options every command has, and an engine made from them."""

    @click.option("--library", type=PATH, help="Folder of the library.")
    @click.option("--model", help="Name or path of a sentence-transformers model.")
    @click.option("--device", type=click.Choice(DEVICES), help="What runs the model.")
    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        given = {name: options.pop(name, None) for name in Settings.__dataclass_fields__}
        known = {name: value for name, value in given.items() if value}
        with closing(Engine(replace(read_settings(), **known))) as engine:
            command(engine, *args, **options)

    return run


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which documents are asked, as the command line says it."""

    within: tuple[str, ...]
    """Paths or patterns; any of them lets a document through."""
    filters: Filters
    """Everything else."""

    def as_filters(self, engine: Engine) -> Filters:
        """As the engine takes them: what is there, on disk or in the library, is no pattern."""
        paths = [_path(place, engine) for place in self.within]
        known = [path for path in paths if path]
        if len(known) == len(paths):
            return replace(self.filters, paths=tuple(known))
        # Of paths and patterns both, a document would have to fit one each.
        globs = [
            pattern
            for place, path in zip(self.within, paths, strict=True)
            for pattern in (_at_or_below(path) if path else (pattern_of(place),))
        ]
        return replace(self.filters, globs=tuple(globs))


def _path(place: str, engine: Engine) -> str | None:
    """The path that is meant, as documents' paths are stored; None for a pattern."""
    path = os.path.realpath(place)
    stored = str(shown(Path(path)))
    named = not glob.has_magic(place) or os.path.lexists(path) or engine.holds(Path(stored))
    return stored if named else None


def _at_or_below(path: str) -> tuple[str, str]:
    itself = glob.escape(path)
    return itself, f"{itself.rstrip('/')}/*"


def pattern_of(place: str) -> str:
    """A pattern for whole paths; one without a folder matches at any depth."""
    pattern = str(shown(Path(place)))
    if Path(pattern).is_absolute():
        return pattern
    below = glob.escape(str(shown(Path.cwd().resolve()))) if os.sep in place else "*"
    return os.path.normpath(f"{below}{os.sep}{pattern}")


def filtered(command: Command) -> Command:
    """Give a command the options that choose documents, as one `Chosen`."""

    @click.option(
        "--in",
        "within",
        multiple=True,
        metavar="PATH|GLOB",
        help="Only documents at or below this path, or matching this glob. May be repeated.",
    )
    @click.option(
        "--from",
        "since",
        type=DAY,
        metavar="YYYY-MM-DD",
        help="Only documents dated this day or later.",
    )
    @click.option(
        "--to",
        "until",
        type=DAY,
        metavar="YYYY-MM-DD",
        help="Only documents dated this day or before.",
    )
    @click.option(
        "--language",
        "languages",
        multiple=True,
        help="Only documents in this language, such as en or vi. May be repeated.",
    )
    @click.option(
        "--document",
        "ids",
        type=int,
        multiple=True,
        help="Only the document of this number, as in --format json. May be repeated.",
    )
    @wraps(command)
    def run(
        *args: Any,
        within: tuple[str, ...],
        since: datetime | None,
        until: datetime | None,
        languages: tuple[str, ...],
        ids: tuple[int, ...],
        **options: Any,
    ) -> None:
        filters = Filters(
            date_from=since.date().isoformat() if since else None,
            date_to=until.date().isoformat() if until else None,
            languages=tuple(language.lower() for language in languages),
            document_ids=tuple(DocumentId(id_) for id_ in ids),
        )
        command(*args, chosen=Chosen(within, filters), **options)

    return run


def described(command: Command) -> Command:
    """Give a command an option for each kind of metadata, as one `Metadata`."""

    @click.option("--title", help="What it is called.")
    @click.option("--author", metavar="NAMES", help='As in "Family, Given; Family, Given".')
    @click.option("--publication", help="What it appeared in.")
    @click.option("--date", metavar="YYYY[-MM[-DD]]", help="When it was published.")
    @click.option("--language", metavar="CODE", help="ISO 639, such as en or vi.")
    @click.option("--url", help="Where it can be found.")
    @click.option(
        "--type", metavar="TYPE", help="Of work, as CSL has it: book, webpage, report, ..."
    )
    @click.option("--publisher", help="Who published it.")
    @click.option("--place", help="Where it was published.")
    @click.option("--volume", help="Of the journal, or of several volumes.")
    @click.option("--issue", help="Of the journal; of a report, its number.")
    @click.option("--pages", metavar="FIRST-LAST", help="Where it stands in what it appeared in.")
    @click.option("--edition", help="Such as 2.")
    @click.option("--doi", metavar="DOI", help="As in 10.1000/xyz.")
    @click.option("--isbn", metavar="ISBN", help="Ten or thirteen digits.")
    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        given = {field.name: options.pop(field.name) for field in fields(Metadata)}
        command(*args, edits=Metadata(**given), **options)

    return run
