"""Notebooks over HTTP: kept in order, changed by one at a time, and never lost once acknowledged."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import MakeEngine, local_client
from http_problems import problem

from api.app import create_app
from api.export_schemas import MAX_EXPORTED
from api.notebook_schemas import CONTENT, MAX_CHARACTERS, PASSAGE
from api.policy import Policy
from index.errors import NotebooksUnusable
from qa.engine import Engine
from qa.keys import Keys
from qa.notebooks.store import FILE_NAME, MAX_NOTEBOOKS, Notebooks
from qa.notebooks.types import Kept

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

PATH = "/v1/notebooks/friendship"
SMALL = {key: PASSAGE[key] for key in ("document_id", "sha256", "start", "end", "quote")}


@pytest.fixture
def engine(library: Path, make_engine: MakeEngine) -> Engine:
    """Over a library that does not exist yet; no model is needed."""
    return make_engine(library)


def put(client: TestClient, path: str = PATH, content: Any = CONTENT, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = client.put(path, json=content, headers=sent)
    assert reply.status_code in (200, 201), reply.text
    return reply


def refused(client: TestClient, status: int, content: Any = CONTENT, **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    told = problem(client, status, "PUT", PATH, json=content, headers=sent)
    return str(told["code"])


def test_what_is_kept_is_what_is_read(client: TestClient) -> None:
    first = put(client)
    assert first.status_code == 201
    assert first.json() == client.get(PATH).json()
    assert {name: first.json()[name] for name in CONTENT} == CONTENT
    assert client.get(PATH).headers["etag"] == first.headers["etag"]
    changed = put(client, content={"title": "", "passages": [SMALL, PASSAGE]})
    assert changed.status_code == 200
    assert [one["note"] for one in client.get(PATH).json()["passages"]] == [None, PASSAGE["note"]]


def test_notebooks_are_listed_the_one_changed_last_first(client: TestClient) -> None:
    assert client.get("/v1/notebooks").json() == {"notebooks": []}
    for name in ("a", "b", "a"):
        put(client, f"/v1/notebooks/{name}")
    listed = client.get("/v1/notebooks").json()["notebooks"]
    assert [one["name"] for one in listed] == ["a", "b"]
    whole = client.get("/v1/notebooks/a").json()
    assert listed[0] == whole | {"passages": len(whole["passages"])}


def test_it_is_read_again_only_if_it_has_changed(client: TestClient) -> None:
    tag = put(client).headers["etag"]
    assert client.get(PATH, headers={"if-none-match": tag}).status_code == 304
    put(client, content=CONTENT | {"title": "Other"})
    assert client.get(PATH, headers={"if-none-match": tag}).status_code == 200


def test_of_two_who_change_it_the_second_is_told(client: TestClient) -> None:
    tag = put(client, if_none_match="*").headers["etag"]
    mine = put(client, content=CONTENT | {"title": "Mine"}, if_match=tag)
    assert refused(client, 412, CONTENT | {"title": "Theirs"}, if_match=tag) == "notebook-changed"
    assert refused(client, 412, if_none_match="*") == "notebook-changed"
    assert client.get(PATH).json() == mine.json()
    put(client, content={"passages": []}, if_match=f'"x", {mine.headers["etag"]}')
    problem(client, 412, "DELETE", PATH, headers={"if-match": tag})
    assert client.delete(PATH, headers={"if-match": "*"}).status_code == 204
    assert refused(client, 412, if_match=tag) == "notebook-changed"
    assert refused(client, 412, if_match="*") == "notebook-changed"


def test_of_many_at_once_each_change_is_made_to_what_its_writer_saw(client: TestClient) -> None:
    put(client, content={"passages": []})

    def add(number: int) -> None:
        while True:
            seen = client.get(PATH)
            content = {"passages": [*seen.json()["passages"], SMALL | {"note": str(number)}]}
            sent = {"if-match": seen.headers["etag"]}
            if client.put(PATH, json=content, headers=sent).status_code == 200:
                return

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(12)))
    assert sorted(int(one["note"]) for one in client.get(PATH).json()["passages"]) == [*range(12)]


def test_deleted_it_is_gone(client: TestClient) -> None:
    put(client)
    assert client.delete(PATH).status_code == 204
    assert client.get("/v1/notebooks").json() == {"notebooks": []}
    for method in ("GET", "DELETE"):
        assert problem(client, 404, method, PATH)["code"] == "notebook-missing"


def test_before_the_first_there_are_none(client: TestClient, engine: Engine) -> None:
    for method in ("GET", "DELETE"):
        assert problem(client, 404, method, PATH)["code"] == "notebook-missing"
    assert client.get("/v1/notebooks").json() == {"notebooks": []}
    assert not engine.library.exists()


def test_only_so_many_are_kept(client: TestClient) -> None:
    for number in range(MAX_NOTEBOOKS):
        put(client, f"/v1/notebooks/n{number}", {"passages": []})
    assert refused(client, 409) == "notebooks-full"
    put(client, "/v1/notebooks/n1")  # one that is there already
    assert client.delete("/v1/notebooks/n1").status_code == 204
    put(client)


@pytest.mark.parametrize(
    "passages",
    [
        [SMALL] * (MAX_EXPORTED + 1),
        [SMALL | {"note": "x" * 20_000}] * (MAX_CHARACTERS // 20_000),
        [SMALL | {"sha256": "x"}],
        [SMALL | {"quote": ""}],
        [SMALL | {"note": "\ud800"}],
        [SMALL | {"colour": "red"}],
        [{"document_id": 1}],
        None,
    ],
    ids=["many", "long", "sha256", "quote", "half", "unknown", "few", "none"],
)
def test_what_is_no_notebook_is_refused(client: TestClient, passages: Any) -> None:
    sent = {
        "content": json.dumps({"passages": passages}),
        "headers": {"content-type": "application/json"},
    }
    assert problem(client, 422, "PUT", PATH, **sent)["code"] == "request-invalid"
    assert client.get("/v1/notebooks").json() == {"notebooks": []}


@pytest.mark.parametrize("name", ["A", "a.b", "-a", "a" * 65, "a%2Fb", "é", "a%0A"])
def test_a_name_that_is_none_is_refused(client: TestClient, name: str) -> None:
    told = client.put(f"/v1/notebooks/{name}", json=CONTENT)
    assert told.status_code in (404, 422)
    assert told.json()["code"] in ("not-found", "request-invalid")


def test_a_key_that_reads_may_open_but_not_change(engine: Engine, tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    may = {
        scope: {"authorization": f"Bearer {keys.add(scope, scope)}"}  # type: ignore[arg-type]
        for scope in ("read", "write")
    }
    client = local_client(create_app(engine, Policy(keys=keys)))
    put(client, **may["write"])
    assert client.get(PATH, headers=may["read"]).status_code == 200
    for method, sent in (("PUT", {"json": CONTENT}), ("DELETE", {})):
        told = problem(client, 403, method, PATH, headers=may["read"], **sent)
        assert told["code"] == "scope-insufficient"


def test_a_damaged_file_is_told_and_left_alone(client: TestClient, engine: Engine) -> None:
    put(client)
    (engine.library / FILE_NAME).write_bytes(b"no database" * 100)
    for method, sent in (("GET", {}), ("PUT", {"json": CONTENT})):
        assert problem(client, 500, method, PATH, **sent)["code"] == "notebooks-unusable"
    assert (engine.library / FILE_NAME).read_bytes().startswith(b"no database")


def test_another_versions_file_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NotebooksUnusable, match="another version"):
        Notebooks(tmp_path).put("a", "", [])


WRITER = """
import sys
from pathlib import Path
from qa.notebooks.store import Notebooks
from qa.notebooks.types import Kept
store, number = Notebooks(Path(sys.argv[1])), 0
while True:
    number += 1
    store.put("a", str(number), [Kept(1, "0" * 64, 0, 5, "x" * 20_000)] * 20)
    print(number, flush=True)
"""


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that keeps one notebook again and again, and says so each time."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_what_was_acknowledged_survives_kill_9(
    writing: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert writing.stdout
    acknowledged = [int(next(writing.stdout)) for _ in range(20)]
    writing.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in writing.stdout if line.strip()]
    found = Notebooks(tmp_path).get("a")
    assert int(found.title) in (acknowledged[-1], acknowledged[-1] + 1)
    assert len(found.passages) == 20
    kept, _ = Notebooks(tmp_path).put("a", "after", [Kept(1, "0" * 64, 0, 5, "words")])
    assert Notebooks(tmp_path).get("a") == kept
