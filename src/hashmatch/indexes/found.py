"""Room for what scans find, kept by each thread from one search to the next, and its ordering."""

import threading
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
Pairs = tuple[Queries, Keys]
Find = Callable[[Queries, Keys], int]
"""Writes pairs to the two arrays as far as they go, and returns how many there are."""

Probe = Callable[[int, Codes, int, int, int, Offsets], int]
"""Answers queries: `hashmatch.kernels.probe.probe`, or another kernel that takes the same."""

SMALL = 1 << 12
KEPT = 1 << 20
"""Pairs that room is kept for; the room for a larger find is given back at once."""
EXPECTED = 64
"""Pairs of each query that a scan has room for; a near-duplicate is found by each table anew."""


_NO_IDS: Final = np.empty(0, np.int64)
_NO_DISTANCES: Final = np.empty(0, np.uint16)


class _Room(threading.local):
    """Arrays of one thread that its searches write to; they grow with what was found."""

    def __init__(self) -> None:
        self.make(SMALL)

    def make(self, pairs: int) -> None:
        self.numbers = np.empty(pairs, np.uint32)
        self.keys = np.empty(pairs, np.uint64)
        self.scratch = np.empty(pairs, np.uint64)
        self.ids = np.empty(pairs, np.int64)
        self.distances = np.empty(pairs, np.uint16)
        self._addresses = addresses(pairs, self.numbers, self.keys, self.ids, self.distances)
        self.told = address_of(self._addresses)


_room = _Room()


def _run(find: Find, count: int) -> Pairs:
    """The pairs of a scan of ``count`` queries, run again with more room if need be.

    They are valid until this thread's next scan.
    """
    if len(_room.keys) < min(EXPECTED * count, KEPT):
        _room.make(min(EXPECTED * count, KEPT))
    found = find(_room.numbers, _room.keys)
    if found > len(_room.keys):
        _room.make(found)
        found = find(_room.numbers, _room.keys)
    return _room.numbers[:found], _room.keys[:found]


def _ordered(pairs: Pairs, count: int) -> Matches:
    """Pairs of ``count`` queries, in any order and any number of times each, as matches."""
    numbers, keys = pairs
    if len(keys) > len(_room.scratch):
        _room.make(len(keys))
    offsets = np.empty(count + 1, np.int64)
    total = calls.order(
        numbers, keys, len(keys), offsets, count, _room.scratch, _room.ids, _room.distances
    )
    matches = Matches(offsets, _room.ids[:total].copy(), _room.distances[:total].copy())
    if len(_room.keys) > KEPT:
        _room.make(SMALL)
    return matches


def collect(find: Find, count: int) -> Matches:
    """Run a scan of ``count`` queries, and order what it found."""
    return _ordered(_run(find, count), count)


def collect_all(finds: Sequence[Find], count: int) -> Matches:
    """Run scans of the same ``count`` queries, on all threads, and order what they found."""
    if len(finds) == 1:
        return collect(finds[0], count)

    def kept(find: Find) -> Pairs:
        numbers, keys = _run(find, count)
        return numbers.copy(), keys.copy()

    numbers, keys = zip(*share_out(kept, finds), strict=True)
    return _ordered((np.concatenate(numbers), np.concatenate(keys)), count)


def answer(probe: Probe, told: int, queries: Codes, radius: int) -> Matches:
    """Run a search that orders its matches itself; see `hashmatch.kernels.probe.probe`."""
    count, room_told = len(queries), _room.told
    offsets = np.empty(count + 1, np.int64)
    total = probe(told, queries, count, radius, room_told, offsets)
    if not total:
        return Matches(offsets, _NO_IDS, _NO_DISTANCES)
    grown = total < 0
    while total < 0:
        _room.make(-2 * total)
        room_told = _room.told
        total = probe(told, queries, count, radius, room_told, offsets)
    ids, distances = np.empty(total, np.int64), np.empty(total, np.uint16)
    calls.take(room_told, total, ids, distances)
    if grown and len(_room.keys) > KEPT:
        _room.make(SMALL)
    return Matches(offsets, ids, distances)


def by_parts(search: Callable[[slice], Matches], count: int) -> Matches:
    """Search for equal parts of ``count`` queries on all threads."""
    parts = min(threads(), count)
    bounds = [count * part // parts for part in range(parts + 1)]
    return joined(share_out(search, list(starmap(slice, pairwise(bounds)))))
