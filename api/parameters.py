"""Query parameters: those a route knows, and none beside them."""

from __future__ import annotations

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


def _refuse_unknown(request: Request) -> None:
    # A misspelled filter that is passed over would answer another question than was asked.
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = {field.alias for field in route.dependant.query_params}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        message = "There is no such parameter" + (
            f"; there are {', '.join(sorted(known))}." if known else ", nor any other."
        )
        raise RequestValidationError([{"loc": ("query", name), "msg": message} for name in unknown])


ONLY_KNOWN = Depends(_refuse_unknown)
"""For the dependencies of a route or a router: query parameters it does not know are refused."""
