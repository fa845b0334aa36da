"""Passages by their ids, what stands around them, and their citations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator
from pydantic_core import PydanticKnownError

from api.citation_schemas import CitationModel, FormattedModel, NeighboursModel
from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import responses
from index.public_id import ID_CHARACTERS
from qa import citing

MAX_NEIGHBOURS = 10
"""About two printed pages on either side; who wants more reads the text."""


def _known(style: str) -> str:
    if style not in citing.ALL_STYLES:
        raise PydanticKnownError("literal_error", {"expected": ", ".join(citing.ALL_STYLES)})
    return style


Style = Annotated[
    str,
    AfterValidator(_known),
    Query(
        description="A citation style, or a format to take elsewhere.",
        json_schema_extra={"enum": list(citing.ALL_STYLES)},
    ),
]

PassageName = Annotated[
    str,
    Path(
        pattern=f"^[0-9a-f]{{{ID_CHARACTERS}}}$",
        description="As citations give it in `id`; outlives indexing the file again.",
        examples=["bb69713650419aaa"],
    ),
]

router = APIRouter(
    prefix="/v1/passages/{passage_id}",
    tags=["passages"],
    dependencies=[ONLY_KNOWN],
    responses=responses(404, 422, 500, 503),
)


@router.get("", summary="Look up a passage")
def get_passage(passage_id: PassageName, engine: TheEngine) -> CitationModel:
    """The passage with this id, verbatim, as answers cite it."""
    return CitationModel.model_validate(engine.cite(passage_id))


@router.get("/neighbours", summary="Read on around a passage")
def get_neighbours(
    passage_id: PassageName,
    engine: TheEngine,
    count: Annotated[
        int, Query(ge=1, le=MAX_NEIGHBOURS, description="On either side.", examples=[2])
    ] = 1,
) -> NeighboursModel:
    """The passages right before and right after this one in its document."""
    return NeighboursModel.of(engine, passage_id, count)


@router.get("/citation", summary="Cite a passage in a style")
def get_citation(
    passage_id: PassageName, engine: TheEngine, style: Style = "apa"
) -> FormattedModel:
    """What a text that quotes the passage needs: the citation in it, and the list's entry."""
    formatted = citing.as_styled(engine.cite(passage_id), style)
    return FormattedModel.model_validate(formatted)
