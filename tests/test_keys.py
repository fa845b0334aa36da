"""API keys: made, listed, revoked, and asked for."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import MakeEngine, RunQa, add, local_client, write

from api.app import create_app
from api.policy import READING_POSTS, Policy
from index.errors import KeyMissing, KeyNameInvalid, KeysInvalid
from index.library import write as make_library
from qa.engine import Engine
from qa.keys import FILE_NAME, Keys

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine) -> Engine:
    """Over a library without documents, which is made soonest."""
    with make_library(tmp_path / "library"):
        return make_engine(tmp_path / "library")


@pytest.fixture
def keys(engine: Engine) -> Keys:
    return Keys(engine.library)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return local_client(create_app(engine))


def status(client: TestClient, token: str | None = None, path: str = "/v1/documents") -> int:
    return client.get(path, headers=bearing(token) if token else {}).status_code


def test_a_key_is_found_by_its_token_and_by_nothing_near_it(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    token = keys.add("ana", "read")
    keys.read()
    found = keys.find(token)
    assert found is not None
    assert (found.name, found.scope) == ("ana", "read")
    near = ["", token[:-1], token + "a", token.swapcase(), f" {token}", found.sha256, "ana"]
    assert not any(keys.find(one) for one in near)


def test_tokens_differ_and_are_stored_nowhere(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    tokens = {keys.add(f"key{number}", "read") for number in range(20)}
    assert len(tokens) == 20
    assert all(len(token) >= 43 for token in tokens)
    stored = (tmp_path / FILE_NAME).read_text()
    assert not any(token in stored or token.removeprefix("qa_") in stored for token in tokens)


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Keys(tmp_path).add("ana", "read")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob(".keys*")) == []


@pytest.mark.parametrize("name", ["", "a b", "a\n", "../a", "ä", "a" * 65])
def test_a_name_that_could_break_a_line_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyNameInvalid):
        Keys(tmp_path).add(name, "read")


def test_a_name_is_given_once_and_revoked_once(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    keys.add("ana", "read")
    with pytest.raises(KeyNameInvalid, match="already"):
        keys.add("ana", "write")
    keys.revoke("ana")
    with pytest.raises(KeyMissing, match="ana"):
        keys.revoke("ana")


DAMAGED = [
    b"",
    b"{}",
    b"[]",
    b"\xff",
    b'{"keys": [{"name": "a"}]}',
    b'{"keys": [{"name": "a", "scope": "all", "sha256": "", "created": ""}]}',
    b'{"keys": [{"name": "a", "scope": "read", "sha256": 1, "created": ""}]}',
]


@pytest.mark.parametrize("damaged", DAMAGED)
def test_a_damaged_file_lets_nobody_in(
    keys: Keys,
    client: TestClient,
    engine: Engine,
    damaged: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    keys.file.write_bytes(damaged)
    with pytest.raises(KeysInvalid, match=FILE_NAME):
        Keys(engine.library).read()
    refused = client.get("/v1/documents")
    assert (refused.status_code, refused.json()["code"]) == (503, "keys-invalid")
    assert str(engine.library) not in refused.text
    assert status(client, path="/health") == 200
    assert status(client) == 503
    (told,) = caplog.messages  # once, however often it is met with
    assert str(keys.file) in told


def test_keys_hold_from_the_next_request_on(keys: Keys, client: TestClient) -> None:
    assert status(client) == 200
    ana = keys.add("ana", "read")
    assert (status(client), status(client, ana)) == (401, 200)
    ben = keys.add("ben", "read")
    assert status(client, ben) == 200
    keys.revoke("ana")
    assert (status(client, ana), status(client, ben)) == (401, 200)


def test_revoking_the_last_key_opens_nothing(keys: Keys, client: TestClient) -> None:
    token = keys.add("ana", "read")
    keys.revoke("ana")
    assert status(client) == status(client, token) == 401
    keys.file.unlink()
    assert status(client) == 200


def test_where_others_reach_it_deleting_the_keys_opens_nothing(engine: Engine, keys: Keys) -> None:
    policy = Policy(keys=keys, keys_required=True)
    client = local_client(create_app(engine, policy))
    token = Keys(engine.library).add("ana", "read")
    assert status(client, token) == 200
    keys.file.unlink()
    assert status(client) == status(client, token) == 401


def test_everything_but_health_asks_for_a_key(keys: Keys, client: TestClient) -> None:
    token = keys.add("ana", "read")
    for path in ("/ready", "/metrics", "/openapi.json", "/v1/documents", "/no", "/health/"):
        refused = client.get(path, follow_redirects=False)
        assert refused.status_code == 401, path
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert refused.json()["code"] == "key-required"
    assert status(client, path="/health") == 200
    assert status(client, token, "/openapi.json") == 200


def test_guesses_are_all_answered_alike(keys: Keys, client: TestClient) -> None:
    token = keys.add("ana", "read")
    guesses = [
        {},
        bearing(""),
        bearing(token[:-1]),
        bearing(token + "x"),
        bearing("*"),
        bearing(f"{token} {token}"),
        {"Authorization": token},
        {"Authorization": f"Basic {token}"},
        {"X-Api-Key": token},
    ]
    answers = [client.get("/v1/documents", headers=guess) for guess in guesses]
    answers.append(client.get("/v1/documents", params={"access_token": token}))
    assert {answer.status_code for answer in answers} == {401}
    bodies = [{k: v for k, v in one.json().items() if k != "request_id"} for one in answers]
    assert all(body == bodies[0] for body in bodies)
    assert not any(token in answer.text for answer in answers)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "OPTIONS", "FROB"])
def test_a_key_that_reads_changes_nothing(keys: Keys, client: TestClient, method: str) -> None:
    reading = keys.add("ana", "read")
    refused = client.request(method, "/v1/documents/1", headers=bearing(reading))
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-insufficient")
    writing = keys.add("ben", "write")
    passed = client.request(method, "/v1/documents/1", headers=bearing(writing))
    assert passed.status_code in (404, 405, 422)


@pytest.mark.parametrize("path", sorted(READING_POSTS))
def test_a_key_that_reads_may_ask_and_verify(keys: Keys, client: TestClient, path: str) -> None:
    reading = keys.add("ana", "read")
    assert client.post(path, headers=bearing(reading), json={}).status_code == 422


@pytest.mark.slow
def test_the_library_is_whole_beside_its_keys_and_its_export_has_none(
    tmp_path: Path, tiny_model: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, write(tmp_path / "sources", a="The harbour froze in March."))
    keys = Keys(engine.library)
    keys.add("ana", "read")
    add(engine, write(tmp_path / "sources", b="The ferry left in April."))
    assert engine.examine().sound
    engine.export(tmp_path / "archive")
    with zipfile.ZipFile(tmp_path / "archive") as archive:
        assert not any("keys" in name for name in archive.namelist())
    assert len(keys.read()) == 1


def test_the_commands_make_list_and_revoke(engine: Engine, run_qa: RunQa) -> None:
    made = run_qa("keys", "add", "ana", "--scope", "write")
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert token.startswith("qa_")
    listed = run_qa("keys", "list", "--format", "json")
    (row,) = json.loads(listed.stdout)
    assert (row["name"], row["scope"], set(row)) == ("ana", "write", {"name", "scope", "created"})
    assert token not in listed.stdout
    found = Keys(engine.library)
    found.read()
    assert found.find(token)
    revoked = run_qa("keys", "revoke", "ana")
    assert "every request is refused" in revoked.stderr
    assert run_qa("keys", "revoke", "ana").returncode == KeyMissing.exit_status == 54


def test_keys_need_a_library(run_qa: RunQa) -> None:
    assert run_qa("keys", "add", "ana").returncode == 20
