"""Passages that were collected, taken along as a file."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Response

from api import delivery
from api.engine import TheEngine
from api.export_schemas import ExportRequest
from api.parameters import ONLY_KNOWN
from api.problems import responses
from qa.citing import collected

router = APIRouter(prefix="/v1", tags=["notebooks"])

FILE = {"type": "string", "format": "binary"}
ITEMS = {"type": "array", "items": {"type": "object"}}
"""Of CSL-JSON."""


@router.post(
    "/exports",
    summary="Take passages along as a file",
    response_class=Response,
    responses={
        200: {
            "description": "The file.",
            "content": {
                one.media_type: {"schema": ITEMS if one.media_type.endswith("json") else FILE}
                for one in collected.FORMATS.values()
            },
        },
        **responses(404, 409, 422, 500, 503),
    },
    dependencies=[ONLY_KNOWN],
)
def export(request: ExportRequest, engine: TheEngine) -> Response:
    """Each passage verbatim with its citation, in their order.

    Markdown and Word have block quotations with footnotes and a list of references, Markdown so that
    `qa verify --citations` reads it; the others have each source once, with what is cited of it.
    """
    chosen = [one.as_chosen() for one in request.passages]
    cited = [
        collected.Collected(citation, one.note)
        for one, citation in zip(chosen, engine.cite_all(chosen), strict=True)
    ]
    written, title = collected.FORMATS[request.format], request.title or ""
    name = collected.file_name(title, written.suffix)
    return Response(
        written.write(cited, request.style, title),
        media_type=written.media_type,
        headers={**delivery.named(Path(name), inline=False), **delivery.NOT_RUN},
    )
