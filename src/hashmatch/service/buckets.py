"""Buckets of tokens: a burst at first, then so much in a time; whoever came seldom is forgotten."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST: Final = 100_000


class Buckets:
    """A bucket for each key; one process's, in memory. One thread uses it.

    Args:
        burst: what a full bucket holds.
        per_second: what is given back; 0 lets everything pass.
        clock: seconds that never run back.
    """

    def __init__(
        self, burst: float, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst: Final = burst
        self._per_second: Final = per_second
        self._clock: Final = clock
        # key -> (what is left, when that was), the one that came last at the end
        self._left: OrderedDict[bytes | str, tuple[float, float]] = OrderedDict()

    def take(self, key: bytes | str, tokens: float = 1) -> float:
        """Take tokens, of a full bucket more than it holds; returns 0.

        Where there are too few nothing is taken, and the seconds are returned after which there
        will be enough.
        """
        if self._per_second <= 0:
            return 0.0
        now = self._clock()
        left, then = self._left.pop(key, (self._burst, now))
        left = min(self._burst, left + (now - then) * self._per_second)
        wanted = min(tokens, self._burst)
        enough = left >= wanted
        self._left[key] = (left - wanted if enough else left, now)
        self._forget(now)
        return 0.0 if enough else (wanted - left) / self._per_second

    def __len__(self) -> int:
        return len(self._left)

    def _forget(self, now: float) -> None:
        """Buckets that are full again are as good as new ones."""
        full_after = self._burst / self._per_second
        while self._left:
            key, (_, then) = next(iter(self._left.items()))
            if now - then < full_after and len(self._left) <= _MOST:
                return
            del self._left[key]
