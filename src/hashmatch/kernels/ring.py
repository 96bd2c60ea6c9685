"""Exact radius search by buckets: multi-index hashing with inline neighbour tags.

Plain form: `hashmatch.kernels.reference.ring`. After Norouzi, Punjani and Fleet, "Fast exact
search in Hamming space with multi-index hashing" (PAMI 2014) and Qin and Xiao, "Pigeonring: a
principle for faster thresholded similarity search" (VLDB 2018).

A code's bits are dealt to **chunks** of 16, the chunks are read as a ring, and each chunk is the
key of a table. The radius is shared out as **room**: one unit more than the radius over all
chunks, so that two codes within the radius differ in less than that in sum. Going round the ring,
there is then a chunk from which on every stretch of chunks differs in fewer bits than it has room
(the cycle lemma). So a table is asked only for buckets nearer than its chunk's room, and of a
bucket only those codes pass whose next chunk, kept beside each posting as its **tag**, leaves the
stretch of two within the room of two. What passes is a candidate; its distance decides.

Postings are compressed sparse rows: bucket ``b`` of table ``t`` is the stretch from
``starts[t * STARTS + b]`` to the next start, in the ``t``-th of equal parts of ``rows`` and
``tags``. Sizes: fewer than 2**32 codes.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.hamming import distance, scan
from hashmatch.kernels.intrinsics import LANES, lowest_bit, near_tags, prefetch
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.select import unpack
from hashmatch.kernels.signatures import (
    Distances,
    Ids,
    Keys,
    Numbers,
    Places,
    Rows,
    RowsOut,
    Starts,
    StartsOut,
    Tags,
    TagsOut,
    Visits,
    Words,
    kernel,
)

STARTS: Final = 2**16 + 1
"""Starts of a table: its buckets, and the end of the last."""
PADDING: Final = LANES
"""Tags to keep beyond the last, for they are read by vectors."""
AHEAD: Final = 2
"""Visits between asking the memory for something and needing it."""
FETCHED: Final = 8 * LANES
"""Tags of a bucket that are fetched ahead; the processor sees by itself how it goes on."""
WAITING: Final = 256
"""Candidates that wait for their codes to arrive."""
DEEPEST: Final = 5
"""The most room of a chunk that buckets are probed for; where it is more, a flat scan is faster."""

# Bits to flip for all buckets of a table, nearest first, and how many lie nearer than a room.
_KEYS = np.arange(2**16, dtype=np.uint16)
_FLIPPED = np.bitwise_count(_KEYS)
FLIPS: Final = _KEYS[np.argsort(_FLIPPED, kind="stable")][: np.count_nonzero(_FLIPPED < DEEPEST)]
NEARER: Final = np.array([np.count_nonzero(room > _FLIPPED) for room in range(DEEPEST + 1)])

# What work costs, in the time that streaming one tag takes (about 0.1 ns); measured, not exact.
PROBE_COST: Final = 200
CANDIDATE_COST: Final = 300
SCAN_COST: Final = 12

I = types.intp  # noqa: E741  # reads better in a column of signatures


@kernel(types.void(Words, I, I, Words, TagsOut))
def deal(codes: Any, start: int, width: int, spread: Any, chunks: Any) -> None:
    """Write the chunks of the code at word ``start``.

    ``spread`` holds, for each nibble of a code and each of its 16 values, the words that these
    four bits become (`hashmatch.indexes.order.spread`).
    """
    words = chunks.view(np.uint64)
    words[:] = 0
    for nibble in range(16 * width):
        word = codes[start + (nibble >> 4)]
        value = np.int64(word >> np.uint64(4 * (nibble & 15)) & np.uint64(15))
        place = (nibble * 16 + value) * width
        for part in range(width):
            words[part] ^= spread[place + part]


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


@kernel(types.void(Words, I, Words, TagsOut))
def deal_all(codes: Any, width: int, spread: Any, chunks: Any) -> None:
    """Write the chunks of all codes, one code after the other."""
    tables = 4 * width
    for row in range(len(codes) // width):
        deal(codes, row * width, width, spread, chunks[row * tables : (row + 1) * tables])


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


@kernel(I(I, I, I))
def room_of(table: int, tables: int, radius: int) -> Any:
    """The room of one chunk: ``radius + 1`` shared out evenly, what is left to the first tables."""
    return (radius + tables - table) // tables


@kernel(I(I, I))
def probes_of(tables: int, radius: int) -> Any:
    """How many buckets a query is compared with, in all tables."""
    total = 0
    for table in range(tables):
        total += NEARER[room_of(table, tables, radius)]
    return total


@kernel(I(Words, I, Words, I, Rows, Places, Numbers, I, Numbers, Keys, I))
def verify(
    codes: Any, width: int, queries: Any, radius: int, rows: Any, places: Any, asking: Any,
    waiting: int, numbers: Any, keys: Any, found: int,
) -> Any:  # fmt: skip
    """Write those of the waiting candidates that match, after the ``found`` ones; return how many.

    ``places`` are the candidates' places in ``rows``, ``asking`` the queries that met them.
    """
    for candidate in range(waiting):
        row = np.int64(rows[places[candidate]])
        places[candidate] = row
        prefetch(codes, row * width)
        prefetch(codes, row * width + width - 1)
    for candidate in range(waiting):
        row = places[candidate]
        number = asking[candidate]
        bits = distance(codes, row * width, queries, number * width, width)
        if bits <= np.uint64(radius):
            if found < len(keys):
                numbers[found] = number
                keys[found] = bits << np.uint64(ID_BITS) | np.uint64(row)
            found += 1
    return found


@kernel(types.void(Starts, I, types.uint16, I))
def fetch_starts(starts: Any, first: int, chunk: Any, probes: int) -> None:
    """Begin to load the starts of the ``probes`` buckets next to a chunk's."""
    for flip in range(probes):
        prefetch(starts, first + np.int64(chunk ^ FLIPS[flip]))


@kernel(I(Starts, I, types.uint16, I, Tags, I, Places, Places, I))
def fetch_tags(
    starts: Any, first: int, chunk: Any, probes: int, tags: Any, base: int,
    begins: Any, ends: Any, lane: int,
) -> Any:  # fmt: skip
    """Write where these buckets begin and end, and begin to load their tags; return how many."""
    postings = np.int64(0)
    for flip in range(probes):
        bucket = first + np.int64(chunk ^ FLIPS[flip])
        begin = base + np.int64(starts[bucket])
        end = base + np.int64(starts[bucket + 1])
        begins[lane + flip] = begin
        ends[lane + flip] = end
        postings += end - begin
        last = min(end - 1, begin + FETCHED)
        while begin < last:
            prefetch(tags, begin)
            begin += LANES
        prefetch(tags, last)
    return postings


VISIT: Final = I(
    Words, I, Starts, Rows, Tags, Words, Tags, I, Visits, Visits, I, Places, Numbers, Keys
)


@kernel(VISIT)
def visit(  # noqa: C901, PLR0915  # one loop over three stages; apart they would not read better
    codes: Any, width: int, starts: Any, rows: Any, tags: Any, queries: Any, chunks: Any,
    radius: int, askers: Any, asked: Any, dearest: int, costs: Any, numbers: Any, keys: Any,
) -> Any:  # fmt: skip
    """Let queries ask tables: in which order matters for the speed only.

    Some visits are under way at any time: for one the starts are fetched, for another, whose
    starts have arrived, the tags, and of a third these have arrived and are compared.

    Args:
        codes: all codes, as words.
        width: words of a code.
        starts: of all tables.
        rows: of all tables.
        tags: of all tables, and `PADDING` more.
        queries: as words.
        chunks: of the queries, one query after the other.
        radius: inclusive; no chunk may have more room than `DEEPEST`.
        askers: the query of each visit.
        asked: the table of each visit.
        dearest: the cost at which a query stops, its pairs incomplete.
        costs: what each query has cost, to which its visits are added.
        numbers: the query of each pair; written.
        keys: distance and row of each pair; written. A pair may be written once for each table.

    Returns:
        How many pairs were found, also where that is more than the arrays hold.
    """
    tables = 4 * width
    count = len(rows) // tables
    widest = NEARER[room_of(0, tables, radius)]
    lanes = AHEAD + 1
    rooms = np.empty(tables + 1, np.int64)  # a division for each; and the ring closes
    for place in range(tables + 1):
        rooms[place] = room_of(place % tables, tables, radius)
    begins = np.empty(lanes * widest, np.int64)
    ends = np.empty(lanes * widest, np.int64)
    places = np.empty(WAITING, np.int64)
    asking = np.empty(WAITING, np.uint32)
    waiting = 0
    found = 0
    for step in range(len(askers) + 2 * AHEAD):
        turn = step
        if turn < len(askers):
            table = np.int64(asked[turn])
            chunk = chunks[askers[turn] * tables + table]
            fetch_starts(starts, table * STARTS, chunk, NEARER[rooms[table]])
        turn = step - AHEAD
        if 0 <= turn < len(askers):
            table = np.int64(asked[turn])
            chunk = chunks[askers[turn] * tables + table]
            probes = NEARER[rooms[table]]
            costs[askers[turn]] += probes * PROBE_COST + fetch_tags(
                starts, table * STARTS, chunk, probes, tags, table * count,
                begins, ends, turn % lanes * widest,
            )  # fmt: skip
        turn = step - 2 * AHEAD
        if turn < 0 or costs[askers[turn]] > dearest:
            continue
        number = askers[turn]
        table = np.int64(asked[turn])
        tag = chunks[number * tables + (table + 1) % tables]
        room = rooms[table]
        both = room + rooms[table + 1]
        lane = turn % lanes * widest
        for bits in range(room):
            limit = np.uint16(both - 1 - bits)
            for flip in range(NEARER[bits], NEARER[bits + 1]):
                start = begins[lane + flip]
                end = ends[lane + flip]
                while start < end:
                    near = near_tags(tags, start, tag, limit)
                    if end - start < LANES:
                        near &= (np.uint64(1) << np.uint64(end - start)) - np.uint64(1)
                    while near:
                        places[waiting] = start + lowest_bit(near)
                        near &= near - np.uint64(1)
                        prefetch(rows, places[waiting])
                        asking[waiting] = number
                        waiting += 1
                        if waiting == WAITING:
                            found = verify(
                                codes, width, queries, radius, rows, places, asking, waiting,
                                numbers, keys, found,
                            )  # fmt: skip
                            costs[number] += waiting * CANDIDATE_COST
                            waiting = 0
                    start += LANES
    return verify(
        codes, width, queries, radius, rows, places, asking, waiting, numbers, keys, found
    )


PROBE: Final = I(
    Words, I, Starts, Rows, Tags, Words, Words, I, Numbers, Keys, Places, Ids, Distances
)


@kernel(PROBE)
def probe(
    codes: Any, width: int, starts: Any, rows: Any, tags: Any, spread: Any, queries: Any,
    radius: int, numbers: Any, keys: Any, offsets: Any, ids: Any, distances: Any,
) -> Any:  # fmt: skip
    """Answer one query after the other: the fastest for few of them.

    The arguments are as in `visit`, but ``spread`` says how bits are dealt to chunks (see `deal`),
    ``numbers`` and ``keys`` are scratch, and ``offsets`` (one longer than there are queries),
    ``ids`` and ``distances`` (as long as ``keys``) are written as in `hashmatch.types.Matches`.

    Returns:
        0, or how long these arrays have to be for the kernel to come as far as it knows.
    """
    tables = 4 * width
    chunks = np.empty(tables, np.uint16)
    asked = np.arange(tables).astype(np.uint32)
    askers = np.zeros(tables, np.uint32)
    costs = np.empty(1, np.int64)
    dearest = len(codes) // width * SCAN_COST
    total = 0
    offsets[0] = 0
    for number in range(len(queries) // width):
        query = queries[number * width : (number + 1) * width]
        deal(query, 0, width, spread, chunks)
        costs[0] = 0
        found = visit(
            codes, width, starts, rows, tags, query, chunks, radius, askers, asked, dearest, costs,
            numbers, keys,
        )  # fmt: skip
        if costs[0] > dearest:
            found = scan(codes, query, width, np.uint64(radius), numbers, keys)
        if total + found > len(keys):
            return total + found
        total = unpack(keys[:found], ids, distances, total)
        offsets[number + 1] = total
    return 0
