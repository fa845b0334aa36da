"""SIGTERM: what is under way is answered, nothing new is taken, and the process ends in time."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import PROJECT, write
from processes import wait_until
from test_server_process import Server, serving

from conftest import RunQa  # isort: skip

IN_TIME = 5.0
"""From the signal to the end of the process."""
pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, cache: Path, tiny_model: Path, run_qa: RunQa) -> Iterator[Server]:
    large = tmp_path / "sources"
    write(large, a="The harbour froze in March. " * 200_000)
    added = run_qa("add", large, "--model", tiny_model)
    assert added.returncode == 0, added.stderr
    options = ("--log-format", "json", "--model", str(tiny_model))
    with serving(tmp_path / "library", cache, tmp_path / "stderr", *options) as server:
        yield server


def connected(server: Server) -> socket.socket:
    address = urlsplit(str(server.http.base_url))
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=10)
