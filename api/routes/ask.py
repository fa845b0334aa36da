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
    return AnswerModel.model_validate(engine.ask(request.question, request.limit))
