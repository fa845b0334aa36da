"""The folders and files that were added: what a library remembers of where it comes from."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from index.catalog import Catalog, put
from index.library import Writer

ROOTS = "roots"
"""The key in the catalog under which they stand."""


def known(catalog: Catalog) -> list[Path]:
    """What was added, made real; none lies below another."""
    return [Path(root) for root in json.loads(catalog.get(ROOTS) or "[]")]


def note(writer: Writer, added: Sequence[Path]) -> None:
    """Remember what was added, but for what the library keeps in its own folder."""
    own = Path(os.path.realpath(writer.path))
    before = known(writer.catalog)
    now = outermost([*before, *(root for root in added if not root.is_relative_to(own))])
    if now != before:
        _put(writer, now)


def forget(writer: Writer, removed: Collection[Path]) -> list[Path]:
    """Let go of roots at or below what was taken out; returns them."""
    before = known(writer.catalog)
    gone = [root for root in before if not {root, *root.parents}.isdisjoint(removed)]
    if gone:
        _put(writer, [root for root in before if root not in gone])
    return gone


def outermost(roots: Iterable[Path]) -> list[Path]:
    """Those that lie below none of the others, sorted, each once.

    >>> outermost([Path("/a/b"), Path("/ab"), Path("/a")])
    [PosixPath('/a'), PosixPath('/ab')]
    """
    every = set(roots)
    return sorted(root for root in every if every.isdisjoint(root.parents))


def _put(writer: Writer, roots: Sequence[Path]) -> None:
    with writer.catalog.transaction() as connection:
        put(connection, ROOTS, json.dumps([str(root) for root in roots]))
