"""Blocks of a table's buckets, and the queries that ask them.

Buckets whose numbers differ in their lower bits alone lie side by side in memory: they are a
**block**. The upper bits of a query's chunk are its **class**: it has buckets in the block of the
same upper bits, and in all of those that few enough flips of upper bits lead to.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.intrinsics import near_tags, stay_apart
from hashmatch.kernels.layout import (
    AT_STARTS,
    COUNT,
    FLIPS,
    LANES,
    LINE,
    NEARER,
    STARTS,
    WIDTH,
)
from hashmatch.kernels.memory import addresses_at, arrays_of, load_32, load_64, store_64
from hashmatch.kernels.signatures import inlined, kernel, part

CACHED: Final = 8192
"""Codes of a block, at most, where that leaves it some buckets: their tags stay in the cache."""
NARROWEST: Final = 4
WIDEST: Final = 9
"""Bits in which the numbers of a block's buckets differ."""

flips_at = arrays_of(types.Array(types.int64, 2, "C"), len(FLIPS))
nearer_at = arrays_of(types.Array(types.int64, 2, "C"), len(NEARER))
"""Of lower bits, and of upper bits; see `flips_within`."""


@inlined
def bits_of_block(count: int) -> Any:
    """In how many bits the numbers of a block's buckets differ, in a list of so many codes."""
    bits = WIDEST
    while bits > NARROWEST and count >> (16 - bits) > CACHED:
        bits -= 1
    return bits


@kernel("number")
def most_hits(told: int) -> Any:
    """The hits that one query may have in one block, of any table.

    ``told`` is the address of what `hashmatch.kernels.layout.AT_CODES` and so on tell of the index.
    """
    index = addresses_at(told, WIDTH + 1)
    bits, most = bits_of_block(index[COUNT]), 0
    for table in range(4 * index[WIDTH]):
        for block in range(1 << (16 - bits)):
            begin = index[AT_STARTS] + 4 * (STARTS * table + (block << bits))
            most = max(most, load_32(begin + (4 << bits)) - load_32(begin))
    return most // LANES + (1 << bits)


@part
def flips_within(mask: int, flips: Any, nearer: Any) -> None:
    """Write those flips that keep to a mask, nearest first, and how many lie nearer than a room.

    Args:
        mask: of bits that may be flipped.
        flips: as long as `FLIPS`; written.
        nearer: as long as `NEARER`; written.
    """
    place = 0
    nearer[0] = 0
    for room in range(1, len(NEARER)):
        for flip in range(NEARER[room - 1], NEARER[room]):
            if FLIPS[flip] & ~mask == 0:
                flips[place] = FLIPS[flip]
                place += 1
        nearer[room] = place


@part
def sort_by_class(
    chunks: Any, following: Any, bits: int, first: int, records: Any, begins: Any
) -> None:
    """Sort queries by class, those of one class as they come.

    Args:
        chunks: of the table, one of each query.
        following: of the next table.
        bits: of a block.
        first: number of the first query.
        records: as long as ``chunks``: from the lowest bit on, 16 bits of chunk, 16 of the next
            chunk, and the query's number; written.
        begins: one longer than there are classes: where the records of each begin; written.
    """
    begins[:] = 0
    for place in range(len(chunks)):
        begins[(chunks[place] >> bits) + 1] += 1
    for group in range(1, len(begins)):
        begins[group] += begins[group - 1]
    for place in range(len(chunks)):  # begins[c] moves from where class c begins to where it ends
        chunk = np.int64(chunks[place])
        upper = chunk >> bits
        records[begins[upper]] = chunk | np.int64(following[place]) << 16 | (first + place) << 32
        begins[upper] += 1
    for group in range(len(begins) - 1, 0, -1):
        begins[group] = begins[group - 1]
    begins[0] = 0


@part
def charge(starts: int, chunk: int, flip: int, last: int, cost: int) -> Any:
    """Charge a query for the buckets that it is about to ask; return what it has cost.

    ``flip`` to ``last`` are addresses of the flips, ``cost`` is that of what it has cost before.
    """
    met = load_64(cost)
    while flip < last:
        ends = load_64(starts + 4 * (chunk ^ load_64(flip)))
        met += np.int64(np.uint64(ends) >> np.uint64(32)) - (ends & 0xFFFFFFFF)
        flip += 8
    store_64(cost, met)
    return met


@part
def ask(
    starts: int, base: int, upper: int, room: int, limit: int, flips: int, nearer: int,
    records: int, place: int, last: int, hit: int, full: int, costs: int, dearest: int,
) -> Any:  # fmt: skip
    """Compare the queries of a class with a block's buckets; write hits as `ring.compare` does.

    A function of its own, without calls in its loop over buckets: so its numbers stay in registers.

    Args:
        starts: address of the table's starts.
        base: address of its first tag.
        upper: bits in which the class and the block differ.
        room: what those leave of the table's room.
        limit: bits in which a tag may differ where the lower bits are equal.
        flips: address of the flips of lower bits, int64.
        nearer: address of how many of those lie nearer than a room, int64.
        records: address of what `sort_by_class` has written.
        place: of the class's first query.
        last: the place that the class ends before.
        hit: where to write the next hit.
        full: from where on no query may begin.
        costs: address of what each query has cost, if it is to be charged for buckets; else 0.
        dearest: cost at which it asks for nothing any more.

    Returns:
        The place to go on with when the hits have been taken apart, and where the hits end.
    """
    stay_apart()
    while place < last and hit < full:
        record = load_64(records + 8 * place)
        chunk = (record & 0xFFFF) ^ upper
        tag = np.uint16(record >> 16)
        turn = place << LANES
        flip = flips
        if costs:
            end = flips + 8 * load_64(nearer + 8 * room)
            if charge(starts, chunk, flip, end, costs + 8 * (record >> 32)) > dearest:
                flip = end
        for bits in range(room):
            end = flips + 8 * load_64(nearer + 8 * bits + 8)
            near_by = np.uint16(limit - bits)
            while flip < end:
                ends = load_64(starts + 4 * (chunk ^ load_64(flip)))
                start = base + 2 * (ends & 0xFFFFFFFF)
                count = np.int64(np.uint64(ends) >> np.uint64(32)) - (ends & 0xFFFFFFFF)
                while count > LANES:
                    near = near_tags(start, tag, near_by)
                    store_64(hit, start)
                    store_64(hit + 8, np.int64(near) | turn)
                    if near:
                        hit += 16
                    start += LINE
                    count -= LANES
                near = near_tags(start, tag, near_by)
                near &= (np.uint64(1) << np.uint64(count)) - np.uint64(1)
                store_64(hit, start)
                store_64(hit + 8, np.int64(near) | turn)
                if near:
                    hit += 16
                flip += 8
        place += 1
    return place, hit
