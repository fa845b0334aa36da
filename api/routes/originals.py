"""Documents' files as they are, and pages of PDFs as pictures."""

from __future__ import annotations

import codecs
from io import BufferedReader
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from api import delivery
from api.engine import TheEngine
from api.parameters import ONLY_KNOWN
from api.problems import responses
from api.routes.documents import Id
from index.originals import Original
from index.types import DocumentId

SHOWN = {".pdf": "application/pdf", ".txt": "text/plain", ".text": "text/plain"}
"""What a browser may show, by suffix. Everything else is to be saved."""

BEGIN_BYTES = 2**16
"""Looked at to tell what a file is."""

BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FILES = dict.fromkeys(("application/octet-stream", *sorted(set(SHOWN.values()))), BYTES)

router = APIRouter(
    prefix="/v1/documents/{document_id}", tags=["documents"], dependencies=[ONLY_KNOWN]
)


@router.get(
    "/original",
    summary="Get a document's file",
    response_class=Response,
    responses={
        200: {"description": "The file.", "content": FILES},
        206: {
            "description": "The part that `Range` asks for.",
            "content": FILES,
        },
        **delivery.NOT_MODIFIED,
        **responses(404, 409, 410, 416, 422, 500, 503),
    },
)
def get_original(document_id: Id, engine: TheEngine, request: Request) -> Response:
    """The bytes that were indexed, from disk; never others.

    `ETag` is their SHA-256; one `Range` of bytes may be asked for. PDFs and plain text are shown by
    browsers, everything else is saved; no script in any of it runs.
    """
    original = engine.original(DocumentId(document_id))
    try:
        return _delivered(original, request)
    except BaseException:
        original.file.close()
        raise


def _delivered(original: Original, request: Request) -> Response:
    tag, size = original.document.sha256, original.size
    if not_modified := delivery.unchanged(request, tag):
        original.file.close()
        return not_modified
    span = delivery.range_asked(request, tag, size)
    if span is not None and not span:
        raise HTTPException(
            416,
            f"The file has {size:,} bytes; the range asked for begins after them.",
            {"Content-Range": f"bytes */{size}"},
        )
    part = range(size) if span is None else span
    headers = {
        **_headers(original.document.path, original.file),
        **delivery.checked_again(tag),
        "Accept-Ranges": "bytes",
        "Content-Length": str(len(part)),
    }
    if span is not None:
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    return delivery.FilePart(original.file, part, 200 if span is None else 206, headers)


def _headers(path: FilePath, file: BufferedReader) -> dict[str, str]:
    kind = SHOWN.get(path.suffix.lower())
    begin = file.read(BEGIN_BYTES)
    if kind == "application/pdf" and not begin.startswith(b"%PDF-"):
        kind = None
    safe = delivery.NOT_RUN_PDF if kind == "application/pdf" else delivery.NOT_RUN
    # Of other encodings nothing is said: the browser knows them better than a guess of ours.
    charset = "; charset=utf-8" if kind == "text/plain" and _is_utf_8(begin) else ""
    return {
        "Content-Type": (kind or "application/octet-stream") + charset,
        **delivery.named(path, inline=kind is not None),
        **safe,
    }


def _is_utf_8(begin: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(begin)
    except UnicodeDecodeError:
        return False
    return True


@router.get(
    "/pages/{number}.png",
    summary="Draw a page of a PDF",
    response_class=Response,
    responses={
        200: {"description": "The page.", "content": {"image/png": BYTES}},
        **delivery.NOT_MODIFIED,
        **responses(404, 409, 410, 415, 422, 500, 503),
    },
)
def draw_page(
    document_id: Id,
    number: Annotated[int, Path(ge=1, le=100_000, description="From 1.", examples=[1])],
    engine: TheEngine,
    request: Request,
    width: Annotated[int, Query(ge=200, le=2000, description="In pixels.", examples=[800])] = 800,
) -> Response:
    """A page as a picture, as wide as asked; a page ten times as high as wide is drawn narrower."""
    id_ = DocumentId(document_id)
    tag = f"{engine.document(id_).sha256}-{number}-{width}"
    if not_modified := delivery.unchanged(request, tag):
        return not_modified
    picture = engine.page_image(id_, number, width)
    headers = {**delivery.checked_again(tag), **delivery.NOT_RUN}
    return Response(picture, media_type="image/png", headers=headers)
