"""Documents that are sent."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.job_schemas import JobModel, NewText
from api.jobs import TheJobs
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.routes.jobs import ACCEPTED, accepted
from api.uploads import PATH, SENT, Sent

router = APIRouter(tags=["documents"])

BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {
                    "file": {
                        "type": "string",
                        "contentMediaType": "application/octet-stream",
                        "description": "One file; the suffix of its name says how it is read.",
                    }
                },
            },
            "example": {"file": "The embassy in the capital was opened that day."},
        },
        "application/json": {"schema": {"$ref": "#/components/schemas/NewText"}},
    },
}


async def _sent(request: Request) -> Sent | NewText:
    """What came: a file that is on disk already, or a text."""
    if (sent := request.scope.get(SENT)) is not None:
        assert isinstance(sent, Sent)  # nobody else puts anything there
        return sent
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415, "Send multipart/form-data with a file, or application/json.")
    try:
        return NewText.model_validate_json(await request.body())
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in found]
        ) from None


@router.post(
    PATH,
    summary="Send a document",
    status_code=202,
    responses={**ACCEPTED, **responses(415, 422, 500, 503)},
    openapi_extra={"requestBody": BODY},
    dependencies=[ONLY_KNOWN],
)
def send_document(
    jobs: TheJobs, response: Response, sent: Annotated[Sent | NewText, Depends(_sent)]
) -> JobModel:
    """Keeps a file, or a text as one, and answers with the job that indexes it.

    Once this is answered the file and the job are on disk for good. The same bytes under the same
    name again are the same document. Removing the document deletes the file.
    """
    if isinstance(sent, Sent):
        return accepted(response, JobModel.of(jobs.upload(sent.file, sent.name)))
    with jobs.receive() as file:
        file.write(sent.text.encode())
        return accepted(response, JobModel.of(jobs.upload(file, sent.name)))
