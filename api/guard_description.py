"""What the guards add to the description of the API: their refusals, and how to bring a key."""

from __future__ import annotations

from typing import Any

from api.access import OPEN
from api.policy import READING_POSTS
from api.problems import responses

SCHEME = "apiKey"
ANYWHERE = (400, 421, 431)
"""Any request may be no HTTP, have a wrong Host header, or headers too large."""
BEHIND_KEYS = (401, 429, 503)
NOT_LOOKING = (403,)
WITH_A_BODY = (408, 413)
CHANGING = (507,)
"""The disk may be full; that a library is read-only is a 403, as everything forbidden is."""


def describe(schema: dict[str, Any]) -> None:
    """Put it into an OpenAPI document, on every operation it applies to."""
    schema["components"]["securitySchemes"] = {
        SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A key made with `qa keys add`; needed where there are keys.",
        }
    }
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            known = operation["responses"]
            for status, response in responses(*_statuses(path, method, operation)).items():
                known.setdefault(str(status), response)
            if path != OPEN:
                operation["security"] = [{}, {SCHEME: []}]


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    found = [*ANYWHERE]
    found += BEHIND_KEYS if path != OPEN else ()
    found += NOT_LOOKING if method not in ("get", "head") else ()
    found += CHANGING if method not in ("get", "head") and path not in READING_POSTS else ()
    found += WITH_A_BODY if "requestBody" in operation else ()
    return found
