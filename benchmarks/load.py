"""A load generator: clients on loopback, each with one connection and one question at a time.

Who is refused waits as `Retry-After` says. It speaks HTTP/1.1 over asyncio's streams and reads no
more of a response than it needs, so that it takes little of the processor it shares with what it
measures.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import quantiles

PATIENCE = 60
"""Seconds after which a response that has not come is an error."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a client needs of a response."""

    status: int
    """0 where none came whole."""
    closes: bool = False
    """Whether the connection ends with it."""
    retry_after: float = 0.0
    """Seconds to wait before the next request."""


@dataclass(frozen=True, slots=True)
class Load:
    """What some clients met with in some seconds."""

    seconds: float
    milliseconds: tuple[float, ...]
    """Of each question answered with 200."""
    statuses: Counter[int]
    """0 for a response that never came whole."""
    own_milliseconds: float
    """Of processor time that the generator itself took for each question."""

    @property
    def throughput(self) -> float:
        """Questions answered in a second."""
        return len(self.milliseconds) / self.seconds

    @property
    def errors(self) -> int:
        """Responses that were no answer."""
        return self.statuses.total() - self.statuses[200]

    def percentile(self, hundredth: int) -> float:
        """Milliseconds within which so many in a hundred were answered."""
        if len(self.milliseconds) < 2:
            return float("nan")
        return quantiles(self.milliseconds, n=100, method="inclusive")[hundredth - 1]


def load(port: int, path: str, questions: Iterator[str], clients: int, seconds: float) -> Load:
    """Ask a service on loopback; each question is taken by one client, and asked once."""
    return asyncio.run(_load(port, path, questions, clients, seconds))


def recovery(port: int, path: str, questions: Iterator[str], clients: int) -> float:
    """Seconds until a question is answered, asked right after so many clients asked and left."""
    return asyncio.run(_recovery(port, path, questions, clients))


async def _recovery(port: int, path: str, questions: Iterator[str], clients: int) -> float:
    left = [await asyncio.open_connection("127.0.0.1", port) for _ in range(clients)]
    for _, writer in left:
        writer.write(_request(path, next(questions)))
    await asyncio.gather(*(writer.drain() for _, writer in left))
    for _, writer in left:
        writer.close()
    asked = time.perf_counter()
    while time.perf_counter() < asked + PATIENCE:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        told = await _ask(reader, writer, path, next(questions))
        writer.close()
        if told.status == 200:
            return time.perf_counter() - asked
    return float("inf")


async def _load(
    port: int, path: str, questions: Iterator[str], clients: int, seconds: float
) -> Load:
    times: list[float] = []
    statuses: Counter[int] = Counter()
    started, own = time.perf_counter(), time.process_time()

    async def client() -> None:
        connection = None
        while time.perf_counter() < started + seconds:
            asked = time.perf_counter()
            try:
                connection = connection or await asyncio.open_connection("127.0.0.1", port)
                async with asyncio.timeout(PATIENCE):
                    told = await _ask(*connection, path, next(questions))
            except (OSError, EOFError, ValueError):  # TimeoutError is an OSError
                told, connection = Told(0), None
            statuses[told.status] += 1
            if told.status == 200:
                times.append(1000 * (time.perf_counter() - asked))
            if told.closes and connection:
                connection[1].close()
                connection = None
            await asyncio.sleep(told.retry_after)
        if connection:
            connection[1].close()

    await asyncio.gather(*(client() for _ in range(clients)))
    elapsed, own = time.perf_counter() - started, time.process_time() - own
    return Load(elapsed, tuple(times), statuses, 1000 * own / max(1, statuses.total()))


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, question: str
) -> Told:
    """Ask, and read the response to its end."""
    writer.write(_request(path, question))
    received = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status, *fields = received.splitlines()
    named = dict(field.split(": ", 1) for field in fields if field)
    await reader.readexactly(int(named.get("content-length", "0")))
    return Told(
        int(status.split()[1]),
        named.get("connection") == "close",
        float(named.get("retry-after", "0")),
    )


def _request(path: str, question: str) -> bytes:
    body = json.dumps({"question": question}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
