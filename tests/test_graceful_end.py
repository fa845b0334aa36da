"""SIGTERM: what is under way is answered, nothing new is taken, and the process ends in time."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from test_server_process import Server, serving

if TYPE_CHECKING:
    from conftest import RunQa

IN_TIME = 5.0
"""From the signal to the end of the process."""
BODY = json.dumps({"question": "When did the harbour freeze?"}).encode()
ASK = b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture
def server(tmp_path: Path, cache: Path, tiny_model: Path, run_qa: RunQa) -> Iterator[Server]:
    sources = tmp_path / "sources"
    sources.mkdir()
    padding = "x" * 16_000_000  # more than the system takes of what nobody reads
    (sources / "a.html").write_text(f"<p>The harbour froze in March.</p><!-- {padding} -->")
    added = run_qa("add", sources, "--model", tiny_model)
    assert added.returncode == 0, added.stderr
    options = ("--log-format", "json", "--model", str(tiny_model))
    with serving(tmp_path / "library", cache, tmp_path / "stderr", *options) as server:
        yield server


def connected(server: Server) -> socket.socket:
    address = urlsplit(str(server.http.base_url))
    assert address.hostname
    assert address.port
    return socket.create_connection((address.hostname, address.port), timeout=10)


def ended(server: Server, began: float) -> None:
    assert server.process.wait(30) == -signal.SIGTERM
    assert time.monotonic() - began < IN_TIME


def test_a_request_under_way_is_answered_and_no_further_one_is_taken(server: Server) -> None:
    with connected(server) as idle, connected(server) as under_way:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        came = b""
        while not came.endswith(b'{"status":"ok"}'):  # the head may come alone
            came += (piece := idle.recv(65536))
            assert piece, came
        assert came.startswith(b"HTTP/1.1 200 ")
        under_way.sendall(ASK + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY[:9])
        time.sleep(0.2)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        with pytest.raises(ConnectionRefusedError):
            connected(server)
        assert idle.recv(65536) == b"", "an idle connection is closed"
        under_way.sendall(BODY[9:])
        answered = b"".join(iter(lambda: under_way.recv(65536), b""))
    assert answered.startswith(b"HTTP/1.1 200 ")
    assert b"The harbour froze" in answered
    ended(server, began)


def test_a_download_that_hangs_and_half_a_request_hold_nothing_up(server: Server) -> None:
    with connected(server) as hanging, connected(server) as half, connected(server) as slow:
        hanging.sendall(b"GET /v1/documents/1/original HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert hanging.recv(1024).startswith(b"HTTP/1.1 200 ")
        half.sendall(ASK + b"Content-Length: 50\r\n\r\n{")
        slow.sendall(b"GET /hea")
        time.sleep(0.2)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        ended(server, began)
        told = b"".join(iter(lambda: half.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"ending"' in told
    assert b"retry-after: " in told
    lines = server.errors.read_text().splitlines()[1:]
    assert all(line.startswith("{") for line in lines), "nothing but lines of the log"
    assert not any("failure" in line for line in lines), "no traces of what was to be expected"
