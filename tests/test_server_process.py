from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import RunQa, qa_command, qa_environment, seed_questions, write

from api.server import listen, url
from index.catalog import FILE_NAME
from index.errors import AddressUnavailable
from qa.engine import Engine
from qa.rendering import answer_as_json

SECONDS = 60
"""More than any start or end takes on a busy machine."""
ADDRESS = re.compile(r"Quaere serves on (http://\S+)")


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    errors: Path
    http: httpx.Client

    def ask(self, question: str) -> dict[str, Any]:
        response = self.http.post("/v1/ask", json={"question": question})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def serving(library: Path, cache: Path, errors: Path, *options: str) -> Iterator[Server]:
    """A real `qa serve` on a free port, killed at the end if it still runs."""
    with (
        errors.open("wb") as stderr,
        subprocess.Popen(
            qa_command("serve", "--port", "0", *options),
            env=qa_environment(library, cache),
            stderr=stderr,
        ) as process,
    ):
        try:
            address = announced(process, errors)
            with httpx.Client(base_url=address, timeout=SECONDS, trust_env=False) as http:
                yield Server(process, errors, http)
        finally:
            process.kill()


def announced(process: subprocess.Popen[bytes], errors: Path) -> str:
    """The address the server says it serves on."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if found := ADDRESS.search(errors.read_text()):
            return found[1]
        time.sleep(0.02)
    pytest.fail(f"the server did not start: {errors.read_text()}")


@pytest.fixture(scope="module")
def seed_server(
    seed_library: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    with serving(seed_library, cache, tmp_path_factory.mktemp("server") / "stderr") as server:
        yield server


@pytest.mark.slow
def test_a_server_answers_what_the_engine_answers(seed_server: Server, seed_engine: Engine) -> None:
    question = seed_questions()[0]["question"]
    answer = seed_engine.ask(question)
    assert seed_server.ask(question) == json.loads(answer_as_json(answer))


@pytest.mark.slow
def test_eight_threads_at_once_are_answered_alike(seed_server: Server) -> None:
    questions = [one["question"] for one in seed_questions()[:4]]
    alone = [seed_server.ask(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(seed_server.ask, questions * 8))
    assert together == alone * 8


@pytest.mark.slow
def test_what_another_process_adds_is_found_by_the_next_question(
    tmp_path: Path, cache: Path, run_qa: RunQa
) -> None:
    question = "When did the harbour freeze?"
    with serving(tmp_path / "library", cache, tmp_path / "stderr") as server:
        assert server.http.get("/ready").json()["code"] == "library-missing"
        for generation, text in enumerate(["Ana sells apples.", "The harbour froze in March."], 1):
            added = run_qa("add", write(tmp_path / "sources", **{f"n{generation}": text}))
            assert added.returncode == 0, added.stderr
            answer = server.ask(question)
            assert answer["generation"] == generation
            assert answer["passages"][0]["citation"]["quote"] == text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "status"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)]
)
def test_a_signal_ends_the_server_without_a_word(
    tmp_path: Path, seed_library: Path, cache: Path, sent: signal.Signals, status: int
) -> None:
    with serving(seed_library, cache, tmp_path / "stderr") as server:
        assert server.http.get("/health").status_code == 200
        server.process.send_signal(sent)
        assert server.process.wait(SECONDS) == status
    (line,) = server.errors.read_text().splitlines()
    assert ADDRESS.match(line)


def test_a_port_in_use_is_one_clear_sentence(run_qa: RunQa) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        ended = run_qa("serve", "--port", str(port))
    assert ended.returncode == AddressUnavailable.exit_status == 51
    message, remedy = ended.stderr.splitlines()
    assert message.startswith(f"qa: 127.0.0.1:{port}: the address cannot be served on (address")
    assert "--port" in remedy


def test_a_damaged_library_is_not_served(tmp_path: Path, run_qa: RunQa) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / FILE_NAME).write_bytes(b"no database" * 1000)
    ended = run_qa("serve", "--port", "0")
    assert ended.returncode == 24
    assert len(ended.stderr.splitlines()) == 2


@pytest.mark.slow
def test_a_model_that_is_missing_is_noticed_at_the_start(seed_library: Path, run_qa: RunQa) -> None:
    offline = {"HF_HUB_OFFLINE": "1"}
    arguments = ["--port", "0", "--model", "nobody/nothing", "--library", seed_library]
    ended = run_qa("serve", *arguments, environment=offline)
    assert ended.returncode == 30
    assert len(ended.stderr.splitlines()) == 2


@pytest.mark.parametrize("host", ["a" * 70, "..", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_refused(host: str) -> None:
    with pytest.raises(AddressUnavailable, match=re.escape(host)):
        listen(host, 0)


def test_connections_are_taken_before_they_are_served() -> None:
    with (
        listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname(), timeout=SECONDS),
        pytest.raises(AddressUnavailable),
    ):
        listen(*listening.getsockname())


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]")]
)
def test_the_address_is_one_a_browser_understands(host: str, shown: str) -> None:
    with listen("127.0.0.1", 0) as listening:
        assert url(host, listening) == f"http://{shown}:{listening.getsockname()[1]}"
