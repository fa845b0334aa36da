"""Whether a PDF is whole, and harmless to unpack, before pdfium gets to see it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from index.errors import FileDamaged
from index.readers.limits import RATIO_FROM_BYTES, check_unpacked

MAX_RATIO_OF_DEFLATE = 1032
"""Deflate packs 258 bytes into two bits at best."""

HARMLESS_BYTES = RATIO_FROM_BYTES // MAX_RATIO_OF_DEFLATE
"""A packed stream up to this cannot become larger than what is let pass unlooked at."""

DICTIONARY_BYTES = 2000
"""How far before a stream its description begins, at most."""

CHUNK_BYTES = 2**20

_STREAM = re.compile(rb"stream\r?\n")
_SIZE = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)|/L\s+(\d+).{0,200}?/Linearized\b", re.S)


def check_whole(path: Path, data: bytes) -> None:
    """Raise FileDamaged where the file ends too early.

    pdfium mends such files by leaving out what is missing, and says nothing.
    """
    at = data.find(b"%PDF-", 0, 1024 + 5)  # readers look for it in the first 1,024 bytes
    if at < 0:
        raise damaged(path, "it does not begin like a PDF")
    stated = _SIZE.search(data, 0, at + 1024)
    if stated and int(stated[1] or stated[2]) > len(data):
        raise damaged(path, f"{len(data):,} of its {int(stated[1] or stated[2]):,} bytes are there")
    if data.rfind(b"startxref") < data.rfind(b"endobj"):
        raise damaged(path, "its end is missing")


def damaged(path: Path, reason: str) -> FileDamaged:
    """A refusal of a file that is no whole PDF."""
    return FileDamaged(
        path,
        f"it is no whole PDF ({reason}).",
        "Fetch or make it again, or open it in a PDF program and save it anew.",
    )


def check_streams(path: Path, data: bytes) -> None:
    """Raise LimitExceeded where a page or font unpacks to more than any honest one has.

    pdfium unpacks each in one go and dies if there is no memory left. It does not unpack
    pictures to read text, so they may be as large as they like.
    """
    for start, end in _large_streams(data):
        head = data[max(0, start - DICTIONARY_BYTES) : start]
        described = head[head.rfind(b"obj") + 3 :]
        if b"/Image" not in described and re.search(rb"/Fl(?:ateDecode)?\b", described):
            _check_stream(path, memoryview(data)[start:end])


def _large_streams(data: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _STREAM.search(data, at):
        at = data.find(b"endstream", match.end())
        if at < 0:
            return
        if at - match.end() > HARMLESS_BYTES:
            yield match.end(), at
        at += len(b"endstream")


def _check_stream(path: Path, packed: memoryview) -> None:
    unpacked, unpacker = 0, zlib.decompressobj()
    for at in range(0, len(packed), CHUNK_BYTES):
        rest: bytes | memoryview = packed[at : at + CHUNK_BYTES]
        while rest and not unpacker.eof:
            try:
                unpacked += len(unpacker.decompress(rest, CHUNK_BYTES))
            except zlib.error:
                return  # encrypted, or damaged, which pdfium bears
            rest = unpacker.unconsumed_tail
            check_unpacked(path, len(packed), unpacked)
