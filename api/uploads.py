"""Files that are sent go to disk as they come, within bounds, before anything is done for them.

So they hold no memory, and a client that sends slowly holds no place in the queue.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from api import problems
from api.admission import BUSY, Queue
from api.bodies import again, announced
from api.framing import CLOSE
from api.limits import Limits
from api.multipart import FormFile, FormInvalid, boundary_of
from api.refusals import REFUSAL, Refusal
from index.errors import QuaereError
from qa.jobs.names import safe_name

if TYPE_CHECKING:
    from qa.jobs.jobs import Jobs
    from qa.jobs.uploads import Arriving

PATH = "/v1/documents"
SENT = "quaere.sent"
"""Where a request's scope keeps the file that came with it."""
PIECE_BYTES = 2**20
"""Written at once, on a thread."""
FORM_BYTES = 2**14
"""What a form has around its file."""


@dataclass(slots=True)
class Sent:
    """A file that came whole, and what it is called."""

    file: Arriving
    name: str = ""


class Uploads:
    """Takes in forms with a file, and hands on the rest to `bodies`."""

    def __init__(
        self, app: ASGIApp, bodies: ASGIApp, limits: Limits, queue: Queue, jobs: Jobs
    ) -> None:
        self._app = app
        self._bodies = bodies
        self._limits = limits
        self._queue = queue
        self._jobs = jobs
        self._arriving = 0
        self._too_large = Refusal(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "body-too-large",
            f"The file is larger than {limits.upload_bytes:,} bytes.",
            "Split it into smaller files.",
            CLOSE,
        )
        self._too_slow = Refusal(
            HTTPStatus.REQUEST_TIMEOUT,
            "body-too-slow",
            f"After {limits.body_seconds:g} seconds the file came at less than "
            f"{limits.upload_rate:,} bytes a second.",
            "Send it again over a faster connection.",
            CLOSE,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a file in and pass the request on, or refuse it."""
        form = None
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", PATH):
            headers = Headers(scope=scope)
            form = boundary_of(headers.get("content-type", ""))
        if form is None:
            await self._bodies(scope, receive, send)
        elif self._queue.full or self._arriving >= self._limits.uploads:
            await BUSY.beside(CLOSE)(scope, receive, send)
        elif announced(headers) > self._limits.upload_bytes + FORM_BYTES:
            await self._too_large(scope, receive, send)
        elif not form:
            await _invalid("the form's boundary is missing")(scope, receive, send)
        else:
            await self._counted(scope, receive, send, form)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, boundary: bytes) -> None:
        self._arriving += 1
        try:
            await self._taken(scope, receive, send, boundary)
        except QuaereError as error:
            scope[REFUSAL] = error.code
            await problems.answer_to(error, CLOSE)(scope, receive, send)
        finally:
            self._arriving -= 1

    async def _taken(self, scope: Scope, receive: Receive, send: Send, boundary: bytes) -> None:
        with await run_in_threadpool(self._jobs.receive) as file:
            sent = Sent(file)
            app: ASGIApp | None = self._app
            try:
                if await self._read(receive, sent, boundary):
                    scope[SENT] = sent
                else:
                    app = None
            except FormInvalid as error:
                app = _invalid(str(error))
            except _TooLarge:
                app = self._too_large
            except TimeoutError:
                app = self._too_slow
            if app is not None:
                await app(scope, again(b"", receive), send)

    async def _read(self, receive: Receive, sent: Sent, boundary: bytes) -> bool:
        """The whole form; False if the client has gone."""

        def named(name: str) -> None:
            sent.name = safe_name(name)  # refused before the rest has come

        form = FormFile(boundary, named, sent.file.write)
        clock, came, waiting = asyncio.get_running_loop(), 0, bytearray()
        began, more = clock.time(), True
        while more:
            allowed = self._limits.body_seconds + came / self._limits.upload_rate
            async with asyncio.timeout_at(began + allowed):
                message = await receive()
            if message["type"] != "http.request":
                return False
            waiting += message.get("body", b"")
            came += len(message.get("body", b""))
            if came > self._limits.upload_bytes + FORM_BYTES:
                raise _TooLarge
            more = message.get("more_body", False)
            if len(waiting) >= PIECE_BYTES or not more:
                await run_in_threadpool(form.feed, waiting)
                waiting = bytearray()
        form.finish()
        if sent.file.bytes > self._limits.upload_bytes:
            raise _TooLarge
        return True


class _TooLarge(Exception):
    """More has come than one file may have."""


def _invalid(what: str) -> Refusal:
    return Refusal(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        problems.INVALID,
        f"body: {what}.",
        problems.COMPARE,
        CLOSE,
    )
