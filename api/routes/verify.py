"""Drafts and their quotations."""

from __future__ import annotations

from fastapi import APIRouter

from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.verification_schemas import DraftFile, DraftModel, VerificationModel, VerifyRequest

router = APIRouter(prefix="/v1", tags=["drafts"])


@router.post("/verify", summary="Verify a draft's quotations", responses=responses(422, 500, 503))
def verify(request: VerifyRequest, engine: TheEngine) -> VerificationModel:
    """Of each quotation in the draft: exact, normalised, altered or not found, and where."""
    from qa.checking.drafts.draft import draft_of

    draft = draft_of(request.text, markdown=request.format == "markdown")
    found = engine.verify(draft, request.min_words, request.filters.as_filters())
    return VerificationModel.model_validate(found)


@router.post(
    "/drafts",
    summary="Read a draft's file",
    responses=responses(415, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def read_draft(file: DraftFile) -> DraftModel:
    """The text of a draft in any format that can be indexed, to be verified. Nothing is kept."""
    from qa.checking.drafts.received import text_of
    from qa.jobs.names import safe_name

    return DraftModel(name=file.name, text=text_of(safe_name(file.name), file.data))
