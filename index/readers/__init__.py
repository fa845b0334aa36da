"""Readers: one module per format family, one row per suffix.

A reader takes the path (for messages) and the bytes, and returns the
canonical text with what metadata the file states. To add a format: write its
module, add its suffixes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from index.errors import FileEmpty, FileUnreadable, FormatUnknown
from index.readers import markdown, text
from index.types import SourceFile, SourceText

Reader = Callable[[Path, bytes], SourceText]

READERS: dict[str, Reader] = {
    ".txt": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
}


def is_readable(path: Path) -> bool:
    """Whether some reader handles files of this name."""
    return path.suffix.lower() in READERS


def read(source: SourceFile) -> SourceText:
    """Read one file as it was when it was hashed.

    Raises:
        FileRefused: of the kind that fits, with the remedy.
    """
    reader = READERS.get(source.path.suffix.lower())
    if reader is None:
        raise FormatUnknown(
            source.path,
            f"no reader handles {source.path.suffix or 'files without a suffix'}.",
            f"Quaere reads {', '.join(sorted(READERS))}: convert the file, or rename it "
            "if it is one of these.",
        )
    content = reader(source.path, _bytes_as_hashed(source))
    if not content.text.strip():
        raise FileEmpty(
            source.path, "the file holds no text.", "Write something into it, or remove it."
        )
    return content


def _bytes_as_hashed(source: SourceFile) -> bytes:
    try:
        data = source.path.read_bytes()
    except OSError as error:
        raise FileUnreadable(
            source.path,
            f"the file could not be read ({(error.strerror or str(error)).lower()}).",
            "Run the command again once it can be read.",
        ) from None
    if hashlib.sha256(data).hexdigest() != source.sha256:
        raise FileUnreadable(
            source.path,
            "the file changed while it was being read.",
            "Run the command again once nothing writes to it.",
        )
    return data
