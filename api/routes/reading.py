"""A document that is read: its outline, words on its pages, and any words of it cited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.citation_schemas import CitationModel, FormattedModel
from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.reading_schemas import OutlineModel, PageBoxesModel
from api.routes.documents import Id
from api.routes.passages import Style
from api.wire import MAX_ID
from index.types import BoxesBy, DocumentId
from qa import citing
from qa.types import Citation

router = APIRouter(
    prefix="/v1/documents/{document_id}", tags=["documents"], dependencies=[ONLY_KNOWN]
)

Start = Annotated[int, Query(ge=0, le=MAX_ID, description="First code point.", examples=[65])]
End = Annotated[int, Query(ge=1, le=MAX_ID, description="After the last.", examples=[101])]


@router.get("/outline", summary="Leaf through a document", responses=responses(404, 422, 500, 503))
def get_outline(document_id: Id, engine: TheEngine) -> OutlineModel:
    """Its headings, pages and slides, each with where it begins in the canonical text."""
    return OutlineModel.model_validate(engine.outline(DocumentId(document_id)))


@router.get(
    "/citation", summary="Cite any words of a document", responses=responses(404, 422, 500, 503)
)
def cite_words(document_id: Id, engine: TheEngine, start: Start, end: End) -> CitationModel:
    """Words chosen in a text, cited as answers cite passages; 20,000 code points at most."""
    return CitationModel.model_validate(_cited(engine, document_id, start, end))


@router.get(
    "/citation/formatted",
    summary="Cite any words of a document in a style",
    responses=responses(404, 422, 500, 503),
)
def format_words(
    document_id: Id, engine: TheEngine, start: Start, end: End, style: Style = "apa"
) -> FormattedModel:
    """What a text that quotes the words needs: the citation in it, and the list's entry."""
    formatted = citing.as_styled(_cited(engine, document_id, start, end), style)
    return FormattedModel.model_validate(formatted)


def _cited(engine: TheEngine, document_id: int, start: int, end: int) -> Citation:
    (citation,) = engine.cite_words(DocumentId(document_id), [(start, end)])
    return citation


@router.get(
    "/pages/{number}/boxes",
    summary="Find words on a page of a PDF",
    responses=responses(404, 409, 410, 415, 422, 500, 503),
)
def find_on_page(
    document_id: Id,
    number: Annotated[int, Path(ge=1, le=100_000, description="From 1.", examples=[1])],
    engine: TheEngine,
    start: Start,
    end: End,
    by: Annotated[
        BoxesBy, Query(description="A box for each part of a line, or each word a box of its own.")
    ] = "line",
) -> PageBoxesModel:
    """Where what stands of the words on this page is printed, to be marked on its picture."""
    found = engine.page_boxes(DocumentId(document_id), number, (start, end), by)
    return PageBoxesModel.model_validate(found)
