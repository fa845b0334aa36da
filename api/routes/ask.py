"""Questions."""

from __future__ import annotations

from fastapi import APIRouter

from api.engine import TheEngine
from api.problems import responses
from api.schemas import AnswerModel, AskRequest

router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/ask", summary="Ask a question", responses=responses(422, 500, 503))
def ask(request: AskRequest, engine: TheEngine) -> AnswerModel:
    """The passages that answer the question best, verbatim, each with its citation."""
    answer = engine.ask(
        request.question,
        request.limit,
        request.filters.as_filters(),
        request.per_document,
        explain=request.explain,
    )
    return AnswerModel.model_validate(answer)
