"""Buckets of tokens: a burst at first, then so much in a time, for all processes of a server.

Of a key only a digest is held, keyed with random bytes that the server made and forgets when it
ends; whoever came seldom enough is forgotten by and by.
"""

import contextlib
import hashlib
import math
import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

_SLOT: Final = struct.Struct("=Qdd")  # of a key its digest, what is left, and when that was
_COLUMNS: Final = np.dtype([("key", np.uint64), ("left", np.float64), ("at", np.float64)])
_WAYS: Final = 8
"""Slots that a key may be in; where all are taken, whoever came longest ago makes room."""

_SET_BYTES: Final = _WAYS * _SLOT.size
_SETS: Final = 8_192
_SWEEP_SECONDS: Final = 60.0
_SPENT: Final = "hashmatch.spent"


class Buckets:
    """A bucket for each key, in a file that the processes map; of a single one, in memory.

    One thread of a process uses it, and holds a lock on the file meanwhile, which the system takes
    from it when it dies. Times are those of the monotonic clock, which processes share.

    Args:
        burst: what a full bucket holds.
        per_second: what is given back; 0 lets everything pass.
        salt: what digests are keyed with; the same in all processes.
        file: made by `prepare`; None where there is one process.
        clock: seconds that never run back.
    """

    def __init__(
        self,
        burst: float,
        per_second: float,
        *,
        salt: bytes,
        file: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst: Final = burst
        self._per_second: Final = per_second
        self._salt: Final = salt
        self._clock: Final = clock
        self._file: Final = None if file is None else os.open(file, os.O_RDWR)
        self._memory: Final = (
            bytearray(_SETS * _SET_BYTES) if self._file is None else mmap.mmap(self._file, 0)
        )
        self._slots: Final = np.frombuffer(self._memory, _COLUMNS)
        self._swept = clock()

    @staticmethod
    def prepare(file: Path) -> None:
        """Make the file, before any of the processes is started."""
        with file.open("wb") as made:
            made.truncate(_SETS * _SET_BYTES)

    def take(self, key: str, tokens: float = 1) -> float:
        """Take tokens, of a full bucket more than it holds; returns 0.

        Where there are too few nothing is taken, and the seconds are returned after which there
        will be enough.
        """
        if self._per_second <= 0:
            return 0.0
        wanted = min(tokens, self._burst)
        with self._alone():
            now = self._clock()
            self._sweep(now)
            digest, place, left = self._find(key, now)
            enough = left >= wanted
            _SLOT.pack_into(self._memory, place, digest, left - wanted if enough else left, now)
        return 0.0 if enough else (wanted - left) / self._per_second

    def give_back(self, key: str, tokens: float = 1) -> None:
        """Undo a `take` that was granted, as far as the bucket has room."""
        if self._per_second <= 0:
            return
        with self._alone():
            now = self._clock()
            digest, place, left = self._find(key, now)
            left = min(self._burst, left + min(tokens, self._burst))
            _SLOT.pack_into(self._memory, place, digest, left, now)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._slots["key"]))

    def _find(self, key: str, now: float) -> tuple[int, int, float]:
        """The digest of a key, the place of its slot, and what is left in its bucket now."""
        told = hashlib.blake2b(key.encode(), key=self._salt, digest_size=8).digest()
        digest = int.from_bytes(told) or 1  # 0 marks a vacant slot
        start = digest % _SETS * _SET_BYTES
        slots = [*_SLOT.iter_unpack(self._memory[start : start + _SET_BYTES])]
        for number, (held, left, at) in enumerate(slots):
            if held == digest:
                full = min(self._burst, left + (now - at) * self._per_second)
                return digest, start + number * _SLOT.size, full
        longest_ago = min(range(_WAYS), key=lambda number: slots[number][2])
        return digest, start + longest_ago * _SLOT.size, self._burst

    def _sweep(self, now: float) -> None:
        """Forget whoever has a full bucket again, which is as good as a new one."""
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        self._slots[now - self._slots["at"] >= self._burst / self._per_second] = 0

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        if self._file is None:
            yield
            return
        import fcntl

        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)


def spend(scope: MutableMapping[str, Any], buckets: Buckets, key: str, tokens: float = 1) -> int:
    """Take tokens for a request, by its ASGI scope; see `refund`.

    Returns:
        0; where there were too few, the whole seconds after which there will be enough.
    """
    seconds = math.ceil(buckets.take(key, tokens))
    if not seconds:
        scope.setdefault(_SPENT, []).append(partial(buckets.give_back, key, tokens))
    return seconds


def refund(scope: MutableMapping[str, Any]) -> None:
    """Give back what a request spent: it was refused for what is not its fault."""
    for give_back in scope.pop(_SPENT, ()):
        give_back()
