"""Room for what a scan finds, kept by each thread from one search to the next."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from hashmatch.kernels import select
from hashmatch.kernels.reference import Keys, Queries
from hashmatch.types import Matches

Find = Callable[[Queries, Keys], Any]
"""Writes pairs to the two arrays as far as they go, and returns how many there are, an int."""


class Room(threading.local):
    """Arrays of one thread that its searches write to; they grow with what was found."""

    KEPT = 1 << 20
    """Pairs that room is kept for; a larger find is given back at once."""

    def __init__(self) -> None:
        self._make(1 << 12)

    def _make(self, pairs: int) -> None:
        self.numbers = np.empty(pairs, np.uint32)
        self.keys = np.empty(pairs, np.uint64)
        self.scratch = np.empty(pairs, np.uint64)
        self.ids = np.empty(pairs, np.int64)
        self.distances = np.empty(pairs, np.uint16)

    def collect(self, find: Find, count: int) -> Matches:
        """Run a scan of ``count`` queries, again with more room if need be, and order its pairs."""
        found = find(self.numbers, self.keys)
        if found > len(self.keys):
            self._make(found)
            found = find(self.numbers, self.keys)
        offsets = np.empty(count + 1, np.int64)
        total = select.order(
            self.numbers[:found], self.keys[:found], offsets, self.scratch, self.ids, self.distances
        )
        matches = Matches(offsets, self.ids[:total].copy(), self.distances[:total].copy())
        if len(self.keys) > self.KEPT:
            self._make(1 << 12)
        return matches


room = Room()
