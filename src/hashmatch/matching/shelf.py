"""The entries of one hasher: a shelf is what readers see, a store is what the writer fills."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.hashers import ByteHasher, PixelHasher
from hashmatch.indexes import Index, LiveIndex
from hashmatch.matching.growing import Growing
from hashmatch.registry import EntryBatch
from hashmatch.types import Codes, Matches

_SPARE: Final = 1_000
"""Withdrawn entries that something is still known of, however few are left."""


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The entries of one hasher as a generation holds them. Nothing in it ever changes.

    Attributes:
        hasher: the hasher.
        index: finds entry ids.
        ids: of the entries, rising, and of some that were withdrawn; shape ``(n,)``.
        list_ids: the list of each, shape ``(n,)``.
        qualities: the quality of each, -1 where it is not known, shape ``(n,)``.
    """

    hasher: PixelHasher | ByteHasher
    index: Index
    ids: npt.NDArray[np.int64]
    list_ids: npt.NDArray[np.int32]
    qualities: npt.NDArray[np.int16]

    def within(self, codes: Codes, radius: int) -> Matches:
        """The entries within a radius of each query.

        Args:
            codes: the queries, shape ``(q, bits // 8)``, uint8.
            radius: bits, inclusive; 0 for digests of files.

        Raises:
            InvalidCodesError: codes of another dtype, shape or width.
            InvalidRadiusError: the radius is none.
        """
        if isinstance(self.hasher, ByteHasher) and radius != 0:
            raise InvalidRadiusError(
                f"{self.hasher.name} hashes are equal or not; search them with radius 0, "
                f"not {radius}."
            )
        return self.index.search(_in_whole_words(codes, self.hasher), radius)

    def about(self, ids: npt.NDArray[np.int64]) -> tuple[list[int], list[int]]:
        """The lists and the qualities of entries that were found."""
        rows = np.searchsorted(self.ids, ids)
        return self.list_ids[rows].tolist(), self.qualities[rows].tolist()


class Store:
    """Takes entries of one hasher and gives them up; `publish` makes a shelf of what there is.

    One thread uses it. Shelves share its memory and are not touched by what it does later.

    Args:
        hasher: the hasher.
        batches: the entries to begin with, by rising id.
    """

    def __init__(
        self, hasher: PixelHasher | ByteHasher, batches: Iterable[EntryBatch] = ()
    ) -> None:
        self._hasher = hasher
        self._ids = Growing(np.int64)
        self._list_ids = Growing(np.int32)
        self._qualities = Growing(np.int16)
        codes = Growing(np.uint8, _width(hasher))
        for batch in batches:
            self._note(batch)
            codes.append(batch.codes)
        self._index = LiveIndex.build(self._ids.view(), codes.view())

    def add(self, batch: EntryBatch) -> None:
        """Take entries; those that are not younger than the youngest here are here already."""
        known = self._ids.view()
        if len(known):
            first = int(np.searchsorted(batch.ids, known[-1], side="right"))
            batch = EntryBatch(
                batch.ids[first:],
                batch.codes[first:],
                batch.qualities[first:],
                batch.list_ids[first:],
            )
        self._note(batch)
        self._index.add(batch.ids, _in_whole_words(batch.codes, self._hasher))

    def _note(self, batch: EntryBatch) -> None:
        self._ids.append(batch.ids)
        self._list_ids.append(batch.list_ids)
        self._qualities.append(batch.qualities)

    def withdraw(self, ids: npt.NDArray[np.int64]) -> None:
        """Give entries up; ids that are not here do not matter."""
        self._index.remove(ids)

    def withdraw_list(self, list_id: int) -> None:
        """Give up all entries of a list."""
        self._index.remove(self._ids.view()[self._list_ids.view() == list_id])

    def publish(self) -> Shelf:
        """What there is now."""
        if len(self._ids.view()) > 2 * len(self._index) + _SPARE:
            self._forget_withdrawn()
        return Shelf(
            self._hasher,
            self._index.frozen(),
            self._ids.view(),
            self._list_ids.view(),
            self._qualities.view(),
        )

    def close(self) -> None:
        """Wait for what the index may be doing in the background."""
        self._index.close()

    def _forget_withdrawn(self) -> None:
        kept = np.isin(self._ids.view(), self._index.ids)
        for growing in (self._ids, self._list_ids, self._qualities):
            growing.replace(growing.view()[kept])


def _width(hasher: PixelHasher | ByteHasher) -> int:
    """Bytes of a code in an index: whole 64-bit words."""
    return -(-hasher.bits // 64) * 8


def _in_whole_words(codes: object, hasher: PixelHasher | ByteHasher) -> Codes:
    """Codes as wide as in the index: zeros at their ends are no difference."""
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
