from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from conftest import MakeEngine, RunQa, add, qa_command, qa_environment, write
from processes import group_lives, in_a_group, wait_until

from api.handing import Handed, channel, ended, hand
from index.errors import DocumentMissing, LibraryLocked
from index.library import locked
from index.types import DocumentId, Metadata

QUESTION = "When did the harbour freeze?"
ADDRESS = re.compile(r"Quaere serves on (http://\S+)")


@dataclass(frozen=True)
class Service:
    process: subprocess.Popen[str]
    address: str
    errors: Path
    opened: ExitStack

    @property
    def workers(self) -> list[psutil.Process]:
        """Those that serve; multiprocessing's own tracker is none."""
        below = psutil.Process(self.process.pid).children()
        return [one for one in below if is_worker(one)]

    def clients(self, count: int) -> list[httpx.Client]:
        """Clients of one connection each, so that every worker serves as many."""
        return [
            self.opened.enter_context(httpx.Client(base_url=self.address, timeout=60))
            for _ in range(count)
        ]


def is_worker(process: psutil.Process) -> bool:
    try:
        return "--multiprocessing-fork" in process.cmdline()
    except psutil.Error:  # it has ended
        return False


@contextmanager
def served(library: Path, cache: Path, folder: Path, *options: str) -> Iterator[Service]:
    errors = folder / "stderr"
    command = qa_command("serve", "--port", "0", "--workers", "2", *options)
    environment = qa_environment(library, cache) | {"TMPDIR": str(folder)}
    with in_a_group(["sh", "-c", f'exec "$@" 2>"{errors}"', "sh", *command], env=environment) as p:
        try:
            wait_until(lambda: errors.exists() and bool(ADDRESS.search(errors.read_text())), 60)
            found = ADDRESS.search(errors.read_text())
            assert found
            with ExitStack() as opened:
                yield Service(p, found[1], errors, opened)
        finally:
            p.terminate()


@pytest.fixture
def library(tmp_path: Path, make_engine: MakeEngine, tiny_model: Path) -> Path:
    folder = tmp_path / "library"
    engine = make_engine(folder, model=str(tiny_model))
    add(engine, write(tmp_path / "sources", harbour="The harbour froze in March."))
    return folder


@pytest.fixture
def service(tmp_path: Path, library: Path, cache: Path, tiny_model: Path) -> Iterator[Service]:
    with served(library, cache, tmp_path, "--model", str(tiny_model)) as running:
        yield running


def generation(client: httpx.Client) -> int:
    response = client.post("/v1/ask", json={"question": QUESTION})
    assert response.status_code == 200, response.text
    return int(response.json()["generation"])


@pytest.mark.slow
def test_workers_answer_evenly_and_what_is_added_is_found_by_all(
    service: Service, run_qa: RunQa, tmp_path: Path, tiny_model: Path
) -> None:
    clients = service.clients(8)
    assert [generation(client) for client in clients] == [1] * 8
    serving = [len(worker.net_connections()) for worker in service.workers]
    assert serving == [4, 4]
    added = run_qa(
        "add", write(tmp_path / "sources", ice="Ice kept ships out."), "--model", tiny_model
    )
    assert added.returncode == 0, added.stderr
    assert [generation(client) for client in clients] == [2] * 8


@pytest.mark.slow
def test_two_changes_at_once_are_both_made(service: Service) -> None:
    clients = service.clients(2) * 8
    edits = [{"title": "One"}, {"author": "Two"}] * 8
    with ThreadPoolExecutor(8) as threads:
        sent = [
            threads.submit(client.patch, "/v1/documents/1", json=edit)
            for client, edit in zip(clients, edits, strict=True)
        ]
        assert {one.result().status_code for one in sent} == {200}
    document = clients[0].get("/v1/documents/1").json()
    assert (document["title"], document["author"]) == ("One", "Two")


@pytest.mark.slow
def test_counters_of_all_workers_add_up_also_after_one_was_killed(service: Service) -> None:
    clients = service.clients(4)
    for client in clients:
        generation(client)
    assert {answered(client) for client in clients} == {4}
    assert in_work(clients[0]) == 0
    before = service.workers
    before[0].kill()
    wait_until(lambda: replaced(service, before))
    assert answered(service.clients(1)[0]) == 4


def answered(client: httpx.Client) -> int:
    text = client.get("/metrics").text
    found = re.search(r'quaere_request_seconds_count\{.*route="/v1/ask".*\} ([\d.]+)', text)
    assert found, text
    return int(float(found[1]))


def in_work(client: httpx.Client) -> float:
    found = re.search(r"^quaere_requests_in_work ([\d.]+)", client.get("/metrics").text, re.M)
    assert found
    return float(found[1])


def replaced(service: Service, before: list[psutil.Process]) -> bool:
    now = service.workers
    return len(now) == 2 and now != before


@pytest.mark.slow
def test_when_a_worker_is_killed_others_answer_and_another_comes(service: Service) -> None:
    first, second = service.clients(2)
    generation(first), generation(second)
    before = service.workers
    doomed = before[0]
    (lost,) = [c.raddr.port for c in doomed.net_connections("tcp") if c.status == "ESTABLISHED"]
    doomed.kill()
    failed = []
    for client in (first, second):
        try:
            generation(client)
        except httpx.TransportError:
            failed.append(client)
    assert len(failed) <= 1, f"only whoever was connected to the killed one, at {lost}"
    for client in service.clients(8):  # all of those that come meanwhile are answered
        generation(client)
    wait_until(lambda: replaced(service, before))
    assert "is started again" in service.errors.read_text()
    assert [generation(client) for client in service.clients(4)] == [1] * 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)]
)
def test_a_signal_ends_all_of_them(service: Service, sent: signal.Signals, status: int) -> None:
    generation(service.clients(1)[0])
    began = time.monotonic()
    # Ctrl-C reaches the whole group; SIGTERM only whom it is sent to.
    (os.killpg if sent == signal.SIGINT else os.kill)(service.process.pid, sent)
    assert service.process.wait(10) == status
    assert time.monotonic() - began < 5
    wait_until(lambda: not group_lives(service.process.pid), 5)
    (line,) = service.errors.read_text().splitlines()
    assert ADDRESS.match(line)
    assert not list(service.errors.parent.glob("quaere-counters-*"))


@pytest.mark.slow
def test_when_the_parent_is_killed_nobody_goes_on_serving(service: Service) -> None:
    address = httpx.URL(service.address)
    service.process.kill()
    service.process.wait(10)
    wait_until(lambda: not group_lives(service.process.pid), 6)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.host, address.port or 0), 1)
    assert not list(service.errors.parent.glob("quaere-counters-*"))


@pytest.mark.slow
def test_what_keeps_every_worker_from_beginning_is_said_once(library: Path, run_qa: RunQa) -> None:
    ended_ = run_qa(
        "serve", "--port", "0", "--workers", "2", "--library", library, "--model", "/no"
    )
    assert ended_.returncode == 30
    assert len(ended_.stderr.splitlines()) == 2


def test_there_are_bounds_on_workers(run_qa: RunQa) -> None:
    for count in ("0", "33"):
        assert run_qa("serve", "--port", "0", "--workers", count).returncode == 2


def test_a_connection_is_handed_on_and_its_end_is_told() -> None:
    ours, theirs = channel()
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as stack:
        client = stack.enter_context(socket.create_connection(listening.getsockname()))
        taken, _ = listening.accept()
        assert hand(taken, stack.enter_context(ours))
        taken.close()
        other_end = stack.enter_context(Handed(theirs))
        other_end.setblocking(False)
        connection, peer = other_end.accept()
        assert peer == client.getsockname()
        connection.sendall(b"hello")
        assert client.recv(5) == b"hello"
        with pytest.raises(BlockingIOError):
            other_end.accept()
        assert ended(ours) == 0
        connection.close()
        connection.close()
        assert ended(ours) == 1
        other_end.close()
        assert ended(ours) is None


def test_a_change_waits_for_another_as_long_as_it_was_told(
    library: Path, make_engine: MakeEngine
) -> None:
    engine = make_engine(library)
    with ThreadPoolExecutor(1) as threads:
        with locked(library):
            with pytest.raises(LibraryLocked):
                engine.edit(DocumentId(1), Metadata(title="One"))
            waiting = threads.submit(engine.edit, DocumentId(1), Metadata(title="One"), 30.0)
            time.sleep(0.1)
            assert not waiting.done()
        assert waiting.result().metadata.title == "One"
    with pytest.raises(DocumentMissing):
        engine.remove_document(DocumentId(7), 1.0)
