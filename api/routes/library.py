"""The library as a whole: what it holds, and what could not be read into it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import cursors
from api.access import key_name, may_write
from api.engine import TheEngine
from api.library_schemas import ContentsModel, FailureModel, FailuresModel, FailuresQuery
from api.parameters import ONLY_KNOWN
from api.problems import responses

router = APIRouter(prefix="/v1", tags=["library"])


@router.get(
    "/library",
    summary="What does the library hold?",
    responses=responses(422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def get_library(engine: TheEngine, request: Request) -> ContentsModel:
    """How many documents, in which languages, of which days; and who asks, and whether they may write."""
    scope = request.scope
    return ContentsModel.of(engine.contents(), can_write=may_write(scope), key=key_name(scope))


@router.get("/failures", summary="List what could not be read", responses=responses(422, 500, 503))
def list_failures(engine: TheEngine, query: Annotated[FailuresQuery, Query()]) -> FailuresModel:
    """Files that could not be indexed, each with what to do, by path."""
    found = engine.failed(query.limit, cursors.read_failure(query.cursor))
    return FailuresModel(
        failures=[
            FailureModel(path=str(one.path), code=one.code, message=one.message, remedy=one.remedy)
            for one in found.failures
        ],
        next_cursor=cursors.written_failure(found.ended),
    )
