"""What the service tells of itself, and what it never tells."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from conftest import MakeEngine, add, local_client, write
from hypothesis import given
from hypothesis import strategies as st
from processes import wait_until
from test_server_process import serving

from api.app import create_app
from api.logs import ACCESS, JsonLines, TextLines, log_access
from api.observing import Observed
from api.policy import Policy
from api.request_id import SANE
from index.types import Document, DocumentId
from qa.engine import Engine
from qa.keys import Keys
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

SECRET = "Xylophon7734"
"""Stands in everything that must not be told."""


@pytest.fixture(scope="module")
def engine(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[Engine]:
    """Over a small library, only read."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(library=folder / "library", cache=cache, model=str(tiny_model))
    with closing(Engine(settings)) as made:
        add(made, write(folder / "sources", a="The harbour froze in March."))
        yield made


class Lines(logging.Handler):
    """Keeps what is logged, formatted."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture(params=[JsonLines, TextLines])
def logged(request: pytest.FixtureRequest) -> Iterator[Lines]:
    handler = Lines(request.param())
    ACCESS.addHandler(handler)
    yield handler
    ACCESS.removeHandler(handler)


def client_of(engine: Engine, *observers: Any, policy: Policy | None = None) -> TestClient:
    app = create_app(engine, policy, observers)
    return local_client(app, raise_server_exceptions=False)


# Request ids


def test_a_sane_id_is_taken_over(engine: Engine) -> None:
    client = client_of(engine)
    for given_id in ("abc-1.2_3", "a" * 64):
        answered = client.get("/health", headers={"x-request-id": given_id})
        assert answered.headers["x-request-id"] == given_id
    refused = client.get("/no", headers={"x-request-id": "mine"})
    assert refused.json()["request_id"] == refused.headers["x-request-id"] == "mine"


@pytest.mark.parametrize(
    "given_id", ["", "a" * 65, "a b", 'a"b', "a\tb", "<script>", "%0d%0aSet-Cookie:x", "é"]
)
def test_any_other_id_is_replaced(engine: Engine, given_id: str) -> None:
    headers = {"x-request-id": given_id.encode("latin-1")}
    answered = client_of(engine).get("/health", headers=headers)  # type: ignore[arg-type]
    assert re.fullmatch("[0-9a-f]{32}", answered.headers["x-request-id"])


@given(st.text(max_size=80))
def test_an_id_never_breaks_a_line(text: str) -> None:
    if SANE.fullmatch(text):
        assert text.isascii()
        assert text == "".join(text.split())
        assert len(text) <= 64


def test_ids_differ(engine: Engine) -> None:
    client = client_of(engine)
    assert len({client.get("/health").headers["x-request-id"] for _ in range(10)}) == 10


def test_an_unforeseen_error_has_its_id_and_the_safe_headers_too(tmp_path: Path) -> None:
    class Failing(Engine):
        def document(self, id_: DocumentId) -> Document:
            raise RuntimeError(SECRET, id_)

    seen: list[Observed] = []
    client = client_of(Failing(Settings(library=tmp_path, cache=tmp_path)), seen.append)
    failed = client.get("/v1/documents/1", headers={"x-request-id": "mine"})
    assert failed.status_code == seen[0].status == 500
    assert failed.json()["request_id"] == failed.headers["x-request-id"] == "mine"
    assert failed.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in failed.text


# Logs


def test_a_line_says_what_became_of_a_request(engine: Engine) -> None:
    handler = Lines(JsonLines())
    ACCESS.addHandler(handler)
    try:
        answered = client_of(engine, log_access).get("/v1/documents/1/text?start=4")
    finally:
        ACCESS.removeHandler(handler)
    (line,) = map(json.loads, handler.lines)
    assert line["duration_ms"] > 0
    del line["time"], line["duration_ms"]
    assert line == {
        "level": "info",
        "message": "request",
        "request_id": answered.headers["x-request-id"],
        "method": "GET",
        "route": "/v1/documents/{document_id}/text",
        "status": 200,
        "bytes": len(answered.content),
    }


def test_nothing_that_was_asked_or_sent_is_ever_logged(
    engine: Engine, logged: Lines, tmp_path: Path
) -> None:
    keys = Keys(tmp_path)
    token = keys.add("ana", "read")
    client = client_of(engine, log_access, policy=Policy(keys=keys))
    bearing = {"Authorization": f"Bearer {token}"}
    wrong = {"Authorization": f"Bearer {SECRET}"}
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/ask", {"json": {"question": f"Who is {SECRET}?"}, "headers": bearing}),
        ("POST", "/v1/ask", {"json": {SECRET: SECRET}, "headers": bearing}),
        (
            "POST",
            "/v1/verify",
            {"json": {"text": f"“{SECRET} and more words”"}, "headers": bearing},
        ),
        ("GET", f"/v1/documents?q={SECRET}", {"headers": bearing}),
        ("GET", f"/{SECRET}", {"headers": bearing}),
        ("GET", f"/v1/documents/{SECRET}/text", {"headers": bearing}),
        ("GET", "/v1/documents", {"headers": wrong}),
        ("GET", "/v1/documents", {"headers": {"host": f"{SECRET}.example"}}),
        ("POST", "/v1/ask", {"headers": {"origin": f"https://{SECRET}.example"}}),
        ("GET", "/health", {"headers": {"x-request-id": f"{SECRET} {SECRET}"}}),
        (SECRET.upper(), "/health", {}),
    ]
    statuses = [client.request(method, path, **more).status_code for method, path, more in requests]
    assert statuses == [200, 422, 200, 200, 404, 422, 401, 421, 403, 200, 405]
    assert len(logged.lines) == len(requests)
    told = "\n".join(logged.lines).lower() + client.get("/metrics", headers=bearing).text.lower()
    assert SECRET.lower() not in told
    assert token.lower() not in told
    assert "host-refused" in told


@pytest.mark.parametrize("formatter", [JsonLines(), TextLines()])
def test_an_exceptions_message_is_left_out(formatter: logging.Formatter) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        record = logging.LogRecord(
            "a", 40, "", 0, "failed", (), (ValueError, error, error.__traceback__)
        )
    line = formatter.format(record)
    assert "ValueError" in line
    assert "test_http_observability" in line
    # The line of this file where it was raised names the constant, not what it holds.
    assert SECRET not in line


def test_a_real_server_logs_json_lines_and_only_these(tmp_path: Path, cache: Path) -> None:
    errors = tmp_path / "stderr"
    with serving(tmp_path / "library", cache, errors, "--log-format", "json") as server:
        server.http.get(f"/v1/documents?q={SECRET}")
        server.http.post("/v1/ask", json={"question": SECRET})
        assert "server" not in server.http.get("/health").headers
        # A line is written once the answer is on its way.
        wait_until(lambda: len(errors.read_text().splitlines()) > 3)
    _, *lines = errors.read_text().splitlines()
    found = [json.loads(line) for line in lines]
    assert [(one["route"], one["status"]) for one in found] == [
        ("/v1/documents", 503),
        ("/v1/ask", 503),
        ("/health", 200),
    ]
    assert SECRET not in errors.read_text()


# Metrics


def figures(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_counters_tell_of_requests_and_of_the_library(engine: Engine) -> None:
    client = client_of(engine)
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")
    client.get("/v1/documents")
    client.get("/v1/documents/99/text")
    client.get("/v1/documents", headers={"host": "evil.example"})
    found = figures(client)
    route = "/v1/documents/{document_id}/text"
    for labels in (
        'method="GET",route="/v1/documents",status="200"',
        f'method="GET",route="{route}",status="404"',
        'method="GET",route="(none)",status="421"',
    ):
        assert found[f"quaere_request_seconds_count{{{labels}}}"] == 1
    assert found['quaere_refusals_total{code="host-refused"}'] == 1
    assert found['quaere_refusals_total{code="busy"}'] == 0
    status = engine.status()
    assert found["quaere_library_readable"] == 1
    assert found["quaere_library_generation"] == status.generation == 1
    assert found["quaere_library_documents"] == status.documents == 1
    assert found["quaere_library_passages"] == status.passages
    assert found["quaere_library_failures"] == 0


def test_the_counters_tell_of_each_stage_and_of_answers_that_were_kept(engine: Engine) -> None:
    client = client_of(engine)
    before = figures(client)
    for source in ("kept", "sought"):
        assert before[f'quaere_answers_total{{source="{source}"}}'] == 0
    asked = {"question": "Since when is the harbour open?"}
    other = asked | {"limit": 2}
    for body in (asked, asked, other):
        assert client.post("/v1/ask", json=body).status_code == 200
    both = {"questions": [asked, other, {"question": "Which harbour?"}]}
    assert client.post("/v1/ask:batch", json=both).status_code == 200
    found = figures(client)
    assert found['quaere_answers_total{source="kept"}'] == 3
    assert found['quaere_answers_total{source="sought"}'] == 3
    for stage in ("embedding", "waiting", "searching", "reading", "citing"):
        assert found[f'quaere_stage_seconds_count{{stage="{stage}"}}'] == 3, stage
        assert found[f'quaere_stage_seconds_sum{{stage="{stage}"}}'] > 0
    assert found['quaere_stage_seconds_count{stage="reranking"}'] == 0


def test_endless_paths_and_methods_make_no_endless_counters(engine: Engine) -> None:
    client = client_of(engine)
    for number in range(20):
        client.get(f"/no/{number}")
        client.request(f"FROB{number}", "/health")
    counted = [name for name in figures(client) if name.startswith("quaere_request_seconds_count")]
    assert len(counted) == 2


def test_each_application_counts_for_itself(engine: Engine) -> None:
    first, second = client_of(engine), client_of(engine)
    first.get("/health")
    assert not any("/health" in name for name in figures(second))


def test_without_a_library_there_are_counters_all_the_same(
    tmp_path: Path, make_engine: MakeEngine
) -> None:
    found = figures(client_of(make_engine(tmp_path / "nowhere")))
    assert found["quaere_library_readable"] == 0
    assert "quaere_library_documents" not in found
