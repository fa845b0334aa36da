"""The application on a real port of the loopback, and bytes sent to it as they are."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from api import connections
from api.limits import Limits
from api.server import listen

Address = tuple[str, int]


@contextmanager
def served(
    app: Any, limits: Limits | None = None, log_level: str = "critical"
) -> Iterator[Address]:
    """A server in a thread, with the connections that `qa serve` has."""
    with listen("127.0.0.1", 0) as listening:
        options = connections.options(limits or Limits())
        config = uvicorn.Config(
            app,
            loop="asyncio",  # as `qa serve` has it
            log_config=None,
            log_level=log_level,
            access_log=False,
            **options,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def exchanged(address: Address, *parts: bytes, pause: float = 0.0, seconds: float = 10) -> bytes:
    """All a server answers to bytes sent in parts, until it closes the connection.

    Raises:
        TimeoutError: when it does not.
    """
    with socket.create_connection(address, timeout=seconds) as connection:
        answered = b""
        with suppress(ConnectionError):  # it may close before it has all, and answer all the same
            for part in parts:
                connection.sendall(part)
                time.sleep(pause)
        with suppress(ConnectionResetError):
            while piece := connection.recv(65536):
                answered += piece
        return answered


def status(answered: bytes) -> int:
    """Of the first answer in these bytes."""
    return int(answered.split(b" ", 2)[1])
