"""Questions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import described, responses
from api.schemas import (
    AnswerModel,
    AnswersModel,
    AskBatchRequest,
    AskRequest,
    OneOfManyModel,
)
from api.wire import Wire
from index.errors import QuestionError
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
    return _written(AnswerModel.model_validate(engine.answer(request.as_request())))


@router.post(
    "/ask:batch",
    summary="Ask several questions at once",
    response_model=AnswersModel,
    responses=responses(422, 500, 503),
)
def ask_all(request: AskBatchRequest, engine: TheEngine) -> Response:
    """Of each question what it would be answered alone, in order; `generation` says of which state.

    A question that is empty or too long has a problem instead, and costs the others nothing.
    """
    found = engine.ask_all([one.as_request() for one in request.questions])
    return _written(AnswersModel(answers=[_one_of_many(one) for one in found]))


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
    return _written(AnswerModel.model_validate(engine.ask(q, limit)))


def _one_of_many(found: Answer | QuestionError) -> OneOfManyModel:
    if isinstance(found, QuestionError):
        return OneOfManyModel(answer=None, problem=described(found))
    return OneOfManyModel(answer=AnswerModel.model_validate(found), problem=None)


def _written(answer: Wire) -> Response:
    # Here: FastAPI would check and convert the answer once more, on the one thread that serves
    # all connections.
    return Response(answer.model_dump_json(), media_type=JSON)
