"""From responses to values, or to errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from index.errors import AnswerUnreadable, ServiceError
from qa.client.types import Answers, Job, Notebooks
from qa.notebooks.types import Listed
from qa.types import Answer

if TYPE_CHECKING:
    import httpx
    from pydantic import TypeAdapter

Result = TypeVar("Result")
COME_AGAIN = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
REPEATS = 3
LONGEST_PAUSE = 10.0
"""Seconds; who is told to wait longer should know of it."""

_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
"""Made when first needed: making one takes as long as many answers."""


def model(kind: type[Result]) -> Callable[[httpx.Response], Result]:
    """Reads JSON as a dataclass; fields it does not know, as of a newer service, are left out."""

    def read(response: httpx.Response) -> Result:
        from pydantic import ValidationError

        try:
            found: Result = _adapter(kind).validate_json(response.content)
        except ValidationError:
            raise _unreadable(response) from None
        return found

    return read


def each_answered(response: httpx.Response) -> tuple[Answer | ServiceError, ...]:
    """Of each question its answer, or what is wrong with it."""
    found = model(Answers)(response)
    return tuple(one.answer or _error(response, one.problem or {}) for one in found.answers)


def all_listed(response: httpx.Response) -> tuple[Listed, ...]:
    """Every notebook."""
    return model(Notebooks)(response).notebooks


def content(response: httpx.Response) -> bytes:
    """The bytes of a file."""
    return response.content


def written(response: httpx.Response) -> str:
    """The words of a page."""
    return response.text


def job_told(data: str) -> Job:
    """The job that an event of a stream tells of."""
    return _adapter(Job).validate_json(data)


def nothing(_: httpx.Response) -> None:
    """Of answers that say nothing but that it is done."""


def checked(response: httpx.Response) -> httpx.Response:
    """A response whose body has been read, if it is what was asked for.

    Raises:
        ServiceError: when the service refused.
        AnswerUnreadable: when something else answered.
    """
    if response.is_success:
        return response
    if not response.is_error:  # a redirection: the service makes none
        raise _unreadable(response)
    raise _refused(response)


def pause(response: httpx.Response, repeats: int) -> float | None:
    """Seconds to wait before a request is sent again; None if it is not to be.

    `repeats` says how often it was sent again already.
    """
    seconds = _retry_after(response)
    if response.status_code not in COME_AGAIN or repeats >= REPEATS or seconds is None:
        return None
    longer = seconds * 2**repeats
    return longer if longer <= LONGEST_PAUSE else None


def _adapter(kind: type[Result]) -> TypeAdapter[Result]:
    from pydantic import TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


def _retry_after(response: httpx.Response) -> float | None:
    stated = response.headers.get("retry-after", "")
    # It may be a date, too; ours never is, and clocks differ.
    return float(stated) if stated.isascii() and stated.isdigit() else None


def _refused(response: httpx.Response) -> ServiceError:
    return _error(response, _problem(response))


def _error(response: httpx.Response, problem: Mapping[str, Any]) -> ServiceError:
    return ServiceError(
        status=problem.get("status", response.status_code),
        code=problem.get("code", ServiceError.code),
        detail=problem.get("detail", f"{response.url}: {response.reason_phrase or 'refused'}."),
        remedy=problem.get("remedy", "What answers there is no Quaere, or something before it."),
        request_id=problem.get("request_id") or response.headers.get("x-request-id"),
        retry_after=_retry_after(response),
    )


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = json.loads(response.content)
    except ValueError:
        return {}
    texts = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in texts if isinstance(value, str)}


def _unreadable(response: httpx.Response) -> AnswerUnreadable:
    return AnswerUnreadable(
        f"{response.url}: what answers ({response.status_code}, "
        f"{response.headers.get('content-type', 'no content type')}) is no answer of Quaere's.",
        "Check the address, what stands before the service, and that both are of one version.",
    )
