"""Work that is done right after an answer, by a few threads, with a bound on what waits."""

import logging
import os
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

THREADS: Final = 2
WAITING: Final = 16
"""Pieces of work at hand, each of which may hold an upload in memory."""

log = logging.getLogger(__name__)


class Later:
    """Does what it is given, soon; threads start with the first of it, also in a forked child."""

    def __init__(self) -> None:
        self.begin()
        _all.add(self)

    def begin(self) -> None:
        """Start with nothing at hand."""
        self._room = threading.Semaphore(WAITING)
        self._starting = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def give(self, work: Callable[[], None]) -> None:
        """Have work done; waits where too much is at hand already."""
        with self._starting:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, "hashmatch-later")
            pool = self._pool
        self._room.acquire()  # released where the work ends, in another thread
        pool.submit(self._do, work)

    def close(self) -> None:
        """Wait for what is at hand."""
        with self._starting:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            log.exception("What was to be done after an answer failed.")
        finally:
            self._room.release()


_all: Final[weakref.WeakSet[Later]] = weakref.WeakSet()


def _forked() -> None:
    for later in _all:
        later.begin()  # no thread goes on in a child, and what waits is the parent's


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
