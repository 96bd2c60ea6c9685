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

A search waits for memory, not for the processor, so it goes in stages, each some way behind the
one before: where buckets begin and end is fetched, then their tags, which are compared; those that
pass are **hits**, a line of tags each; then the rows of candidates, and then their codes. `probe`
goes through all tables for one query after the other. `sweep` goes through one table after the
other for all queries, sorted by bucket, one flip of bits at a time: the memory is then read along.
The form of the tables is told in `hashmatch.kernels.buckets`.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.buckets import STARTS, columns, deal
from hashmatch.kernels.hamming import scan
from hashmatch.kernels.intrinsics import LANES, lowest_bit, near_tags, popcount
from hashmatch.kernels.memory import (
    LINE,
    Addresses,
    Bytes,
    chunks_at,
    distances_at,
    ids_at,
    keys_at,
    load_16,
    load_32,
    load_64,
    numbers_at,
    prefetch,
    store_64,
    words_at,
)
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.select import AT_DISTANCES, AT_IDS, AT_KEYS, AT_NUMBERS, PAIRS, unpack
from hashmatch.kernels.signatures import Keys, Numbers, Places, Tags, inlined, kernel

AT_CODES, AT_STARTS, AT_ROWS, AT_TAGS, AT_SPREAD, COUNT, WIDTH = range(7)
"""What a kernel is told of an index: addresses of its arrays, codes, and words of a code."""

DEEPEST: Final = 5
"""The most room of a chunk that buckets are probed for; where it is more, a flat scan is faster."""

# Bits to flip for all buckets of a table, nearest first, and how many lie nearer than a room.
_KEYS = np.arange(2**16, dtype=np.uint16)
_FLIPPED = np.bitwise_count(_KEYS)
FLIPS: Final = _KEYS[np.argsort(_FLIPPED, kind="stable")][: np.count_nonzero(_FLIPPED < DEEPEST)]
BITS: Final = np.bitwise_count(FLIPS).astype(np.int64)
NEARER: Final = np.array([np.count_nonzero(room > _FLIPPED) for room in range(DEEPEST + 1)])
# Of those, the ones whose starts do not share a cache line with those of one before.
LINES: Final = FLIPS[FLIPS % (LINE // 4) == 0]
LINES_NEARER: Final = np.array(
    [np.count_nonzero(room > np.bitwise_count(LINES)) for room in range(DEEPEST + 1)]
)

AHEAD: Final = 64
"""Buckets that are fetched before the first of them is compared, at least."""
RUN: Final = 256
"""Queries of a sweep that are taken through all flips together: their buckets stay in the cache."""
FETCHED: Final = 8 * LINE
"""Bytes of a bucket that are fetched ahead; the processor sees by itself how it goes on."""
WAITING: Final = 256
"""Candidates that wait for their codes to arrive."""
HITS: Final = 256
"""Hits that wait to be taken apart."""
BLOCK: Final = 8192
"""Queries that are sorted by bucket together."""

# What work costs, in the time that streaming one tag takes (about 0.1 ns); measured, not exact.
PROBE_COST: Final = 100
CANDIDATE_COST: Final = 200
SCAN_COST: Final = 12

I = types.intp  # noqa: E741  # reads better in a column of signatures


@inlined
def room_of(table: int, least: int, more: int) -> Any:
    """The room of one chunk: ``radius + 1`` is shared out evenly.

    ``least`` is the share of each table, ``more`` the number of the first ones that have one more:
    the quotient and the remainder.
    """
    return least + (table < more)


def probes_of(tables: int, radius: int) -> int:
    """How many buckets a query is compared with, in all tables."""
    least, more = divmod(radius + 1, tables)
    return int(more * NEARER[least + (more > 0)] + (tables - more) * NEARER[least])


@inlined
def fetch_starts(starts: int, chunks: int, tables: int, least: int, more: int) -> None:
    """Begin to load where all buckets begin that a query asks, whose chunks are at an address."""
    for table in range(tables):
        chunk = load_16(chunks + 2 * table)
        first = starts + 4 * STARTS * table
        for line in range(LINES_NEARER[room_of(table, least, more)]):
            prefetch(first + 4 * (chunk ^ np.int64(LINES[line])))
        prefetch(first + 4 * (chunk | (LINE // 4 - 1)) + 4)


@inlined
def fetch_bucket(starts: int, base: int, bucket: int, place: int) -> Any:
    """Write where a bucket's tags begin and end, and begin to load them; return their bytes."""
    begin = base + 2 * load_32(starts + 4 * bucket)
    end = base + 2 * load_32(starts + 4 * bucket + 4)
    store_64(place, begin)
    store_64(place + 8, end)
    prefetch(begin)
    line = begin + LINE
    last = min(end - 1, begin + FETCHED)
    while line < last:
        prefetch(line)
        line += LINE
    prefetch(last)
    return end - begin


@inlined
def below(start: int, end: int) -> Any:
    """A bit for each tag of a line from ``start`` that lies before ``end``."""
    return (np.uint64(1) << np.uint64(min((end - start) >> 1, LANES))) - np.uint64(1)


@inlined
def compare(
    places: int, turn: int, turns: int, tags: int, step: int, limit: Any, hits: int, hit: int
) -> Any:
    """Compare buckets with a tag each; write hits: a line's address, and its mask and turn.

    Args:
        places: where `fetch_bucket` has written the first bucket.
        turn: the bucket to begin with.
        turns: that to end before.
        tags: address of the first bucket's tag.
        step: bytes from one tag to the next; 0 where all are compared with one.
        limit: bits in which a tag may differ.
        hits: where the first hit was written.
        hit: where to write the next.

    Returns:
        The turn to go on with when the hits have been taken apart, and where the hits end.
    """
    full = hits + 16 * HITS
    while turn < turns and hit < full:
        place = places + 16 * turn
        start = load_64(place)
        end = load_64(place + 8)
        tag = np.uint16(load_16(tags + step * turn))
        skipped = 0
        if (start ^ (end - 1)) & -LINE == 0:  # all in one line: do not touch, nor wait for, another
            skipped = (start & (LINE - 1)) >> 1
            start &= -LINE
        near = near_tags(start, tag, limit) & below(start, end)
        near = near >> np.uint64(skipped) << np.uint64(skipped)
        while True:
            store_64(hit, start)
            store_64(hit + 8, np.int64(near) | turn << LANES)
            if near:
                hit += 16
            start += LINE
            if start >= end or hit >= full:
                break
            near = near_tags(start, tag, limit) & below(start, end)
        if start < end:
            store_64(place, start)
        else:
            turn += 1
    return turn, hit


@inlined
def apart(one: int, other: int, width: int) -> Any:
    """Bits in which the codes at two addresses differ."""
    bits = np.int64(0)
    if width == 4:
        for word in (0, 8, 16, 24):
            bits += popcount(load_64(one + word) ^ load_64(other + word))
        return bits
    for word in range(0, 8 * width, 8):
        bits += popcount(load_64(one + word) ^ load_64(other + word))
    return bits


@kernel(I(Addresses, I, I, I, I, I, I, I, I))
def verify(
    index: Any, queries: int, radius: int, candidates: int, waiting: int, numbers_: int, keys_: int,
    pairs: int, found: int,
) -> Any:  # fmt: skip
    """Write those of the waiting candidates that match, after the ``found`` ones; return how many.

    A candidate is a posting's place and the number of the query that met it. As many ``pairs`` as
    there is room for are written.
    """
    codes, rows, size = index[AT_CODES], index[AT_ROWS], 8 * index[WIDTH]
    numbers, keys = numbers_at(numbers_, pairs), keys_at(keys_, pairs)
    end = candidates + 16 * waiting
    for candidate in range(candidates, end, 16):
        row = load_32(rows + 4 * load_64(candidate))
        store_64(candidate, row)
        prefetch(codes + row * size)
        prefetch(codes + row * size + size - 1)
    for candidate in range(candidates, end, 16):
        row = load_64(candidate)
        number = load_64(candidate + 8)
        bits = apart(codes + row * size, queries + number * size, index[WIDTH])
        if bits <= radius:
            if found < pairs:
                numbers[found] = number
                keys[found] = np.uint64(bits) << np.uint64(ID_BITS) | np.uint64(row)
            found += 1
    return found


@inlined
def take_apart(
    index: Any, hits: int, hit: int, askers: int, step: int, costs: int, dearest: int,
    candidates: int, waiting: int, queries: int, radius: int, numbers: int, keys: int, pairs: int,
    found: int,
) -> Any:  # fmt: skip
    """Make candidates of the hits, and verify them whenever enough are waiting.

    ``askers`` is the address of the number of the first turn's query, and ``step`` the bytes to
    the next; ``costs`` is that of what each query has cost. Of one that has cost more than the
    ``dearest`` no more candidates are made.
    """
    tags, rows = index[AT_TAGS], index[AT_ROWS]
    for at in range(hits, hit, 16):
        first = (load_64(at) - tags) >> 1
        near = np.uint64(load_32(at + 8))
        number = load_32(askers + step * load_32(at + 12))
        cost = load_64(costs + 8 * number) + CANDIDATE_COST * np.int64(popcount(near))
        store_64(costs + 8 * number, cost)
        if cost > dearest:
            continue
        while near:
            place = first + lowest_bit(near)
            near &= near - np.uint64(1)
            prefetch(rows + 4 * place)
            store_64(candidates + 16 * waiting, place)
            store_64(candidates + 16 * waiting + 8, number)
            waiting += 1
            if waiting == WAITING:
                found = verify(
                    index, queries, radius, candidates, waiting, numbers, keys, pairs, found
                )
                waiting = 0
    return waiting, found


@kernel(I(I, I))
def lanes_of(widest: int, tables: int) -> Any:
    """Tables whose buckets are kept at a time, for a query that asks so many of each."""
    return min(2 + AHEAD // widest, tables + 1)


@kernel(I(Addresses, I, I, Addresses, Places))
def probe_one(index: Any, query: int, radius: int, room: Any, scratch: Any) -> Any:
    """Find the pairs of the query at an address; see `probe`.

    Returns:
        How many pairs there are, also where that is more than the room holds; -1 where a scan is
        less work.
    """
    width, count = index[WIDTH], index[COUNT]
    tables = 4 * width
    least, more = (radius + 1) // tables, (radius + 1) % tables
    pairs, numbers, keys = room[PAIRS], room[AT_NUMBERS], room[AT_KEYS]
    dearest = count * SCAN_COST
    widest = NEARER[room_of(0, least, more)]
    lanes = lanes_of(widest, tables)
    ahead = lanes - 1
    costs = scratch.ctypes.data
    asker = costs + 8
    chunks = asker + 8
    candidates = chunks + 8 * (width + 1)
    hits = candidates + 16 * WAITING
    buckets = hits + 16 * HITS
    store_64(costs, 0)
    store_64(asker, 0)
    spread = words_at(index[AT_SPREAD], 256 * width * width)
    deal(words_at(query, width), 0, width, spread, chunks_at(chunks, tables))
    store_64(chunks + 2 * tables, load_64(chunks))  # the ring closes
    fetch_starts(index[AT_STARTS], chunks, tables, least, more)
    waiting = 0
    found = 0
    for step in range(tables + ahead):
        if step < tables:
            chunk = load_16(chunks + 2 * step)
            starts = index[AT_STARTS] + 4 * STARTS * step
            base = index[AT_TAGS] + 2 * count * step
            lane = buckets + step % lanes * 16 * widest
            probes = NEARER[room_of(step, least, more)]
            met = 0
            for flip in range(probes):
                bucket = chunk ^ np.int64(FLIPS[flip])
                met += fetch_bucket(starts, base, bucket, lane + 16 * flip)
            store_64(costs, load_64(costs) + (met >> 1) + probes * PROBE_COST)
        if load_64(costs) > dearest:
            return -1
        table = step - ahead
        if table < 0:
            continue
        share = room_of(table, least, more)
        both = share + room_of((table + 1) % tables, least, more)
        lane = buckets + table % lanes * 16 * widest
        for bits in range(share):
            turn = NEARER[bits]
            while turn < NEARER[bits + 1]:
                turn, hit = compare(
                    lane, turn, NEARER[bits + 1], chunks + 2 * (table + 1), 0,
                    np.uint16(both - 1 - bits), hits, hits,
                )  # fmt: skip
                waiting, found = take_apart(
                    index, hits, hit, asker, 0, costs, dearest, candidates, waiting, query,
                    radius, numbers, keys, pairs, found,
                )  # fmt: skip
    if load_64(costs) > dearest:
        return -1
    return verify(index, query, radius, candidates, waiting, numbers, keys, pairs, found)


@kernel(I(Addresses, Bytes, I, Addresses, Places))
def probe(index: Any, queries: Any, radius: int, room: Any, offsets: Any) -> Any:
    """Answer one query after the other: the fastest for few of them.

    Args:
        index: as `AT_CODES` and so on tell.
        queries: shape ``(n, 8 * width)``.
        radius: inclusive; no chunk may have more room than `DEEPEST`.
        room: as `hashmatch.kernels.select` tells; its arrays are written, ids and distances as in
            `hashmatch.types.Matches`.
        offsets: one longer than there are queries; written likewise.

    Returns:
        0, or how long the room's arrays have to be for the kernel to come as far as it knows.
    """
    width, count, pairs = index[WIDTH], index[COUNT], room[PAIRS]
    ids, distances = ids_at(room[AT_IDS], pairs), distances_at(room[AT_DISTANCES], pairs)
    keys = keys_at(room[AT_KEYS], pairs)
    widest = NEARER[(radius + 4 * width) // (4 * width)]
    lanes = lanes_of(widest, 4 * width)
    scratch = np.empty(3 + width + 2 * WAITING + 2 * HITS + 2 * lanes * widest, np.int64)
    total = 0
    offsets[0] = 0
    for number in range(len(offsets) - 1):
        query = queries.ctypes.data + 8 * width * number
        found = probe_one(index, query, radius, room, scratch)
        if found < 0:
            codes = words_at(index[AT_CODES], count * width)
            numbers = numbers_at(room[AT_NUMBERS], pairs)
            found = scan(codes, words_at(query, width), width, np.uint64(radius), numbers, keys)
        if total + found > pairs:
            return total + found
        total = unpack(keys[:found], ids, distances, total)
        offsets[number + 1] = total
    return 0


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


@kernel(types.void(Tags, Numbers, Numbers))
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


@kernel(I(Addresses, I, I, I, I, I, Tags, Tags, Numbers, Places, Places, Numbers, Keys, I))
def sweep_table(
    index: Any, table: int, share: int, both: int, queries: int, radius: int, chunks: Any,
    following: Any, order: Any, costs: Any, scratch: Any, numbers: Any, keys: Any, found: int,
) -> Any:  # fmt: skip
    """Find pairs by one table; see `sweep`.

    Args:
        index: as `AT_CODES` and so on tell.
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
        index: as `AT_CODES` and so on tell.
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
