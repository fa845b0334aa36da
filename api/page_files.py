"""The files of the page: read, compressed and tagged; pure but for the disk."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "web"
INDEX = "index.html"
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""By suffix; a file with any other is not sent."""

EFFORT = 9
"""Of brotli and gzip: a file is compressed once. 10 kB take brotli 1 ms here, and 20 ms with 11."""

_ADDRESS = re.compile(r"/(?:|library|notebook|verify|documents/[0-9]+|web/.+)", re.ASCII)

_NAME = re.compile(r"[a-z_-]+(?:/[a-z_-]+)*\.[a-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it is sent."""

    body: bytes
    kind: str
    """Its media type."""
    tag: str
    """A digest of what stands in it, whichever way it is compressed."""


def is_page(path: str) -> bool:
    """Whether a request's path is the page's, or one of its files'; they hold no one's data.

    >>> is_page("/"), is_page("/documents/3"), is_page("/web/main.js"), is_page("/v1/documents/3")
    (True, True, True, False)
    """
    return _ADDRESS.fullmatch(path) is not None


def find(name: str) -> Path | None:
    """The file of this name, None if there is none. A name cannot lead out of the folder."""
    path = FOLDER / name
    return path if _NAME.fullmatch(name) and path.suffix in KINDS and path.is_file() else None


def read(path: Path, coding: str | None) -> PageFile:
    """A file, compressed as asked; again from disk only when it has changed there."""
    return _read(path, path.stat().st_mtime_ns, coding)


@lru_cache(maxsize=512)
def _read(path: Path, _changed: int, coding: str | None) -> PageFile:
    body = path.read_bytes()
    return PageFile(_packed(body, coding), KINDS[path.suffix], hashlib.sha256(body).hexdigest())


def _packed(body: bytes, coding: str | None) -> bytes:
    if coding == "br":
        import brotli

        smaller: bytes = brotli.compress(body, quality=EFFORT)
        return smaller
    return zlib.compress(body, EFFORT, wbits=16 + zlib.MAX_WBITS) if coding else body
