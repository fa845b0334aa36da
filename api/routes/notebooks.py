"""Notebooks: passages that were collected, kept on the server."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Request, Response

from api import delivery
from api.engine import TheEngine
from api.notebook_schemas import NotebookContent, NotebookModel, NotebooksModel
from api.parameters import ONLY_KNOWN
from api.problems import responses
from qa.notebooks.store import Notebooks
from qa.notebooks.types import Notebook, Seen

router = APIRouter(prefix="/v1/notebooks", tags=["notebooks"], dependencies=[ONLY_KNOWN])

Name = Annotated[
    str,
    Path(
        pattern="^[a-z0-9][a-z0-9-]{0,63}$",
        description="Small letters of English, digits and hyphens.",
        examples=["friendship"],
    ),
]


def _seen(
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` of the notebook that was seen: if it has another by now, nothing "
            "is changed (412)."
        ),
    ] = None,
    if_none_match: Annotated[
        str | None, Header(description="`*`: only if there is no notebook of this name yet.")
    ] = None,
) -> Seen:
    # Weak tags too, though RFC 9110 would let none match: ours are of the content, not of the bytes,
    # which come compressed in one way or another.
    tags = if_match.split(",") if if_match is not None else None
    return Seen(
        None if tags is None else frozenset(map(_bare, tags)), none=if_none_match is not None
    )


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/").strip('"')


AsSeen = Annotated[Seen, Depends(_seen)]

KEPT: dict[int | str, dict[str, Any]] = {201: {"description": "There was none before."}}


async def _notebooks(engine: TheEngine) -> Notebooks:
    return Notebooks(engine.library)


TheNotebooks = Annotated[Notebooks, Depends(_notebooks)]


@router.get("", summary="List the notebooks", responses=responses(422, 500, 503))
def list_notebooks(notebooks: TheNotebooks) -> NotebooksModel:
    """Every notebook without its passages, the one changed last first; there are 100 at most."""
    return NotebooksModel.model_validate({"notebooks": notebooks.all()})


@router.get(
    "/{name}",
    summary="Open a notebook",
    response_model=NotebookModel,
    responses={**delivery.NOT_MODIFIED, **responses(404, 422, 500, 503)},
)
def get_notebook(
    name: Name, notebooks: TheNotebooks, request: Request, response: Response
) -> NotebookModel | Response:
    """Its passages in their order."""
    found = notebooks.get(name)
    if not_modified := delivery.unchanged(request, found.tag, as_written=False):
        return not_modified
    return _told(found, response)


@router.put(
    "/{name}",
    summary="Keep a notebook",
    responses={**KEPT, **responses(409, 412, 422, 500, 503)},
)
def keep_notebook(
    name: Name,
    content: NotebookContent,
    engine: TheEngine,
    notebooks: TheNotebooks,
    seen: AsSeen,
    response: Response,
) -> NotebookModel:
    """Keeps a notebook in place of what had its name. Once it is acknowledged it is on disk.

    Without either header it takes the place of whatever there is.
    """
    engine.make_library()
    kept, is_new = notebooks.put(name, content.title, content.as_kept(), seen)
    response.status_code = 201 if is_new else 200
    return _told(kept, response)


@router.delete(
    "/{name}",
    summary="Delete a notebook",
    status_code=204,
    response_class=Response,
    responses=responses(404, 412, 422, 500, 503),
)
def delete_notebook(name: Name, notebooks: TheNotebooks, seen: AsSeen) -> None:
    """Deletes a notebook; the documents it quotes stay."""
    notebooks.remove(name, seen)


def _told(notebook: Notebook, response: Response) -> NotebookModel:
    response.headers.update(delivery.checked_again(notebook.tag, as_written=False))
    return NotebookModel.model_validate(notebook)
