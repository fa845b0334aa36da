"""A job followed as it happens: server-sent events."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from http_problems import problem
from jobs_at_work import WORDS, look, send, work

from api import events
from qa.engine import Engine
from qa.jobs import states
from qa.jobs.store import Store
from qa.jobs.types import Result

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def told(client: TestClient, job: dict[str, Any], **headers: str) -> list[tuple[str, int, Any]]:
    """The events that are told until the stream ends: (name, id, data)."""
    reply = client.get(f"/v1/jobs/{job['id']}/events", headers=headers)
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/event-stream")
    begin, *blocks = reply.text.removesuffix("\n\n").split("\n\n")
    assert begin == "retry: 2000"
    found = []
    for block in blocks:
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        found.append((fields["event"], int(fields["id"]), json.loads(fields["data"])))
    return found


@pytest.mark.slow
def test_events_tell_each_state_until_the_end(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.02)
    job = send(client, "a.txt", WORDS.encode())
    thread = threading.Timer(0.3, work, args=[engine])
    thread.start()
    found = told(client, job)
    thread.join()
    assert [data["state"] for name, _, data in found if name == "state"] == [
        "queued",
        "running",
        "done",
    ]
    ids = [id_ for _, id_, _ in found]
    assert ids == sorted(set(ids))
    assert found[-1][2] == look(client, job)
    assert client.app.state.streams.taken == client.app.queue.taken == 0  # type: ignore[attr-defined]


def test_events_go_on_after_the_last_that_was_seen(client: TestClient, engine: Engine) -> None:
    job = send(client, "a.txt", WORDS.encode())
    Store(engine.library).change(job["id"], states.begun)
    Store(engine.library).change(job["id"], lambda one: states.done(one, Result()))
    for seen in ("1", "2", "99", "x", "-1"):
        assert [(name, id_) for name, id_, _ in told(client, job, **{"last-event-id": seen})] == [
            ("state", 3)
        ]
    path = f"/v1/jobs/{job['id']}/events"
    assert client.get(path, headers={"last-event-id": "3"}).status_code == 204


def test_events_say_that_they_live_and_end_with_the_service(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(events, "ALIVE_SECONDS", 0.05)
    job = send(client, "a.txt", WORDS.encode())
    looks = iter([False] * 30)
    client.app.state.ending = lambda: next(looks, True)  # type: ignore[attr-defined]
    reply = client.get(f"/v1/jobs/{job['id']}/events")
    assert reply.text.count("event: state") == 1
    assert ": still there\n\n" in reply.text


def test_streams_are_bounded_and_need_no_place_in_the_queue(
    client: TestClient, engine: Engine
) -> None:
    job = send(client, "a.txt", WORDS.encode())
    Store(engine.library).change(job["id"], lambda one: states.done(one, Result()))
    path = f"/v1/jobs/{job['id']}/events"
    client.app.queue.taken = 10**6  # type: ignore[attr-defined]
    assert client.get(path).status_code == 200
    assert problem(client, 503, "GET", "/v1/jobs")["code"] == "busy"
    client.app.state.streams.taken = events.PLACES  # type: ignore[attr-defined]
    assert problem(client, 503, "GET", path)["code"] == "busy"
