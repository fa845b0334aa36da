"""Answers made smaller, for those who ask, and only those that may be."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from conftest import add, local_client, write
from starlette.responses import JSONResponse, Response, StreamingResponse

from api.app import create_app
from api.compression import ASIDE_BYTES, MIN_BYTES, Compression, accepted
from qa.engine import Engine
from qa.settings import Settings

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from starlette.types import ASGIApp

TEXT = "The harbour froze in March. " * 100
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
CODINGS = pytest.mark.parametrize("coding", sorted(UNPACK))


@pytest.fixture(scope="module")
def client(
    tmp_path_factory: pytest.TempPathFactory, tiny_model: Path, cache: Path
) -> Iterator[TestClient]:
    """Over a small library, only read."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(library=folder / "library", cache=cache, model=str(tiny_model))
    with closing(Engine(settings)) as made:
        add(made, write(folder / "sources", a=TEXT))
        yield local_client(create_app(made))


def raw(client: TestClient, path: str, **headers: str) -> tuple[Any, bytes]:
    """An answer, and its body as it came."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", path, headers={"accept-encoding": "identity"} | named) as answer:
        return answer, b"".join(answer.iter_raw())


def around(response: ASGIApp) -> TestClient:
    return local_client(Compression(response))


@CODINGS
def test_an_answer_is_the_same_in_every_coding(client: TestClient, coding: str) -> None:
    whole, body = raw(client, "/v1/documents/1/text")
    packed, smaller = raw(client, "/v1/documents/1/text", accept_encoding=coding)
    assert packed.headers["content-encoding"] == coding
    assert int(packed.headers["content-length"]) == len(smaller) < len(body) / 3
    assert UNPACK[coding](smaller) == body
    assert "content-encoding" not in whole.headers
    assert whole.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"


@CODINGS
def test_no_strong_tag_is_shared_between_codings(client: TestClient, coding: str) -> None:
    path = "/v1/documents/1/text"
    tags = {raw(client, path, accept_encoding=one)[0].headers["etag"] for one in ("", coding)}
    assert all(tag.startswith('W/"') for tag in tags)
    for tag in tags:
        for taken in ("", coding):
            again, body = raw(client, path, if_none_match=tag, accept_encoding=taken)
            assert (again.status_code, body) == (304, b"")
            assert again.headers["vary"] == "Accept-Encoding"


def test_files_and_their_parts_are_sent_as_they_are(client: TestClient) -> None:
    path = "/v1/documents/1/original"
    whole, body = raw(client, path, accept_encoding="br, gzip")
    assert body == TEXT.encode()
    assert "content-encoding" not in whole.headers
    assert not whole.headers["etag"].startswith("W/")
    part, body = raw(client, path, accept_encoding="br, gzip", range="bytes=0-1999")
    assert (part.status_code, body) == (206, TEXT.encode()[:2000])
    assert "content-encoding" not in part.headers


@pytest.mark.parametrize(
    "response",
    [
        JSONResponse("a" * (MIN_BYTES - 3)),
        Response(b"a" * 5000, media_type="image/png"),
        Response(b"a" * 5000, media_type="application/pdf"),
        Response(b"a" * 5000),
        Response(b"a" * 5000, media_type="text/plain", headers={"Content-Encoding": "gzip"}),
        Response(b"a" * 5000, media_type="text/plain", headers={"Content-Disposition": "inline"}),
        StreamingResponse(iter([b"a" * 5000, b"b" * 5000]), media_type="text/plain"),
    ],
    ids=["small", "picture", "pdf", "untyped", "packed", "file", "in-pieces"],
)
def test_what_gains_nothing_or_must_not_change_is_left_alone(response: Response) -> None:
    answer, body = raw(around(response), "/", accept_encoding="br, gzip")
    assert answer.headers.get("content-encoding") in (
        None,
        response.headers.get("content-encoding"),
    )
    assert len(body) == int(answer.headers.get("content-length", 10000))


@CODINGS
@pytest.mark.parametrize("size", [MIN_BYTES, ASIDE_BYTES * 3])
def test_from_a_size_on_answers_are_compressed(coding: str, size: int) -> None:
    client = around(JSONResponse("a" * size))
    packed, smaller = raw(client, "/", accept_encoding=coding)
    assert packed.headers["content-encoding"] == coding
    assert len(UNPACK[coding](smaller)) == size + 2


async def _events(scope: Any, receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for number in range(3):
        body = b"data: %d\n\n" % number
        await send({"type": "http.response.body", "body": body, "more_body": number < 2})


def test_events_pass_at_once() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def checked(scope: Any, receive: Any, send: Any) -> None:
        async def seen(message: Any) -> None:
            await send(message)
            assert sent[-1] is message

        await _events(scope, receive, seen)

    headers = [(b"accept-encoding", b"br, gzip")]
    scope = {"type": "http", "headers": headers}
    asyncio.run(Compression(checked)(scope, None, send))  # type: ignore[arg-type]
    assert [one.get("body") for one in sent[1:]] == [b"data: 0\n\n", b"data: 1\n\n", b"data: 2\n\n"]


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, gzip;q=0.000, *", None),
        ("", None),
        ("identity, deflate", None),
        ("br;q=x", None),
        ("brotli, xgzip", None),
        (";;,,=,q=1," * 1000, None),
    ],
)
def test_what_a_client_takes_is_what_it_says(header: str, coding: str | None) -> None:
    assert accepted(header) == coding


def test_a_strong_tag_is_weakened_with_what_it_was_given_to() -> None:
    client = around(JSONResponse("a" * 5000, headers={"ETag": '"x"', "Vary": "Origin"}))
    packed, _ = raw(client, "/", accept_encoding="br")
    assert packed.headers["etag"] == 'W/"x"'
    assert packed.headers["vary"] == "Origin, Accept-Encoding"
    assert raw(client, "/")[0].headers["etag"] == '"x"'
