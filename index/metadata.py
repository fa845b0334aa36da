"""Metadata put together from those who say something of a document. Pure."""

from __future__ import annotations

from dataclasses import asdict

from index.types import Metadata


def effective(stated: Metadata, given: Metadata, edited: Metadata) -> Metadata:
    """What holds: an edit before a sidecar or bibliography, these before what the file states.

    >>> effective(Metadata(title="A", date="2024"), Metadata(title="B"), Metadata(author="C"))
    ... # doctest: +ELLIPSIS
    Metadata(title='B', author='C', publication=None, date='2024', ...)
    """
    return over(edited, over(given, stated))


def split_authors(author: str | None) -> list[str]:
    """Several authors, whom "; " parts in `Metadata.author`.

    >>> split_authors("Miller, Anna; UNESCO;")
    ['Miller, Anna', 'UNESCO']
    """
    return [name for part in (author or "").split(";") if (name := part.strip())]


def over(upper: Metadata, lower: Metadata) -> Metadata:
    """Field by field the upper one's, where it has something to say."""
    known = {name: value for name, value in asdict(upper).items() if value is not None}
    return Metadata(**(asdict(lower) | known))
