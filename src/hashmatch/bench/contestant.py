"""A recipe that takes part in a measurement: the near end of its worker's process."""

import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any, Self

from hashmatch.bench import worker
from hashmatch.bench.worker import Built, Seconds
from hashmatch.errors import SearchError
from hashmatch.types import Matches


class Contestant:
    """An index in a process of its own; see `hashmatch.bench.worker.Worker` for what it does.

    Every method raises SearchError where that process has died.
    """

    def __init__(self, recipe: str, radius: int) -> None:
        self.recipe = recipe
        # Spawned: a fork would begin with this process's memory, and with threads that are gone.
        self._process = ProcessPoolExecutor(
            1, get_context("spawn"), initializer=_start, initargs=(recipe, radius)
        )
        self._number: int = self._process.submit(os.getpid).result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:  # nobody waits for what it is doing
            with suppress(OSError):
                os.kill(self._number, signal.SIGTERM)
        self._process.shutdown(cancel_futures=True)

    def build(self, codes: Path, queries: Path, threads: int) -> Built:
        """Build the index of two ``.npy`` files' codes and queries."""
        built: Built = self._ask("build", codes, queries, threads)
        return built

    def singles(self, count: int, patience: float) -> Seconds:
        """The seconds of each of the first queries, one by one; fewer where patience ends."""
        times: Seconds = self._ask("singles", count, patience)
        return times

    def batch(self, size: int, threads: int, patience: float) -> float:
        """The seconds of a batch: the median of one at least, and of more while patience lasts."""
        seconds: float = self._ask("batch", size, threads, patience)
        return seconds

    def answer(self, count: int) -> Matches:
        """The matches of the first queries."""
        matches: Matches = self._ask("answer", count)
        return matches

    def open(self, scratch: Path, rounds: int) -> float | None:
        """The seconds that opening a snapshot takes; None where there are none of its kind."""
        seconds: float | None = self._ask("open", scratch, rounds)
        return seconds

    def _ask(self, method: str, *arguments: Any) -> Any:
        try:
            return self._process.submit(worker.ask, method, *arguments).result()
        except BrokenProcessPool:
            raise SearchError(
                f"The process that measured the recipe {self.recipe} was ended while it did "
                f"{method!r}; most likely there was not enough memory. Measure fewer codes (-n), "
                f"or fewer recipes at a time."
            ) from None


def _start(recipe: str, radius: int) -> None:
    """Make the worker of this process, which ends with the one that began it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    worker.start(recipe, radius)


def _end_with_parent() -> None:
    """Give the memory of an index back when nobody is left to ask for anything."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
