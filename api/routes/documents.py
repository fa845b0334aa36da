"""Documents, what is known of them, and their canonical texts."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import cursors, delivery
from api.document_schemas import (
    DocumentModel,
    DocumentsModel,
    ListingQuery,
    MetadataEdits,
    TextModel,
)
from api.engine import TheEngine
from api.jobs import TheJobs
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.wire import MAX_ID
from index.types import DocumentId, Metadata

router = APIRouter(prefix="/v1/documents", tags=["documents"])

LOCK_SECONDS = 2.0
"""How long a change waits for another; one to a single document takes well under a second."""

Id = Annotated[
    int,
    Path(
        ge=1,
        le=MAX_ID,
        description="As listings and citations give it; never given to another document.",
        examples=[1],
    ),
]


@router.get("", summary="List the documents", responses=responses(422, 500, 503))
def list_documents(engine: TheEngine, query: Annotated[ListingQuery, Query()]) -> DocumentsModel:
    """Documents in some order, filtered, so many at a time.

    What is added or removed between two answers neither repeats nor hides any other document.
    """
    listing = query.as_listing()
    found = engine.page(listing, query.limit, cursors.read(listing, query.cursor))
    return DocumentsModel(
        documents=[DocumentModel.of(one) for one in found.documents],
        next_cursor=cursors.written(listing, found.ended),
    )


@router.get(
    "/{document_id}",
    summary="Look up a document",
    responses=responses(404, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def get_document(document_id: Id, engine: TheEngine) -> DocumentModel:
    """What is known of a document."""
    return DocumentModel.of(engine.document(DocumentId(document_id)))


@router.patch(
    "/{document_id}",
    summary="Edit what is known of a document",
    responses=responses(404, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def edit_document(document_id: Id, edits: MetadataEdits, engine: TheEngine) -> DocumentModel:
    """Sets metadata by hand, as `qa edit` does. An edit outlives changes of the file."""
    id_, wanted = DocumentId(document_id), edits.as_metadata()
    edited = (
        engine.document(id_) if wanted == Metadata() else engine.edit(id_, wanted, LOCK_SECONDS)
    )
    return DocumentModel.of(edited)


@router.delete(
    "/{document_id}",
    summary="Take a document out of the library",
    status_code=204,
    response_class=Response,
    responses=responses(404, 409, 422, 500, 503),
    dependencies=[ONLY_KNOWN],
)
def remove_document(document_id: Id, jobs: TheJobs) -> None:
    """Removes a document and what lies inside it, as a mail's attachments do.

    Its file is deleted if it was sent to us, else not touched: adding its folder again, or a sync,
    brings the document back.
    """
    jobs.remove_document(DocumentId(document_id), LOCK_SECONDS)


@router.get(
    "/{document_id}/text",
    summary="Read a text",
    response_model=TextModel,
    responses={**delivery.NOT_MODIFIED, **responses(404, 422, 500, 503)},
    dependencies=[ONLY_KNOWN],
)
def read_text(
    document_id: Id,
    engine: TheEngine,
    request: Request,
    response: Response,
    start: Annotated[int, Query(ge=0, description="First code point.", examples=[0])] = 0,
    end: Annotated[
        int | None, Query(ge=0, description="After the last; the text's end if left out.")
    ] = None,
) -> TextModel | Response:
    """Part of a document's canonical text, by the offsets citations give."""
    text = engine.text(DocumentId(document_id), start, end)
    # Not the file's SHA-256: a newer reader may make another text of the same bytes.
    tag = hashlib.sha256(text.encode()).hexdigest()
    if not_modified := delivery.unchanged(request, tag, as_written=False):
        return not_modified
    response.headers.update(delivery.checked_again(tag, as_written=False))
    return TextModel(document_id=document_id, start=start, end=start + len(text), text=text)
