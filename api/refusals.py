"""Requests that are turned away before any route sees them, answered as problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

REFUSAL = "quaere.refusal"
"""Where a request's scope keeps the code it was refused with, for the counters."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away, and what would help."""

    status: HTTPStatus
    code: str
    detail: str
    remedy: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def beside(self, headers: Mapping[str, str]) -> Refusal:
        """The same, with these headers too."""
        return replace(self, headers={**self.headers, **headers})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with this refusal."""
        scope[REFUSAL] = self.code
        await self.response()(scope, receive, send)

    def response(self) -> JSONResponse:
        """The problem that is answered with."""
        from api.problems import problem

        return problem(self.status, self.detail, self.code, self.remedy, dict(self.headers))
