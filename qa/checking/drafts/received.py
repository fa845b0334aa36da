"""Drafts that come as the bytes of a file, and are not kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from index.errors import FileRefused
from qa.checking.drafts.draft import read_draft


def text_of(name: str, data: bytes) -> str:
    """The canonical text of a draft; the suffix of its name, which must be safe, says how it is read.

    Raises:
        FileRefused: one of its subclasses, with what to do.
    """
    # Readers take files: they run in processes of their own.
    with tempfile.TemporaryDirectory(prefix="quaere-draft-") as folder:
        path = Path(folder).resolve() / name
        path.write_bytes(data)
        try:
            return read_draft(path).content.text
        except FileRefused as refused:
            raise _without_folder(refused, path) from None


def _without_folder(refused: FileRefused, path: Path) -> FileRefused:
    """The same, without the place where the draft lay for a moment."""
    message = refused.message.removeprefix(f"{path}: ").replace(str(path), path.name)
    return type(refused)(Path(path.name), message, refused.remedy)
