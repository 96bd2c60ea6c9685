"""Search in a list of codes that has changed since it was indexed, all in one call.

The base is asked by its buckets, what was added is scanned, the dead are dropped, and what is left
gets its ids. Plain form: `hashmatch.kernels.reference.search` over what is there. What is told of
the list is explained in `hashmatch.kernels.delta`.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.columns import scan_columns
from hashmatch.kernels.delta import is_dead, state_of
from hashmatch.kernels.hamming import scan
from hashmatch.kernels.layout import (
    AT_ADDED,
    AT_BASE,
    AT_CODES,
    AT_COLUMNS,
    AT_DISTANCES,
    AT_FOUND,
    AT_IDS,
    AT_KEYS,
    AT_NUMBERS,
    COUNT,
    FACTS,
    NEARER,
    PAIRS,
    PROBED,
    ROOM,
    WIDTH,
)
from hashmatch.kernels.memory import (
    NO_MEMORY,
    addresses_at,
    allocate,
    distances_at,
    ids_at,
    keys_at,
    load_64,
    numbers_at,
    places_at,
    release,
)
from hashmatch.kernels.probe import lanes_of, probe_one
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.ring import HITS, WAITING
from hashmatch.kernels.select import ID_MASK, unpack
from hashmatch.kernels.signatures import kernel, part

BLOCK: Final = 512
"""Codes that stay in the first-level cache while every query of a batch passes over them."""


@part
def name(
    delta: Any, dead: int, names: int, before: int, numbers: Any, keys: Any, first: int, last: int
) -> Any:
    """Give pairs ids instead of places, and drop the dead; the new end is returned.

    Args:
        delta: as `hashmatch.kernels.layout.AT_BASE` and so on tell.
        dead: how many are.
        names: address of the ids of all places.
        before: rows before the first of the places.
        numbers: the query of each pair; written.
        keys: distance and place of each pair; written.
        first: the pair to begin with.
        last: that to end before.
    """
    end = first
    for pair in range(first, last):
        place = np.int64(keys[pair] & np.uint64(ID_MASK))
        if dead > 0 and is_dead(delta, dead, before + place):
            continue
        distance = keys[pair] >> np.uint64(ID_BITS) << np.uint64(ID_BITS)
        numbers[end] = numbers[pair]
        keys[end] = distance | np.uint64(load_64(names + 8 * place))
        end += 1
    return end


@kernel("number", "array", "number", "number", "number", "array")
def search(told: int, queries: int, asked: int, radius: int, room_told: int, offsets_: int) -> Any:
    """Answer one query after the other: the fastest for few of them.

    Args:
        told: address of what `hashmatch.kernels.layout.AT_BASE` and so on tell of the list.
        queries: shape ``(asked, 8 * width)``.
        asked: how many there are.
        radius: inclusive.
        room_told: address of what `hashmatch.kernels.layout.PAIRS` and so on tell of the room; its
            arrays are written, ids and distances as in `hashmatch.types.Matches`.
        offsets_: one longer than there are queries; written likewise.

    Returns:
        How many matches were written; or, with a minus, how long the room's arrays have to be for
        the kernel to come as far as it knows.
    """
    delta, room = addresses_at(told, FACTS), addresses_at(room_told, AT_DISTANCES + 1)
    base = addresses_at(delta[AT_BASE], WIDTH + 1)
    added, dead = state_of(told)
    width, count, pairs = base[WIDTH], base[COUNT], room[PAIRS]
    offsets = places_at(offsets_, asked + 1)
    numbers, keys = numbers_at(room[AT_NUMBERS], pairs), keys_at(room[AT_KEYS], pairs)
    ids, distances = ids_at(room[AT_FOUND], pairs), distances_at(room[AT_DISTANCES], pairs)
    probed = radius <= delta[PROBED]
    widest = NEARER[(radius + 4 * width) // (4 * width)] if probed else 0
    lanes = lanes_of(widest, 4 * width) if probed else 0
    scratch = allocate(8 * (3 + width + 2 * WAITING + 2 * HITS + 2 * lanes * widest))
    if not scratch:
        return NO_MEMORY
    total = 0
    offsets[0] = 0
    for number in range(asked):
        query = queries + 8 * width * number
        found = probe_one(base, query, radius, room, scratch) if probed else -1
        if found < 0:
            found = scan(
                base[AT_CODES], count, query, 1, width, radius, room[AT_NUMBERS], room[AT_KEYS],
                pairs,
            )  # fmt: skip
        if total + found > pairs:
            total = -total - found
            break
        found = name(delta, dead, delta[AT_IDS], 0, numbers, keys, 0, found)
        if added > 0:
            own = found
            found = scan_columns(
                delta[AT_COLUMNS], 8 * delta[ROOM], 0, added, query, 0, width, radius,
                numbers, keys, found,
            )  # fmt: skip
            if total + found > pairs:
                total = -total - found
                break
            found = name(delta, dead, delta[AT_ADDED], count, numbers, keys, own, found)
        total = unpack(keys[:found], ids, distances, total)
        offsets[number + 1] = total
    release(scratch)
    return total


@kernel(
    "number", "array", "number", "number", "array", "array", "array", "number", "array", "array",
    "number",
)  # fmt: skip
def extend(
    told: int, queries: int, asked: int, radius: int, offsets_: int, rows_: int, distances_: int,
    matches: int, numbers_: int, keys_: int, pairs: int,
) -> Any:  # fmt: skip
    """Make of what was found in the base the pairs of the whole list: the way for many queries.

    Args:
        told: as for `search`.
        queries: shape ``(asked, 8 * width)``.
        asked: how many there are.
        radius: inclusive.
        offsets_: where in the rows and distances the matches of each query begin, and the end.
        rows_: of the base.
        distances_: of the matches.
        matches: how many of either there are.
        numbers_: the query of each pair; written.
        keys_: distance and id of each pair (see `hashmatch.kernels.reference`); written.
        pairs: how many these two hold.

    Returns:
        How many pairs there are, or with too little room may be, before the dead are dropped.
    """
    delta = addresses_at(told, FACTS)
    base = addresses_at(delta[AT_BASE], WIDTH + 1)
    count, width = base[COUNT], base[WIDTH]
    added, dead = state_of(told)
    offsets = places_at(offsets_, asked + 1)
    rows, distances = ids_at(rows_, matches), distances_at(distances_, matches)
    numbers, keys = numbers_at(numbers_, pairs), keys_at(keys_, pairs)
    found = offsets[asked] - offsets[0]
    if found <= len(keys):
        found = 0
        for number in range(asked):
            for match in range(offsets[number], offsets[number + 1]):
                numbers[found] = number
                bits = np.uint64(distances[match])
                keys[found] = bits << np.uint64(ID_BITS) | np.uint64(rows[match])
                found += 1
        found = name(delta, dead, delta[AT_IDS], 0, numbers, keys, 0, found)
    own = found
    for block in range(0, added, BLOCK):
        for number in range(asked):
            found = scan_columns(
                delta[AT_COLUMNS], 8 * delta[ROOM], block, min(block + BLOCK, added),
                queries + 8 * width * number, number, width, radius,
                numbers, keys, found,
            )  # fmt: skip
    if found > len(keys):
        return found
    return name(delta, dead, delta[AT_ADDED], count, numbers, keys, own, found)
