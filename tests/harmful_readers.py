"""A reader that does what the file says, however harmful. Workers import it, so it stands alone."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from index import readers
from index.readers import Reading
from index.types import SourceFile, SourceText

readers.READERS[".harm"] = "harmful"
sys.modules["index.readers.harmful"] = sys.modules[__name__]

GIGABYTES = 2 * 2**30


def sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def backtrack(_: str) -> None:
    """For years, and no other thread of the process gets a turn."""
    re.match("(a+)+b", "a" * 60)


HARM: dict[str, Callable[[str], object]] = {
    "allocate": lambda _: bytearray(GIGABYTES),
    "recurse": lambda _: HARM["recurse"](""),
    "crash": lambda _: ctypes.string_at(0),
    "abort": lambda _: os.abort(),
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "leave": lambda _: os._exit(0),
    "print": lambda _: os.write(1, b"printed\n") + os.write(2, b"printed\n"),
    "sleep": sleep,
    "backtrack": backtrack,
}


def read(path: Path, data: bytes) -> SourceText:
    """Note which process is at it, then obey."""
    words = data.decode()
    path.with_suffix(".pid").write_text(str(os.getpid()))
    what, _, argument = words.partition(" ")
    HARM.get(what, lambda _: None)(argument)
    return SourceText(words)


def read_file(source: SourceFile) -> list[Reading]:
    """As `index.readers.read`, with this reader among the others."""
    return readers.read(source)


def read_unguarded(source: SourceFile) -> list[Reading]:
    """Out of memory where no reader is to blame."""
    if "allocate" in source.path.name:
        bytearray(GIGABYTES)
    return readers.read(source)
