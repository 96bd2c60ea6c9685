"""From the pairs a scan found to what a search answers: ordered, each once, unpacked.

Plain form: `hashmatch.kernels.reference.order`. Sizes as in `hashmatch.kernels.hamming`.
"""

from typing import Any, Final

import numpy as np

from hashmatch.kernels.layout import AT_DISTANCES, AT_FOUND
from hashmatch.kernels.memory import (
    addresses_at,
    distances_at,
    ids_at,
    keys_at,
    numbers_at,
    places_at,
)
from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import kernel, part

ID_MASK: Final = 2**ID_BITS - 1
SHORT: Final = 32
"""Keys up to here are sorted by insertion; most queries find less."""


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
def unpack(keys: Any, ids: Any, distances: Any, start: int) -> Any:
    """Sort keys, drop repetitions, and write them from ``start`` on; the end is returned."""
    left = sort_distinct(keys)
    for place in range(left):
        ids[start + place] = np.int64(keys[place] & np.uint64(ID_MASK))
        distances[start + place] = np.uint16(keys[place] >> np.uint64(ID_BITS))
    return start + left


@kernel("array", "array", "number", "array", "number", "array", "array", "array")
def order(
    numbers_: int, keys_: int, pairs: int, offsets_: int, count: int, scratch_: int, ids_: int,
    distances_: int,
) -> int:  # fmt: skip
    """Write the matches of all queries.

    Args:
        numbers_: query of each pair, in any order.
        keys_: the pairs' keys, in any order; repetitions are dropped.
        pairs: how many there are.
        offsets_: one longer than there are queries; written.
        count: how many queries.
        scratch_: as long as the keys; its content is lost.
        ids_: at least as long as the keys; written.
        distances_: likewise.

    Returns:
        How many matches were written.
    """
    numbers, keys, scratch = (
        numbers_at(numbers_, pairs),
        keys_at(keys_, pairs),
        keys_at(scratch_, pairs),
    )
    offsets = places_at(offsets_, count + 1)
    ids, distances = ids_at(ids_, pairs), distances_at(distances_, pairs)
    offsets[:] = 0
    for pair in range(pairs):
        offsets[numbers[pair] + 1] += 1
    for number in range(count):
        offsets[number + 1] += offsets[number]
    for pair in range(pairs):  # offsets[n] moves from the start of run n to its end
        number = numbers[pair]
        scratch[offsets[number]] = keys[pair]
        offsets[number] += 1
    start = 0
    end = 0
    for number in range(count):
        stop = offsets[number]
        offsets[number] = end
        end = unpack(scratch[start:stop], ids, distances, end)
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
