"""tantivy's files opened and read, whatever has become of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.errors import IndexesUnusable

if TYPE_CHECKING:
    import tantivy

LOCK = ".tantivy-meta.lock"
"""The file tantivy locks while it opens an index. Where nothing is written it means nothing."""


def opened(folder: Path) -> tantivy.Index:
    """The index in `folder`, also where its lock cannot be taken, as on a read-only medium.

    Raises:
        OSError, ValueError: when it cannot be opened.
    """
    import tantivy

    if _can_be_locked(folder):
        return tantivy.Index.open(str(folder))
    # Its files through links, beside a lock of our own. Once open, they need no names any more.
    with TemporaryDirectory(prefix="quaere-") as aside:
        for file in folder.iterdir():
            if not file.name.endswith(".lock"):
                Path(aside, file.name).symlink_to(file.absolute())
        return tantivy.Index.open(aside)


@contextlib.contextmanager
def damage_found(folder: Path) -> Iterator[None]:
    """Turn whatever tantivy makes of damaged files into an OSError."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"{folder}: {error}") from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise OSError(f"{folder}: tantivy gave up ({error})") from error


class _DamageTold:
    """Says of whatever goes wrong inside it that the files are damaged.

    A class, made once: a question looks up hundreds of words, and a generator for each of them
    took a millisecond.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        """Nothing to begin."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, OSError | ValueError) or (error is not None and _is_panic(error)):
            raise IndexesUnusable(
                f"{self._folder}: the index of words is damaged.",
                "Make the indexes anew from the catalog with: qa doctor --repair",
            ) from error


class Searcher:
    """tantivy's searcher, whose panics on damaged files come as errors of ours."""

    def __init__(self, folder: Path, searcher: tantivy.Searcher) -> None:
        self._searcher = searcher
        self._damage_told = _DamageTold(folder)

    @property
    def num_docs(self) -> int:
        """How many passages the index holds."""
        return self._searcher.num_docs

    def search(self, *arguments: Any, **options: Any) -> tantivy.SearchResult:
        """As tantivy's.

        Raises:
            IndexesUnusable: when its files are damaged.
        """
        with self._damage_told:
            return self._searcher.search(*arguments, **options)

    def doc_freq(self, field: str, term: str) -> int:
        """As tantivy's, and raises as `search` does."""
        with self._damage_told:
            return self._searcher.doc_freq(field, term)

    def fast_field_values(self, *arguments: Any) -> list[Any]:
        """As tantivy's, and raises as `search` does."""
        with self._damage_told:
            return self._searcher.fast_field_values(*arguments)


def _can_be_locked(folder: Path) -> bool:
    try:
        (folder / LOCK).open("ab").close()
    except OSError:
        return False
    return True


def _is_panic(error: BaseException) -> bool:
    """Whether Rust code of tantivy gave up; the class is no Exception and has no name to import."""
    return type(error).__name__ == "PanicException"
