"""Search by buckets for many queries, sorted by bucket: the fastest for many of them.

The plain form and the method are told in `hashmatch.kernels.ring`. Each table is asked before the
next, and each flip of bits of some hundred queries before the next: the memory is read along, and
what was read for one query is in the cache for others.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.buckets import STARTS, columns
from hashmatch.kernels.memory import (
    LINE,
    Addresses,
    Bytes,
    load_16,
    load_32,
    load_64,
    store_64,
    words_at,
)
from hashmatch.kernels.ring import (
    AT_SPREAD,
    AT_STARTS,
    AT_TAGS,
    BITS,
    COUNT,
    FLIPS,
    HITS,
    NEARER,
    WAITING,
    WIDTH,
    compare,
    fetch_bucket,
    room_of,
    take_apart,
    verify,
)
from hashmatch.kernels.signatures import Keys, Numbers, Places, inlined, kernel, part

RUN: Final = 256
"""Queries of a sweep that are taken through all flips together: their buckets stay in the cache."""
BLOCK: Final = 8192
"""Queries that are sorted by bucket together."""
I = types.intp  # noqa: E741  # reads better in a column of signatures


@inlined
def charge(places: int, turns: int, askers: int, costs: int, dearest: int) -> None:
    """Charge queries for the buckets that they have met; those that cost too much meet nothing."""
    for turn in range(turns):
        place = places + 16 * turn
        at = costs + 8 * load_32(askers + 4 * turn)
        cost = load_64(at) + ((load_64(place + 8) - load_64(place)) >> 1)
        store_64(at, cost)
        if cost > dearest:
            store_64(place + 8, load_64(place))


@part
def sort_by_bucket(chunks: Any, order: Any, scratch: Any) -> None:
    """Write the numbers of chunks in rising order of these, equal ones as they come.

    ``order`` and ``scratch`` are as long as ``chunks``. By the lower byte, then by the upper one.
    """
    ends = np.zeros(2 * 256, np.int64)
    for number in range(len(chunks)):
        ends[chunks[number] & 255] += 1
        ends[256 + (chunks[number] >> 8)] += 1
    for half in (0, 256):
        before = np.int64(0)
        for byte in range(half, half + 256):
            before, ends[byte] = before + ends[byte], before
    for number in range(len(chunks)):
        byte = chunks[number] & 255
        scratch[ends[byte]] = number
        ends[byte] += 1
    for place in range(len(chunks)):
        byte = 256 + (chunks[scratch[place]] >> 8)
        order[ends[byte]] = scratch[place]
        ends[byte] += 1


@part
def sweep_table(
    index: Any, table: int, share: int, both: int, queries: int, radius: int, chunks: Any,
    following: Any, order: Any, costs: Any, scratch: Any, numbers: Any, keys: Any, found: int,
) -> Any:  # fmt: skip
    """Find pairs by one table; see `sweep`.

    Args:
        index: as `hashmatch.kernels.ring.AT_CODES` and so on tell.
        table: to ask.
        share: its room.
        both: that and the next table's.
        queries: their address.
        radius: inclusive.
        chunks: of this table, rising.
        following: of the next, of the same queries.
        order: numbers of these queries.
        costs: of all queries, and last the cost at which a query is given up; added to.
        scratch: for three arrays, as `sweep` has it.
        numbers: the query of each pair; written.
        keys: distance and row of each pair; written.
        found: pairs that were found before.

    Returns:
        How many pairs have been found now.
    """
    count, dearest = index[COUNT], costs[len(costs) - 1]
    starts = index[AT_STARTS] + 4 * STARTS * table
    base = index[AT_TAGS] + 2 * count * table
    heavy = 8 * (2 * count // STARTS + LINE)  # bytes of a bucket that are not what one expects
    candidates = scratch.ctypes.data
    hits = candidates + 16 * WAITING
    buckets = hits + 16 * HITS
    waiting = 0
    for begin in range(0, len(order), RUN):
        turns = min(len(order) - begin, RUN)
        asked = chunks.ctypes.data + 2 * begin
        tags = following.ctypes.data + 2 * begin
        askers = order.ctypes.data + 4 * begin
        for step in range(NEARER[share] + 1):
            if step < NEARER[share]:
                lane = buckets + (step & 1) * 16 * RUN
                met = 0
                for turn in range(turns):
                    bucket = load_16(asked + 2 * turn) ^ np.int64(FLIPS[step])
                    met += fetch_bucket(starts, base, bucket, lane + 16 * turn)
                if met > heavy * turns:
                    charge(lane, turns, askers, costs.ctypes.data, dearest)
            if step > 0:
                lane = buckets + (~step & 1) * 16 * RUN
                limit = np.uint16(both - 1 - BITS[step - 1])
                turn = 0
                while turn < turns:
                    turn, hit = compare(lane, turn, turns, tags, 2, limit, hits, hits)
                    waiting, found = take_apart(
                        index, hits, hit, askers, 4, costs.ctypes.data, dearest, candidates,
                        waiting, queries, radius, numbers.ctypes.data, keys.ctypes.data, len(keys),
                        found,
                    )  # fmt: skip
    return verify(
        index, queries, radius, candidates, waiting, numbers.ctypes.data, keys.ctypes.data,
        len(keys), found,
    )  # fmt: skip


@kernel(I(Addresses, Bytes, I, Places, Numbers, Keys))
def sweep(index: Any, queries: Any, radius: int, costs: Any, numbers: Any, keys: Any) -> Any:
    """Answer many queries, all of them from one table before the next: the fastest for many.

    Args:
        index: as `hashmatch.kernels.ring.AT_CODES` and so on tell.
        queries: shape ``(n, 8 * width)``.
        radius: inclusive; no chunk may have more room than `DEEPEST`.
        costs: shape ``(n + 1,)``: what each query has cost; written. Last the cost at which a
            query is given up, its pairs incomplete.
        numbers: the query of each pair; written.
        keys: distance and row of each pair; written. A pair may be written once for each table.

    Returns:
        How many pairs were found, also where that is more than the arrays hold.
    """
    width = index[WIDTH]
    tables = 4 * width
    least, more = (radius + 1) // tables, (radius + 1) % tables
    spread = words_at(index[AT_SPREAD], 256 * width * width)
    scratch = np.empty(2 * WAITING + 2 * HITS + 2 * 2 * RUN, np.int64)
    costs[:-1] = 0
    found = 0
    for first in range(0, len(costs) - 1, BLOCK):
        size = min(len(costs) - 1 - first, BLOCK)
        chunks = np.empty(tables * size, np.uint16)
        own, following = np.empty(size, np.uint16), np.empty(size, np.uint16)
        order, sorting = np.empty(size, np.uint32), np.empty(size, np.uint32)
        asked = words_at(queries.ctypes.data + 8 * width * first, size * width)
        columns(asked, width, spread, 0, size, chunks)
        for table in range(tables):
            after = (table + 1) % tables
            sort_by_bucket(chunks[table * size : (table + 1) * size], order, sorting)
            for place in range(size):
                number = np.int64(order[place])
                own[place] = chunks[table * size + number]
                following[place] = chunks[after * size + number]
                order[place] = first + number
            share = room_of(table, least, more)
            found = sweep_table(
                index, table, share, share + room_of(after, least, more), queries.ctypes.data,
                radius, own, following, order, costs, scratch, numbers, keys, found,
            )  # fmt: skip
    return found
