"""Keys and questions stand in no log, no problem and no traceback, whatever goes wrong."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_server import exchanged, served

from api import logs
from api.app import create_app
from api.policy import Policy
from index.library import write as make_library
from qa.engine import Engine
from qa.keys import Keys
from qa.settings import Settings
from qa.types import Request

SECRET = "Xylophon7734"
"""Stands in every question."""


class Failing(Engine):
    """Fails in a way nobody foresaw, and tells what it was asked."""

    def answer(self, request: Request) -> Any:
        question = request.question
        raise RuntimeError(f"cannot think of {question}") from KeyError(question)

    def ask(self, question: str, *_: Any, **__: Any) -> Any:
        return self.answer(Request(question))

    def verify(self, draft: Any, *_: Any, **__: Any) -> Any:
        raise ValueError(draft)


@pytest.fixture(params=["json", "text", None])
def logged(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that is logged, as `qa serve` writes it."""
    root = logging.getLogger()
    before = root.handlers
    logs.install(request.param)
    written = io.StringIO()
    handler = root.handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written)
    yield written
    root.handlers = before


def test_no_key_and_no_question_is_told(tmp_path: Path, logged: io.StringIO) -> None:
    with make_library(tmp_path / "library"):
        keys = Keys(tmp_path / "library")
    token = keys.add("ana", "write")
    app = create_app(
        Failing(Settings(library=tmp_path / "library", cache=tmp_path)),
        Policy(keys=keys),
        (logs.log_access,),
    )
    told = []
    with served(app, log_level="debug") as address:
        url = f"http://127.0.0.1:{address[1]}"
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False) as http:
            for answer in (
                http.post("/v1/ask", json={"question": SECRET}),
                http.get("/v1/ask", params={"q": SECRET}),
                http.post("/v1/verify", json={"text": f"“{SECRET} and some more words”"}),
                http.get("/v1/documents", headers={"Authorization": f"Bearer {token}{SECRET}"}),
                http.get("/v1/documents", headers={"Authorization": f"{token}"}),
                http.get("/v1/documents", headers={"X-API-Key": token}),
            ):
                assert answer.status_code in (200, 401, 500)
                told += [answer.text, str(answer.headers)]
        broken = f"GET /{SECRET} HTTP/1.1\r\nAuthorization: Bearer {token}\r\nX\0: {token}\r\n\r\n"
        told.append(exchanged(address, broken.encode()).decode())
    told.append(logged.getvalue())
    assert "RuntimeError" in told[-1], "what failed is logged"
    assert "/v1/ask" in told[-1]
    for text in told:
        assert SECRET not in text
        assert token not in text
        assert token.removeprefix("qa_") not in text
