"""A library on a medium, or in a folder, that cannot be written to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from conftest import MakeEngine, add, qa_command, qa_environment
from consistency import held
from disks import mounted
from generated import corpus, paragraphs
from permissions import held_back

from index.catalog import FILE_NAME
from index.errors import IndexesUnusable, LibraryReadOnly
from qa.jobs.store import Store
from qa.jobs.types import Sync
from qa.notebooks.store import Notebooks

QUESTION = paragraphs(2, seed=1)[1][:200]

OVER_HTTP = """
import json, sys
from contextlib import closing
from pathlib import Path
from fastapi.testclient import TestClient
from api.app import create_app
from qa.engine import Engine
from qa.settings import Settings

library, cache, *requests = sys.argv[1:]
with closing(Engine(Settings(library=Path(library), cache=Path(cache), device="cpu"))) as engine:
    client = TestClient(create_app(engine), base_url="http://127.0.0.1")
    for request in requests:
        method, path, *body = request.split(" ", 2)
        told = client.request(method, path, json=json.loads(body[0]) if body else None)
        print(json.dumps([told.status_code, told.json()]))
"""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return corpus(tmp_path_factory.mktemp("sources") / "folder", 3, 2)


@pytest.fixture
def library(
    sources: Path, tiny_model: Path, make_engine: MakeEngine, tmp_path: Path
) -> Iterator[Path]:
    """In a folder nobody may write to."""
    library = tmp_path / "library"
    with closing(make_engine(library, model=str(tiny_model))) as engine:
        add(engine, sources)
        engine.ask(QUESTION)
    allow(library, writing=False)
    yield library
    allow(library, writing=True)


def allow(library: Path, *, writing: bool) -> None:
    for entry in (library, *library.rglob("*")):
        mode = entry.stat().st_mode
        entry.chmod(mode | 0o200 if writing else mode & ~0o222)


def run(library: Path, cache: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        held_back(qa_command(*command)),
        capture_output=True,
        text=True,
        env=qa_environment(library, cache),
        check=False,
    )


def over_http(library: Path, cache: Path, *requests: str) -> list[tuple[int, dict[str, object]]]:
    command = [sys.executable, "-c", OVER_HTTP, library, cache, *requests]
    done = subprocess.run(
        held_back(list(map(str, command))), capture_output=True, text=True, check=True
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def test_it_is_asked_and_exported_and_nothing_else(
    library: Path, sources: Path, cache: Path, tmp_path: Path
) -> None:
    for command in (("ask", QUESTION), ("status",), ("export", tmp_path / "taken.quaere")):
        done = run(library, cache, *command)
        assert done.returncode == 0, done.stderr
    document = sources / "000.txt"
    for command in (
        ("add", sources),
        ("remove", document),
        ("edit", document, "--title", "T"),
        ("doctor", "--repair"),
    ):
        done = run(library, cache, *command)
        assert done.returncode == LibraryReadOnly.exit_status == 38, done.stderr
        assert "cannot be written" in done.stderr
        assert "Nothing has changed." in done.stderr
        assert "qa export" in done.stderr
    assert run(tmp_path / "own", cache, "import", tmp_path / "taken.quaere").returncode == 0


def test_over_http_it_answers_and_refuses_changes(library: Path, cache: Path) -> None:
    told = over_http(
        library,
        cache,
        'POST /v1/ask {"question": "' + QUESTION + '"}',
        "GET /ready",
        "GET /v1/documents/1/text",
        'PATCH /v1/documents/1 {"title": "T"}',
        "DELETE /v1/documents/1",
        'PUT /v1/notebooks/a {"passages": []}',
    )
    assert [status for status, _ in told] == [200, 200, 200, 403, 403, 403]
    assert told[0][1]["passages"]
    assert {body["code"] for _, body in told[3:]} == {"library-read-only"}


def test_jobs_are_read_and_none_is_taken(library: Path, cache: Path) -> None:
    allow(library, writing=True)
    with Store(library).held() as held:
        job = held.add(Sync((), keep_missing=False))
    allow(library, writing=False)
    told = over_http(
        library,
        cache,
        "GET /v1/jobs",
        f"GET /v1/jobs/{job.id}",
        "POST /v1/sync {}",
        f"POST /v1/jobs/{job.id}/cancel {{}}",
        'POST /v1/documents {"name": "a.txt", "text": "The harbour."}',
    )
    assert [status for status, _ in told] == [200, 200, 403, 403, 403]
    assert {body["code"] for _, body in told[2:]} == {"library-read-only"}


def test_notebooks_are_read_and_not_changed(library: Path, cache: Path) -> None:
    allow(library, writing=True)
    Notebooks(library).put("a", "", [])
    allow(library, writing=False)
    told = over_http(
        library,
        cache,
        "GET /v1/notebooks/a",
        'PUT /v1/notebooks/a {"passages": []}',
        "DELETE /v1/notebooks/a",
    )
    assert [status for status, _ in told] == [200, 403, 403]
    assert {body["code"] for _, body in told[1:]} == {"library-read-only"}


def test_without_indexes_it_says_that_none_can_be_made(library: Path, cache: Path) -> None:
    allow(library, writing=True)
    shutil.rmtree(library / "derived")
    allow(library, writing=False)
    done = run(library, cache, "ask", QUESTION)
    assert done.returncode == IndexesUnusable.exit_status == 37
    assert "cannot be made anew" in done.stderr
    asked = 'POST /v1/ask {"question": "' + QUESTION + '"}'
    [(status, body), (documents, _)] = over_http(library, cache, asked, "GET /v1/documents")
    assert (status, body["code"], documents) == (503, "indexes-unusable", 200)


def test_what_a_killed_writer_left_is_read_too(library: Path, cache: Path) -> None:
    """The commit stands in the WAL; the file alone does not have it."""
    allow(library, writing=True)
    add_a_row = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1])\n"
        "connection.execute(\"INSERT INTO library VALUES ('killed', 'yes')\")\n"
        "connection.commit()\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", add_a_row, library / FILE_NAME], check=True)
    assert (library / f"{FILE_NAME}-wal").stat().st_size
    allow(library, writing=False)
    assert run(library, cache, "ask", QUESTION).returncode == 0
    allow(library, writing=True)
    (library / f"{FILE_NAME}-shm").unlink()  # without it SQLite cannot read the WAL there
    allow(library, writing=False)
    done = run(library, cache, "status")
    assert (done.returncode, "Traceback" in done.stderr) == (26, False)


def test_what_somebody_else_writes_meanwhile_is_found(
    library: Path, sources: Path, cache: Path, tiny_model: Path, tmp_path: Path
) -> None:
    """Read as a file that never changes, it is looked at again when it has."""
    ask_twice = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.library import Library\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "for _ in range(2):\n"
        "    print(library.snapshot().generation, len(library.snapshot().vectors), flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    with subprocess.Popen(
        held_back([sys.executable, "-c", ask_twice, str(library)]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin
        assert reader.stdout
        assert reader.stdout.readline() == "1 6\n"
        allow(library, writing=True)
        command = qa_command("add", corpus(tmp_path / "more", 1, 1), "--model", tiny_model)
        subprocess.run(command, env=qa_environment(library, cache), check=True, capture_output=True)
        allow(library, writing=False)
        reader.stdin.write("\n\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "2 7\n"


def test_on_a_real_read_only_mount(library: Path, make_engine: MakeEngine, tmp_path: Path) -> None:
    allow(library, writing=True)
    place = tmp_path / "medium"
    with mounted(place, "--bind", str(library)) as may:
        if not may:
            pytest.skip("needs the right to mount")
        subprocess.run(["mount", "-o", "remount,ro,bind", place], check=True)
        with closing(make_engine(place)) as engine:
            assert engine.ask(QUESTION).passages
            with pytest.raises(LibraryReadOnly, match="Read-only file system"):
                engine.remove([tmp_path])
    assert len(held(library)) == 3
