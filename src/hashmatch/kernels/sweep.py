"""Search by buckets for many queries, block by block: the fastest for many of them.

The plain form and the method are told in `hashmatch.kernels.ring`. Each table is asked before the
next, and each block of its buckets (`hashmatch.kernels.blocks`) before the next, by all queries
that have a bucket there. So a table is read once and along, and what a block's buckets hold is in
the cache whenever one of them is asked for.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.blocks import (
    ask,
    bits_of_block,
    flips_at,
    flips_within,
    nearer_at,
    sort_by_class,
)
from hashmatch.kernels.buckets import columns
from hashmatch.kernels.intrinsics import popcount
from hashmatch.kernels.layout import (
    AT_SPREAD,
    AT_STARTS,
    AT_TAGS,
    COUNT,
    DEALT,
    FLIPS,
    LINE,
    NEARER,
    QUERIES,
    SPACED,
    STARTS,
    WIDTH,
)
from hashmatch.kernels.memory import (
    NO_MEMORY,
    addresses_at,
    allocate,
    claim,
    keys_at,
    load_32,
    look,
    numbers_at,
    places_at,
    prefetch,
    publish,
    release,
    tags_at,
)
from hashmatch.kernels.ring import HITS, WAITING, room_of, take_apart, verify
from hashmatch.kernels.select import keep_new
from hashmatch.kernels.signatures import inlined, kernel, part

DONE: Final = -1
"""What stands in place of a claim when the work is done, for all to see."""
SLOTS: Final = 4
"""For each query, to know the pairs by that were found last."""


@inlined
def fetch_some(begin: int, size: int) -> Any:
    """Begin to load some bytes, and return where they end."""
    for line in range(begin, begin + size, LINE):
        prefetch(line)
    return begin + size


@part
def sweep_table(
    index: Any, table: int, share: int, both: int, queries: int, radius: int, bits: int,
    records: Any, begins: Any, flips: Any, nearer: Any, costs: Any, candidates: int, numbers: Any,
    keys: Any, found: int,
) -> Any:  # fmt: skip
    """Find pairs by one table; see `sweep`.

    Args:
        index: as `hashmatch.kernels.layout.AT_CODES` and so on tell.
        table: to ask.
        share: its room.
        both: that and the next table's.
        queries: their address.
        radius: inclusive.
        bits: of a block.
        records: queries by class, as `sort_by_class` has them.
        begins: where each class begins.
        flips: those of lower bits, and those of upper bits.
        nearer: how many of either lie nearer than a room.
        costs: of all queries, and last the cost at which a query is given up; added to.
        candidates: address of room for them, and for hits after it.
        numbers: the query of each pair; written.
        keys: distance and row of each pair; written.
        found: pairs that were found before.

    Returns:
        How many pairs have been found now.
    """
    count, dearest = index[COUNT], costs[len(costs) - 1]
    starts = index[AT_STARTS] + 4 * STARTS * table
    base = index[AT_TAGS] + 2 * count * table
    heavy = 4 * (2 * count >> (16 - bits)) + (LINE << bits)  # bytes of a block, not expected
    # signed: numba would make floats of sums of signed and unsigned numbers
    charged, asked = np.int64(costs.ctypes.data), np.int64(records.ctypes.data)
    lower, nearer_lower = np.int64(flips.ctypes.data), np.int64(nearer.ctypes.data)
    found_at, key_at = np.int64(numbers.ctypes.data), np.int64(keys.ctypes.data)
    hits = candidates + 16 * WAITING
    full = hits + 16 * HITS
    hit = hits
    waiting = 0
    blocks, classes = 1 << (16 - bits), nearer[1, share]
    end = base
    for block in range(blocks):
        begin, end = end, base + 2 * load_32(starts + (4 << bits) * (block + 1))
        after = base + 2 * load_32(starts + (4 << bits) * min(block + 2, blocks))
        step = (after - end + LINE * classes - 1) // classes  # of the next block with each class
        fetched = end
        for turn in range(classes):
            fetched = fetch_some(fetched, step)
            upper = flips[1, turn]
            far = np.int64(popcount(upper))
            group = block ^ (upper >> bits)
            place = begins[group]
            while place < begins[group + 1]:
                place, hit = ask(
                    starts, base, upper, share - far, both - 1 - far, lower,
                    nearer_lower, asked, place, begins[group + 1], hit, full,
                    charged if end - begin > heavy else 0, dearest,
                )  # fmt: skip
                if hit >= full:
                    waiting, found = take_apart(
                        index, hits, hit, asked + 4, 8, charged, dearest, candidates, waiting,
                        queries, radius, found_at, key_at, len(keys), found,
                    )  # fmt: skip
                    hit = hits
    waiting, found = take_apart(
        index, hits, hit, asked + 4, 8, charged, dearest, candidates, waiting, queries, radius,
        found_at, key_at, len(keys), found,
    )  # fmt: skip
    return verify(index, queries, radius, candidates, waiting, found_at, key_at, len(keys), found)


@part
def deal_together(
    index: Any, queries: int, size: int, chunks: int, claims: int, mine: int
) -> Any:  # fmt: skip
    """Write the chunks of some queries, of which other threads may write a part meanwhile.

    No thread waits for another: what one has begun and not finished is done again, alike.

    Args:
        index: as `hashmatch.kernels.layout.AT_CODES` and so on tell.
        queries: address of the first.
        size: how many there are.
        chunks: address of the first query's, of the first table; written.
        claims: address of one for each `DEALT` of them, `DONE` when that is there.
        mine: a number of this thread's own, greater than 0.

    Returns:
        0, or `NO_MEMORY`.
    """
    for turn in range(2):
        for first in range(0, size, DEALT):
            at = claims + 8 * (first // DEALT)
            if (look(at) == DONE) if turn else not claim(at, mine):
                continue
            last = min(first + DEALT, size)
            if columns(
                queries, index[WIDTH], index[AT_SPREAD], first, last, chunks, SPACED
            ) == NO_MEMORY:  # fmt: skip
                return NO_MEMORY
            publish(at, DONE)
    return 0


@kernel(
    "number", "array", "number", "number", "number", "array", "array", "number", "array", "array",
    "array", "number",
)  # fmt: skip
def sweep(
    told: int, queries: int, asked: int, radius: int, mine: int, claims: int, chunks_: int,
    most: int, costs_: int, numbers_: int, keys_: int, pairs: int,
) -> Any:  # fmt: skip
    """Answer many queries, all of them from one table before the next: the fastest for many.

    Several threads may answer the same queries together, each by the tables that it gets hold of;
    a thread that is called again asks those that it had, too.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_CODES` and so on tell of the index.
        queries: shape ``(asked, 8 * width)``.
        asked: how many there are.
        radius: inclusive; no chunk may have more room than `DEEPEST`.
        mine: a number of this thread's own, greater than 0.
        claims: shape ``(rounds_of(asked), claims_of(tables))`` (`hashmatch.kernels.layout`), int64:
            who has each table and each part of the queries; zeros at first, and shared by the
            threads; written.
        chunks_: shape ``(rounds_of(asked), tables, SPACED)``, uint16: the chunks of the queries;
            shared by the threads; written.
        most: what `hashmatch.kernels.blocks.most_hits` says of the index.
        costs_: shape ``(asked + 1,)``: what each query has cost; written. Last the cost at which a
            query is given up, its pairs incomplete.
        numbers_: the query of each pair; written.
        keys_: distance and row of each pair; written. A pair may be written once for each table.
        pairs: how many these two hold.

    Returns:
        How many pairs were found, also where that is more than the arrays hold.
    """
    index, costs = addresses_at(told, WIDTH + 1), places_at(costs_, asked + 1)
    numbers, keys = numbers_at(numbers_, pairs), keys_at(keys_, pairs)
    width = index[WIDTH]
    tables = 4 * width
    least, more = (radius + 1) // tables, (radius + 1) % tables
    bits = bits_of_block(index[COUNT])
    classes = 1 << (16 - bits)
    hits = HITS + most
    slots = 1
    while slots < SLOTS * min(asked, QUERIES):
        slots *= 2
    candidates = allocate(
        16 * (WAITING + hits + len(FLIPS) + len(NEARER))
        + 8 * (classes + 1 + min(asked, QUERIES) + slots)
    )
    if not candidates:
        return NO_MEMORY
    place = candidates + 16 * (WAITING + hits)
    flips, nearer = flips_at(place, 2), nearer_at(place + 16 * len(FLIPS), 2)
    place += 16 * (len(FLIPS) + len(NEARER))
    begins = places_at(place, classes + 1)
    seen = keys_at(place + 8 * (classes + 1), slots)
    records_ = place + 8 * (classes + 1 + slots)
    flips_within((1 << bits) - 1, flips[0], nearer[0])
    flips_within(-1 << bits, flips[1], nearer[1])
    seen[:] = ~np.uint64(0)
    costs[:-1] = 0
    found = 0
    for first in range(0, asked, QUERIES):
        size = min(asked - first, QUERIES)
        records = places_at(records_, size)
        dealt = False
        for table in range(tables):
            if not claim(claims + 8 * table, mine):
                continue
            if not dealt and deal_together(
                index, queries + 8 * width * first, size, chunks_, claims + 8 * tables, mine
            ) == NO_MEMORY:  # fmt: skip
                release(candidates)
                return NO_MEMORY
            dealt = True
            after = (table + 1) % tables
            own = tags_at(chunks_ + 2 * SPACED * table, size)
            following = tags_at(chunks_ + 2 * SPACED * after, size)
            sort_by_class(own, following, bits, first, records, begins)
            share = room_of(table, tables, least, more)
            both = share + room_of(after, tables, least, more)
            before = found
            found = sweep_table(
                index, table, share, both, queries, radius, bits, records, begins, flips, nearer,
                costs, candidates, numbers, keys, found,
            )  # fmt: skip
            if found <= pairs:
                found = keep_new(numbers, keys, before, found, seen)
        claims += 8 * (tables + QUERIES // DEALT)
        chunks_ += 2 * SPACED * tables
    release(candidates)
    return found
