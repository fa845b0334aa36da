"""Documents and their canonical texts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.engine import TheEngine
from api.problems import responses
from api.schemas import MAX_ID, DocumentModel, DocumentsModel, TextModel
from index.types import DocumentId

router = APIRouter(prefix="/v1/documents", tags=["documents"])

Id = Annotated[int, Path(ge=1, le=MAX_ID, examples=[1])]


@router.get("", summary="List the documents", responses=responses(500, 503))
def list_documents(engine: TheEngine) -> DocumentsModel:
    """Every document in the library, by path."""
    found = engine.documents()
    return DocumentsModel(documents=[DocumentModel.of(one) for one in found])


@router.get("/{document_id}/text", summary="Read a text", responses=responses(404, 422, 500, 503))
def read_text(
    document_id: Id,
    engine: TheEngine,
    start: Annotated[int, Query(ge=0, description="First code point.", examples=[0])] = 0,
    end: Annotated[
        int | None, Query(ge=0, description="After the last; the text's end if left out.")
    ] = None,
) -> TextModel:
    """Part of a document's canonical text, by the offsets citations give."""
    text = engine.text(DocumentId(document_id), start, end)
    return TextModel(document_id=document_id, start=start, end=start + len(text), text=text)
