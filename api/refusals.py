"""Requests that are turned away before any route sees them, answered as problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with this refusal."""
        from api.problems import problem

        scope[REFUSAL] = self.code
        answer = problem(self.status, self.detail, self.code, self.remedy, dict(self.headers))
        await answer(scope, receive, send)
