"""Answers that take too long to begin, and those that only take long."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from conftest import LOOPBACK

from api.app import create_app
from api.limits import Limits
from api.policy import Policy
from index.listing import Page
from qa.engine import Engine
from qa.settings import Settings

SECRET = "Xylophon7734"


class Waiting(Engine):
    """Lists no documents before it is let go on."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.go_on = threading.Event()
        self.fails = False

    def page(self, *_: Any, **__: Any) -> Page:
        assert self.go_on.wait(30)
        if self.fails:
            raise RuntimeError(SECRET)
        return Page((), None)


@pytest.fixture
def engine(tmp_path: Path) -> Waiting:
    return Waiting(Settings(library=tmp_path, cache=tmp_path))


def service(engine: Engine, seconds: float = 0.3, **limits: Any) -> tuple[Any, httpx.AsyncClient]:
    app = create_app(engine, Policy(limits=Limits(request_seconds=seconds, **limits)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return app, httpx.AsyncClient(transport=transport, base_url=LOOPBACK)


async def until_free(app: Any) -> None:
    async with asyncio.timeout(10):
        while app.queue.taken:
            await asyncio.sleep(0.01)


def test_an_answer_that_does_not_begin_is_given_up_and_its_place_stays_taken(
    engine: Waiting,
) -> None:
    async def story() -> tuple[Any, list[int], Any, Any]:
        app, http = service(engine, requests=1)
        async with http:
            late = await http.get("/v1/documents")
            taken = [app.queue.taken]
            refused = await http.get("/v1/documents")
            engine.go_on.set()
            await until_free(app)
            taken.append(app.queue.taken)
            return late, taken, refused, await http.get("/v1/documents")

    late, taken, refused, answered = asyncio.run(story())
    assert (late.status_code, late.json()["code"]) == (503, "timed-out")
    assert late.json()["request_id"] == late.headers["x-request-id"]
    assert late.headers["retry-after"] == "10"
    assert late.headers["x-content-type-options"] == "nosniff"
    assert taken == [1, 0]
    assert refused.json()["code"] == "busy"
    assert answered.status_code == 200


def test_what_fails_after_its_time_is_logged_without_its_message(
    engine: Waiting, caplog: pytest.LogCaptureFixture
) -> None:
    engine.fails = True

    async def story() -> None:
        app, http = service(engine)
        async with http:
            assert (await http.get("/v1/documents")).status_code == 503
            engine.go_on.set()
            await until_free(app)
            await asyncio.sleep(0.05)

    with caplog.at_level(logging.ERROR, "quaere"):
        asyncio.run(story())
    assert "a request failed after its time was up" in caplog.messages
    assert not any(SECRET in message for message in caplog.messages)


def test_an_answer_that_has_begun_is_not_cut(engine: Waiting) -> None:
    from starlette.responses import StreamingResponse

    async def story() -> tuple[Any, list[int]]:
        app, http = service(engine, seconds=1)
        taken = []

        async def pieces() -> Any:
            for _ in range(6):
                yield b"a"
                await asyncio.sleep(0.25)
                taken.append(app.queue.taken)

        app.add_api_route("/slow", lambda: StreamingResponse(pieces()))
        async with http:
            return await http.get("/slow"), taken

    began = time.monotonic()
    answered, taken = asyncio.run(story())
    assert (answered.status_code, answered.text) == (200, "aaaaaa")
    assert time.monotonic() - began > 1.4
    assert taken == [0] * 6, "a stream holds no place"


def test_what_may_hold_much_work_has_longer(engine: Waiting) -> None:
    class Verifying(Waiting):
        def verify(self, *_: Any, **__: Any) -> Any:
            time.sleep(0.6)
            raise RuntimeError

    async def story() -> Any:
        _, http = service(Verifying(engine._settings))
        async with http:
            return await http.post("/v1/verify", json={"text": "“Many words, in a row, quoted.”"})

    assert asyncio.run(story()).status_code == 500


def test_who_leaves_early_stops_nothing_else(engine: Waiting) -> None:
    async def story() -> int:
        app, http = service(engine)
        async with http:
            task = asyncio.create_task(http.get("/v1/documents"))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            engine.go_on.set()
            await until_free(app)
            return (await http.get("/v1/documents")).status_code

    assert asyncio.run(story()) == 200
