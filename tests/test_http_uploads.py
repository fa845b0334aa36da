"""Documents sent over HTTP: kept before they are acknowledged, within bounds, under safe names."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import add, local_client, write
from hostile_samples import gzip_bomb
from http_problems import problem
from hypothesis import given
from hypothesis import strategies as st
from jobs_at_work import kept, look, send, work
from test_http_safety import served

from api.app import create_app
from api.limits import Limits
from api.policy import Policy
from index.errors import FormatUnknown, NameInvalid
from qa.engine import Engine
from qa.jobs.names import MAX_BYTES, safe_name
from qa.keys import Keys

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

TEXT = b"The embassy in the capital was opened that day, and closed in March."
DOCUMENTS = "/v1/documents"


def client_of(engine: Engine, **limits: Any) -> TestClient:
    policy = Policy(keys=Keys(engine.library), limits=Limits(**limits))
    return local_client(create_app(engine, policy))


def form(name: str, data: bytes = TEXT) -> dict[str, Any]:
    return {"files": {"file": (name, data)}}


def parts(*given: bytes) -> dict[str, Any]:
    """A form written by hand."""
    body = b"".join(b"--x\r\n" + one + b"\r\n" for one in given)
    return {"content": body, "headers": {"content-type": "multipart/form-data; boundary=x"}}


A_FILE = b'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + TEXT


def test_what_is_acknowledged_is_on_disk_under_its_digest(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "embassy.txt", TEXT)
    (file,) = kept(engine)
    digest = hashlib.sha256(TEXT).hexdigest()
    assert file.relative_to(engine.library) == Path("uploads", digest[:16], "embassy.txt")
    assert file.read_bytes() == TEXT
    assert job["upload"] == {"path": str(file.resolve()), "name": "embassy.txt"}
    assert (job["kind"], job["state"], job["ended"]) == ("upload", "queued", None)
    assert look(client, job) == job


def test_a_text_in_json_is_a_file_like_any_other(client: TestClient, engine: Engine) -> None:
    sent = {"name": "note.md", "text": "# Note\n\nThe embassy was opened in Viêt Nam."}
    reply = client.post(DOCUMENTS, json=sent)
    assert reply.status_code == 202, reply.text
    (file,) = kept(engine)
    assert file.read_text("utf-8") == sent["text"]
    work(engine)
    done = look(client, reply.json())
    assert (done["state"], done["result"]["added"]) == ("done", 1)
    text = client.get(f"{DOCUMENTS}/{done['result']['document_id']}/text").json()["text"]
    assert text == sent["text"]


def test_an_upload_becomes_a_document_whose_original_can_be_had(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "embassy.txt", TEXT)
    work(engine)
    done = look(client, job)
    assert done["state"] == "done"
    assert done["problem"] is None
    assert done["progress"] == {"files_done": 1, "files_total": 1, "passages": 1}
    id_ = done["result"]["document_id"]
    assert client.get(f"{DOCUMENTS}/{id_}/original").content == TEXT
    asked = client.post("/v1/ask", json={"question": "When was the embassy opened?"}).json()
    assert asked["passages"][0]["citation"]["document"]["id"] == id_


def test_the_same_again_is_the_same_document_and_no_second_copy(
    client: TestClient, engine: Engine
) -> None:
    with ThreadPoolExecutor(2) as threads:
        jobs = list(threads.map(lambda _: send(client, "embassy.txt", TEXT), range(2)))
    assert len(kept(engine)) == 1
    work(engine)
    first, second = (look(client, job)["result"] for job in jobs)
    assert first["document_id"] == second["document_id"]
    assert sorted([first["added"], second["added"]]) == [0, 1]
    assert sorted([first["unchanged"], second["unchanged"]]) == [0, 1]
    assert engine.status().documents == 1


def test_many_uploads_are_indexed_together_and_each_is_told_its_own(
    client: TestClient, engine: Engine
) -> None:
    sent = [send(client, f"n{n}.txt", TEXT + str(n).encode()) for n in range(3)]
    torn = send(client, "torn.pdf", b"%PDF-1.7 and nothing more")
    work(engine)
    assert engine.status().generation == 1
    ids = [look(client, job)["result"]["document_id"] for job in sent]
    assert [Path(engine.document(id_).path).name for id_ in ids] == ["n0.txt", "n1.txt", "n2.txt"]
    failed = look(client, torn)
    assert failed["state"] == "failed"
    assert failed["problem"]["code"] == "file-damaged"
    assert failed["problem"]["remedy"]
    assert failed["result"]["document_id"] is None


def test_removing_the_document_deletes_its_file_and_no_other(
    client: TestClient, engine: Engine, tmp_path: Path
) -> None:
    job, other = send(client, "embassy.txt", TEXT), send(client, "other.txt", TEXT)
    own = write(tmp_path / "own", mine=TEXT.decode())
    work(engine)
    add(engine, own)
    id_ = look(client, job)["result"]["document_id"]
    assert client.delete(f"{DOCUMENTS}/{id_}").status_code == 204
    assert [path.name for path in kept(engine)] == ["other.txt"]
    (mine,) = (one for one in engine.documents() if one.path.name == "mine.txt")
    assert client.delete(f"{DOCUMENTS}/{mine.id}").status_code == 204
    assert (own / "mine.txt").exists()
    left = look(client, other)["result"]["document_id"]
    assert client.delete(f"{DOCUMENTS}/{left}").status_code == 204
    assert not any((engine.library / "uploads").iterdir())


def test_a_file_that_is_sent_again_meanwhile_is_not_deleted(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "embassy.txt", TEXT)
    work(engine)
    again = send(client, "embassy.txt", TEXT)
    id_ = look(client, job)["result"]["document_id"]
    assert client.delete(f"{DOCUMENTS}/{id_}").status_code == 204
    work(engine)
    assert look(client, again)["result"]["added"] == 1


# Names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("/etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\a.txt", "a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        (".hidden.txt", "hidden.txt"),
        ("...a.txt", "a.txt"),
        ("a\0b\r\nSet-Cookie: c.txt", "a_b__Set-Cookie_ c.txt"),
        ("\u202etxt.exe.txt", "_txt.exe.txt"),
        ("con.txt", "_con.txt"),
        ("LPT1.tar.txt", "_LPT1.tar.txt"),
        ('a<b>|?*".txt', "a_b_____.txt"),
        ("e\u0301.txt", "é.txt"),
        ("a.txt. . ", "a.txt"),
        ("a.TXT", "a.TXT"),
        ("a.csv.gz", "a.csv.gz"),
    ],
)
def test_hostile_names_are_made_harmless(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize("given", ["", ".", "..", "/", "a/", "\\", "...", " ", "___"])
def test_no_name_is_refused(given: str) -> None:
    with pytest.raises(NameInvalid):
        safe_name(given)


@pytest.mark.parametrize("given", ["a", "a.exe", ".txt", "a.txt.exe", "a.meta.yaml", "a.gz"])
def test_a_name_nobody_reads_is_refused(given: str) -> None:
    with pytest.raises(FormatUnknown, match=r"\.docx"):
        safe_name(given)


@given(st.text())
def test_every_name_stays_in_its_folder(given: str) -> None:
    name = safe_name(f"{given}a.txt")
    assert len(name.encode()) <= MAX_BYTES
    assert Path("folder", name).parent == Path("folder")
    assert not name.startswith(".")
    assert name.endswith(".txt")
    assert all(ord(one) >= 32 and one not in '/\\:"<>|?*' for one in name)


def test_a_long_name_is_cut_before_its_suffix() -> None:
    assert safe_name("ế" * 300 + ".csv.gz").endswith("ế.csv.gz")


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (form("a.exe"), 415, "format-unknown"),
        (form(".."), 422, "name-invalid"),
        ({"json": {"name": "a.exe", "text": "b"}}, 415, "format-unknown"),
        ({"json": {"name": "..", "text": "b"}}, 422, "name-invalid"),
        ({"json": {"name": "a.txt"}}, 422, "request-invalid"),
        ({"json": {"name": "a.txt", "text": ""}}, 422, "request-invalid"),
        ({"json": {"name": "a.txt", "text": "b", "path": "/"}}, 422, "request-invalid"),
        ({"json": {"name": "a.txt", "text": 1}}, 422, "request-invalid"),
        ({"json": []}, 422, "request-invalid"),
        ({"content": TEXT}, 415, "unsupported-media-type"),
        ({"data": {"file": "a"}}, 415, "unsupported-media-type"),
        ({"files": {"document": ("a.txt", TEXT)}}, 422, "request-invalid"),
        ({"files": {"file": (None, TEXT)}}, 422, "request-invalid"),
        ({"files": [("file", ("a.txt", TEXT))] * 2}, 422, "request-invalid"),
        (parts(A_FILE), 422, "request-invalid"),
        (parts(A_FILE, A_FILE), 422, "request-invalid"),
        (parts(), 422, "request-invalid"),
        ({**parts(A_FILE), "content": b"no form at all"}, 422, "request-invalid"),
        ({**parts(A_FILE), "headers": {"content-type": "multipart/form-data"}}, 422, None),
        ({**form("a.txt"), "params": {"a": 1}}, 422, "request-invalid"),
    ],
    ids=str,
)
def test_what_is_no_document_is_refused_and_nothing_is_kept(
    client: TestClient, engine: Engine, sent: dict[str, Any], status: int, code: str | None
) -> None:
    refused = problem(client, status, "POST", DOCUMENTS, **sent)
    assert refused["code"] == (code or "request-invalid")
    assert kept(engine) == []
    assert client.get("/v1/jobs").json() == {"jobs": [], "next_cursor": None}


# Bounds


def chunks(data: bytes) -> Iterator[bytes]:
    yield from (data[start : start + 1000] for start in range(0, len(data), 1000))


@pytest.mark.parametrize("announced", [True, False])
def test_an_oversized_upload_is_refused_and_nothing_is_kept(
    engine: Engine, announced: bool
) -> None:
    client = client_of(engine, upload_bytes=50_000)
    send(client, "a.txt", b"a" * 50_000)
    request = client.build_request("POST", DOCUMENTS, **form("b.txt", b"b" * 50_001))
    body = request.read()
    content = body if announced else chunks(body + b"c" * 20_000)
    headers = {"content-type": request.headers["content-type"]}
    refused = problem(client, 413, "POST", DOCUMENTS, content=content, headers=headers)
    assert refused["code"] == "body-too-large"
    assert [path.name for path in kept(engine)] == ["a.txt"]


def test_no_more_uploads_arrive_at_once_than_may(engine: Engine) -> None:
    client = client_of(engine, uploads=0)
    assert problem(client, 503, "POST", DOCUMENTS, **form("a.txt"))["code"] == "busy"


def test_a_slow_upload_is_ended_and_nothing_is_kept(engine: Engine) -> None:
    policy = Policy(limits=Limits(body_seconds=0.3, upload_rate=10**9))
    app = create_app(engine, policy)
    with served(app) as address, socket.create_connection(address, timeout=30) as slow:
        slow.sendall(
            b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n" + A_FILE
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")
    assert kept(engine) == []


def test_a_client_that_goes_leaves_nothing(engine: Engine) -> None:
    with served(create_app(engine)) as address:
        with socket.create_connection(address, timeout=30) as torn:
            torn.sendall(
                b"POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n" + A_FILE
            )
            end = time.monotonic() + 30
            while not kept(engine):
                assert time.monotonic() < end
                time.sleep(0.01)
        while kept(engine):
            assert time.monotonic() < end
            time.sleep(0.01)
    assert client_of(engine).get("/v1/jobs").json()["jobs"] == []


def test_a_bomb_is_accepted_and_fails_by_itself(client: TestClient, engine: Engine) -> None:
    bomb = send(client, "bomb.txt.gz", gzip_bomb())
    good = send(client, "good.txt", TEXT)
    work(engine)
    failed = look(client, bomb)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "limit-exceeded")
    assert look(client, good)["state"] == "done"


def test_a_key_that_reads_may_send_nothing(client: TestClient, engine: Engine) -> None:
    engine.make_library()
    token = Keys(engine.library).add("ana", "read")
    headers = {"Authorization": f"Bearer {token}"}
    for path in (DOCUMENTS, "/v1/sync", "/v1/jobs/0123456789abcdef/cancel"):
        refused = problem(client, 403, "POST", path, headers=headers)
        assert refused["code"] == "scope-insufficient"
    assert client.get("/v1/jobs", headers=headers).status_code == 200
