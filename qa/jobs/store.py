"""Jobs on disk: one table in SQLite, beside the catalog.

Connections are opened for each use, so that nothing needs closing: some hundred microseconds, a few
times a second.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from index import connecting, disk
from index.errors import JobMissing, JobsUnusable
from qa import beside
from qa.jobs import states
from qa.jobs.types import (
    ENDED,
    STATES,
    FailedFile,
    Job,
    Problem,
    Progress,
    Result,
    State,
    Sync,
    Upload,
)

FILE_NAME = "jobs.sqlite"
SCHEMA_VERSION = 1
KEPT = 1000
"""Ended jobs; older ones are forgotten."""
ID_BYTES = 8
KEPT_BEFORE = "Jobs that were acknowledged are kept; this change was not."

SCHEMA = f"""
CREATE TABLE jobs (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,  -- in the order they were asked for
    id       TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,                      -- upload or sync
    asked    TEXT NOT NULL,                      -- JSON
    path     TEXT,                               -- of uploads
    state    TEXT NOT NULL,
    created  TEXT NOT NULL,
    started  TEXT,
    ended    TEXT,
    progress TEXT NOT NULL,                      -- JSON
    result   TEXT,                               -- JSON
    problem  TEXT,                               -- JSON
    attempts INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, number);
CREATE INDEX jobs_by_path ON jobs (path) WHERE path IS NOT NULL;
CREATE TABLE noted (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA user_version = {SCHEMA_VERSION};
"""

_COLUMNS = (
    "number, id, kind, asked, state, created, started, ended, progress, result, problem,"
    " attempts, cancel_requested, revision"
)
_SELECT = f"SELECT {_COLUMNS} FROM jobs"

Change = Callable[[Job], Job]


class Held:
    """The jobs, while nobody else changes them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, asked: Upload | Sync) -> Job:
        """Put a new job at the end of the queue; old ended ones are forgotten."""
        kind, path = ("upload", asked.path) if isinstance(asked, Upload) else ("sync", None)
        id_, created = secrets.token_hex(ID_BYTES), states.now()
        found = self._connection.execute(
            "INSERT INTO jobs (id, kind, asked, path, state, created, progress, attempts,"
            " cancel_requested, revision) VALUES (?, ?, ?, ?, 'queued', ?, ?, 0, 0, 1)",
            (id_, kind, json.dumps(asdict(asked)), path, created, json.dumps(asdict(Progress()))),
        )
        assert found.lastrowid is not None  # a row was inserted
        self._connection.execute(
            f"DELETE FROM jobs WHERE state IN {ENDED} AND number <= (SELECT number FROM jobs"
            f" WHERE state IN {ENDED} ORDER BY number DESC LIMIT 1 OFFSET {KEPT})"
        )
        return Job(found.lastrowid, id_, asked, "queued", created)

    def change(self, id_: str, change: Change) -> Job:
        """Change a job.

        Raises:
            JobMissing: with the remedy.
        """
        before = _one(self._connection, id_)
        job = change(before)
        if job == before:
            return before
        job = replace(job, revision=before.revision + 1)
        self._connection.execute(
            "UPDATE jobs SET state = ?, started = ?, ended = ?, progress = ?, result = ?,"
            " problem = ?, attempts = ?, cancel_requested = ?, revision = ? WHERE number = ?",
            (
                job.state,
                job.started,
                job.ended,
                json.dumps(asdict(job.progress)),
                json.dumps(asdict(job.result)) if job.result else None,
                json.dumps(asdict(job.problem)) if job.problem else None,
                job.attempts,
                job.cancel_requested,
                job.revision,
                job.number,
            ),
        )
        return job

    def in_state(self, state: State) -> list[Job]:
        """Every job in a state, the oldest first."""
        rows = self._connection.execute(f"{_SELECT} WHERE state = ? ORDER BY number", (state,))
        return [_job(row) for row in rows]

    def awaits(self, path: str) -> bool:
        """Whether some job has still to index the file uploaded to this path, or may be retried."""
        return bool(
            self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM jobs WHERE path = ?"
                " AND state IN ('queued', 'running', 'failed'))",
                (path,),
            ).fetchone()[0]
        )

    def noted(self, name: str) -> int:
        """A number noted earlier, 0 if there is none."""
        row = self._connection.execute("SELECT value FROM noted WHERE name = ?", (name,)).fetchone()
        return row[0] if row else 0

    def note(self, name: str, value: int) -> None:
        """Note a number."""
        self._connection.execute("INSERT OR REPLACE INTO noted VALUES (?, ?)", (name, value))


class Store:
    """The jobs of a library. Safe to share between threads and processes."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE_NAME

    @contextlib.contextmanager
    def held(self) -> Iterator[Held]:
        """Hold the jobs: all that is changed in the block is on disk at its end, or nothing.

        Raises:
            LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
        """
        with self._connected(to_write=True) as connection:
            beside.write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")  # what is acknowledged stays
            with beside.transaction(connection, SCHEMA, SCHEMA_VERSION):
                yield Held(connection)

    def change(self, id_: str, change: Change) -> Job:
        """Change a job.

        Raises:
            JobMissing, LibraryFull, LibraryReadOnly, JobsUnusable: with the remedy.
        """
        if not self._file.exists():
            raise _missing(id_)
        with self.held() as held:
            return held.change(id_, change)

    def get(self, id_: str) -> Job:
        """One job.

        Raises:
            JobMissing, JobsUnusable: with the remedy.
        """
        with self._reading() as connection:
            if connection is None:
                raise _missing(id_)
            return _one(connection, id_)

    def page(self, wanted: Sequence[State], limit: int, before: int | None = None) -> list[Job]:
        """At most `limit` jobs in these states (none: in any), the newest first, those before one."""
        with self._reading() as connection:
            if connection is None:
                return []
            chosen = tuple(wanted or STATES)
            marks = ", ".join("?" * len(chosen))
            older, values = (
                ("", chosen) if before is None else (" AND number < ?", (*chosen, before))
            )
            rows = connection.execute(
                f"{_SELECT} WHERE state IN ({marks}){older} ORDER BY number DESC LIMIT ?",
                (*values, limit),
            )
            return [_job(row) for row in rows]

    def counts(self) -> dict[State, int]:
        """How many jobs there are in each state."""
        with self._reading() as connection:
            found = (
                dict(connection.execute("SELECT state, count(*) FROM jobs GROUP BY state"))
                if connection
                else {}
            )
        return {state: found.get(state, 0) for state in STATES}

    def open(self) -> bool:
        """Whether there is anything to do."""
        with self._reading() as connection:
            if connection is None:
                return False
            (found,) = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM jobs WHERE state IN ('queued', 'running'))"
            ).fetchone()
            return bool(found)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None before the first job."""
        if not self._file.exists():
            yield None
            return
        with self._connected(to_write=False) as connection:
            yield connection if beside.version(connection, SCHEMA_VERSION) else None

    @contextlib.contextmanager
    def _connected(self, *, to_write: bool) -> Iterator[sqlite3.Connection]:
        try:
            with (beside.to_write if to_write else _to_read)(self._file) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            if to_write:
                disk.tell(self._file, error, KEPT_BEFORE)
            raise JobsUnusable(
                f"{self._file}: the jobs cannot be used ({error}).",
                "Check that the disk has room and that you may write there. If the file is "
                "damaged, move it aside: uploads stay in the folder beside it.",
            ) from error


def _to_read(file: Path) -> contextlib.closing[sqlite3.Connection]:
    """Also where the files that WAL needs cannot be made."""
    return contextlib.closing(connecting.to_read(file)[0])


def _one(connection: sqlite3.Connection, id_: str) -> Job:
    row = connection.execute(f"{_SELECT} WHERE id = ?", (id_,)).fetchone()
    if row is None:
        raise _missing(id_)
    return _job(row)


def _missing(id_: str) -> JobMissing:
    return JobMissing(
        f"There is no job {id_}.",
        f"List the jobs to see their ids; the newest {KEPT:,} that have ended are kept.",
    )


def _job(row: tuple[Any, ...]) -> Job:
    number, id_, kind, asked, state, created, started, ended, *rest = row
    progress, result, problem, attempts, cancel_requested, revision = rest
    said = json.loads(asked)
    return Job(
        number,
        id_,
        Upload(**said) if kind == "upload" else Sync(tuple(said["paths"]), said["keep_missing"]),
        state,
        created,
        started,
        ended,
        Progress(**json.loads(progress)),
        _result(json.loads(result)) if result else None,
        Problem(**json.loads(problem)) if problem else None,
        attempts,
        bool(cancel_requested),
        revision,
    )


def _result(stored: dict[str, Any]) -> Result:
    failures = tuple(FailedFile(**one) for one in stored.pop("failures"))
    return Result(**stored, failures=failures)
