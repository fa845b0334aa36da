"""Bibliographies: which of their entries describes a file."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import regex

from index.bibtex import bibtex_entries
from index.bounded import read_bounded
from index.csl import csl_entries
from index.entries import Entry, doi_link
from index.errors import MetadataInvalid
from index.scan import shown
from index.types import Metadata

MAX_BYTES = 20 * 2**20
"""Some 20,000 entries with their abstracts, read in about ten seconds."""

FORMATS: dict[str, Callable[[Path, str], list[Entry]]] = {
    ".bib": bibtex_entries,
    ".json": csl_entries,
}


def read_bibliography(path: Path) -> Bibliography:
    """The entries of a BibTeX or CSL-JSON file.

    Raises:
        MetadataInvalid: with the line where that is known.
    """
    entries = FORMATS.get(path.suffix.lower())
    if entries is None:
        raise MetadataInvalid(
            shown(path),
            "this is no bibliography that Quaere reads.",
            "Name a BibTeX file (.bib) or a CSL-JSON file (.json).",
        )
    data = read_bounded(path, MAX_BYTES, kind="bibliography")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MetadataInvalid(
            shown(path), f"line {line}: this is no text in UTF-8.", "Save it as UTF-8."
        ) from None
    return Bibliography(path.parent, entries(shown(path), text))


class Bibliography:
    """Entries, and how files find theirs."""

    def __init__(self, folder: Path, entries: list[Entry]) -> None:
        """`folder` is what relative paths in entries start from."""
        self._entries = entries
        self._by_key = _firsts((_folded(key), one) for one in entries for key in one.keys)
        self._by_url = _firsts((_address(url), one) for one in entries for url in one.urls)
        self._by_file_name: dict[str, list[tuple[Path, Entry]]] = {}
        for one in entries:
            for written in one.files:
                named = self._by_file_name.setdefault(_file_name(written), [])
                path = folder / os.path.expanduser(written)  # noqa: PTH111 - Path's may raise
                named.append((Path(os.path.normpath(path)), one))

    def find(self, path: Path, stated: Metadata) -> Metadata | None:
        """What the entry of a file says, `stated` being what the file says of itself.

        An entry is the file's if it names it, if its key is the file's name,
        or if it has the same address, DOI or title: the first of these that any fits.
        """
        entry = (
            self._naming(path)
            or self._by_key.get(_folded(path.stem))
            or self._at(stated.url)
            or self._at(doi_link(stated.doi))
            or (self._by_title.get(_letters(stated.title)) if stated.title else None)
        )
        return entry.metadata() if entry else None

    def _at(self, url: str | None) -> Entry | None:
        return self._by_url.get(_address(url)) if url else None

    @cached_property
    def _by_title(self) -> dict[str, Entry]:
        return _firsts((_letters(title), one) for one in self._entries for title in one.titles())

    def _naming(self, path: Path) -> Entry | None:
        """The entry that names the file; else one that names such a file, there no longer.

        Paths on another computer lead nowhere here. One that leads to another
        file of the same name means that one.
        """
        named = self._by_file_name.get(_file_name(path.name), [])
        same = (one for written, one in named if _is_same(written, path))
        nowhere = (one for written, one in named if not _is_there(written))
        return next(same, None) or next(nowhere, None)


def _firsts(pairs: Iterable[tuple[str, Entry]]) -> dict[str, Entry]:
    """By key, of several with the same the first."""
    first: dict[str, Entry] = {}
    for key, entry in pairs:
        if key:
            first.setdefault(key, entry)
    return first


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one == other or one.samefile(other)
    except (OSError, ValueError):
        return False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or not to be looked at
        return False


def _file_name(written: str) -> str:
    r"""The last part of a path of any system.

    >>> _file_name("C:\\Papers\\Roe.pdf"), _file_name("files/1/Roe.pdf")
    ('roe.pdf', 'roe.pdf')
    """
    return _folded(re.split(r"[\\/]", written)[-1])


def _folded(written: str) -> str:
    """Without what systems and programs change in names: case, and how accents are stored."""
    return unicodedata.normalize("NFC", written).casefold()


def _address(url: str) -> str:
    """A web address without what does not tell pages apart.

    >>> _address("http://www.Example.org/a/#top") == _address("https://example.org/a")
    True
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # http://[
        return url
    host = parts.netloc.lower().removeprefix("www.")
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{parts.path.rstrip('/')}{query}"


def _letters(title: str) -> str:
    """A title's letters and digits.

    >>> _letters("On Rice: a Study") == _letters("on rice - A study.")
    True
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return regex.sub(r"[^\p{L}\p{M}\p{N}]+", "", folded)
