"""From the pairs a scan found to what a search answers: ordered, each once, unpacked.

Plain form: `hashmatch.kernels.reference.order`. Sizes as in `hashmatch.kernels.hamming`.
"""

from typing import Any, Final

import numpy as np
from numba import types

from hashmatch.kernels.reference import ID_BITS
from hashmatch.kernels.signatures import Distances, Ids, Keys, Numbers, Places, kernel, part

PAIRS, AT_NUMBERS, AT_KEYS, AT_IDS, AT_DISTANCES = range(5)
"""What a kernel is told of the room for what it finds: how long its arrays are, and addresses."""

ID_MASK: Final = 2**ID_BITS - 1
SHORT: Final = 32
"""Runs up to here are sorted by insertion; most queries find less."""


@part
def sort_keys(keys: Any) -> None:
    """Sort in place."""
    if len(keys) > SHORT:
        keys.sort()
        return
    for end in range(1, len(keys)):
        key = keys[end]
        place = end
        while place > 0 and keys[place - 1] > key:
            keys[place] = keys[place - 1]
            place -= 1
        keys[place] = key


@part
def unpack(keys: Any, ids: Any, distances: Any, start: int) -> int:
    """Sort keys, drop repetitions, and write them from ``start`` on; the end is returned."""
    sort_keys(keys)
    end = start
    for place in range(len(keys)):
        key = keys[place]
        if place == 0 or key != keys[place - 1]:
            ids[end] = np.int64(key & np.uint64(ID_MASK))
            distances[end] = np.uint16(key >> np.uint64(ID_BITS))
            end += 1
    return end


@kernel(types.intp(Numbers, Keys, Places, Keys, Ids, Distances))
def order(numbers: Any, keys: Any, offsets: Any, scratch: Any, ids: Any, distances: Any) -> int:
    """Write the matches of all queries.

    Args:
        numbers: query of each pair, in any order.
        keys: the pairs' keys, in any order; repetitions are dropped.
        offsets: one longer than there are queries; written.
        scratch: as long as ``keys``; its content is lost.
        ids: at least as long as ``keys``; written.
        distances: likewise.

    Returns:
        How many matches were written.
    """
    count = len(offsets) - 1
    offsets[:] = 0
    for pair in range(len(keys)):
        offsets[numbers[pair] + 1] += 1
    for number in range(count):
        offsets[number + 1] += offsets[number]
    for pair in range(len(keys)):  # offsets[n] moves from the start of run n to its end
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
