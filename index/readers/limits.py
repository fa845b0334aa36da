"""How much one file may hold. What is above is refused, whatever its kind."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from index.errors import FileDamaged, LimitExceeded

MAX_TEXT_CHARACTERS = 25_000_000
"""Of canonical text. War and Peace has 3.2 million characters, the Bible 4.4 million."""

MAX_PAGES = 10_000
"""Of a PDF, or slides."""

MAX_UNPACKED_BYTES = 200 * 2**20
"""Of everything read out of one compressed file."""

MAX_ENTRIES = 10_000
"""Of a zip archive. A book of a thousand chapters and pictures has some two thousand."""

MAX_RATIO = 200
"""Unpacked to packed. Text packs 3 to 10 times, the emptiest spreadsheets 100 times."""

RATIO_FROM_BYTES = 10 * 2**20
"""Below this a high ratio does no harm."""


def check_unpacked(path: Path, packed: int, unpacked: int) -> None:
    """Raise LimitExceeded if so many bytes may not come out of so few."""
    if unpacked > MAX_UNPACKED_BYTES:
        raise LimitExceeded(
            path,
            f"unpacked it has more than {MAX_UNPACKED_BYTES // 2**20} MB.",
            "Take apart what is in it, and add the parts.",
        )
    if unpacked > RATIO_FROM_BYTES and unpacked > MAX_RATIO * packed:
        raise LimitExceeded(
            path,
            f"it unpacks to more than {MAX_RATIO} times its size, as files made to do harm do.",
            "If you trust it, unpack it yourself and add what is in it.",
        )


def gunzip(path: Path, data: bytes) -> bytes:
    """Unpack gzip, within the limits.

    Raises:
        FileDamaged, LimitExceeded: with the remedy.
    """
    unpacked = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while chunk := file.read(2**20):
                unpacked += chunk
                check_unpacked(path, len(data), len(unpacked))
    except (OSError, EOFError, zlib.error) as error:
        raise FileDamaged(
            path,
            f"it is no whole gzip file ({error}).",
            "Fetch or make it again; gzip -t FILE tells whether it is whole.",
        ) from None
    return bytes(unpacked)


def check_text(path: Path, characters: int) -> None:
    """Raise LimitExceeded if a canonical text may not be so long."""
    if characters > MAX_TEXT_CHARACTERS:
        raise LimitExceeded(
            path,
            f"it has {characters:,} characters of text; "
            f"Quaere reads at most {MAX_TEXT_CHARACTERS:,} of one file.",
            "Split it into smaller files.",
        )
