"""Questions."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api.engine import TheEngine
from api.problems import responses
from api.schemas import AnswerModel, AskRequest

JSON = "application/json"

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post(
    "/ask",
    summary="Ask a question",
    response_model=AnswerModel,
    responses=responses(422, 500, 503),
)
def ask(request: AskRequest, engine: TheEngine) -> Response:
    """The passages that answer the question best, verbatim, each with its citation."""
    answer = engine.ask(
        request.question,
        request.limit,
        request.filters.as_filters(),
        request.per_document,
        explain=request.explain,
    )
    # Written here: FastAPI would check and convert the answer once more, on the one thread that
    # serves all connections.
    return Response(AnswerModel.model_validate(answer).model_dump_json(), media_type=JSON)
