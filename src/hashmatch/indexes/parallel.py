"""The threads that builds and batches are shared out to.

A pool of our own, over kernels that let go of the interpreter: numba's own threading must not be
entered by two threads at once. Who shares work out takes part in it, and never waits for what
nobody has begun: so any number of threads may share out at once, and work may be shared out again.
"""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, TypeVar

from hashmatch.errors import SearchError

Task = TypeVar("Task")
Result = TypeVar("Result")


VARIABLE: Final = "HASHMATCH_THREADS"
MOST: Final = 1024
"""Threads that a count is taken for; a larger one is a slip."""


def _processors() -> int:
    """The processors that this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not say
        return os.cpu_count() or 1


def _count() -> int:
    """How many threads there are to be where nobody has said it in this process."""
    told = os.environ.get(VARIABLE, "").strip() or "0"
    if not (told.isdecimal() and int(told) <= MOST):
        raise SearchError(
            f"The environment variable {VARIABLE} is a number of threads from 1 to {MOST:,}, or 0 "
            f"for as many as there are processors; {told!r} is none."
        )
    return int(told) or _processors()


class _Helpers:
    """The other threads, in a pool that is made on first use, and made anew in a forked child."""

    def __init__(self) -> None:
        self._count: int | None = None
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    @property
    def count(self) -> int:
        """How many threads there are, with the one that shares work out."""
        if self._count is None:  # not before: an import is no place for an error
            self._count = _count()
        return self._count

    def call(self, work: Callable[[], None], helpers: int) -> list[Future[None]]:
        """Have some of them do the same work, as far as there are any."""
        with self._lock:
            if self._pool is None and self.count > 1:
                self._pool = ThreadPoolExecutor(self.count - 1, thread_name_prefix="hashmatch")
            if self._pool is None:
                return []
            try:
                return [self._pool.submit(work) for _ in range(helpers)]
            except RuntimeError:  # the interpreter is about to end
                return []

    def restart(self, count: int) -> None:
        with self._lock:
            old, self._pool = self._pool, None
            self._count = count
        if old is not None:
            old.shutdown()

    def forget(self) -> None:
        """Threads do not survive a fork, and a lock may have been held during it."""
        self._lock = threading.Lock()
        self._pool = None


_helpers = _Helpers()
_here = threading.local()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_helpers.forget)


def threads() -> int:
    """How many threads a build or a batch is shared out to.

    All processors this process may use, or what the environment variable ``HASHMATCH_THREADS``
    says; 1 where a thread is to be `alone`.

    Raises:
        SearchError: that is no number of threads.
    """
    return 1 if getattr(_here, "alone", False) else _helpers.count


def use_threads(count: int) -> None:
    """Share builds and batches out to this many threads from now on, in the whole process.

    Raises:
        ValueError: not a whole number from 1 to 1,024.
    """
    if type(count) is not int or not 1 <= count <= MOST:
        raise ValueError(f"There are 1 to {MOST:,} threads to use, not {count!r}.")
    _helpers.restart(count)


@contextmanager
def alone() -> Iterator[None]:
    """Let this thread do by itself what it would share out: background work, behind searches."""
    _here.alone = True
    try:
        yield
    finally:
        _here.alone = False


def share_out(work: Callable[[Task], Result], tasks: Iterable[Task]) -> list[Result]:
    """The results of all tasks, in their order, each done by the thread that comes to it first.

    With one thread, or one task, all of it right here. An error in one is raised when nobody is at
    work any more, and what had not been begun by then is left.
    """
    several = list(tasks)
    helpers = min(threads(), len(several)) - 1
    if helpers < 1:
        return [work(task) for task in several]
    left = deque(enumerate(several))
    done: dict[int, Result] = {}

    def take_part() -> None:
        while left:
            try:
                place, task = left.popleft()
            except IndexError:  # another thread has the last one
                break
            try:
                done[place] = work(task)
            except BaseException:
                left.clear()
                raise

    others = _helpers.call(take_part, helpers)
    try:
        take_part()
    finally:
        errors = [other.exception() for other in others if not other.cancel()]
    for error in filter(None, errors):
        raise error
    return [done[place] for place in range(len(several))]
