"""Any FAISS binary index behind the interface of the others; FAISS is imported on first use."""

from typing import Any, Self

import numpy as np

from hashmatch.errors import InvalidCodesError, SearchError
from hashmatch.indexes.base import Index, checked_codes
from hashmatch.indexes.parallel import threads
from hashmatch.types import Codes, Matches


class _Lease:
    """An array's memory together with its owner, so that the array keeps the owner alive."""

    def __init__(self, memory: Codes, owner: object) -> None:
        self.__array_interface__ = memory.__array_interface__
        self._owner = owner


class FaissIndex(Index):
    """Adapter over a FAISS binary index; it is kept, not copied, and must not be changed.

    It builds and searches on as many threads as the other indexes (`use_threads`).

    Exactness is FAISS's own: `exact_radius` says up to where nothing is missed.

    | FAISS class | `exact_radius` | how a radius is searched |
    |---|---|---|
    | ``IndexBinaryFlat`` | bits | ``range_search`` |
    | ``IndexBinaryHash`` (one table of ``b`` bits) | ``nflip`` | ``range_search`` |
    | ``IndexBinaryMultiHash`` (``nhash`` tables) | ``nhash * (nflip + 1) - 1`` | ``range_search`` |
    | ``IndexBinaryIVF`` | bits if ``nprobe`` covers all lists, else -1 | ``range_search`` |
    | ``IndexBinaryHNSW`` and others | -1 | k nearest, k doubled until the last is too far |

    Raises:
        InvalidCodesError: the index holds no packed binary codes of a multiple of 64 bits.
    """

    def __init__(self, index: Any) -> None:
        import faiss  # 0.1 s that only users of FAISS pay

        if not isinstance(index, faiss.IndexBinary):
            raise InvalidCodesError(
                f"FaissIndex takes a FAISS binary index (faiss.IndexBinary…), "
                f"not a {type(index).__name__}."
            )
        if index.d % 64:
            raise InvalidCodesError(
                f"An index takes codes whose width is a multiple of 64 bits; "
                f"this FAISS index has {index.d}."
            )
        self._faiss = faiss
        self._index = faiss.downcast_IndexBinary(index)
        self._held = index  # a downcast does not own the index

    @classmethod
    def build(cls, codes: Codes, index: Any = None) -> Self:
        """Train and fill an empty FAISS index (default: ``IndexBinaryFlat``) with codes.

        Raises:
            InvalidCodesError: the codes are malformed, or of another width than the index.
        """
        import faiss  # 0.1 s that only users of FAISS pay

        checked = checked_codes(codes, None if index is None else index.d)
        if index is None:
            index = faiss.IndexBinaryFlat(8 * checked.shape[1])
        faiss.omp_set_num_threads(threads())
        if not index.is_trained:
            index.train(checked)
        if len(checked):
            index.add(checked)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return int(self._index.d)

    @property
    def codes(self) -> Codes:
        """The codes by row, shape ``(n, bits // 8)``.

        Raises:
            SearchError: this kind of FAISS index does not keep codes by row.
        """
        holder = self._faiss.downcast_IndexBinary(getattr(self._index, "storage", self._index))
        shape = (len(self), self.bits // 8)
        if not len(self):
            return np.empty(shape, np.uint8)
        if not isinstance(holder, self._faiss.IndexBinaryFlat):
            raise SearchError(
                f"A {type(self._index).__name__} does not keep its codes by row; "
                f"keep the array that it was built from."
            )
        rows: Any = holder
        memory = self._faiss.rev_swig_ptr(rows.xb.data(), shape[0] * shape[1])
        return np.asarray(_Lease(memory, self._held)).reshape(shape)

    @property
    def exact_radius(self) -> int:
        """The largest radius at which nothing is missed; -1 where FAISS makes no such promise."""
        faiss, index = self._faiss, self._index
        if isinstance(index, faiss.IndexBinaryFlat):
            return self.bits
        if isinstance(index, faiss.IndexBinaryHash):
            return int(index.nflip)
        if isinstance(index, faiss.IndexBinaryMultiHash):
            return int(index.nhash * (index.nflip + 1) - 1)
        if isinstance(index, faiss.IndexBinaryIVF) and index.nprobe >= index.nlist:
            return self.bits
        return -1

    def _search(self, queries: Codes, radius: int) -> Matches:
        if not len(self) or not len(queries):
            return Matches(
                np.zeros(len(queries) + 1, np.int64), np.empty(0, np.int64), np.empty(0, np.uint16)
            )
        self._faiss.omp_set_num_threads(threads())  # OpenMP keeps the number for each thread
        if isinstance(self._index, self._ranged):
            limits, distances, ids = self._index.range_search(queries, radius + 1)  # strict: <
        else:
            limits, distances, ids = self._nearest(queries, radius)
        numbers = np.repeat(np.arange(len(queries)), np.diff(limits.astype(np.int64)))
        order = np.lexsort((ids, distances, numbers))
        return Matches(
            limits.astype(np.int64),
            ids[order].astype(np.int64),
            distances[order].astype(np.uint16),
        )

    @property
    def _ranged(self) -> tuple[type, ...]:
        faiss = self._faiss
        return (
            faiss.IndexBinaryFlat,
            faiss.IndexBinaryIVF,
            faiss.IndexBinaryHash,
            faiss.IndexBinaryMultiHash,
        )

    def _nearest(self, queries: Codes, radius: int) -> tuple[Any, Any, Any]:
        """A range search by k nearest neighbours, with k doubled until one lies too far."""
        found: list[tuple[Any, Any]] = [(np.empty(0), np.empty(0))] * len(queries)
        open_queries = np.arange(len(queries))
        count = min(16, len(self))
        while len(open_queries):
            distances, ids = self._index.search(queries[open_queries], count)
            near = (ids >= 0) & (distances <= radius)
            for place, number in enumerate(open_queries):
                found[number] = (distances[place, near[place]], ids[place, near[place]])
            open_queries = open_queries[near[:, -1]] if count < len(self) else open_queries[:0]
            count = min(2 * count, len(self))
        limits = np.cumsum([0, *(len(ids) for _, ids in found)])
        return (
            limits,
            np.concatenate([distances for distances, _ in found]),
            np.concatenate([ids for _, ids in found]),
        )
