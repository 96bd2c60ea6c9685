"""Flat scan of codes by columns: the first words of all side by side, then the second words, ….

Plain form: `hashmatch.kernels.reference.scan`. Two codes that are near differ in few bits of their
first words already, so most are dismissed by a part of their bits, many at a time without moving
anything from lane to lane: a few times faster than `hashmatch.kernels.hamming` on rows.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from hashmatch.kernels.intrinsics import lowest_bit, near_columns, popcount
from hashmatch.kernels.layout import ABREAST
from hashmatch.kernels.memory import load_64
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import part

SPREADS: Final = 4
"""How many standard deviations below what strangers differ in a bound is to lie, to dismiss them:
of n bits they differ in n / 2, with a deviation of the root of n / 4. One in 30,000 is left."""


def _farthest(words: int) -> int:
    """The largest radius at which so many words dismiss nearly all strangers."""
    return int(64 * words / 2 - SPREADS * (64 * words / 4) ** 0.5)


FARTHEST: Final = tuple(_farthest(words) for words in range(5))


def _scan_first(literal: int) -> Callable[..., Any]:
    @part
    def scan_first(
        columns: int, step: int, first: int, last: int, query: int, number: int, width: int,
        radius: int, numbers: Any, keys: Any, found: int,
    ) -> Any:  # fmt: skip
        for block in range(first, last, ABREAST):
            near = near_columns(columns + 8 * block, step, query, np.uint64(radius), literal)
            if block + ABREAST > last:
                near &= (np.uint64(1) << np.uint64(last - block)) - np.uint64(1)
            while near:
                place = block + lowest_bit(near)
                near &= near - np.uint64(1)
                bits = np.int64(0)
                for word in range(width):
                    there = load_64(columns + 8 * place + step * word)
                    bits += popcount(there ^ load_64(query + 8 * word))
                if bits <= radius:
                    if found < len(keys):
                        numbers[found] = number
                        keys[found] = np.uint64(bits) << np.uint64(ID_BITS) | np.uint64(place)
                    found += 1
        return found

    scan_first.__doc__ = f"Scan by {literal} of the words; see `scan_columns` for the arguments."
    return scan_first


scan_first_1 = _scan_first(1)
scan_first_2 = _scan_first(2)
scan_first_3 = _scan_first(3)
scan_first_4 = _scan_first(4)


@part
def scan_columns(
    columns: int, step: int, first: int, last: int, query: int, number: int, width: int,
    radius: int, numbers: Any, keys: Any, found: int,
) -> Any:  # fmt: skip
    """Find those of some codes that lie within a radius of a query.

    Args:
        columns: address of the first word of the first code; a multiple of `ABREAST` words can be
            read of each column.
        step: bytes from one column to the next.
        first: the place to begin with, a multiple of `ABREAST`.
        last: that to end before.
        query: its address.
        number: of the query.
        width: words of a code.
        radius: inclusive.
        numbers: the query's number for each pair; written.
        keys: distance and place of each pair (see `hashmatch.kernels.reference`); written.
        found: pairs that were found before, which stay.

    Returns:
        How many pairs there are now, also where that is more than the arrays hold.
    """
    if width == 1:
        return scan_first_1(
            columns, step, first, last, query, number, width, radius, numbers, keys, found
        )
    if width == 2 or radius <= FARTHEST[2]:
        return scan_first_2(
            columns, step, first, last, query, number, width, radius, numbers, keys, found
        )
    if width == 3 or radius <= FARTHEST[3]:
        return scan_first_3(
            columns, step, first, last, query, number, width, radius, numbers, keys, found
        )
    return scan_first_4(
        columns, step, first, last, query, number, width, radius, numbers, keys, found
    )
