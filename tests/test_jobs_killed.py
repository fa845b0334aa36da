"""`kill -9` of the server or of the process that carries jobs out: nothing acknowledged is lost."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from conftest import MakeEngine, add, write
from consistency import check_catalog, check_indexes
from generated import corpus
from jobs_at_work import SECONDS, ended, kept, look, send
from processes import wait_until
from test_server_process import Server, serving

from qa.engine import Engine

pytestmark = pytest.mark.slow

FILES, PASSAGES = 30, 64
"""Four commits, of 512 passages each."""


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine, tiny_model: Path) -> Engine:
    """Over a library with a document and a folder."""
    engine = make_engine(tmp_path / "library", model=str(tiny_model))
    add(engine, write(tmp_path / "docs", one="The embassy in the capital was opened that day."))
    return engine


def at_work(server: Server) -> list[psutil.Process]:
    """The process that carries jobs out, if it runs."""
    children = psutil.Process(server.process.pid).children()
    return [one for one in children if "qa.jobs" in one.cmdline()]


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_an_upload_outlives_a_server_killed_as_soon_as_it_is_acknowledged(
    engine: Engine, cache: Path, tmp_path: Path
) -> None:
    with serving(engine.library, cache, tmp_path / "stderr") as server:
        jobs = [send(server.http, f"n{n}.txt", b"A text of number %d." % n) for n in range(5)]
        server.process.kill()
        server.process.wait(SECONDS)
    assert len(kept(engine)) == 5
    with serving(engine.library, cache, tmp_path / "stderr2") as server:
        for number, job in enumerate(jobs):
            done = ended(server.http, job)
            assert done["state"] == "done", done
            text = engine.text(done["result"]["document_id"])
            assert text == f"A text of number {number}."
    check_catalog(engine.library)
    check_indexes(engine.library)


def some_committed(server: Server, job: dict[str, str]) -> Callable[[], bool]:
    return lambda: 0 < look(server.http, job)["progress"]["files_done"] < FILES


def sync_in_work(server: Server, sources: Path) -> tuple[dict[str, str], psutil.Process]:
    """A sync that has committed some of what it is to do, and the process that is at it."""
    corpus(sources / "many", FILES, PASSAGES)
    job = server.http.post("/v1/sync").json()
    wait_until(some_committed(server, job), SECONDS)
    (process,) = at_work(server)
    return job, process


def test_a_sync_goes_on_after_its_process_is_killed(
    engine: Engine, cache: Path, tmp_path: Path
) -> None:
    with serving(engine.library, cache, tmp_path / "stderr") as server:
        job, process = sync_in_work(server, tmp_path / "docs")
        process.send_signal(signal.SIGKILL)
        before = engine.status().documents
        done = ended(server.http, job)
    assert done["state"] == "done", done
    assert done["attempts"] == 2
    assert 1 < before < FILES
    assert engine.status().documents == FILES + 1
    check_catalog(engine.library)
    check_indexes(engine.library, every=50)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM])
def test_the_process_ends_with_its_server_and_the_next_one_goes_on(
    engine: Engine, cache: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    with serving(engine.library, cache, tmp_path / "stderr") as server:
        job, process = sync_in_work(server, tmp_path / "docs")
        server.process.send_signal(sent)
        server.process.wait(SECONDS)
        wait_until(lambda: gone(process), 10)
    with serving(engine.library, cache, tmp_path / "stderr2") as server:
        assert server.http.get("/v1/jobs").json()["jobs"][0]["id"] == job["id"]
        done = ended(server.http, job)
    assert (done["state"], done["attempts"]) == ("done", 1), "no restart is held against a job"
    assert engine.status().documents == FILES + 1
    check_indexes(engine.library, every=50)


def test_one_process_works_beside_two_servers_and_answers_see_what_it_did(
    engine: Engine, cache: Path, tmp_path: Path
) -> None:
    with (
        serving(engine.library, cache, tmp_path / "stderr") as one,
        serving(engine.library, cache, tmp_path / "stderr2") as other,
    ):
        question = "When did the harbour freeze?"
        before = other.ask(question)["generation"]
        jobs = [
            send(server.http, f"n{n}.txt", b"The harbour froze in March of 19%02d." % n)
            for n in range(4)
            for server in (one, other)
        ]
        assert {ended(one.http, job)["state"] for job in jobs} == {"done"}
        answer = other.ask(question)
        assert answer["generation"] > before
        assert "harbour" in answer["passages"][0]["citation"]["quote"]
        assert len(at_work(one) + at_work(other)) >= 1
    assert engine.status().documents == 5


def test_it_is_nicer_than_its_server_and_a_running_job_can_be_cancelled(
    engine: Engine, cache: Path, tmp_path: Path
) -> None:
    with serving(engine.library, cache, tmp_path / "stderr") as server:
        job, process = sync_in_work(server, tmp_path / "docs")
        assert process.nice() >= os.nice(0) + 10 or process.nice() == 19
        server.http.post(f"/v1/jobs/{job['id']}/cancel")
        cancelled = ended(server.http, job)
        assert cancelled["state"] == "cancelled"
        documents = engine.status().documents
        assert 1 < documents <= FILES
        assert server.http.post(f"/v1/jobs/{job['id']}/retry").status_code == 202
        assert ended(server.http, job)["state"] == "done"
    with contextlib.suppress(psutil.NoSuchProcess):
        wait_until(lambda: gone(process), 10)
    assert engine.status().documents == FILES + 1
