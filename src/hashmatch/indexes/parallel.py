"""The threads that builds and batches are shared out to.

A pool of our own, over kernels that let go of the interpreter: numba's own threading must not be
entered by two threads at once.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


def _processors() -> int:
    """The processors that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not say
        return os.cpu_count() or 1


class _Workers:
    """A pool that is made on first use, and made anew in a forked child."""

    def __init__(self) -> None:
        self.count = int(os.environ.get("HASHMATCH_THREADS", "0")) or _processors()
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def pool(self) -> ThreadPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.count, thread_name_prefix="hashmatch")
            return self._pool

    def restart(self, count: int) -> None:
        with self._lock:
            old, self._pool = self._pool, None
            self.count = count
        if old is not None:
            old.shutdown()

    def forget(self) -> None:
        """Threads do not survive a fork, and a lock may have been held during it."""
        self._lock = threading.Lock()
        self._pool = None


_workers = _Workers()
_here = threading.local()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_workers.forget)


def threads() -> int:
    """How many threads a build or a batch is shared out to.

    All processors this process may use, or what the environment variable ``HASHMATCH_THREADS``
    says.
    """
    return _workers.count


def use_threads(count: int) -> None:
    """Share builds and batches out to this many threads from now on, in the whole process.

    Raises:
        ValueError: fewer than one.
    """
    if count < 1:
        raise ValueError(f"There must be at least one thread, not {count}.")
    _workers.restart(count)


@contextmanager
def alone() -> Iterator[None]:
    """Let this thread do by itself what it would share out: background work, behind searches."""
    _here.alone = True
    try:
        yield
    finally:
        _here.alone = False


def share_out(work: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
    """The results of all tasks, in their order; with one thread, or one task, right here."""
    several = list(tasks)
    if _workers.count == 1 or len(several) < 2 or getattr(_here, "alone", False):
        return [work(task) for task in several]
    return list(_workers.pool().map(work, several))
