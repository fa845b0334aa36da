"""Cursors: where a page of a listing ended, as text that only we need to understand."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.wire import MAX_ID, only_unicode
from index.errors import CursorInvalid
from index.listing import Listing, Place
from index.types import DocumentId

FAILURES = ("failures",)
"""What is listed, beside documents and jobs."""


def written(listing: Listing, place: Place | None) -> str | None:
    """The cursor that leads on from a place; None where nothing follows."""
    if place is None:
        return None
    return _encoded([_of(listing), place.key, place.id])


def read(listing: Listing, cursor: str | None) -> Place | None:
    """The place a cursor names.

    Raises:
        CursorInvalid: when it was not given out for this listing.
    """
    if cursor is None:
        return None
    try:
        of, key, id_ = _parts(cursor)
        expected = int if listing.order == "id" else str
        if of != _of(listing) or type(key) is not expected or type(id_) is not int:
            raise ValueError
        for number in (id_, key if isinstance(key, int) else 1):
            if not 1 <= number <= MAX_ID:
                raise ValueError
        if isinstance(key, str):
            only_unicode(key)
    except (ValueError, TypeError, RecursionError):
        raise _invalid() from None
    return Place(key, DocumentId(id_))


def written_job(states: Sequence[str], number: int | None) -> str | None:
    """The cursor that leads on to jobs before this one; None where there are none."""
    if number is None:
        return None
    return _encoded([_of(tuple(states)), number])


def read_job(states: Sequence[str], cursor: str | None) -> int | None:
    """The job a cursor names, by its number.

    Raises:
        CursorInvalid: when it was not given out for this listing.
    """
    if cursor is None:
        return None
    try:
        of, number = _parts(cursor)
        if of != _of(tuple(states)) or type(number) is not int or not 1 <= number <= MAX_ID:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise _invalid() from None
    return number


def written_failure(path: Path | None) -> str | None:
    """The cursor that leads on to failures after this path; None where there are none."""
    return None if path is None else _encoded([_of(FAILURES), str(path)])


def read_failure(cursor: str | None) -> Path | None:
    """The path a cursor names.

    Raises:
        CursorInvalid: when it was not given out for failures.
    """
    if cursor is None:
        return None
    try:
        of, path = _parts(cursor)
        if of != _of(FAILURES) or not isinstance(path, str):
            raise ValueError
        return Path(only_unicode(path))
    except (ValueError, TypeError, RecursionError):
        raise _invalid() from None


def _encoded(parts: list[str | int]) -> str:
    written = json.dumps(parts, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def _parts(cursor: str) -> Any:
    data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    return json.loads(data)


def _invalid() -> CursorInvalid:
    return CursorInvalid(
        "The cursor was not given out for this listing.",
        "Send next_cursor as it came, with the same filters and the same order; or begin "
        "again without a cursor.",
    )


def _of(listing: Listing | tuple[str, ...]) -> str:
    """Tells one listing from another, so that no cursor is used for a listing it does not fit."""
    return hashlib.sha256(repr(listing).encode()).hexdigest()[:12]
