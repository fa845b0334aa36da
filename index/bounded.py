"""Small files read whole: sidecars and bibliographies."""

from __future__ import annotations

import stat
from pathlib import Path

from index.errors import MetadataInvalid
from index.scan import shown


def read_bounded(path: Path, max_bytes: int, *, kind: str) -> bytes:
    """The bytes of a regular file; `kind` says in messages what it is.

    Raises:
        MetadataInvalid: when it cannot be read or is larger than `max_bytes`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would wait forever
            raise MetadataInvalid(
                shown(path), "this is not a regular file.", f"Put a {kind} in its place."
            )
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise MetadataInvalid(
            shown(path), f"the {kind} is not there.", "Put it back, or name another one."
        ) from None
    except OSError as error:
        raise MetadataInvalid(
            shown(path),
            f"the system refuses to read it ({(error.strerror or str(error)).lower()}).",
            "Give yourself permission to read it (chmod u+r), then run the command again.",
        ) from None
    if len(data) > max_bytes:
        raise MetadataInvalid(
            shown(path),
            f"the {kind} is larger than {_size(max_bytes)}, the most that is read.",
            "Check that it is the right file, and take out what is not needed.",
        )
    return data


def _size(count: int) -> str:
    """Bytes as people say them.

    >>> _size(64 * 2**10), _size(20 * 2**20)
    ('64 KB', '20 MB')
    """
    return f"{count // 2**20} MB" if count >= 2**20 else f"{count // 2**10} KB"
