"""Jobs asked for in tests, and carried out: here and now, or by the real process."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.engine import Engine
from qa.jobs.store import Store
from qa.jobs.work import Worker

if TYPE_CHECKING:
    import httpx
    from fastapi.testclient import TestClient

WORDS = "The embassy in the capital was opened that day, and closed in March."
BROKEN = b"%PDF-1.7 and nothing more"
SECONDS = 300
"""More than any job of a test takes on a busy machine, to which its process gives way."""


def work(engine: Engine) -> None:
    """Carry out what is queued, in this process."""
    Worker(engine, Store(engine.library), threading.Event()).run(idle_seconds=0.01)


def send(client: TestClient | httpx.Client, name: str, data: bytes) -> dict[str, Any]:
    """Send a file; the job."""
    reply = client.post("/v1/documents", files={"file": (name, data)})
    assert reply.status_code == 202, reply.text
    job: dict[str, Any] = reply.json()
    assert reply.headers["location"] == f"/v1/jobs/{job['id']}"
    return job


def look(client: TestClient | httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job as it is now."""
    reply = client.get(f"/v1/jobs/{job['id']}")
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def ended(client: TestClient | httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job once it has ended."""
    end = time.monotonic() + SECONDS
    while (now := look(client, job))["ended"] is None:
        assert time.monotonic() < end, now
        time.sleep(0.05)
    return now


def kept(engine: Engine) -> list[Path]:
    """Every file in the folder of uploads, those included that are still arriving."""
    return sorted(path for path in (engine.library / "uploads").rglob("*") if path.is_file())


def synced(client: TestClient, **asked: Any) -> dict[str, Any]:
    """Ask for a sync; the job."""
    reply = client.post("/v1/sync", json=asked)
    assert reply.status_code == 202, reply.text
    job: dict[str, Any] = reply.json()
    return job
