"""A server that answers what it is told to, one answer after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Scripted:
    status: int
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    url: str
    requests: list[str]
    """Method and path of what came, in order."""
    headers: list[Message]
    """Of the same."""


@contextmanager
def answering(answers: Sequence[Scripted]) -> Iterator[Asked]:
    """Answers the requests that come with these; with the last one when there are no more."""
    requests: list[str] = []
    headers: list[Message] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            answer = answers[min(len(requests), len(answers) - 1)]
            requests.append(f"{self.command} {self.path}")
            headers.append(self.headers)
            self.send_response(answer.status)
            body = answer.body.encode()
            for name, value in ({"Content-Length": str(len(body))} | answer.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - as the server looks them up

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Asked(f"http://127.0.0.1:{server.server_address[1]}", requests, headers)
        finally:
            server.shutdown()
            thread.join()
