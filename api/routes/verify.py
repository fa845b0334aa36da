"""Drafts and their quotations."""

from __future__ import annotations

from fastapi import APIRouter

from api.engine import TheEngine
from api.problems import responses
from api.verification_schemas import VerificationModel, VerifyRequest

router = APIRouter(prefix="/v1", tags=["drafts"])


@router.post("/verify", summary="Verify a draft's quotations", responses=responses(422, 500, 503))
def verify(request: VerifyRequest, engine: TheEngine) -> VerificationModel:
    """Of each quotation in the draft: exact, normalised, altered or not found, and where."""
    from qa.checking.drafts.draft import draft_of

    draft = draft_of(request.text, markdown=request.format == "markdown")
    found = engine.verify(draft, request.min_words, request.filters.as_filters())
    return VerificationModel.model_validate(found)
