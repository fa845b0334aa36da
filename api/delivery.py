"""Bytes over HTTP: tags of what is unchanged, ranges, and headers that keep it from running."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

NOT_RUN = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""A document is somebody else's: whatever it is, a browser runs none of it under our address."""

NOT_RUN_PDF = NOT_RUN | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'"}
"""Browsers show no PDF in a sandbox. Theirs runs what a PDF holds apart from our address, and
`nosniff` keeps what is sent as a PDF from being taken for HTML."""

CHUNK_BYTES = 2**18

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: what `If-None-Match` names is still what it is."}
}


def checked_again(tag: str, *, as_written: bool = True) -> dict[str, str]:
    """Headers of what may be kept, if it is asked each time whether it is still so.

    What is not sent byte by byte as written, but compressed for some, has a weak tag.
    """
    kept = {"Cache-Control": "private, no-cache"}
    if as_written:
        return kept | {"ETag": f'"{tag}"'}
    return kept | {"ETag": f'W/"{tag}"', "Vary": "Accept-Encoding"}


def unchanged(request: Request, tag: str, *, as_written: bool = True) -> Response | None:
    """Answers a request by one who has this already (RFC 9110, section 13.1.2)."""
    asked = request.headers.get("if-none-match")
    tags = [one.strip().removeprefix("W/") for one in asked.split(",")] if asked else []
    if "*" in tags or f'"{tag}"' in tags:
        return Response(status_code=304, headers=checked_again(tag, as_written=as_written))
    return None


def range_asked(request: Request, tag: str, size: int) -> range | None:
    """The bytes asked for; None for all of them. Empty where the range begins after the end.

    Several ranges at once, and what is no range, are answered with everything, as RFC 9110
    allows in section 14.2.
    """
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if not found or request.headers.get("if-range", f'"{tag}"') != f'"{tag}"':
        return None
    first, last = found.groups()
    if first:
        if last and int(last) < int(first):
            return None
        return range(int(first), min(int(last) + 1, size) if last else size)
    return range(max(0, size - int(last)), size) if last else None


def named(path: Path, *, inline: bool) -> dict[str, str]:
    """What the bytes are to be saved as (RFC 6266), or shown."""
    disposition = "inline" if inline else "attachment"
    return {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(path.name, safe='')}"}


class FilePart(StreamingResponse):
    """Part of a file, a piece at a time. The file is closed in the end, also where nobody reads on."""

    def __init__(
        self, file: BufferedReader, span: range, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(_read_out(file, span), status, headers)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. What begins no reading, since the client has gone, would leave the file open."""
        with self._file:
            await super().__call__(scope, receive, send)


def _read_out(file: BufferedReader, span: range) -> Iterator[bytes]:
    file.seek(span.start)
    left = len(span)
    while left and (piece := file.read(min(CHUNK_BYTES, left))):
        left -= len(piece)
        yield piece
