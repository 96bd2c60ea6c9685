"""From the pairs a scan found to what a search answers: ordered, each once, unpacked.

Plain form: `hashmatch.kernels.reference.order`. Sizes as in `hashmatch.kernels.hamming`.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.layout import AT_DISTANCES, AT_FOUND, AT_KEYS, PAIRS
from hashmatch.kernels.memory import (
    addresses_at,
    distances_at,
    ids_at,
    keys_at,
    load_64,
    numbers_at,
    places_at,
)
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import inlined, kernel, part

ID_MASK: Final = 2**ID_BITS - 1
SHORT: Final = 32
"""Keys up to here are sorted by insertion; most queries find less."""
# 2**64 divided by the golden ratio: multiples of it are spread evenly (Knuth, TAOCP 3, 6.4).
GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
FIND: Final = 24
"""Bytes of what is told of one scan; see `order`."""


@part
def sort_long(keys: Any) -> None:
    """Sort in place, by a heap: no memory is asked for, and no order of the keys is a bad one."""
    root, end = len(keys) // 2, len(keys)
    while end > 1:
        if root > 0:  # the heap is being made
            root -= 1
            key = keys[root]
        else:  # its largest key goes behind it
            end -= 1
            key = keys[end]
            keys[end] = keys[0]
        place, child = root, 2 * root + 1
        while child < end:
            if child + 1 < end and keys[child + 1] > keys[child]:
                child += 1
            if keys[child] <= key:
                break
            keys[place] = keys[child]
            place, child = child, 2 * child + 1
        keys[place] = key


@part
def sort_distinct(keys: Any) -> Any:
    """Sort in place and drop repetitions; how many keys are left is returned.

    By insertion, where repetitions fall away at once: a pair is often found by many tables.
    """
    end = 0
    for place in range(len(keys)):
        key = keys[place]
        before = end
        while before > 0 and keys[before - 1] > key:
            before -= 1
        if before > 0 and keys[before - 1] == key:
            continue
        if end == SHORT:
            return sort_rest(keys, end, place)
        for later in range(end, before, -1):
            keys[later] = keys[later - 1]
        keys[before] = key
        end += 1
    return end


@part
def sort_rest(keys: Any, end: int, place: int) -> Any:
    """The same for many keys, of which those before ``end`` and from ``place`` on are left."""
    for later in range(place, len(keys)):
        keys[end] = keys[later]
        end += 1
    sort_long(keys[:end])
    left = 1
    for later in range(1, end):
        if keys[later] != keys[left - 1]:
            keys[left] = keys[later]
            left += 1
    return left


@part
def keep_new(numbers: Any, keys: Any, first: int, last: int, seen: Any) -> Any:
    """Drop pairs that were found not long ago; the new end is returned.

    Many tables find the same near-duplicates. Of those that share a slot only the last is known,
    so some stay, which `order` drops.

    Args:
        numbers: the query of each pair; written.
        keys: distance and row, below 2**32, of each pair; written.
        first: the pair to begin with.
        last: that to end before.
        seen: a power of two of slots, of the last pair in each; of ones at first; written.
    """
    end = first
    for pair in range(first, last):
        number, key = numbers[pair], keys[pair]
        name = np.uint64(number) << np.uint64(32) | key & np.uint64(0xFFFFFFFF)
        slot = np.int64((name * GOLDEN) >> np.uint64(32)) & (len(seen) - 1)
        numbers[end] = number
        keys[end] = key
        end += seen[slot] != name  # no branch: which are new cannot be predicted
        seen[slot] = name
    return end


@part
def unpack(keys: Any, ids: Any, distances: Any, start: int) -> Any:
    """Sort keys, drop repetitions, and write them from ``start`` on; the end is returned."""
    left = sort_distinct(keys)
    for place in range(left):
        ids[start + place] = np.int64(keys[place] & np.uint64(ID_MASK))
        distances[start + place] = np.uint16(keys[place] >> np.uint64(ID_BITS))
    return start + left


@inlined
def run_of(number: int, first: int, count: int) -> Any:
    """Where the pairs of a query stand: one run each of those asked for, the last of all others.

    Without a branch, for whose queries come next cannot be predicted.
    """
    return np.int64(min(np.uint64(np.int64(number) - first), np.uint64(count)))


@kernel("array", "number", "number", "number", "number", "array")
def order(finds_: int, finds: int, first: int, last: int, room_told: int, offsets_: int) -> int:
    """Write the matches of some queries, of those that scans have found.

    Args:
        finds_: shape ``(finds, 3)``, int64: of each scan, the addresses of the queries of its
            pairs, in any order, and of their keys, and how many there are; of repetitions one
            is kept.
        finds: how many scans.
        first: the query to begin with.
        last: that to end before.
        room_told: address of what `hashmatch.kernels.layout.PAIRS` and so on tell of the room,
            which is as long as all pairs together; its keys, ids and distances are written.
        offsets_: one longer than there are queries; written.

    Returns:
        How many matches were written.
    """
    room, count = addresses_at(room_told, AT_DISTANCES + 1), last - first
    pairs, offsets = room[PAIRS], places_at(offsets_, count + 1)
    keys = keys_at(room[AT_KEYS], pairs)
    ids, distances = ids_at(room[AT_FOUND], pairs), distances_at(room[AT_DISTANCES], pairs)
    offsets[:] = 0
    for find in range(finds_, finds_ + FIND * finds, FIND):
        for number in numbers_at(load_64(find), load_64(find + 16)):
            offsets[run_of(number, first, count)] += 1
    start = 0
    for run in range(count + 1):
        start, offsets[run] = start + offsets[run], start
    for find in range(finds_, finds_ + FIND * finds, FIND):
        numbers = numbers_at(load_64(find), load_64(find + 16))
        found = keys_at(load_64(find + 8), load_64(find + 16))
        for pair in range(len(numbers)):  # offsets[n] moves from where run n begins to its end
            run = run_of(numbers[pair], first, count)
            keys[offsets[run]] = found[pair]
            offsets[run] += 1
    start = 0
    end = 0
    for run in range(count):
        stop = offsets[run]
        offsets[run] = end
        end = unpack(keys[start:stop], ids, distances, end)
        start = stop
    offsets[count] = end
    return end


@kernel("number", "number", "array", "array")
def take(room_told: int, total: int, ids_: int, distances_: int) -> int:
    """Copy matches out of the room: in one call, which takes less than two slices of its arrays.

    Args:
        room_told: address of what `hashmatch.kernels.layout.PAIRS` and so on tell of the room.
        total: how many there are.
        ids_: as long; written.
        distances_: likewise.

    Returns:
        0.
    """
    room = addresses_at(room_told, AT_DISTANCES + 1)
    ids, distances = ids_at(ids_, total), distances_at(distances_, total)
    found, bits = ids_at(room[AT_FOUND], total), distances_at(room[AT_DISTANCES], total)
    for match in range(total):
        ids[match] = found[match]
        distances[match] = bits[match]
    return 0
