"""Passage vectors: the one door to FAISS.

Exact inner-product search over float16 codes, the same precision the catalog
keeps. Scores are cosines, since every vector has unit length: higher is better.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexesUnusable
from index.types import Hit, PassageId

if TYPE_CHECKING:
    from index.types import Float16, Float32, Int64


_LOADING = threading.Lock()
"""FAISS' limit is one for all threads."""


class VectorIndex:
    """Passage ids and their vectors, searchable."""

    def __init__(self, faiss_index: Any) -> None:
        self._index = faiss_index

    @classmethod
    def empty(cls, dimension: int) -> VectorIndex:
        """An index without vectors."""
        faiss = _faiss()
        codes = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        return cls(faiss.IndexIDMap2(codes))

    @classmethod
    def load(cls, path: Path, *, mapped: bool = False) -> VectorIndex:
        """Read an index file.

        `mapped` leaves the codes in the file, where processes share the pages they have read;
        such an index can be searched, not changed.

        Raises:
            OSError: when it is missing or damaged.
        """
        faiss = _faiss()
        try:
            with _LOADING:
                # A length that a damaged file states is believed up to this limit: without it,
                # one flipped bit has FAISS allocate, and fill, a terabyte.
                faiss.set_deserialization_vector_byte_limit(path.stat().st_size)
                index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0)
        except (RuntimeError, MemoryError) as error:
            raise OSError(f"{path}: not a FAISS index") from error
        if not _is_ours(index):
            raise OSError(f"{path}: not an index of ours")
        return cls(index)

    def save(self, path: Path) -> None:
        """Write the index file.

        Raises:
            OSError: when it cannot be written.
        """
        try:
            _faiss().write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(f"{path}: {error}") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> Int64:
        """Every id it holds, in no particular order; one that was added twice comes twice."""
        ids: Int64 = _faiss().vector_to_array(self._index.id_map)
        return ids

    def stored(self, ids: Int64) -> Float32:
        """The vectors held under these ids, [n, dimension]; each id must be there."""
        vectors: Float32 = self._index.reconstruct_batch(ids)
        return vectors

    def add(self, ids: Sequence[PassageId], vectors: Float16) -> None:
        """Add vectors [n, dimension] under new ids. FAISS does not object to an id used twice."""
        if ids:
            self._index.add_with_ids(
                np.ascontiguousarray(vectors, dtype=np.float32), np.array(ids, dtype=np.int64)
            )

    def remove(self, ids: Sequence[PassageId]) -> None:
        """Remove these ids."""
        if ids:
            self._index.remove_ids(np.array(ids, dtype=np.int64))

    def search(
        self, query: Float32, limit: int, among: Collection[PassageId] | None = None
    ) -> list[Hit]:
        """The `limit` nearest passages to a unit vector [dimension], best first.

        `among` keeps to these passages; an empty one matches nothing, None does not filter.
        """
        limit = min(limit, len(self) if among is None else len(among))
        if limit == 0:
            return []
        try:
            scores, ids = self._index.search(query[np.newaxis, :], limit, params=_only(among))
        except (RuntimeError, AssertionError) as error:  # all that is passed in is as it must be
            raise IndexesUnusable(
                f"The index of vectors cannot be searched ({type(error).__name__}).",
                "Make the indexes anew from the catalog with: qa doctor --repair",
            ) from error
        return [
            Hit(PassageId(id_), score)
            for id_, score in zip(ids[0].tolist(), scores[0].tolist(), strict=True)
            if id_ != -1  # FAISS' "no hit"
        ]


def _is_ours(index: Any) -> bool:
    """Whether an index is as `empty` makes them, of whatever dimension."""
    faiss = _faiss()
    if not isinstance(index, faiss.IndexIDMap2):
        return False
    codes = faiss.downcast_index(index.index)
    return (
        isinstance(codes, faiss.IndexScalarQuantizer)
        and codes.sq.qtype == faiss.ScalarQuantizer.QT_fp16
        and index.metric_type == codes.metric_type == faiss.METRIC_INNER_PRODUCT
        and index.d == codes.d == codes.sq.d
        and codes.code_size == codes.sq.code_size == 2 * codes.d
        and index.ntotal == codes.ntotal
        and bool(index.is_trained and codes.is_trained)
    )


def _only(among: Collection[PassageId] | None) -> Any:
    if among is None:
        return None
    faiss = _faiss()
    return faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(sorted(among), np.int64)))


@functools.cache
def _faiss() -> Any:
    import faiss
    from threadpoolctl import threadpool_limits

    # A question's products are small. Waking FAISS's and numpy's other threads takes longer than
    # they save, and then they spin for milliseconds on the cores that run the model.
    faiss.omp_set_num_threads(1)
    threadpool_limits(limits=1, user_api="blas")
    return faiss
