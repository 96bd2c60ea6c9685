"""The entries of one hasher: a shelf is what readers see, a store is what the writer fills."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidCodesError, InvalidRadiusError
from hashmatch.hashers import ByteHasher, PixelHasher
from hashmatch.indexes import LiveIndex, RingIndex, View
from hashmatch.matching.growing import Growing
from hashmatch.matching.known import Ids, Known
from hashmatch.registry import EntryBatch
from hashmatch.types import Codes, Matches

Hasher = PixelHasher | ByteHasher


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The entries of one hasher as a generation holds them. Nothing in it ever changes.

    Attributes:
        hasher: the hasher.
        index: finds entry ids: a snapshot, and what has changed since.
        base: what is known of the snapshot's entries.
        added: what is known of the others; an entry may have been added anew.
    """

    hasher: Hasher
    index: View
    base: Known
    added: Known

    @classmethod
    def of(cls, hasher: Hasher, ring: RingIndex, base: Known) -> Self:
        """A snapshot as it is: entries by rising id, and an index of their codes by row."""
        return cls(hasher, LiveIndex.over(ring, base.ids).frozen(), base, Known.nothing())

    @classmethod
    def build(cls, hasher: Hasher, batches: Iterable[EntryBatch] = ()) -> Self:
        """Entries in memory, from batches by rising id."""
        ids, list_ids = Growing(np.int64), Growing(np.int32)
        qualities, codes = Growing(np.int16), Growing(np.uint8, _width(hasher))
        for batch in batches:
            ids.append(batch.ids)
            list_ids.append(batch.list_ids)
            qualities.append(batch.qualities)
            codes.append(batch.codes)
        known = Known(ids.view(), list_ids.view(), qualities.view())
        return cls.of(hasher, RingIndex.build(codes.view()), known)

    def __len__(self) -> int:
        return len(self.index)

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
        return self.index.search(in_whole_words(codes, self.hasher), radius)

    def about(self, ids: Ids) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int16]]:
        """The lists and the qualities of entries that were found."""
        later = self.added.find(ids)
        if (later < 0).all():
            rows = self.base.find(ids)
            return self.base.list_ids[rows], self.base.qualities[rows]
        if (later >= 0).all():
            return self.added.list_ids[later], self.added.qualities[later]
        first = self.base.find(ids)
        return (
            np.where(later < 0, self.base.list_ids[first], self.added.list_ids[later]),
            np.where(later < 0, self.base.qualities[first], self.added.qualities[later]),
        )

    def folded(self) -> "Shelf":
        """The same entries as a snapshot of their own; this one, where nothing changed since."""
        if not self.index.changes:
            return self
        ids, codes = self.index.folded()
        known = Known(ids, *self.about(ids)) if len(ids) else Known.nothing()
        return Shelf.of(self.hasher, RingIndex.build(codes), known)


class Store:
    """Takes entries of one hasher and gives them up; `publish` makes a shelf of what there is.

    One thread uses it. Shelves share its memory and are not touched by what it does later.

    Args:
        shelf: a snapshot to begin with.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._hasher = shelf.hasher
        self._base = shelf.base
        self._added = Known.nothing()
        ring = shelf.index.base.index
        self._index = LiveIndex.over(ring, shelf.base.ids)

    def add(self, batch: EntryBatch) -> None:
        """Take entries; those that are here already stay as they are."""
        new = ~self._index.frozen().holds(batch.ids)
        batch = EntryBatch(
            batch.ids[new], batch.codes[new], batch.qualities[new], batch.list_ids[new]
        )
        if len(batch):
            self._added = self._added.with_batch(batch)
            self._index.add(batch.ids, in_whole_words(batch.codes, self._hasher))

    def withdraw(self, ids: Ids) -> None:
        """Give entries up; ids that are not here do not matter."""
        self._index.remove(ids)

    def of_list(self, list_id: int) -> Ids:
        """The entries of a list, also such as were given up."""
        known = (self._base, self._added)
        return np.concatenate([each.ids[each.list_ids == list_id] for each in known])

    def publish(self) -> Shelf:
        """What there is now."""
        return Shelf(self._hasher, self._index.frozen(), self._base, self._added)


def _width(hasher: Hasher) -> int:
    """Bytes of a code in an index: whole 64-bit words."""
    return -(-hasher.bits // 64) * 8


def in_whole_words(codes: object, hasher: Hasher) -> Codes:
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
