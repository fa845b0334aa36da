"""The service under attack: what a page, a stranger or a greedy client may try."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from conftest import LOOPBACK, MakeEngine, RunQa, local_client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_server import served

from api.app import create_app
from api.limits import Limits
from api.policy import Policy, hosts_of
from api.problems import MEDIA_TYPE
from api.server import listen, policy_for
from index.errors import AddressExposed
from index.listing import Page
from qa.engine import Engine
from qa.exposure import Exposure
from qa.keys import Keys
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

ASK = "/v1/ask"
ORIGIN = "https://notes.example"


@pytest.fixture
def engine(tmp_path: Path, make_engine: MakeEngine) -> Engine:
    """Over a library that does not exist: what gets past the guards is told so."""
    return make_engine(tmp_path / "library")


def client_of(engine: Engine, policy: Policy | None = None) -> TestClient:
    return local_client(create_app(engine, policy))


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return client_of(engine)


def code(response: Any) -> str:
    """The stable code of a response that is a whole problem."""
    assert response.headers["content-type"] == MEDIA_TYPE
    found = response.json()
    assert found["status"] == response.status_code
    assert found["remedy"]
    assert found["request_id"] == response.headers["x-request-id"]
    return str(found["code"])


# Host


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]", "[::1]:8000"]
)
def test_the_loopbacks_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1:8000@evil.example",
        "evil.example:127.0.0.1",
        "localhost:80x",
        "192.168.1.7",
        "0.0.0.0",
        "::1",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/health", "/v1/documents", "/openapi.json", "/metrics", "/no"])
def test_a_rebound_name_is_refused(client: TestClient, host: str, path: str) -> None:
    refused = client.get(path, headers={"host": host})
    assert (refused.status_code, code(refused)) == (421, "host-refused")


def test_two_hosts_are_refused(client: TestClient) -> None:
    refused = client.get("/health", headers=[("host", "localhost"), ("host", "evil.example")])
    assert refused.status_code == 421


def test_a_host_that_is_allowed_is_answered_and_no_other(engine: Engine) -> None:
    client = client_of(engine, Policy(hosts=hosts_of("127.0.0.1", ["Quaere.example"])))
    assert client.get("/health", headers={"host": "quaere.example:443"}).status_code == 200
    assert client.get("/health", headers={"host": "www.quaere.example"}).status_code == 421


def test_where_all_addresses_are_listened_on_any_is_named_but_no_name(engine: Engine) -> None:
    client = client_of(engine, Policy(any_address=True))
    for host in ("192.168.1.7:8000", "[fe80::1]:8000"):
        assert client.get("/health", headers={"host": host}).status_code == 200
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 421


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60))
def test_no_other_host_gets_in(host: str) -> None:
    name = host.lower()
    inside = Policy().lets_in(host)
    assert inside == any(
        name == own or (name.startswith(own + ":") and name[len(own) + 1 :].isdigit())
        for own in ("localhost", "127.0.0.1", "[::1]")
    )


# Origin


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:3000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1.evil.example",
        "file://",
        "",
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_page_of_another_origin_is_refused(client: TestClient, origin: str, method: str) -> None:
    refused = client.request(method, ASK, headers={"origin": origin}, content=b'{"question": "a"}')
    assert (refused.status_code, code(refused)) == (403, "origin-refused")
    assert not any(name.startswith("access-control") for name in refused.headers)


@pytest.mark.parametrize("origin", [LOOPBACK, "https://127.0.0.1", None])
def test_our_own_origin_and_none_pass(client: TestClient, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    answered = client.post(ASK, headers=headers, json={"question": "Who?"})
    assert code(answered) == "library-missing"


def test_without_an_allowed_origin_nothing_speaks_of_cors(client: TestClient) -> None:
    answered = client.get("/health", headers={"origin": ORIGIN})
    assert answered.status_code == 200
    assert not any(name.startswith("access-control") for name in answered.headers)


def test_an_allowed_origin_is_let_in_and_no_other(engine: Engine) -> None:
    client = client_of(engine, Policy(origins=frozenset({ORIGIN})))
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a"}
    preflight = client.options(ASK, headers={"origin": ORIGIN, **asked})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    answered = client.post(ASK, headers={"origin": ORIGIN}, json={"question": "Who?"})
    assert code(answered) == "library-missing"
    assert answered.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answered.headers
    other = {"origin": "https://evil.example"}
    assert client.options(ASK, headers=other | asked).status_code == 403
    assert client.post(ASK, headers=other, json={"question": "Who?"}).status_code == 403
    assert "access-control-allow-origin" not in client.get("/health", headers=other).headers


# Where it listens


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_listening_beyond_the_loopback_needs_keys_or_consent(tmp_path: Path, host: str) -> None:
    keys = Keys(tmp_path)
    with listen(host, 0) as listening:
        with pytest.raises(AddressExposed, match=host):
            policy_for(listening, host, keys, Exposure())
        assert not policy_for(listening, host, keys, Exposure(insecure=True)).keys_required
        keys.add("ana", "read")
        assert policy_for(listening, host, keys, Exposure()).keys_required
        keys.revoke("ana")
        with pytest.raises(AddressExposed):
            policy_for(listening, host, keys, Exposure())


def test_the_command_refuses_to_be_exposed(run_qa: RunQa) -> None:
    ended = run_qa("serve", "--host", "0.0.0.0", "--port", "0")
    assert ended.returncode == AddressExposed.exit_status == 52
    message, remedy = ended.stderr.splitlines()
    assert message.startswith("qa: 0.0.0.0: others could reach")
    assert "qa keys add" in remedy
    assert "--insecure" in remedy


@pytest.mark.parametrize(
    "option", [("--allow-origin", "*"), ("--allow-origin", "a.example"), ("--allow-host", "a/b")]
)
def test_what_is_no_origin_or_host_is_a_wrong_command_line(
    run_qa: RunQa, option: tuple[str, str]
) -> None:
    assert run_qa("serve", *option).returncode == 2


# Bodies


SMALL = Policy(limits=Limits(body_bytes=1000, body_seconds=0.3, bodies_bytes=1500, requests=4))


def in_parts(*parts: bytes) -> Iterator[bytes]:
    yield from parts


def test_a_body_that_is_announced_too_large_is_not_read(engine: Engine) -> None:
    refused = client_of(engine, SMALL).post(ASK, content=b"a" * 1001)
    assert (refused.status_code, code(refused)) == (413, "body-too-large")


def test_a_body_that_turns_out_too_large_is_refused(engine: Engine) -> None:
    refused = client_of(engine, SMALL).post(ASK, content=in_parts(*[b"a" * 400] * 3))
    assert (refused.status_code, code(refused)) == (413, "body-too-large")


def test_a_body_of_just_the_size_is_read(engine: Engine) -> None:
    body = b'{"question": "Who?"}'.ljust(1000)
    client = client_of(engine, SMALL)
    headers = {"content-type": "application/json"}
    for content in (body, in_parts(body[:7], body[7:])):
        assert code(client.post(ASK, content=content, headers=headers)) == "library-missing"


def test_the_longest_draft_fits_whatever_it_is_written_in() -> None:
    from api.verification_schemas import MAX_DRAFT_CHARACTERS

    assert Limits().body_bytes > 4 * MAX_DRAFT_CHARACTERS


@pytest.mark.parametrize(
    "bomb",
    [
        b"[" * 500_000,
        b'{"question":' * 100_000,
        b'{"question": ' + b"[" * 900 + b"]" * 900 + b"}",
        b'{"question": "a", "limit": ' + b"9" * 1_000_000 + b"}",
        b'{"question": "a", "limit": 1e999999999}',
        b'{"question": "\\ud800"}',
        b'{"question": "a"' + b', "question": "a"' * 100_000 + b', "x": 1}',
        b"\xff\xfe\x00",
    ],
    ids=["arrays", "objects", "nested", "digits", "exponent", "surrogate", "repeated", "bytes"],
)
def test_a_json_bomb_is_refused_and_harms_nothing(client: TestClient, bomb: bytes) -> None:
    refused = client.post(ASK, content=bomb, headers={"content-type": "application/json"})
    assert (refused.status_code, code(refused)) == (422, "request-invalid")
    assert len(refused.content) < 2000
    assert client.get("/health").status_code == 200


def sent(address: tuple[str, int], *parts: bytes, pause: float = 0.0) -> bytes:
    """What a server answers to bytes sent in parts, the connection left open."""
    with socket.create_connection(address, timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        return connection.recv(65536)


HEAD = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def test_over_a_real_connection_slow_and_endless_bodies_are_cut_off(engine: Engine) -> None:
    with served(create_app(engine, SMALL)) as address:
        began = time.monotonic()
        slow = sent(address, HEAD + b"Content-Length: 20\r\n\r\n", b"{", b'"', pause=0.1)
        assert slow.startswith(b"HTTP/1.1 408 ")
        assert b"body-too-slow" in slow or b"connection: close" in slow.lower()
        assert time.monotonic() - began < 5
        chunk = b"190\r\n" + b"a" * 400 + b"\r\n"
        endless = sent(address, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 3)
        assert endless.startswith(b"HTTP/1.1 413 ")
        assert b"connection: close" in endless.lower()
        assert httpx.get(f"http://127.0.0.1:{address[1]}/health", trust_env=False).is_success


# The queue


class Waiting(Engine):
    """Lists no documents before it is let go on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.go_on = threading.Event()

    def page(self, *_: Any, **__: Any) -> Page:
        assert self.go_on.wait(30)
        return Page((), None)


async def until_taken(app: Any, places: int) -> None:
    while app.queue.taken < places:
        await asyncio.sleep(0.01)


def test_more_than_there_are_places_for_are_told_at_once_to_come_again(tmp_path: Path) -> None:
    engine = Waiting(Settings(library=tmp_path, cache=tmp_path))
    app = create_app(engine, SMALL)

    async def crowd() -> tuple[list[Any], list[Any], Any, Any]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=LOOPBACK) as http:
            held = [asyncio.create_task(http.get("/v1/documents")) for _ in range(4)]
            await until_taken(app, 4)
            refused = [await http.get("/v1/documents"), await http.post(ASK, json={})]
            health, metrics = await http.get("/health"), await http.get("/metrics")
            engine.go_on.set()
            answered = [await one for one in held]
            answered.append(await http.get("/v1/documents"))
            return refused, answered, health, metrics

    refused, answered, health, metrics = asyncio.run(crowd())
    for one in refused:
        assert (one.status_code, code(one)) == (503, "busy")
        assert one.headers["retry-after"] == "1"
    assert [one.status_code for one in answered] == [200] * 5
    assert health.status_code == metrics.status_code == 200
    assert 'quaere_refusals_total{code="busy"} 2.0' in metrics.text
    assert "quaere_requests_in_work 4.0" in metrics.text
    assert app.queue.taken == 0


def test_bodies_that_arrive_at_once_are_bounded_together_and_take_no_place(engine: Engine) -> None:
    limits = replace(SMALL.limits, body_seconds=5, bodies_bytes=1500)
    app = create_app(engine, Policy(limits=limits))

    async def slowly(go_on: asyncio.Event) -> Any:
        yield b"a" * 900
        await go_on.wait()
        yield b"b"

    async def crowd() -> list[Any]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=LOOPBACK) as http:
            go_on = asyncio.Event()
            first = asyncio.create_task(http.post(ASK, content=slowly(go_on)))
            await asyncio.sleep(0.1)
            assert app.queue.taken == 0
            second = await http.post(ASK, content=b"c" * 900)
            go_on.set()
            return [second, await first, await http.post(ASK, content=b"c" * 900)]

    found = asyncio.run(crowd())
    assert [one.status_code for one in found] == [503, 422, 422]
    assert found[0].headers["retry-after"] == "1"


# Everything else


@pytest.mark.parametrize(
    "path",
    [
        "/v1/documents/../../etc/passwd",
        "/v1/documents/%2e%2e%2f%2e%2e%2fetc%2fpasswd/text",
        "/v1/documents/1%00/text",
        "//etc/passwd",
        "/v1/documents/%2Fetc%2Fpasswd/text",
    ],
)
def test_paths_lead_nowhere(client: TestClient, path: str) -> None:
    refused = client.get(path)
    assert refused.status_code in (404, 422)
    assert "root:" not in refused.text


@pytest.mark.parametrize("path", ["/health", "/v1/documents", "/openapi.json", "/metrics", "/no"])
def test_every_response_has_the_safe_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_the_description_says_what_the_guards_answer(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found = set(operation["responses"])
            assert {"400", "421", "431"} <= found
            assert (
                ({"401", "429", "503"} <= found) == (path != "/health") == ("security" in operation)
            )
            assert ("403" in found) == (method != "get")
            assert ({"408", "413"} <= found) == ("requestBody" in operation)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.sampled_from(["POST", "GET", "DELETE", "TRACE"]))
def test_whatever_is_sent_is_answered_with_a_problem(
    client: TestClient, body: bytes, method: str
) -> None:
    refused = client.request(
        method, ASK, content=body, headers={"content-type": "application/json"}
    )
    assert refused.status_code in (405, 422)
    code(refused)
