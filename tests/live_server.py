"""The service over an engine, on a real port of the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from real_server import served

from api.app import create_app
from api.policy import Policy
from qa.engine import Engine

HOST = "127.0.0.1"


@contextmanager
def live(engine: Engine, policy: Policy | None = None) -> Iterator[str]:
    """The address at which the engine is served, until the end of the block."""
    app = create_app(engine, policy)
    with served(app, app.policy.limits) as (host, port):
        yield f"http://{host}:{port}"
