"""Rooms for what scans find, kept from one search to the next, and the ordering of it."""

from collections.abc import Callable, Sequence
from itertools import pairwise, starmap
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.indexes.combine import joined
from hashmatch.indexes.parallel import share_out, threads
from hashmatch.kernels import calls
from hashmatch.kernels.layout import address_of, addresses
from hashmatch.kernels.reference import Keys, Queries
from hashmatch.types import Codes, Matches

Offsets = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int64]
Distances = npt.NDArray[np.uint16]
Find = Callable[[Queries, Keys], int]
"""Writes pairs to the two arrays as far as they go, and returns how many there are."""

Probe = Callable[[int, Codes, int, int, int, Offsets], int]
"""Answers queries: `hashmatch.kernels.probe.probe`, or another kernel that takes the same."""

SMALL = 1 << 12
KEPT = 1 << 20
"""Pairs that room is kept for; the room for a larger find is given back at once."""
EXPECTED = 64
"""Pairs of each query that a scan has room for; a near-duplicate is found by each table anew."""
SHARED = 1 << 15
"""Pairs from which on ordering them takes more time than waking other threads."""

# What to make arrays of: NumPy takes a third less time for these than for its scalar types.
_INT64: Final = np.dtype(np.int64)
_UINT16: Final = np.dtype(np.uint16)
_NO_IDS: Final = np.empty(0, _INT64)
_NO_DISTANCES: Final = np.empty(0, _UINT16)
_NOTHING: Final = Matches(np.zeros(2, _INT64), _NO_IDS, _NO_DISTANCES)
_NOTHING.offsets.setflags(write=False)
"""What a query by itself finds as a rule; all of these are one."""


class Room:
    """Arrays that one search at a time writes to; they grow with what is found."""

    __slots__ = (
        "_addresses", "distances", "found", "ids", "keys", "numbers", "offsets", "pairs", "told",
    )  # fmt: skip

    def __init__(self, pairs: int) -> None:
        self.offsets = np.empty(2, np.int64)  # of one query
        self.make(pairs)

    def make(self, pairs: int) -> None:
        """Arrays for so many pairs, in place of those that there are."""
        self.pairs = pairs
        self.found = 0
        self.numbers = np.empty(pairs, np.uint32)
        self.keys = np.empty(pairs, np.uint64)
        self.ids = np.empty(pairs, np.int64)
        self.distances = np.empty(pairs, np.uint16)
        self._addresses = addresses(pairs, self.numbers, self.keys, self.ids, self.distances)
        self.told = address_of(self._addresses)


_free: Final[list[Room]] = []
"""Rooms that no search is in. The one that was left last is in the cache, and is taken first."""


def _enter(pairs: int = SMALL) -> Room:
    """A room for so many pairs at least."""
    try:
        room = _free.pop()  # which no other thread gets, then
    except IndexError:
        return Room(max(SMALL, pairs))
    if room.pairs < pairs:
        room.make(pairs)
    return room


def _leave(room: Room) -> None:
    """Let others have a room, unless it is very large."""
    if room.pairs <= KEPT:
        _free.append(room)


def _run(find: Find, count: int) -> Room:
    """What a scan of ``count`` queries has found, run again with more room if need be."""
    room = _enter(min(EXPECTED * count, KEPT))
    room.found = find(room.numbers, room.keys)
    if room.found > room.pairs:
        room.make(room.found)
        room.found = find(room.numbers, room.keys)
    return room


def collect(finds: Sequence[Find], count: int) -> Matches:
    """Run scans of the same ``count`` queries, on all threads, and order what they found.

    Pairs may come in any order, and any number of times each.
    """
    rooms = share_out(lambda find: _run(find, count), finds)
    pairs = sum(room.found for room in rooms)
    told = np.array(
        [(address_of(room.numbers), address_of(room.keys), room.found) for room in rooms], np.int64
    )

    def ordered(part: slice) -> Matches:
        room, offsets = _enter(pairs), np.empty(part.stop - part.start + 1, np.int64)
        total = calls.order(told, len(told), part.start, part.stop, room.told, offsets)
        matches = Matches(offsets, room.ids[:total].copy(), room.distances[:total].copy())
        _leave(room)
        return matches

    if len(finds) == 1 or pairs < SHARED:
        matches = ordered(slice(0, count))
    else:
        matches = by_parts(ordered, count)
    for room in rooms:
        _leave(room)
    return matches


def answer(probe: Probe, told: int, queries: Codes, radius: int) -> Matches:
    """Run a search that orders its matches itself; see `hashmatch.kernels.probe.probe`."""
    count = len(queries)
    try:  # as `_enter` and `_leave` do: calls cost one query too much
        room = _free.pop()
    except IndexError:
        room = Room(SMALL)
    alone = count == 1
    offsets = room.offsets if alone else np.empty(count + 1, _INT64)
    total = probe(told, queries, count, radius, room.told, offsets)
    if not total:
        _free.append(room)
        return _NOTHING if alone else Matches(offsets, _NO_IDS, _NO_DISTANCES)
    while total < 0:
        room.make(-2 * total)
        total = probe(told, queries, count, radius, room.told, offsets)
    ids, distances = np.empty(total, _INT64), np.empty(total, _UINT16)
    calls.take(room.told, total, ids, distances)
    if alone:
        offsets = offsets.copy()
    _leave(room)
    return Matches(offsets, ids, distances)


def by_parts(search: Callable[[slice], Matches], count: int) -> Matches:
    """Search for equal parts of ``count`` queries on all threads."""
    parts = min(threads(), count)
    bounds = [count * part // parts for part in range(parts + 1)]
    return joined(share_out(search, list(starmap(slice, pairwise(bounds)))))
