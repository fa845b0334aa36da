"""A list of attacks, each refused as it is documented; afterwards the service still answers.

Sent as bytes to a real server, as a client library would mend half of them. Host, Origin, JSON
bombs, slow and endless bodies, and what a page may do: test_http_safety.py. Slow headers, too many
connections: test_connections.py. Keys: test_keys.py, test_rate_limits.py. Stored HTML:
test_http_originals.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from conftest import add
from real_server import Address, exchanged, served, status

from api.app import create_app
from api.limits import Limits
from api.policy import Policy
from qa.engine import Engine
from qa.keys import Keys
from qa.settings import Settings

QUESTION = "When did the harbour freeze?"
SPLIT = "a\r\nSet-Cookie: x=1\r\n\r\n<script>.html"
"""A file's name; names may hold anything but a slash and NUL."""
MARKUP = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def address(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[Address]:
    """A real server of a small library; no test changes it."""
    folder = tmp_path_factory.mktemp("attacked")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "0.txt").write_text("The harbour froze in March. " * 200)
    (sources / SPLIT).write_text(f"<title>{MARKUP}</title><p>The ferry left in April.</p>")
    (folder / "secret.txt").write_text("root:x:0:0")
    settings = Settings(library=folder / "library", cache=cache, model=str(tiny_model))
    with closing(Engine(settings)) as engine:
        assert not add(engine, sources).failed
        policy = Policy(limits=Limits(body_seconds=2))
        with served(create_app(engine, policy)) as address:
            yield address


@pytest.fixture(autouse=True)
def _still_answers(address: Address) -> Iterator[None]:
    yield
    answered = httpx.post(
        f"http://127.0.0.1:{address[1]}/v1/ask",
        json={"question": QUESTION},
        timeout=10,
        trust_env=False,
    )
    assert answered.json()["passages"][0]["citation"]["quote"].startswith("The harbour froze")


def request(target: str | bytes, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    """A request's bytes, as they are given."""
    line = target if isinstance(target, bytes) else target.encode()
    head = [f"{method} ".encode() + line + b" HTTP/1.1", b"Host: 127.0.0.1", b"Connection: close"]
    head += (header.encode("latin-1") for header in headers)
    if body:
        head.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*head, b"", body])


def refused(address: Address, sent: bytes, *statuses: int, seconds: float = 10) -> str:
    """The code a request is refused with; that it is refused whole, and with nothing of others'."""
    answered = exchanged(address, sent, seconds=seconds)
    assert status(answered) in statuses, answered[:300]
    head, _, body = answered.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"x-content-type-options: nosniff" in head
    assert b"set-cookie" not in head.lower()
    assert b"root:" not in answered
    assert b"Traceback" not in answered
    assert len(body) < 3000
    found = json.loads(body)
    assert found["remedy"]
    return str(found["code"])


# Paths

TRAVERSALS = {
    "plain": "../../secret.txt",
    "encoded": "..%2f..%2fsecret.txt",
    "dots encoded": "%2e%2e/%2e%2e/secret.txt",
    "twice encoded": "%252e%252e%252fsecret.txt",
    "backslashes": "..\\..\\secret.txt",
    "backslashes encoded": "..%5c..%5csecret.txt",
    "nul": "1%00.txt",
    "absolute": "%2fetc%2fpasswd",
    "overlong": "%c0%ae%c0%ae%c0%afsecret.txt",
    "drive": "C:%5cwindows%5cwin.ini",
    "url": "file:%2f%2f%2fetc%2fpasswd",
    "half an escape": "%",
    "no escape": "%zz",
    "parameter": "1;../../secret.txt",
    "not UTF-8": "%ff%fe",
    "other digits": quote("١"),
    "negative": "-1",
    "beyond": str(2**63),
    "endless": "9" * 5000,
}
ROUTES = [
    "/v1/documents/{}",
    "/v1/documents/{}/text",
    "/v1/documents/{}/original",
    "/v1/documents/{}/pages/1.png",
    "/v1/documents/1/pages/{}.png",
    "/v1/passages/{}",
    "/v1/passages/{}/neighbours",
    "/v1/passages/{}/citation",
    "/{}",
]


@pytest.mark.parametrize("attack", list(TRAVERSALS))
def test_no_path_leads_to_a_file(address: Address, attack: str) -> None:
    for route in ROUTES:
        code = refused(address, request(route.format(TRAVERSALS[attack])), 404, 422)
        assert code in ("not-found", "document-missing", "request-invalid"), route


# Framing

ASK = b'{"question": "' + QUESTION.encode() + b'"}'
JSON = "Content-Type: application/json"
HIDDEN = b"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        ("Content-Length: 4", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 4"),
        ("Transfer-Encoding: xchunked",),
        ("Transfer-Encoding: gzip, chunked",),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding:\x0bchunked",),
        ("Content-Length: 4", "Content-Length: 5"),
        ("Content-Length: +4",),
        ("Content-Length: -4",),
        ("Content-Length: 0x4",),
        ("Content-Length: 4, 5",),
        ("Content-Length: " + "9" * 400,),
        ("Content-Length : 4",),
        ("X: a\rContent-Length: 4",),
        ("X: a\0b",),
        ("X",),
        ("Host: 127.0.0.1",),
    ],
    ids=lambda headers: " ".join(headers)[:40].encode("unicode_escape").decode(),
)
def test_a_request_that_can_be_read_in_two_ways_is_refused_with_what_follows(
    address: Address, headers: tuple[str, ...]
) -> None:
    sent = request("/v1/ask", JSON, *headers, method="POST").replace(b"Connection: close\r\n", b"")
    answered = exchanged(address, sent + b"0\r\n\r\n" + HIDDEN)
    assert status(answered) in (400, 413, 421)
    assert answered.count(b"HTTP/1.1 ") == 1
    assert b"quaere_request_seconds" not in answered
    assert b"connection: close" in answered.lower()


@pytest.mark.parametrize(
    "line",
    [
        b"GET /health HTTP/1.1 X",
        b"GET /health",
        b"GET  /health HTTP/1.1",
        b"GET /he alth HTTP/1.1",
        b"GET /h\xc3\xa9alth HTTP/1.1",
        b"GET /health\0 HTTP/1.1",
        b"GET /health HTTP/9.9",
        b"GET\t/health HTTP/1.1",
        b"G@T /health HTTP/1.1",
        b"PRI * HTTP/2.0",
        b"\x16\x03\x01\x02\x00",
    ],
    ids=repr,
)
def test_what_is_no_request_is_refused(address: Address, line: bytes) -> None:
    answered = exchanged(address, line + b"\r\nHost: 127.0.0.1\r\n\r\n")
    assert status(answered) == 400
    assert b'"code":"http-invalid"' in answered


@pytest.mark.parametrize("chunk", [b"-1", b"zz", b"ffffffffffffffffff", b"5;" + b"a" * 70000])
def test_a_chunk_without_a_size_is_refused(address: Address, chunk: bytes) -> None:
    sent = request("/v1/ask", JSON, "Transfer-Encoding: chunked", method="POST")
    answered = exchanged(address, sent, chunk + b"\r\n{}\r\n" + HIDDEN)
    assert status(answered) in (400, 408, 413, 431)
    assert answered.count(b"HTTP/1.1 ") == 1


def test_a_length_that_is_a_lie_is_not_believed(address: Address) -> None:
    less = request("/v1/ask", JSON, "Content-Length: 4", method="POST") + ASK
    assert refused(address, less, 422) == "request-invalid"
    more = request("/v1/ask", JSON, "Content-Length: 99999999", method="POST") + ASK
    assert refused(address, more, 413) == "body-too-large"


# Size

HUGE = "a" * 300_000


@pytest.mark.parametrize(
    "sent",
    [
        request(f"/v1/ask?q={HUGE}"),
        request(f"/{HUGE}"),
        request("/health", f"X: {HUGE}"),
        request("/health", *[f"X-{number}: {number}" for number in range(20_000)]),
        request("/v1/documents", f"Authorization: Bearer {HUGE}"),
        request("/v1/documents", f"Cookie: {HUGE}"),
    ],
    ids=["query", "path", "header", "headers", "key", "cookie"],
)
def test_what_is_larger_than_a_head_may_be_is_refused(address: Address, sent: bytes) -> None:
    assert refused(address, sent, 431) == "headers-too-large"


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 60_000,
        "q=a&" + "&".join(f"x{number}=1" for number in range(5000)),
        "q=a&limit=" + "9" * 20_000,
        "q=%ff%fe%00",
        "q=" + "%22" * 19_000,
        "q=a&limit=NaN",
        "q=a&limit=1e9",
        "&" * 60_000,
        "=" * 60_000,
    ],
    ids=["long", "wide", "digits", "bytes", "quotes", "nan", "exponent", "empty", "equals"],
)
def test_a_query_that_is_no_question_is_refused(address: Address, query: str) -> None:
    sent = request(f"/v1/ask?{query}")
    code = refused(address, sent, 422, seconds=30)
    assert code in ("request-invalid", "question-too-long", "question-empty")


# JSON


@pytest.mark.parametrize(
    "body",
    [
        b'{"question": NaN}',
        b'{"question": "a", "min_score": NaN}',
        b'{"question": "a", "limit": Infinity}',
        b'{"question": "a", "limit": -1}',
        b'{"question": "a", "per_document": 1e400}',
        b'{"question": "a", "question": ["b"]}',
        b'{"question": {"$gt": ""}}',
        b'{"question": ["a"]}',
        b'{"question": "a", "__proto__": {"limit": 1}}',
        b'{"question": "a", "filters": {"document_ids": [99999999999999999999]}}',
        b'{"question": "a", "filters": {"date_from": "9999-99-99"}}',
        b'{"question": "a", "filters": {"date_from": 1e308}}',
        b'{"question": "a", "filters": ' + b'{"filters": ' * 5000 + b"}" * 5001,
        b'{"' + b"a" * 1_000_000 + b'": 1}',
        b"{" + b",".join(b'"k%d": 1' % number for number in range(100_000)) + b"}",
        b'\xef\xbb\xbf{"question": 1}',
        b"question=a",
        b"null",
        b"",
    ],
    ids=lambda body: body[:40].decode("ascii", "replace") + f"({len(body)})",
)
def test_json_that_is_no_question_is_refused(address: Address, body: bytes) -> None:
    assert refused(address, request("/v1/ask", JSON, method="POST", body=body), 422) == (
        "request-invalid"
    )


BOMBS = {
    "stars": {"glob": ["/" + "*a" * 500 + "b"] * 50},
    "sets": {"glob": ["/" + "[a-z]*" * 200] * 50},
    "open sets": {"glob": ["/[" * 500] * 50},
    "long": {"path": ["/" + "a" * 1_000_000]},
    "paths": {"path": [f"/{number}" for number in range(5000)]},
    "globs": {"glob": [f"/{number}/*" for number in range(5000)]},
    "languages": {"language": [f"l{number}" for number in range(50_000)]},
    "documents": {"document_ids": list(range(1, 50_001))},
    "injection": {"path": ["'; DROP TABLE documents; --"], "language": ["' OR 1=1 --"]},
    "nul": {"path": ["/\0"]},
}


@pytest.mark.parametrize("bomb", list(BOMBS))
def test_a_filter_costs_no_more_than_it_may(address: Address, bomb: str) -> None:
    body = json.dumps({"question": QUESTION, "filters": BOMBS[bomb]}).encode()
    began = time.monotonic()
    answered = exchanged(address, request("/v1/ask", JSON, method="POST", body=body))
    assert status(answered) in (200, 422), answered[-500:]
    assert time.monotonic() - began < 5


# Headers

HEADERS = [
    "X-Request-Id: a\tSet-Cookie: x=1",
    "X-Request-Id: a%0d%0aSet-Cookie: x=1",
    "X-Request-Id: " + "a" * 5000,
    "X-Request-Id: <script>",
    "If-None-Match: " + ", ".join(f'"{number}"' for number in range(5000)),
    "If-None-Match: " + "W/" * 20_000,
    'If-None-Match: "' + "a" * 50_000,
    "If-Range: " + '"' * 50_000,
    "Range: bytes=" + ",".join(f"{number}-" for number in range(8000)),
    "Range: bytes=" + "0-1," * 10_000 + "0-1",
    "Range: bytes=" + "9" * 10_000 + "-",
    "Range: bytes=0-" + "9" * 10_000,
    "Range: bytes=1-0",
    "Range: pages=1-2",
    "Accept-Encoding: " + "gzip;q=0.1," * 4000,
    "Accept-Encoding: br;q=" + "9" * 10_000,
    "Accept: " + "*/*," * 10_000,
    "X-HTTP-Method-Override: DELETE",
    "X-Method-Override: DELETE",
    "X-Forwarded-Host: evil.example",
    "X-Forwarded-For: 127.0.0.1",
    "X-Forwarded-Proto: javascript",
    "Forwarded: host=evil.example",
    "X-Original-URL: /v1/documents/1",
    "X-Rewrite-URL: /metrics",
    "Expect: 200-ok",
    "Upgrade: h2c",
    "Upgrade: websocket",
    "Connection: X-Request-Id",
    "Cookie: session=../../etc/passwd",
    "Max-Forwards: 0",
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header[:40])
@pytest.mark.parametrize("path", ["/v1/documents/1/original", "/v1/documents/1/text"])
def test_a_header_wins_nothing(address: Address, path: str, header: str) -> None:
    plain = exchanged(address, request(path)).partition(b"\r\n\r\n")[2]
    answered = exchanged(address, request(path, header))
    head, _, body = answered.partition(b"\r\n\r\n")
    assert status(answered) == 200
    assert b"set-cookie" not in head.lower()
    assert b"evil.example" not in answered
    assert b"<script>" not in head
    assert len(head) < 2000
    if b"content-encoding" not in head:
        assert body == plain


def test_a_files_name_adds_no_header(address: Address) -> None:
    answered = exchanged(address, request("/v1/documents/2/original"))
    head = answered.partition(b"\r\n\r\n")[0].lower()
    assert b"content-disposition: attachment; filename*=utf-8''a%0d%0aset-cookie%3a" in head
    assert b"\r\nset-cookie" not in head
    assert b"content-type: application/octet-stream" in head
    assert b"nosniff" in head
    assert b"sandbox" in head


def test_markup_comes_back_as_json_only(address: Address) -> None:
    for sent in (
        request(f"/v1/ask?{quote(MARKUP)}=1"),
        request(f"/{quote(MARKUP)}"),
        request(f"/v1/documents?order={quote(MARKUP)}"),
        request("/v1/ask", JSON, method="POST", body=json.dumps({MARKUP: 1}).encode()),
    ):
        refused(address, sent, 404, 422)
    told = exchanged(address, request("/v1/documents/2"))
    assert MARKUP.encode() in told
    assert b"content-type: application/json" in told
    assert b"content-security-policy: default-src 'none'" in told


@pytest.mark.parametrize(
    "target", ["http://evil.example/", "//evil.example/%0d%0aX: 1", "/health/"]
)
def test_nobody_is_led_elsewhere(address: Address, target: str) -> None:
    answered = exchanged(address, request(target))
    location = [line for line in answered.split(b"\r\n") if line.lower().startswith(b"location:")]
    assert status(answered) in (307, 400, 404)
    assert all(b"evil" not in line for line in location)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "DEBUG", "PROPFIND", "FROB"])
def test_methods_nobody_needs_are_refused(address: Address, method: str) -> None:
    refused(address, request("/v1/documents", method=method), 404, 405)


def test_a_preflight_is_answered_to_no_page(address: Address) -> None:
    asked = ("Origin: https://evil.example", "Access-Control-Request-Method: DELETE")
    sent = request("/v1/documents/1", *asked, method="OPTIONS")
    assert refused(address, sent, 403) == "origin-refused"


def test_guesses_at_a_key_are_slowed_down_over_one_connection_too(
    tmp_path: Path, cache: Path
) -> None:
    keys = Keys(tmp_path)
    keys.add("ana", "read")
    with (
        closing(Engine(Settings(library=tmp_path, cache=cache))) as engine,
        served(create_app(engine, Policy(keys=keys))) as address,
    ):
        guesses = [
            request("/v1/documents", f"Authorization: Bearer qa_{number}").replace(
                b"Connection: close\r\n", b""
            )
            for number in range(50)
        ]
        answered = exchanged(address, b"".join(guesses))
    assert answered.count(b"HTTP/1.1 401 ") == 10
    assert answered.count(b"HTTP/1.1 ") == 11
