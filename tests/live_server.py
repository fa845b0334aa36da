"""A real server on the loopback, in a thread of the test's process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api import connections
from api.app import create_app
from api.policy import Policy
from api.server import listen, url
from qa.engine import Engine

HOST = "127.0.0.1"


@contextmanager
def live(engine: Engine, policy: Policy | None = None) -> Iterator[str]:
    """The address at which the engine is served, until the end of the block."""
    with listen(HOST, 0) as listening:
        app = create_app(engine, policy)
        bounds = connections.options(app.policy.limits)
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", **bounds))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield url(HOST, listening)
        finally:
            server.should_exit = True
            thread.join()
