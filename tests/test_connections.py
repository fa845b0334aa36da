"""Connections that send nothing, too slowly, or do not read; and more than there may be."""

from __future__ import annotations

import asyncio
import gc
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real_server import Address, exchanged, served, status

from api.app import create_app
from api.limits import Limits

if TYPE_CHECKING:
    from conftest import MakeEngine
    from starlette.types import Receive, Scope, Send

HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LAST = b"Connection: close\r\n\r\n"
SMALL = Limits(header_seconds=0.5, idle_seconds=1, stalled_seconds=0.5, connections=4)


@pytest.fixture
def address(tmp_path: Path, make_engine: MakeEngine) -> Iterator[Address]:
    with served(create_app(make_engine(tmp_path / "nowhere")), SMALL) as address:
        yield address


@pytest.mark.parametrize("begin", [b"", b"G", HEALTH], ids=["nothing", "a-byte", "no-end"])
def test_headers_that_do_not_come_are_not_waited_for(address: Address, begin: bytes) -> None:
    began = time.monotonic()
    answered = exchanged(address, begin)
    assert status(answered) == 408
    assert b'"code":"headers-too-slow"' in answered
    assert time.monotonic() - began < 5
    assert status(exchanged(address, HEALTH, LAST)) == 200


def test_a_byte_now_and_then_wins_no_time(address: Address) -> None:
    began = time.monotonic()
    assert status(exchanged(address, *[b"X"] * 100, pause=0.05)) == 408
    assert time.monotonic() - began < 10


def test_a_further_request_is_not_waited_for_longer(address: Address) -> None:
    answered = exchanged(address, HEALTH + b"\r\n", b"GET", pause=0.2)
    assert status(answered) == 200
    assert b"HTTP/1.1 408 " in answered


def test_an_idle_connection_is_closed(address: Address) -> None:
    assert exchanged(address, HEALTH + b"\r\n").count(b"HTTP/1.1") == 1


def test_no_part_of_an_answer_waits_for_the_client_to_acknowledge_another(
    address: Address,
) -> None:
    with socket.create_connection(address) as asking:
        asking.sendall(HEALTH + b"\r\n")
        assert asking.recv(4096)
        # By type: asked for their class, some modules that load others lazily do so.
        sockets = [one for one in gc.get_objects() if type(one) is socket.socket]
        held = [one for one in sockets if _peer(one) == asking.getsockname()]
        assert held
        assert all(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for one in held)


def _peer(one: socket.socket) -> object:
    try:
        return one.getpeername()
    except OSError:  # it listens, or is closed
        return None


def test_more_connections_than_there_may_be_are_told_so(address: Address) -> None:
    with ExitStack() as stack:
        for _ in range(SMALL.connections):
            stack.enter_context(socket.create_connection(address))
        answered = exchanged(address, HEALTH, LAST)
    assert status(answered) == 503
    assert b'"code":"too-many-connections"' in answered
    assert b"\r\nretry-after: 1\r\n" in answered
    time.sleep(0.2)
    assert status(exchanged(address, HEALTH, LAST)) == 200


def test_a_client_that_does_not_read_is_not_waited_for() -> None:
    ended: list[float] = []

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()  # the request
        gone = asyncio.ensure_future(receive())
        while not gone.done():
            await send({"type": "http.response.body", "body": b"a" * 65536, "more_body": True})
            await asyncio.sleep(0)
        ended.append(time.monotonic())

    began = time.monotonic()
    with served(endless, SMALL) as address, socket.create_connection(address) as connection:
        connection.sendall(HEALTH + b"\r\n")
        while not ended and time.monotonic() - began < 10:
            time.sleep(0.05)
        assert ended
        assert ended[0] - began < 8
