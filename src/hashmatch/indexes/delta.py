"""What was added since the snapshot: codes in the order they came, scanned by brute force."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from hashmatch.indexes import flat
from hashmatch.types import Codes, Matches

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """The first ``count`` places of arrays that only ever grow.

    Appending gives a new delta, which may share the arrays of the old one; readers of that see
    nothing of it.
    """

    codes: Codes
    ids: Ids
    count: int

    @classmethod
    def empty(cls, bits: int, room: int = 1024) -> Self:
        """A delta of no codes, with room for some."""
        return cls(np.empty((room, bits // 8), np.uint8), np.empty(room, np.int64), 0)

    def appended(self, ids: Ids, codes: Codes) -> "Delta":
        """The delta with more codes; the arrays move to larger ones when they are full."""
        start, end = self.count, self.count + len(ids)
        target = self
        if end > len(self.ids):
            target = Delta.empty(8 * self.codes.shape[1], 2 * end)
            target.codes[:start] = self.codes[:start]
            target.ids[:start] = self.ids[:start]
        target.codes[start:end] = codes
        target.ids[start:end] = ids
        return Delta(target.codes, target.ids, end)

    def chosen(self, places: npt.NDArray[np.intp]) -> "Delta":
        """A delta of its own of some places."""
        empty = Delta.empty(8 * self.codes.shape[1], max(2 * len(places), 1024))
        return empty.appended(self.ids[places], self.codes[places])

    def search(self, queries: Codes, radius: int) -> Matches:
        """The places within a radius of each query."""
        words = flat.words_of(self.codes[: self.count])
        return flat.scan(words, 8 * self.codes.shape[1], queries, radius)
