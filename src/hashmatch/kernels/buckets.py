"""The buckets of a ring index: codes dealt to chunks, and sorted by them.

Plain forms: `hashmatch.kernels.reference.chunks` and `postings`. What they are for is told in
`hashmatch.kernels.ring`.

Postings are compressed sparse rows: bucket ``b`` of table ``t`` is the stretch from
``starts[t * STARTS + b]`` to the next start, in the ``t``-th of equal parts of ``rows`` and
``tags``. Sizes: fewer than 2**32 codes.
"""

from typing import Any

import numpy as np

from hashmatch.kernels.intrinsics import deal_nibbles
from hashmatch.kernels.layout import STARTS
from hashmatch.kernels.memory import (
    NO_MEMORY,
    allocate,
    load_64,
    release,
    rows_out_at,
    starts_out_at,
    store_64,
    tags_at,
    tags_out_at,
)
from hashmatch.kernels.signatures import kernel, part


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


@kernel("array", "number", "array", "number", "number", "array", "number")
def columns(
    codes: int, width: int, spread: int, first: int, last: int, out_: int, count: int
) -> Any:
    """Write the chunks of rows ``first`` to ``last`` of ``count``, one table after the other."""
    tables = 4 * width
    out = tags_out_at(out_, tables * count)
    dealt = allocate(2 * tables)
    if not dealt:
        return NO_MEMORY
    chunks = tags_at(dealt, tables)
    for row in range(first, last):
        deal(codes + 8 * row * width, width, spread, dealt)
        for table in range(tables):
            out[table * count + row] = chunks[table]
    release(dealt)
    return 0


@kernel("array", "array", "number", "array", "array", "array")
def post(chunks_: int, following_: int, count: int, starts_: int, rows_: int, tags_: int) -> int:
    """Sort one table's rows into buckets, by rising row within each.

    Args:
        chunks_: this table's chunk of each code.
        following_: the next table's.
        count: how many codes there are.
        starts_: `STARTS` places; written.
        rows_: as many as there are codes; written.
        tags_: likewise.

    Returns:
        0.
    """
    chunks, following = tags_at(chunks_, count), tags_at(following_, count)
    starts = starts_out_at(starts_, STARTS)
    rows, tags = rows_out_at(rows_, count), tags_out_at(tags_, count)
    starts[:] = 0
    for row in range(count):
        starts[np.int64(chunks[row]) + 1] += np.uint32(1)
    for bucket in range(STARTS - 1):
        starts[bucket + 1] += starts[bucket]
    for row in range(count):  # starts[b] moves from where bucket b begins to where it ends
        key = np.int64(chunks[row])
        place = np.int64(starts[key])
        starts[key] = np.uint32(place + 1)
        rows[place] = np.uint32(row)
        tags[place] = following[row]
    for bucket in range(STARTS - 1, 0, -1):
        starts[bucket] = starts[bucket - 1]
    starts[0] = 0
    return 0
