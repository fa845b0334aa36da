"""The page for browsers: one HTML file at all its addresses, and what it loads."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from api import delivery, page_files
from api.compression import accepted

router = APIRouter(include_in_schema=False)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",  # pages of PDFs are fetched with the API key, where there is one
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",  # makes elements of the templates in our modules, of no data
    )
)
"""Nothing from elsewhere, nothing inline: what a document holds runs nowhere."""


@router.get("/")
@router.get("/library")
@router.get("/notebook")
@router.get("/verify")
@router.get("/documents/{document_id:int}")
def page(request: Request) -> Response:
    """The page; its modules read the address."""
    return _sent(request, page_files.INDEX)


@router.get("/web/{name:path}")
def page_file(request: Request, name: str) -> Response:
    """One of the page's modules, styles or pictures."""
    return _sent(request, name)


def _sent(request: Request, name: str) -> Response:
    path = page_files.find(name)
    if path is None:
        raise HTTPException(404)
    coding = accepted(", ".join(request.headers.getlist("accept-encoding")))
    file = page_files.read(path, coding)
    policy = {"Content-Security-Policy": POLICY}
    if not_modified := delivery.unchanged(request, file.tag, as_written=False):
        not_modified.headers.update(policy)  # what a browser has kept goes by the newer headers
        return not_modified
    headers = delivery.checked_again(file.tag, as_written=False)
    headers |= policy | {"Content-Type": file.kind}
    if coding:
        headers["Content-Encoding"] = coding
    return Response(file.body, headers=headers)
