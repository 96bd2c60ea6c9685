"""One index under measurement, in a process of its own, so that its memory is its own as well.

The functions here run in that process; `hashmatch.bench.contestant` calls them from outside.
"""

import gc
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hashmatch.indexes import RingIndex, build, load_recipe, use_threads
from hashmatch.types import Codes, Matches

Seconds = npt.NDArray[np.float64]

WARMING: Final = 2048
"""Codes and queries that an index is built of, and asked, before anything is measured."""
MOST_WARMING: Final = 100_000
MOST_BATCHES: Final = 1000
"""Batches of a turn: more of the small ones tell nothing new."""
RUN_IN: Final = 1 / 20
"""Of a turn's patience that goes by before its first single query counts: until then, what is in
the caches is a matter of who was asked before."""


@dataclass(frozen=True, slots=True)
class Built:
    """What building gave.

    Attributes:
        kind: of the index, from its recipe.
        exact: whether a search of this radius promises to miss nothing.
        seconds: that building took.
        grown: bytes by which the process grew, codes included.
        rss: bytes of memory that the process holds now, programs and libraries included.
        peak: the most it ever held.
        buckets: how full they are, as the index tells it; None where it does not.
    """

    kind: str
    exact: bool
    seconds: float
    grown: int
    rss: int
    peak: int
    buckets: dict[str, Any] | None


class Worker:
    """An index of one recipe, and the queries that it is asked."""

    def __init__(self, recipe: str, radius: int) -> None:
        self._recipe = load_recipe(recipe)
        self._radius = radius
        self._queries: Codes = np.empty((0, 0), np.uint8)
        self._index: Any = None

    def build(self, codes: Path, queries: Path, threads: int) -> Built:
        """Load codes and queries, warm up on others, and build the index."""
        use_threads(threads)
        self._queries = np.load(queries)
        self._warm_up()
        before = resident()
        listed = np.load(codes)
        begin = time.perf_counter()
        self._index = build(self._recipe, listed)
        seconds = time.perf_counter() - begin
        del listed
        gc.collect()
        after = resident()
        told: dict[str, Any] = getattr(self._index, "inspect", dict)()
        return Built(
            kind=self._recipe.kind,
            exact=self._index.exact_radius >= self._radius,
            seconds=seconds,
            grown=max(0, after - before),
            rss=after,
            peak=max(after, peak()),
            buckets=told.get("buckets"),
        )

    def _warm_up(self) -> None:
        """Have everything compiled and loaded that the measured work will use."""
        count = min(MOST_WARMING, max(WARMING, self._recipe.parameters.get("flat_below", 0) + 1))
        random = np.random.default_rng(0)
        codes = random.integers(0, 256, (count, self._queries.shape[1]), np.uint8)
        index = build(self._recipe, codes)
        index.search(codes[:1], self._radius)
        index.search(codes[:WARMING], self._radius)

    def singles(self, count: int, patience: float) -> Seconds:
        """Ask queries one by one on one thread; the seconds of each, fewer if patience ends.

        Others are asked first for a while, where there are any, so that none is asked twice.
        """
        use_threads(1)
        search, radius = self._index.search, self._radius
        times: list[float] = []
        gc.disable()
        try:
            begin = time.perf_counter()
            for row in cycle(range(len(self._queries) - 1, -1, -1)):
                if time.perf_counter() > begin + RUN_IN * patience:
                    break
                search(self._queries[row : row + 1], radius)
            end = time.perf_counter() + patience
            for row in range(count):
                query = self._queries[row : row + 1]
                begin = time.perf_counter()
                search(query, radius)
                done = time.perf_counter()
                times.append(done - begin)
                if done > end:
                    break
        finally:
            gc.enable()
        return np.array(times)

    def batch(self, size: int, threads: int, patience: float) -> float:
        """Ask so many queries at once; the seconds that took, the median of as many as fit in."""
        use_threads(threads)
        search, radius = self._index.search, self._radius
        times: list[float] = []
        start, end = 0, time.perf_counter() + patience
        while not times or (time.perf_counter() < end and len(times) < MOST_BATCHES):
            if start + size > len(self._queries):
                start = 0
            asked = self._queries[start : start + size]
            begin = time.perf_counter()
            search(asked, radius)
            times.append(time.perf_counter() - begin)
            start += size
        return float(np.median(times))

    def answer(self, count: int) -> Matches:
        """The matches of the first queries."""
        found: Matches = self._index.search(self._queries[:count], self._radius)
        return found

    def open(self, scratch: Path, rounds: int) -> float | None:
        """Save the index and open it; the median of the seconds, None where it has no snapshots."""
        if not isinstance(self._index, RingIndex):
            return None
        times = []
        with tempfile.TemporaryDirectory(dir=scratch) as folder:
            snapshot = Path(folder) / "snapshot"
            self._index.save(snapshot)
            for _ in range(rounds):
                begin = time.perf_counter()
                opened = RingIndex.open(snapshot)
                times.append(time.perf_counter() - begin)
                del opened
        return float(np.median(times))


def resident() -> int:
    """Bytes of memory that this process holds now; where nothing tells, the most it ever held."""
    return _status("VmRSS") or peak()


def peak() -> int:
    """The most bytes of memory that this process ever held; 0 on Windows, which does not say."""
    told = _status("VmHWM")
    if told:
        return told
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most


def _status(name: str) -> int:
    """A size that Linux tells of this process, in bytes; 0 elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


_workers: list[Worker] = []


def start(recipe: str, radius: int) -> None:
    """Make the one worker of this process, which is stopped by whoever started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _workers[:] = [Worker(recipe, radius)]


def ask(method: str, *arguments: Any) -> Any:
    """Call a method of it."""
    return getattr(_workers[0], method)(*arguments)
