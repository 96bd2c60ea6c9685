"""The entries of one hasher: a shelf is what readers see, a store is what the writer fills."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidCodesError
from hashmatch.hashers import ByteHasher, PixelHasher
from hashmatch.indexes import FlatIndex
from hashmatch.matching.digests import Digests
from hashmatch.matching.growing import Growing
from hashmatch.registry import EntryBatch
from hashmatch.types import Codes, Matches


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The entries of one hasher as a generation holds them. Nothing in it ever changes.

    Attributes:
        hasher: the hasher.
        index: searches rows.
        ids: entry ids by row, rising, shape ``(n,)``.
        list_ids: the list of each row's entry, shape ``(n,)``.
        qualities: the quality of each row's entry, -1 where it is not known, shape ``(n,)``.
        withdrawn: rows that are not to be found any more, shape ``(n,)``; None where all are.
    """

    hasher: PixelHasher | ByteHasher
    index: FlatIndex | Digests
    ids: npt.NDArray[np.int64]
    list_ids: npt.NDArray[np.int32]
    qualities: npt.NDArray[np.int16]
    withdrawn: npt.NDArray[np.bool_] | None

    def rows_within(self, codes: Codes, radius: int) -> Matches:
        """The rows within a radius of each query, with rows as ids.

        Args:
            codes: the queries, shape ``(q, bits // 8)``, uint8.
            radius: bits, inclusive.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
            InvalidRadiusError: the radius is none.
        """
        found = self.index.search(_in_whole_words(codes, self.hasher), radius)
        return found if self.withdrawn is None else _without(found, self.withdrawn)

    def entries_within(self, codes: Codes, radius: int) -> Matches:
        """The entries within a radius of each query; see `rows_within`."""
        rows = self.rows_within(codes, radius)
        return Matches(rows.offsets, self.ids[rows.ids], rows.distances)


class Store:
    """Takes entries of one hasher and gives them up; `publish` makes a shelf of what there is.

    One thread uses it. Shelves share its memory and are not touched by what it does later.
    """

    def __init__(self, hasher: PixelHasher | ByteHasher) -> None:
        self.hasher = hasher
        self._clear()

    def _clear(self) -> None:
        self._codes = Growing(np.uint8, _width(self.hasher))
        self._ids = Growing(np.int64)
        self._list_ids = Growing(np.int32)
        self._qualities = Growing(np.int16)
        self._rows_of: dict[bytes, tuple[int, ...]] = {}
        self._withdrawn = np.zeros(0, np.bool_)

    def add(self, batch: EntryBatch) -> None:
        """Take entries; those that are older than the newest one here are here already."""
        ids = self._ids.view()
        if len(ids):
            fresh = slice(int(np.searchsorted(batch.ids, ids[-1], side="right")), None)
            batch = EntryBatch(
                batch.ids[fresh], batch.codes[fresh], batch.qualities[fresh], batch.list_ids[fresh]
            )
        if isinstance(self.hasher, ByteHasher):
            for row, code in enumerate(batch.codes, start=len(ids)):
                digest = code.tobytes()
                self._rows_of[digest] = (*self._rows_of.get(digest, ()), row)
        self._codes.append(batch.codes)
        self._ids.append(batch.ids)
        self._list_ids.append(batch.list_ids)
        self._qualities.append(batch.qualities)

    def withdraw(self, ids: npt.NDArray[np.int64]) -> None:
        """Give entries up; ids that are not here do not matter."""
        held = self._ids.view()
        if len(held):
            rows = np.minimum(np.searchsorted(held, ids), len(held) - 1)
            self._mark(rows[held[rows] == ids])

    def withdraw_list(self, list_id: int) -> None:
        """Give up all entries of a list."""
        self._mark(np.flatnonzero(self._list_ids.view() == list_id))

    def publish(self) -> Shelf:
        """What there is now."""
        withdrawn = int(self._withdrawn.sum())
        if withdrawn > 1_000 and 4 * withdrawn > len(self._ids.view()):
            self._compact()
            withdrawn = 0
        ids = self._ids.view()
        index = (
            Digests(self._rows_of, len(ids))
            if isinstance(self.hasher, ByteHasher)
            else FlatIndex.build(self._codes.view())
        )
        self._mark(np.zeros(0, np.int64))
        return Shelf(
            self.hasher,
            index,
            ids,
            self._list_ids.view(),
            self._qualities.view(),
            self._withdrawn if withdrawn else None,
        )

    def _mark(self, rows: npt.NDArray[np.int64]) -> None:
        marks = np.zeros(len(self._ids.view()), np.bool_)  # a copy: shelves read the old marks
        marks[: len(self._withdrawn)] = self._withdrawn
        marks[rows] = True
        self._withdrawn = marks

    def _compact(self) -> None:
        """Forget what was given up, so that searches do not pass over it for ever."""
        kept = ~self._withdrawn
        batch = EntryBatch(
            self._ids.view()[kept],
            self._codes.view()[kept],
            self._qualities.view()[kept],
            self._list_ids.view()[kept],
        )
        self._clear()
        self.add(batch)


def _width(hasher: PixelHasher | ByteHasher) -> int:
    """Bytes of a code in memory: whole 64-bit words, which is what indexes take."""
    return hasher.bits // 8 if isinstance(hasher, ByteHasher) else -(-hasher.bits // 64) * 8


def _in_whole_words(codes: object, hasher: PixelHasher | ByteHasher) -> Codes:
    """Codes as wide as in memory: zeros at their ends are no difference."""
    if not (isinstance(codes, np.ndarray) and codes.dtype == np.uint8 and codes.ndim == 2):
        raise InvalidCodesError(
            "Codes are an array of uint8 with the shape (n, width), also where n is 1."
        )
    if 8 * codes.shape[1] != hasher.bits:
        raise InvalidCodesError(
            f"A code of {hasher.name} has {hasher.bits} bits; these have {8 * codes.shape[1]}."
        )
    missing = _width(hasher) - codes.shape[1]
    return np.pad(codes, ((0, 0), (0, missing))) if missing else codes


def _without(found: Matches, withdrawn: npt.NDArray[np.bool_]) -> Matches:
    kept: Any = ~withdrawn[found.ids]
    before = np.concatenate([[0], np.cumsum(kept)])
    return Matches(before[found.offsets], found.ids[kept], found.distances[kept])
