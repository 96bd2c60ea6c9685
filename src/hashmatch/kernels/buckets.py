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

from hashmatch.kernels.intrinsics import LANES
from hashmatch.kernels.signatures import RowsOut, StartsOut, Tags, TagsOut, Words, kernel

STARTS: Final = 2**16 + 1
"""Starts of a table: its buckets, and the end of the last."""
PADDING: Final = LANES
"""Tags to keep beyond the last, for they are read by vectors."""

I = types.intp  # noqa: E741  # reads better in a column of signatures


@kernel(types.void(Words, I, I, Words, TagsOut))
def deal(codes: Any, start: int, width: int, spread: Any, chunks: Any) -> None:
    """Write the chunks of the code at word ``start``.

    ``spread`` holds, for each nibble of a code and each of its 16 values, the words that these
    four bits become (`hashmatch.indexes.order.spread`).
    """
    words = chunks.view(np.uint64)
    for part in range(width):
        dealt = np.uint64(0)
        for nibble in range(16 * width):
            word = codes[start + (nibble >> 4)]
            value = np.int64(word >> np.uint64(4 * (nibble & 15)) & np.uint64(15))
            dealt ^= spread[(nibble * 16 + value) * width + part]
        words[part] = dealt


@kernel(types.void(Words, I, Words, I, I, TagsOut))
def columns(codes: Any, width: int, spread: Any, first: int, last: int, out: Any) -> None:
    """Write the chunks of rows ``first`` to ``last``, one table after the other."""
    tables = 4 * width
    count = len(out) // tables
    chunks = np.empty(tables, np.uint16)
    for row in range(first, last):
        deal(codes, row * width, width, spread, chunks)
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
