"""Flat scan: every query against every code.

Plain form: `hashmatch.kernels.reference.scan`. Codes are rows of ``width`` 64-bit words; a kernel
sees them, and the queries, as one run of words. Sizes: fewer than 2**48 codes, 2**32 queries,
2**16 bits.

It allocates nothing: it writes as many pairs as the given arrays hold and returns how many there
are, so that the caller can come again with room for all.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from hashmatch.kernels.intrinsics import lowest_bit, near_rows, popcount
from hashmatch.kernels.layout import ROWS
from hashmatch.kernels.memory import keys_at, numbers_at, words_at
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import kernel, part

BLOCK: Final = 512
"""Codes that stay in the first-level cache while every query of a batch passes over them."""


@part
def distance(codes: Any, start: int, queries: Any, first: int, width: int) -> Any:
    """Bits in which the code at word ``start`` and the query at word ``first`` differ."""
    total = np.uint64(0)
    for word in range(width):
        total += popcount(codes[start + word] ^ queries[first + word])
    return total


@part
def scan_any(codes: Any, queries: Any, width: int, radius: Any, numbers: Any, keys: Any) -> Any:
    """Scan codes of any width; see `scan` for the arguments."""
    found = 0
    rows = len(codes) // width
    for block in range(0, rows, BLOCK):
        for number in range(len(queries) // width):
            for row in range(block, min(block + BLOCK, rows)):
                bits = distance(codes, row * width, queries, number * width, width)
                if bits <= radius:
                    if found < len(keys):
                        numbers[found] = number
                        keys[found] = bits << np.uint64(ID_BITS) | np.uint64(row)
                    found += 1
    return found


def _scan_words(literal: int) -> Callable[..., Any]:
    """The scan for codes of a power of two words, eight codes at a time."""

    @part
    def scan_words(
        codes: Any, queries: Any, width: int, radius: Any, numbers: Any, keys: Any
    ) -> Any:
        found = 0
        rows = len(codes) // width
        for block in range(0, rows, BLOCK):
            end = min(block + BLOCK, rows)
            for number in range(len(queries) // width):
                first = number * width
                for row in range(block, end, ROWS):
                    near = np.uint64(0)
                    if row + ROWS <= end:
                        near = near_rows(codes, row * literal, queries, first, radius, literal)
                    else:
                        for last in range(row, end):
                            if distance(codes, last * width, queries, first, width) <= radius:
                                near |= np.uint64(1) << np.uint64(last - row)
                    while near:
                        hit = row + lowest_bit(near)
                        near &= near - np.uint64(1)
                        if found < len(keys):
                            bits = distance(codes, hit * width, queries, first, width)
                            numbers[found] = number
                            keys[found] = bits << np.uint64(ID_BITS) | np.uint64(hit)
                        found += 1
        return found

    scan_words.__doc__ = f"Scan codes of {literal} words; see `scan` for the arguments."
    return scan_words


scan_1 = _scan_words(1)
scan_2 = _scan_words(2)
scan_4 = _scan_words(4)


@kernel("array", "number", "array", "number", "number", "number", "array", "array", "number")
def scan(
    codes_: int, rows: int, queries_: int, asked: int, width: int, radius_: int, numbers_: int,
    keys_: int, pairs: int,
) -> Any:  # fmt: skip
    """Find the pairs of all codes and queries within a radius.

    Args:
        codes_: as words.
        rows: how many codes.
        queries_: as words.
        asked: how many queries.
        width: words of a code.
        radius_: inclusive.
        numbers_: the query of each pair, uint32; written.
        keys_: distance and row of each pair (see `hashmatch.kernels.reference`); written.
        pairs: how many the two hold.

    Returns:
        How many pairs there are, also where that is more than the arrays hold.
    """
    codes, queries = words_at(codes_, rows * width), words_at(queries_, asked * width)
    radius = np.uint64(radius_)
    numbers, keys = numbers_at(numbers_, pairs), keys_at(keys_, pairs)
    if width == 4:
        return scan_4(codes, queries, width, radius, numbers, keys)
    if width == 1:
        return scan_1(codes, queries, width, radius, numbers, keys)
    if width == 2:
        return scan_2(codes, queries, width, radius, numbers, keys)
    return scan_any(codes, queries, width, radius, numbers, keys)
