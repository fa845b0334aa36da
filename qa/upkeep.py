"""Commands that look after a library: examine and mend it, write it to a file and back."""

from __future__ import annotations

from pathlib import Path

import click

from index.errors import LibraryUnsound
from qa import reports
from qa.engine import Engine
from qa.options import PATH, as_format, with_engine


@click.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended, then examine again.")
@as_format
@with_engine
def doctor(engine: Engine, *, repair: bool, as_: str) -> None:
    """Examine the library: whether everything is there and agrees.

    Passages are compared with texts, the indexes with the catalog, and up to
    200 files on disk are read again. Files that have changed since are no
    damage. The exit status is 0 where the library is sound.
    """
    done = engine.repair() if repair else None
    diagnosis = engine.examine()
    click.echo(reports.diagnosis_shown(diagnosis, done, as_))
    if not diagnosis.sound:
        mendable = any(finding.repairable for finding in diagnosis.findings)
        raise LibraryUnsound(
            f"{engine.library}: the library is damaged.",
            "Run: qa doctor --repair" if mendable else "What to do is said with each finding.",
        )


@click.command()
@click.argument("file", type=PATH)
@with_engine
def export(engine: Engine, file: Path) -> None:
    """Write the whole library to one new FILE: a backup, or to take elsewhere.

    It holds texts, passages, vectors and edits; not the documents' own files.
    Others may go on using the library and adding to it meanwhile.
    """
    held = engine.export(file)
    click.echo(reports.archive_shown("exported", held, file), err=True)


@click.command("import")
@click.argument("file", type=PATH)
@with_engine
def import_(engine: Engine, file: Path) -> None:
    """Make a library from a FILE that `qa export` has written.

    The library must not exist yet: name a new folder with --library. Its
    documents are found under the paths they had when they were added.
    """
    held = engine.restore(file)
    click.echo(reports.archive_shown("imported", held, file), err=True)
