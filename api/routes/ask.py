"""Questions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.schemas import AnswerModel, AskRequest
from qa.types import DEFAULT_LIMIT, MAX_LIMIT, Answer

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
    return _written(answer)


@router.get(
    "/ask",
    summary="Ask by a link",
    responses=responses(422, 500, 503),
    response_model=AnswerModel,
    dependencies=[ONLY_KNOWN],
)
def ask_by_link(
    engine: TheEngine,
    q: Annotated[
        str, Query(description="As in the body of a POST.", examples=["Who visited Pyongyang?"])
    ],
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="How many passages to return.")
    ] = DEFAULT_LIMIT,
) -> Response:
    """What a POST of the question answers, without filters: for links and bookmarks."""
    return _written(engine.ask(q, limit))


def _written(answer: Answer) -> Response:
    # Here: FastAPI would check and convert the answer once more, on the one thread that serves
    # all connections.
    return Response(AnswerModel.model_validate(answer).model_dump_json(), media_type=JSON)
