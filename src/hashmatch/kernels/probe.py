"""Search by buckets for one query after the other: the fastest for few of them.

The plain form and the method are told in `hashmatch.kernels.ring`.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.buckets import deal
from hashmatch.kernels.hamming import scan
from hashmatch.kernels.layout import (
    AT_CODES,
    AT_DISTANCES,
    AT_FOUND,
    AT_KEYS,
    AT_NUMBERS,
    AT_SPREAD,
    AT_STARTS,
    AT_TAGS,
    COUNT,
    DEEPEST,
    FLIPS,
    LINE,
    NEARER,
    PAIRS,
    PROBE_COST,
    SCAN_COST,
    STARTS,
    WIDTH,
)
from hashmatch.kernels.memory import (
    NO_MEMORY,
    addresses_at,
    allocate,
    distances_at,
    ids_at,
    keys_at,
    load_16,
    load_64,
    places_at,
    prefetch,
    release,
    store_64,
)
from hashmatch.kernels.ring import (
    HITS,
    WAITING,
    compare,
    fetch_bucket,
    room_of,
    take_apart,
    verify,
)
from hashmatch.kernels.select import unpack
from hashmatch.kernels.signatures import inlined, kernel, part

AHEAD: Final = 64
"""Buckets that are fetched before the first of them is compared, at least."""

# Of the flips, those whose starts do not share a cache line with those of one before.
LINES: Final = FLIPS[FLIPS % (LINE // 4) == 0]
LINES_NEARER: Final = np.array(
    [np.count_nonzero(room > np.bitwise_count(LINES)) for room in range(DEEPEST + 1)]
)


@inlined
def fetch_starts(starts: int, chunks: int, tables: int, least: int, more: int) -> None:
    """Begin to load where all buckets begin that a query asks, whose chunks are at an address."""
    for table in range(tables):
        chunk = load_16(chunks + 2 * table)
        first = starts + 4 * STARTS * table
        for line in range(LINES_NEARER[room_of(table, tables, least, more)]):
            prefetch(first + 4 * (chunk ^ np.int64(LINES[line])))
        prefetch(first + 4 * (chunk | (LINE // 4 - 1)) + 4)


@part
def lanes_of(widest: int, tables: int) -> Any:
    """Tables whose buckets are kept at a time, for a query that asks so many of each."""
    return min(2 + AHEAD // widest, tables + 1)


@part
def probe_one(  # noqa: C901, PLR0915  # two stages in one loop; apart they would not read better
    index: Any, query: int, radius: int, room: Any, costs: int
) -> Any:
    """Find the pairs of the query at an address; see `probe`. The scratch begins at ``costs``.

    Returns:
        How many pairs there are, also where that is more than the room holds; -1 where a scan is
        less work.
    """
    width, count = index[WIDTH], index[COUNT]
    tables = 4 * width
    least, more = (radius + 1) // tables, (radius + 1) % tables
    pairs, numbers, keys = room[PAIRS], room[AT_NUMBERS], room[AT_KEYS]
    dearest = count * SCAN_COST
    widest = NEARER[room_of(0, tables, least, more)]
    lanes = lanes_of(widest, tables)
    ahead = lanes - 1
    asker = costs + 8
    chunks = asker + 8
    candidates = chunks + 8 * (width + 1)
    hits = candidates + 16 * WAITING
    buckets = hits + 16 * HITS
    store_64(costs, 0)
    store_64(asker, 0)
    deal(query, width, index[AT_SPREAD], chunks)
    store_64(chunks + 2 * tables, load_64(chunks))  # the ring closes
    fetch_starts(index[AT_STARTS], chunks, tables, least, more)
    waiting = 0
    found = 0
    hit = hits
    fetched, compared = buckets, buckets  # lanes, of which the first follows the last
    after_last = buckets + 16 * widest * lanes
    for step in range(tables + ahead):
        if step < tables:
            chunk = load_16(chunks + 2 * step)
            starts = index[AT_STARTS] + 4 * STARTS * step
            base = index[AT_TAGS] + 2 * count * step
            probes = NEARER[room_of(step, tables, least, more)]
            met = 0
            for flip in range(probes):
                bucket = chunk ^ np.int64(FLIPS[flip])
                met += fetch_bucket(starts, base, bucket, fetched + 16 * flip)
            store_64(costs, load_64(costs) + (met >> 1) + probes * PROBE_COST)
            fetched += 16 * widest
            if fetched == after_last:
                fetched = buckets
        if load_64(costs) > dearest:
            return -1
        table = step - ahead
        if table < 0:
            continue
        share = room_of(table, tables, least, more)
        both = share + room_of(table + 1 if table + 1 < tables else 0, tables, least, more)
        tag = np.uint16(load_16(chunks + 2 * (table + 1)))
        for bits in range(share):
            turn = NEARER[bits]
            limit = np.uint16(both - 1 - bits)
            while turn < NEARER[bits + 1]:
                turn, hit = compare(compared, turn, NEARER[bits + 1], tag, limit, hits, hit)
                if hit >= hits + 16 * HITS:
                    waiting, found = take_apart(
                        index, hits, hit, asker, 0, costs, dearest, candidates, waiting, query,
                        radius, numbers, keys, pairs, found,
                    )  # fmt: skip
                    hit = hits
        if table & 3 == 3:  # not after each table: how many hits there are cannot be predicted
            waiting, found = take_apart(
                index, hits, hit, asker, 0, costs, dearest, candidates, waiting, query,
                radius, numbers, keys, pairs, found,
            )  # fmt: skip
            hit = hits
        compared += 16 * widest
        if compared == after_last:
            compared = buckets
    if load_64(costs) > dearest:
        return -1
    return verify(index, query, radius, candidates, waiting, numbers, keys, pairs, found)


@kernel("number", "array", "number", "number", "number", "array")
def probe(told: int, queries: int, asked: int, radius: int, room_told: int, offsets_: int) -> Any:
    """Answer one query after the other: the fastest for few of them.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_CODES` and so on tell of the index.
        queries: shape ``(asked, 8 * width)``.
        asked: how many there are.
        radius: inclusive; no chunk may have more room than `DEEPEST`.
        room_told: address of what `hashmatch.kernels.layout.PAIRS` and so on tell of the room; its
            arrays are written, ids and distances as in `hashmatch.types.Matches`.
        offsets_: one longer than there are queries; written likewise.

    Returns:
        How many matches were written; or, with a minus, how long the room's arrays have to be for
        the kernel to come as far as it knows.
    """
    index, room = addresses_at(told, WIDTH + 1), addresses_at(room_told, AT_DISTANCES + 1)
    width, pairs, offsets = index[WIDTH], room[PAIRS], places_at(offsets_, asked + 1)
    ids, distances = ids_at(room[AT_FOUND], pairs), distances_at(room[AT_DISTANCES], pairs)
    keys = keys_at(room[AT_KEYS], pairs)
    widest = NEARER[(radius + 4 * width) // (4 * width)]
    lanes = lanes_of(widest, 4 * width)
    scratch = allocate(8 * (3 + width + 2 * WAITING + 2 * HITS + 2 * lanes * widest))
    if not scratch:
        return NO_MEMORY
    total = 0
    offsets[0] = 0
    for number in range(asked):
        query = queries + 8 * width * number
        found = probe_one(index, query, radius, room, scratch)
        if found < 0:
            found = scan(
                index[AT_CODES], index[COUNT], query, 1, width, radius, room[AT_NUMBERS],
                room[AT_KEYS], pairs,
            )  # fmt: skip
        if total + found > pairs:
            total = -total - found
            break
        total = unpack(keys[:found], ids, distances, total)
        offsets[number + 1] = total
    release(scratch)
    return total
