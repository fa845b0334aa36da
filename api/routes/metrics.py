"""Counters, for Prometheus."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from api.metrics import CONTENT_TYPE, Metrics

router = APIRouter(tags=["health"])

EXAMPLE = """\
# HELP quaere_library_documents Documents in the library.
# TYPE quaere_library_documents gauge
quaere_library_documents 20.0
"""


@router.get(
    "/metrics",
    summary="How is the service doing?",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {"example": EXAMPLE}}}},
)
def metrics(request: Request) -> PlainTextResponse:
    """Latency by route and by stage, the queue, refusals, answers kept, what the library holds.

    In Prometheus' text format. With several workers, their sum.
    """
    counted: Metrics = request.app.state.metrics
    return PlainTextResponse(counted.as_text(), headers={"Content-Type": CONTENT_TYPE})
