"""Errors as application/problem+json (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api import request_id
from api.schemas import Problem
from index.errors import (
    CursorInvalid,
    DocumentInside,
    DocumentMissing,
    FileRefused,
    FormatUnknown,
    IndexesUnusable,
    JobConflict,
    JobMissing,
    LibraryEmpty,
    LibraryFull,
    LibraryLocked,
    LibraryMissing,
    LibraryReadOnly,
    MetadataInvalid,
    NameInvalid,
    NotAPdf,
    NotebookChanged,
    NotebookMissing,
    NotebooksFull,
    OffsetsInvalid,
    OriginalChanged,
    OriginalMissing,
    PageMissing,
    PageNotDrawn,
    PassageMissing,
    PathMissing,
    PathOutsideRoots,
    QuaereError,
    QuestionError,
    RootsMissing,
    UploadGone,
    WordsChanged,
)

MEDIA_TYPE = "application/problem+json"

STATUSES: dict[type[QuaereError], HTTPStatus] = {
    QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DocumentMissing: HTTPStatus.NOT_FOUND,
    PassageMissing: HTTPStatus.NOT_FOUND,
    OffsetsInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    WordsChanged: HTTPStatus.CONFLICT,
    CursorInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    MetadataInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    DocumentInside: HTTPStatus.CONFLICT,
    OriginalChanged: HTTPStatus.CONFLICT,
    OriginalMissing: HTTPStatus.GONE,
    NotAPdf: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    PageMissing: HTTPStatus.NOT_FOUND,
    PageNotDrawn: HTTPStatus.UNPROCESSABLE_ENTITY,
    NameInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    FileRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    FormatUnknown: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RootsMissing: HTTPStatus.CONFLICT,
    PathOutsideRoots: HTTPStatus.FORBIDDEN,
    PathMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    JobMissing: HTTPStatus.NOT_FOUND,
    JobConflict: HTTPStatus.CONFLICT,
    UploadGone: HTTPStatus.GONE,
    NotebookMissing: HTTPStatus.NOT_FOUND,
    NotebookChanged: HTTPStatus.PRECONDITION_FAILED,
    NotebooksFull: HTTPStatus.CONFLICT,
    LibraryMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    LibraryEmpty: HTTPStatus.SERVICE_UNAVAILABLE,
    LibraryLocked: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexesUnusable: HTTPStatus.SERVICE_UNAVAILABLE,
    LibraryReadOnly: HTTPStatus.FORBIDDEN,
    LibraryFull: HTTPStatus.INSUFFICIENT_STORAGE,
}
"""What each kind of error is over HTTP; every other kind is the server's fault."""

INVALID = "request-invalid"
COMPARE = "Compare the request with the description at /openapi.json."
AS_JSON = "Send JSON, with the header Content-Type: application/json"
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
MAX_DETAIL_CHARACTERS = 1000
"""Else a body of many wrong names would be answered with a larger one."""

log = logging.getLogger("quaere")


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI entries for the errors a route may answer with."""
    return {
        status: {
            "description": _phrase(HTTPStatus(status)),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def install(app: FastAPI) -> None:
    """Answer every error as a problem."""

    @app.exception_handler(QuaereError)
    def of_ours(_: Request, error: QuaereError) -> JSONResponse:
        return answer_to(error)

    @app.exception_handler(RequestValidationError)
    def of_the_request(request: Request, error: RequestValidationError) -> JSONResponse:
        if _came_as_another_type(request, error):
            return _request_invalid("body: its Content-Type does not say that it is JSON", AS_JSON)
        return _request_invalid("; ".join(_where_and_what(one) for one in error.errors()))

    @app.exception_handler(HTTPException)
    def of_routing(request: Request, error: HTTPException) -> JSONResponse:
        status = HTTPStatus(error.status_code)
        if status is HTTPStatus.BAD_REQUEST:  # from FastAPI, for some bodies that are not JSON
            return _request_invalid(f"body: {error.detail}")
        if status.value == 416:
            return problem(
                status,
                error.detail,
                "range-not-satisfiable",
                "Ask for bytes before the file's end; Content-Range says how many it has.",
                error.headers,
            )
        return problem(
            status,
            f"{request.method} {request.url.path}: {error.detail}",
            status.phrase.lower().replace(" ", "-"),
            "Look up the paths and their methods at /openapi.json.",
            _allowed(request) if status.value == 405 else error.headers,
        )

    @app.exception_handler(Exception)
    def unforeseen(request: Request, _: Exception) -> JSONResponse:
        route = getattr(request.scope.get("route"), "path", "")  # a path may hold what was asked
        log.error("%s %s failed", request.method, route)  # the server logs the rest
        return problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "The server failed in a way nobody foresaw.",
            "internal-error",
            "The server's log says where; please report it.",
            {"Connection": "close"},  # uvicorn does, once the error has come to it
        )


def _allowed(request: Request) -> dict[str, str]:
    # The router names the methods of the first route that has the path, and of no other.
    found = [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]
    if "GET" in found:  # api.head
        found.insert(found.index("GET") + 1, "HEAD")
    return {"Allow": ", ".join(found)}


def answer_to(error: QuaereError, headers: Any = None) -> JSONResponse:
    """An error of ours as a response."""
    return _answered(described(error), headers)


def _came_as_another_type(request: Request, error: RequestValidationError) -> bool:
    """Whether FastAPI took a body for no JSON for what its header says, as curl's unless told."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    whole = any(one["loc"] == ("body",) and one.get("input") for one in error.errors())
    return whole and kind != "application/json" and not kind.endswith("+json")


def _request_invalid(detail: str, remedy: str = COMPARE) -> JSONResponse:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, INVALID, remedy)


def problem(
    status: HTTPStatus, detail: str, code: str, remedy: str, headers: Any = None
) -> JSONResponse:
    """An error as a response, with the id of the request it answers."""
    return _answered(_problem(status, detail, code, remedy), headers)


def described(error: QuaereError) -> Problem:
    """An error of ours as a problem, with the id of the request it answers."""
    status = next(
        (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )
    return _problem(status, error.message, error.code, error.remedy)


def _answered(body: Problem, headers: Any = None) -> JSONResponse:
    return JSONResponse(body.model_dump(), body.status, media_type=MEDIA_TYPE, headers=headers)


def _problem(status: HTTPStatus, detail: str, code: str, remedy: str) -> Problem:
    return Problem(
        title=_phrase(status),
        status=status.value,
        detail=_shortened(detail),
        code=code,
        remedy=remedy,
        request_id=request_id.current() or None,
    )


def _shortened(detail: str) -> str:
    longest = MAX_DETAIL_CHARACTERS
    return detail if len(detail) <= longest else detail[: longest - 2] + " …"


def _phrase(status: HTTPStatus) -> str:
    # Python 3.13 was the first to take over RFC 9110's names.
    names = {
        413: "Content Too Large",
        416: "Range Not Satisfiable",
        422: "Unprocessable Content",
    }
    return names.get(status.value, status.phrase)


def _where_and_what(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}"
