"""Exact search by looking at every code: the best there is for small lists and large radii."""

from typing import Self

import numpy as np
import numpy.typing as npt

from hashmatch.indexes.base import Index, checked_codes
from hashmatch.indexes.found import by_parts, collect
from hashmatch.kernels import calls
from hashmatch.kernels.reference import Keys, Queries
from hashmatch.types import Codes, Matches

Words = npt.NDArray[np.uint64]

SHARED = 1 << 22
"""Pairs of query and code from which on a scan takes more time than waking other threads."""


def words_of(codes: Codes) -> Words:
    """Codes in C order as one run of 64-bit words, without a copy."""
    return np.frombuffer(codes, np.uint64) if codes.size else np.empty(0, np.uint64)


def scan(words: Words, bits: int, queries: Codes, radius: int) -> Matches:
    """Search codes, given as words, by brute force; large batches on all threads."""
    width = bits // 64
    rows = len(words) // width

    def part(chosen: slice) -> Matches:
        mine = queries[chosen]

        def find(numbers: Queries, keys: Keys) -> int:
            return calls.scan(words, rows, mine, len(mine), width, radius, numbers, keys, len(keys))

        return collect([find], len(mine))

    count = len(queries)
    if count * rows < SHARED:
        return part(slice(0, count))
    return by_parts(part, count)


class FlatIndex(Index):
    """Codes in memory, searched one by one, eight at a time.

    ``FlatIndex(codes)`` keeps the array that it is given, without a copy where it is in C order;
    it must not be changed afterwards. Row numbers are the ids.

    Raises:
        InvalidCodesError: the codes are not uint8 of shape ``(n, width)``, width a multiple of 64.
    """

    def __init__(self, codes: Codes) -> None:
        self._codes = checked_codes(codes)
        self._bits: int = 8 * self._codes.shape[1]
        self._words = words_of(self._codes)

    @classmethod
    def build(cls, codes: Codes) -> Self:
        """The same as ``FlatIndex(codes)``, under the name that every index has."""
        return cls(codes)

    def __len__(self) -> int:
        return len(self._codes)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return self._bits

    @property
    def codes(self) -> Codes:
        """The codes by row, shape ``(n, bits // 8)``."""
        return self._codes

    def _search(self, queries: Codes, radius: int) -> Matches:
        return scan(self._words, self._bits, queries, radius)
