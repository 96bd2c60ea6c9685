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
pass are **hits**, a line of tags each; then the rows of candidates, and then their codes. The
stages are here; `hashmatch.kernels.probe` takes one query after the other through them, and
`hashmatch.kernels.sweep` many of them together. The form of the tables is told in
`hashmatch.kernels.buckets`.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.intrinsics import lowest_bit, near_tags, popcount
from hashmatch.kernels.layout import (
    AT_CODES,
    AT_ROWS,
    AT_TAGS,
    CANDIDATE_COST,
    LANES,
    LINE,
    WIDTH,
)
from hashmatch.kernels.memory import (
    keys_at,
    load_32,
    load_64,
    numbers_at,
    prefetch,
    store_64,
)
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import inlined, part

FETCHED: Final = 8 * LINE
"""Bytes of a bucket that are fetched ahead; the processor sees by itself how it goes on."""
WAITING: Final = 256
"""Candidates that wait for their rows to arrive."""
LATER: Final = 64
"""Candidates by which each waits for its code."""
HITS: Final = 256
"""Hits that wait to be taken apart."""


@inlined
def room_of(table: int, tables: int, least: int, more: int) -> Any:
    """The room of one chunk: ``radius + 1`` is shared out evenly.

    ``least`` is the share of each table, ``more`` the number of those that have one more: the
    quotient and the remainder. These are the even ones before the odd: a table with little room
    next to one with much lets fewer candidates pass than two and two alike.
    """
    rank = (table >> 1) + (table & 1) * ((tables + 1) >> 1)
    return least + (rank < more)


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
def compare(places: int, turn: int, turns: int, tag: Any, limit: Any, hits: int, hit: int) -> Any:
    """Compare buckets with a tag; write hits: a line's address, and its mask and turn.

    Args:
        places: where `fetch_bucket` has written the first bucket.
        turn: the bucket to begin with.
        turns: that to end before.
        tag: what the buckets' tags are compared with.
        limit: bits in which a tag may differ.
        hits: where the first hit was written.
        hit: where to write the next.

    Returns:
        The turn to go on with when the hits have been taken apart, and where the hits end.
    """
    full = hits + 16 * HITS
    while turn < turns and hit < full:
        place = places + 16 * turn
        begin = load_64(place)
        end = load_64(place + 8)
        start = begin
        while start + LINE < end and hit < full:
            near = near_tags(start, tag, limit)
            store_64(hit, start)
            store_64(hit + 8, np.int64(near) | turn << LANES)
            if near:
                hit += 16
            start += LINE
        if hit >= full:
            store_64(place, start)
            break
        at = max(begin, end - LINE)  # do not touch, nor wait for, lines that the bucket is not in
        if (start ^ (end - 1)) & -LINE == 0:
            at = start & -LINE
        skipped = np.uint64((start - at) >> 1)
        near = (near_tags(at, tag, limit) & below(at, end)) >> skipped << skipped
        store_64(hit, at)
        store_64(hit + 8, np.int64(near) | turn << LANES)
        if near:
            hit += 16
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


@part
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
    late = candidates - 16 * LATER
    for candidate in range(candidates, end + 16 * LATER, 16):
        if candidate < end:
            row = load_32(rows + 4 * load_64(candidate))
            store_64(candidate, row)
            prefetch(codes + row * size)
            prefetch(codes + row * size + size - 1)
        if late >= candidates:
            row = load_64(late)
            number = load_64(late + 8)
            bits = apart(codes + row * size, queries + number * size, index[WIDTH])
            if bits <= radius:
                if found < pairs:
                    numbers[found] = number
                    keys[found] = np.uint64(bits) << np.uint64(ID_BITS) | np.uint64(row)
                found += 1
        late += 16
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
