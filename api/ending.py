"""Requests that are under way when the service must end are told so, where nothing was sent yet.

uvicorn cancels what is not answered in time, and would answer 500 to each, with a trace in the log.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.framing import CLOSE
from api.refusals import Refusal

ENDING = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "ending",
    "The service was told to end before the answer was ready.",
    "Send the request again once the service is back. What was to change something may have done so.",
    {**CLOSE, "Retry-After": "5"},
)


class Ending:
    """Answers for what is cancelled; an answer that has begun is cut off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except asyncio.CancelledError:
            if scope["type"] != "http" or not scope["app"].state.ending():
                raise
            if not begun:
                await ENDING(scope, receive, send)
