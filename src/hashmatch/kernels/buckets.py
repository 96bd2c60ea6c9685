"""The buckets of a ring index: codes dealt to chunks, and sorted by them.

Plain forms: `hashmatch.kernels.reference.chunks` and `postings`. What they are for is told in
`hashmatch.kernels.ring`.

Postings are compressed sparse rows: bucket ``b`` of table ``t`` is the stretch from
``starts[t * STARTS + b]`` to the next start, in the ``t``-th of equal parts of ``rows`` and
``tags``. Sizes: fewer than 2**32 codes.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.intrinsics import LANES, deal_nibbles
from hashmatch.kernels.memory import load_64, store_64
from hashmatch.kernels.signatures import RowsOut, StartsOut, Tags, TagsOut, Words, kernel, part

STARTS: Final = 2**16 + 1
"""Starts of a table: its buckets, and the end of the last."""
PADDING: Final = LANES
"""Tags to keep beyond the last, for they are read by vectors."""

I = types.intp  # noqa: E741  # reads better in a column of signatures


@part
def deal(code: int, width: int, spread: int, chunks: int) -> None:
    """Write the chunks of a code; code, ``spread`` and chunks are given by their addresses.

    ``spread`` holds, for each nibble of a code and each of its 16 values, the words that these
    four bits become (`hashmatch.indexes.order.spread`).
    """
    if width == 4:
        deal_nibbles(code, spread, chunks, 4)
        return
    if width == 1:
        deal_nibbles(code, spread, chunks, 1)
        return
    for chunk in range(0, 8 * width, 8):
        dealt = 0
        place = spread + chunk
        for word in range(code, code + 8 * width, 8):
            bits = load_64(word)
            for _ in range(16):
                dealt ^= load_64(place + 8 * width * (bits & 15))
                bits >>= 4
                place += 16 * 8 * width
        store_64(chunks + chunk, dealt)


@kernel(types.void(Words, I, Words, I, I, TagsOut))
def columns(codes: Any, width: int, spread: Any, first: int, last: int, out: Any) -> None:
    """Write the chunks of rows ``first`` to ``last``, one table after the other."""
    tables = 4 * width
    count = len(out) // tables
    chunks = np.empty(tables, np.uint16)
    for row in range(first, last):
        deal(codes.ctypes.data + 8 * row * width, width, spread.ctypes.data, chunks.ctypes.data)
        for table in range(tables):
            out[table * count + row] = chunks[table]


@kernel(types.void(Tags, Tags, StartsOut, RowsOut, TagsOut))
def post(chunks: Any, following: Any, starts: Any, rows: Any, tags: Any) -> None:
    """Sort one table's rows into buckets, by rising row within each.

    Args:
        chunks: this table's chunk of each code.
        following: the next table's.
        starts: `STARTS` places; written.
        rows: as many as there are codes; written.
        tags: likewise.
    """
    starts[:] = 0
    for row in range(len(chunks)):
        starts[np.int64(chunks[row]) + 1] += np.uint32(1)
    for bucket in range(STARTS - 1):
        starts[bucket + 1] += starts[bucket]
    places = starts.copy()
    for row in range(len(chunks)):
        key = np.int64(chunks[row])
        place = np.int64(places[key])
        places[key] = np.uint32(place + 1)
        rows[place] = np.uint32(row)
        tags[place] = following[row]
