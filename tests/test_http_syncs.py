"""Syncs asked for over HTTP, and what a library remembers of what was added to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import RunQa, add, write
from generated import text
from http_problems import problem
from jobs_at_work import BROKEN, WORDS, look, send, synced, work

from index.errors import DocumentMissing
from index.sync import Options
from qa.engine import Engine

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


@pytest.fixture
def folder(tmp_path: Path, engine: Engine) -> Path:
    """A folder that was added."""
    made = write(tmp_path / "docs", one=text(1, 1), two=text(1, 2)).resolve()
    add(engine, made)
    return made


# Roots


def test_a_library_remembers_what_was_added_but_not_what_lies_below(
    engine: Engine, tmp_path: Path, run_qa: RunQa
) -> None:
    a, b = write(tmp_path / "a", one=WORDS), write(tmp_path / "a" / "b", two=WORDS)
    c = write(tmp_path / "c", three=WORDS)
    add(engine, b)
    assert engine.roots() == [b.resolve()]
    add(engine, a, c / "three.txt")
    assert engine.roots() == [a.resolve(), (c / "three.txt").resolve()]
    add(engine, b)
    assert engine.roots() == [a.resolve(), (c / "three.txt").resolve()]
    shown = run_qa("status").stdout
    assert f"added:              {a.resolve()}" in shown
    assert json.loads(run_qa("status", "--format", "json").stdout)["roots"][0] == str(a.resolve())


def test_a_dry_run_a_failed_sync_and_links_leave_no_root(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", three=WORDS)
    engine.add([other], lambda _: None, Options(dry_run=True))
    with pytest.raises(Exception, match="no file to index"):
        add(engine, write(tmp_path / "empty"))
    (folder / "link").symlink_to(other)
    add(engine, folder)
    assert engine.roots() == [folder]


def test_what_is_removed_is_added_no_longer_even_if_it_is_empty_by_now(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", three=WORDS).resolve()
    add(engine, other)
    engine.remove([folder / "one.txt"])
    assert engine.roots() == [folder, other]
    engine.remove([folder])
    assert engine.roots() == [other]
    (document,) = engine.documents()
    engine.remove_document(document.id)
    assert engine.roots() == [other]
    engine.remove([other])
    assert engine.roots() == []
    with pytest.raises(DocumentMissing):
        engine.remove([other])


# Sync


def test_a_sync_brings_all_that_was_added_in_step(
    client: TestClient, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", three=text(1, 3))
    add(engine, other)
    (folder / "one.txt").unlink()
    write(folder, new=WORDS)
    (other / "torn.pdf").write_bytes(BROKEN)
    job = synced(client)
    assert job["sync"] == {"paths": [str(folder), str(other.resolve())], "keep_missing": False}
    work(engine)
    done = look(client, job)
    assert (done["state"], done["progress"]["files_done"]) == ("done", 2)
    result = done["result"]
    assert (result["added"], result["removed"], result["failed"]) == (1, 1, 1)
    assert result["failures"][0]["code"] == "file-damaged"
    names = {document.path.name for document in engine.documents()}
    assert names == {"two.txt", "three.txt", "new.txt"}


def test_a_sync_of_a_part_keeps_what_is_missing_if_asked(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    write(folder / "part", three=text(1, 3))
    write(folder, four=text(1, 4))
    (folder / "one.txt").unlink()
    job = synced(client, paths=[str(folder / "part")])
    work(engine)
    assert look(client, job)["result"]["added"] == 1
    job = synced(client, keep_missing=True)
    work(engine)
    result = look(client, job)["result"]
    assert (result["added"], result["missing"], result["removed"]) == (1, 1, 0)


def test_uploads_survive_a_sync_of_everything(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    send(client, "sent.txt", WORDS.encode())
    synced(client)
    work(engine)
    assert {one.path.name for one in engine.documents()} == {"sent.txt", "one.txt", "two.txt"}
    assert engine.roots() == [folder]


def test_a_folder_that_is_gone_stops_no_other(
    client: TestClient, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "other", three=text(1, 3)).resolve()
    add(engine, other)
    other.rename(tmp_path / "elsewhere")
    write(folder, new=WORDS)
    job = synced(client)
    work(engine)
    done = look(client, job)
    assert (done["state"], done["result"]["added"]) == ("done", 1)
    assert [one["code"] for one in done["result"]["failures"]] == ["path-missing"]
    assert engine.status().documents == 4


def test_paths_never_leave_what_was_added(
    client: TestClient, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    write(tmp_path / "secret", key=WORDS)
    (folder / "out").symlink_to(tmp_path / "secret")
    outside = [
        "/etc", "/nowhere/at/all", "/", "docs", "", str(tmp_path / "secret"),
        str(folder / ".." / "secret"), str(folder / "out"), f"{folder}x", str(tmp_path),
        f"{folder}/\0", "~",
    ]  # fmt: skip
    for path in outside:
        status = 403 if path else 422
        refused = problem(client, status, "POST", "/v1/sync", json={"paths": [str(folder), path]})
        assert refused["code"] == ("path-outside-roots" if path else "request-invalid"), path
    missing = {"paths": [str(folder / "nothing")]}
    assert problem(client, 422, "POST", "/v1/sync", json=missing)["code"] == "path-missing"
    assert client.get("/v1/jobs").json()["jobs"] == []


def test_a_link_that_leads_elsewhere_by_then_is_not_followed(
    client: TestClient, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    part = write(folder / "part", three=text(1, 3))
    job = synced(client, paths=[str(part)])
    part.rename(tmp_path / "moved")
    part.symlink_to(write(tmp_path / "secret", key=WORDS))
    work(engine)
    failed = look(client, job)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "path-outside-roots")


@pytest.mark.parametrize("asked", [{"paths": []}, {"path": "/"}, {"keep_missing": 1}, []], ids=str)
def test_what_is_no_sync_is_refused(client: TestClient, folder: Path, asked: Any) -> None:
    refused = problem(client, 422, "POST", "/v1/sync", json=asked)
    assert refused["code"] == "request-invalid"


@pytest.mark.parametrize("made", [True, False])
def test_before_anything_was_added_a_sync_says_so(
    client: TestClient, engine: Engine, made: bool
) -> None:
    if made:
        engine.make_library()
    assert problem(client, 409, "POST", "/v1/sync")["code"] == "nothing-added"
