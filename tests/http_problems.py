"""Answers and errors as they come over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

FIELDS = {"type", "title", "status", "detail", "code", "remedy", "request_id"}


def problem(client: TestClient, status: int, method: str, path: str, **sent: Any) -> dict[str, Any]:
    """What a request that must fail is answered with, once it is seen to be a whole problem."""
    response = client.request(method, path, **sent)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    answered: dict[str, Any] = response.json()
    assert set(answered) == FIELDS
    assert answered["status"] == status
    assert all(answered[field] for field in FIELDS)
    return answered


def got(client: TestClient, path: str, **parameters: Any) -> Any:
    """What a request that must be answered is answered with."""
    reply = client.get(path, params=parameters)
    assert reply.status_code == 200, reply.text
    return reply.json()
