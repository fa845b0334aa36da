"""Jobs: asked for, carried out, cancelled, retried, forgotten."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import add, write
from generated import text
from http_problems import problem
from jobs_at_work import BROKEN, WORDS, ended, kept, look, send, synced, work

from index.errors import JobConflict
from index.library import locked
from qa.engine import Engine
from qa.jobs import states, store, uploads
from qa.jobs.process import working
from qa.jobs.store import Store
from qa.jobs.types import STATES, Job, Problem, Result, State, Sync, Upload
from qa.jobs.work import GONE, Cancelled, Worker, put_back, together

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


@pytest.fixture
def folder(tmp_path: Path, engine: Engine) -> Path:
    """A folder that was added."""
    made = write(tmp_path / "docs", one=text(1, 1), two=text(1, 2)).resolve()
    add(engine, made)
    return made


def in_state(client: TestClient, engine: Engine, state: State) -> dict[str, Any]:
    """The job of an upload in some state."""
    job = send(client, "torn.pdf", BROKEN)
    change = {
        "queued": lambda job: job,
        "running": states.begun,
        "done": lambda job: states.done(job, Result()),
        "failed": lambda job: states.failed(job, GONE),
        "cancelled": states.given_up,
    }[state]
    Store(engine.library).change(job["id"], change)
    return look(client, job)


# Looking


def test_before_the_first_job_there_are_none(client: TestClient, engine: Engine) -> None:
    assert client.get("/v1/jobs").json() == {"jobs": [], "next_cursor": None}
    path = "/v1/jobs/0123456789abcdef"
    for method, what in [("GET", ""), ("GET", "/events"), ("POST", "/cancel"), ("POST", "/retry")]:
        assert problem(client, 404, method, path + what)["code"] == "job-missing"
    assert problem(client, 422, "GET", "/v1/jobs/1")["code"] == "request-invalid"
    assert not engine.library.exists()


def test_the_first_jobs_may_come_all_at_once(tmp_path: Path) -> None:
    begin = threading.Barrier(4)

    def count(folder: Path) -> None:
        begin.wait()
        with Store(folder).held() as held:
            held.note("seen", held.noted("seen") + 1)

    with ThreadPoolExecutor(4) as threads:
        for number in range(40):
            folder = tmp_path / str(number)
            folder.mkdir()
            list(threads.map(count, [folder] * 4))
            with Store(folder).held() as held:
                assert held.noted("seen") == 4


def test_jobs_are_listed_from_the_newest_page_by_page(client: TestClient, engine: Engine) -> None:
    sent = [send(client, f"n{n}.txt", b"text %d" % n)["id"] for n in range(5)]
    Store(engine.library).change(sent[1], lambda job: states.failed(job, GONE))
    seen, cursor = [], {}
    while cursor is not None:
        page = client.get("/v1/jobs", params={"limit": 2, **cursor}).json()
        seen += [job["id"] for job in page["jobs"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert seen == sent[::-1]
    failed = client.get("/v1/jobs", params={"state": "failed"}).json()["jobs"]
    assert [job["id"] for job in failed] == [sent[1]]
    both = {"state": ["failed", "queued"], "limit": 4}
    page = client.get("/v1/jobs", params=both).json()
    assert len(page["jobs"]) == 4
    other = {"state": "queued", "cursor": page["next_cursor"]}
    assert problem(client, 422, "GET", "/v1/jobs", params=other)["code"] == "cursor-invalid"


@pytest.mark.parametrize("asked", ["state=ended", "limit=0", "cursor=", "cursor=AAAA", "sort=id"])
def test_a_listing_that_means_nothing_is_refused(client: TestClient, asked: str) -> None:
    problem(client, 422, "GET", f"/v1/jobs?{asked}")


def test_jobs_are_counted_by_state(client: TestClient, engine: Engine) -> None:
    assert 'quaere_jobs{state="queued"} 0.0' in client.get("/metrics").text
    send(client, "a.txt", b"a")
    assert 'quaere_jobs{state="queued"} 1.0' in client.get("/metrics").text


def test_the_oldest_that_have_ended_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = Store(tmp_path)
    with jobs.held() as held:
        ids = [held.add(Sync(("/a",))).id for _ in range(store.KEPT + 5)]
        for id_ in ids[1:]:
            held.change(id_, lambda job: states.failed(job, GONE))
        held.add(Sync(("/a",)))
    left = {job.id for job in jobs.page((), 2 * store.KEPT)}
    assert ids[0] in left  # not ended
    assert set(ids) - left == set(ids[1:5])


# Cancelling and retrying


@pytest.mark.parametrize("state", STATES)
def test_only_some_states_may_be_cancelled(
    client: TestClient, engine: Engine, state: State
) -> None:
    job = in_state(client, engine, state)
    path = f"/v1/jobs/{job['id']}/cancel"
    if state in {"done", "cancelled"}:
        assert problem(client, 409, "POST", path)["code"] == "job-conflict"
        return
    cancelled = client.post(path).json()
    assert cancelled["cancel_requested"]
    assert cancelled["state"] == ("running" if state == "running" else "cancelled")
    assert bool(kept(engine)) == (state == "running")


@pytest.mark.parametrize("state", STATES)
def test_only_what_failed_or_was_cancelled_may_be_retried(
    client: TestClient, engine: Engine, state: State
) -> None:
    job = in_state(client, engine, state)
    path = f"/v1/jobs/{job['id']}/retry"
    if state not in {"failed", "cancelled"}:
        assert problem(client, 409, "POST", path)["code"] == "job-conflict"
        return
    retried = client.post(path)
    assert retried.status_code == 202
    assert retried.headers["location"] == f"/v1/jobs/{job['id']}"
    assert retried.json()["state"] == "queued"
    assert (retried.json()["problem"], retried.json()["cancel_requested"]) == (None, False)
    work(engine)
    assert look(client, job)["state"] == "failed"


def test_a_failed_sync_cannot_be_cancelled_but_retried(
    client: TestClient, engine: Engine, folder: Path, tmp_path: Path
) -> None:
    folder.rename(tmp_path / "away")
    job = synced(client)
    work(engine)
    failed = look(client, job)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "path-missing")
    assert problem(client, 409, "POST", f"/v1/jobs/{job['id']}/cancel")["code"] == "job-conflict"
    (tmp_path / "away").rename(folder)
    assert client.post(f"/v1/jobs/{job['id']}/retry").status_code == 202
    work(engine)
    assert look(client, job)["result"]["unchanged"] == 2


def test_giving_a_failed_upload_up_removes_its_file_and_its_failure(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "torn.pdf", BROKEN)
    work(engine)
    assert look(client, job)["state"] == "failed"
    assert (len(kept(engine)), len(engine.failures())) == (1, 1)
    assert client.post(f"/v1/jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    assert (kept(engine), engine.failures()) == ([], [])
    refused = problem(client, 410, "POST", f"/v1/jobs/{job['id']}/retry")
    assert refused["code"] == "upload-gone"


def test_a_job_in_work_is_cancelled_after_its_commit(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    job = synced(client)
    worker = Worker(engine, Store(engine.library), threading.Event())
    (begun,) = worker._next()
    assert client.post(f"/v1/jobs/{job['id']}/cancel").json()["state"] == "running"
    write(folder, new=WORDS)
    with pytest.raises(Cancelled):
        worker._end_if_cancelled([begun])
    worker._carry_out([begun])
    assert look(client, job)["state"] == "cancelled"
    assert engine.status().documents == 2


# Carrying out


def job(number: int, *, upload: str = "", attempts: int = 0) -> Job:
    asked = Upload(upload, "name") if upload else Sync(("/a",))
    return Job(number, str(number), asked, "queued", "", attempts=attempts)


@pytest.mark.parametrize(
    ("queued", "chosen"),
    [
        ([], 0),
        ([job(1), job(2, upload="/b")], 1),
        ([job(1, upload="/a"), job(2, upload="/b"), job(3), job(4, upload="/c")], 2),
        ([job(1, upload="/a"), job(2, upload="/b"), job(3, upload="/a")], 2),
        ([job(1, upload="/a", attempts=1), job(2, upload="/b")], 1),
        ([job(1, upload="/a"), job(2, upload="/b", attempts=1)], 1),
        ([job(n, upload=f"/{n}") for n in range(100)], 64),
    ],
    ids=["none", "sync", "until-a-sync", "same-file", "begun-before", "then-alone", "bounded"],
)
def test_the_oldest_go_first_and_uploads_together(queued: list[Job], chosen: int) -> None:
    assert together(queued) == queued[:chosen]


def test_what_was_in_work_is_begun_again_but_not_for_ever(tmp_path: Path) -> None:
    one = job(1)
    for _ in range(states.MAX_ATTEMPTS - 1):
        one = states.recovered(states.begun(one))
        assert one.state == "queued"
    assert states.recovered(states.begun(one)).problem == states.CRASHED
    assert states.put_back(states.begun(one)).attempts == one.attempts
    asked = replace(states.begun(one), cancel_requested=True)
    assert states.recovered(asked).state == states.put_back(asked).state == "cancelled"
    with pytest.raises(JobConflict):
        states.retried(states.begun(one))


def test_a_long_job_outlives_any_number_of_restarts(tmp_path: Path) -> None:
    jobs = Store(tmp_path)
    with jobs.held() as held:
        one, unwanted, waiting = (held.add(Sync((), keep_missing=False)) for _ in range(3))
    for _ in range(states.MAX_ATTEMPTS + 1):
        jobs.change(one.id, states.begun)
        put_back(jobs)
        assert (jobs.get(one.id).state, jobs.get(one.id).attempts) == ("queued", 0)
    jobs.change(unwanted.id, states.begun)
    jobs.change(unwanted.id, states.cancelled)
    put_back(jobs)
    assert jobs.get(unwanted.id).state == "cancelled"
    assert jobs.get(waiting.id) == waiting


def test_a_job_waits_until_the_library_is_free(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    write(folder, new=WORDS)
    job = synced(client)
    thread = threading.Thread(target=work, args=[engine])
    with locked(engine.library):
        thread.start()
        while look(client, job)["state"] == "queued":
            pass
        assert look(client, job)["state"] == "running"
    thread.join()
    assert look(client, job)["result"]["added"] == 1


def test_leftovers_are_swept_and_nothing_else(
    client: TestClient, engine: Engine, folder: Path
) -> None:
    for name, data in (("held.txt", b"some text"), ("torn.pdf", BROKEN)):
        send(client, name, data)
    work(engine)
    removed = send(client, "removed.txt", b"another text")
    work(engine)
    engine.remove([Path(removed["upload"]["path"])])
    waiting = send(client, "waiting.txt", b"a third text")
    arriving = engine.library / "uploads" / f"{uploads.ARRIVING}now"
    stale = engine.library / "uploads" / f"{uploads.ARRIVING}then"
    for path in (arriving, stale):
        path.touch()
    os.utime(stale, (0, 0))
    uploads.sweep(Store(engine.library), engine)
    names = {path.name for path in kept(engine)}
    assert names == {"held.txt", "torn.pdf", "waiting.txt", arriving.name}
    assert look(client, waiting)["state"] == "queued"


def test_nothing_is_swept_once_the_library_has_gone_back(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "removed.txt", b"some text")
    send(client, "held.txt", b"another text")
    work(engine)
    engine.remove([Path(job["upload"]["path"])])
    jobs = Store(engine.library)
    with jobs.held() as held:  # as a copy of an older catalog would leave it
        held.note(uploads.GENERATION, engine.status().generation + 1)
    uploads.sweep(jobs, engine)
    assert len(kept(engine)) == 2
    with jobs.held() as held:
        held.note(uploads.GENERATION, 0)
    uploads.sweep(jobs, engine)
    assert len(kept(engine)) == 1


def test_an_export_holds_no_jobs_and_no_uploads(
    client: TestClient, engine: Engine, tmp_path: Path
) -> None:
    send(client, "a.txt", WORDS.encode())
    work(engine)
    engine.export(tmp_path / "archive")
    with closing(engine.beside(tmp_path / "other")) as other:
        other.restore(tmp_path / "archive")
        assert other.status().documents == 1
        assert not {"jobs.sqlite", "uploads"} & {path.name for path in other.library.iterdir()}
    assert engine.examine().sound


@pytest.mark.slow
def test_the_real_process_carries_jobs_out(client: TestClient, engine: Engine) -> None:
    with working(engine):
        done = ended(client, send(client, "a.txt", WORDS.encode()))
        assert done["state"] == "done"
        problem_of = ended(client, send(client, "torn.pdf", BROKEN))["problem"]
        assert Problem(**problem_of).code == "file-damaged"
