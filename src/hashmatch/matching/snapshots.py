"""Snapshots of all hash lists, which the processes of a machine share through the page cache.

A folder of generations (`hashmatch.matching.stored`). Processes open the newest by mmap. One of
them at a time writes the next, under the folder's lock; where the lock does not hold (some network
file systems), two of them write two folders, of which one is refused.

The registry is the truth: the folder may be deleted at any time.
"""

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

from hashmatch.errors import SnapshotError
from hashmatch.indexes import snapshot
from hashmatch.matching import stored
from hashmatch.matching.generation import Generation
from hashmatch.matching.turns import turn

LOCK: Final = "lock"
SPARED_SECONDS: Final = 600
"""A generation stays for so long after the next one was published, for who is reading it…"""
SPARED: Final = 3
"""…and while it is one of so many."""

log = logging.getLogger(__name__)


class Snapshots(Protocol):
    """Where generations are put and found."""

    def newest(self, above: int) -> Generation | None:
        """The newest generation, if its number is above the one given."""

    def last(self) -> int:
        """The highest number that a generation has, good or not; 0 where there is none."""

    def put(self, generation: Generation) -> Generation:
        """Fold a generation into the next snapshot; returns that."""

    def turn(self, *, wait: bool) -> Any:
        """A context in which nobody else puts any; it tells whether it is one's turn."""

    def tidy(self) -> None:
        """Delete what nobody needs any more."""


class InMemory:
    """Snapshots of one process that has no folder for them."""

    def __init__(self) -> None:
        self._newest: Generation | None = None

    def newest(self, above: int) -> Generation | None:
        """See `Snapshots`."""
        newest = self._newest
        return newest if newest is not None and newest.number > above else None

    def last(self) -> int:
        """See `Snapshots`."""
        return 0 if self._newest is None else self._newest.number

    def put(self, generation: Generation) -> Generation:
        """See `Snapshots`."""
        folded = generation.folded()
        self._newest = replace(folded, number=1 + self.last(), since=folded.sequence)
        return self._newest

    def turn(self, *, wait: bool) -> Any:
        """See `Snapshots`."""
        del wait
        return nullcontext(True)

    def tidy(self) -> None:
        """See `Snapshots`."""


class Folder:
    """Snapshots in a folder, which is made, for its owner only, when the first is written.

    Threads may share one, and so may any number of processes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder: Final = folder
        self._refused: set[Path] = set()
        self._here: Final = threading.Lock()

    def newest(self, above: int) -> Generation | None:
        """See `Snapshots`. One that is damaged is passed over, and the log says so, once."""
        for place in published(self.folder):
            if stored.number_of(place) <= above:
                break
            if place in self._refused:
                continue
            try:
                return stored.read(place)
            except SnapshotError as error:
                log.warning("%s An older generation is looked for.", error)
                self._refused.add(place)
        return None

    def last(self) -> int:
        """See `Snapshots`."""
        return max((stored.number_of(place) for place in published(self.folder)), default=0)

    def put(self, generation: Generation) -> Generation:
        """See `Snapshots`.

        Raises:
            SnapshotError: it cannot be written; nothing was published then.
        """
        self.make()
        place = self.next_place()
        stored.write(place, generation.folded())
        place.chmod(0o700)  # the folder around it may be open to others
        self.tidy()
        return stored.read(place)

    def next_place(self) -> Path:
        """Where the next generation belongs."""
        return self.place(self.last() + 1)

    def place(self, number: int) -> Path:
        """Where the generation of a number is, if it is there."""
        return self.folder / f"{stored.PREFIX}{number:010d}"

    def make(self) -> None:
        """Make the folder.

        Raises:
            SnapshotError: it cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SnapshotError(
                f"The folder {self.folder} for snapshots cannot be made: {error.strerror}. "
                "Check the owner and mode of the folder above."
            ) from error

    @contextmanager
    def turn(self, *, wait: bool) -> Iterator[bool]:
        """See `Snapshots`.

        Raises:
            SnapshotError: the folder cannot be made, or not be written to.
        """
        self.make()
        try:
            taken = turn(self.folder / LOCK, wait=wait)
            mine = taken.__enter__()
        except OSError as error:
            raise SnapshotError(
                f"The folder {self.folder} cannot be written to: {error.strerror}."
            ) from error
        try:
            yield mine
        finally:
            taken.__exit__(None, None, None)

    def tidy(self) -> None:
        """See `Snapshots`: what was replaced a while ago, is damaged, or was never finished."""
        found = published(self.folder)
        now = time.time()
        for rank, (newer, place) in enumerate(pairwise(found), start=1):
            with suppress(OSError):
                old = rank >= SPARED or now - newer.stat().st_mtime > SPARED_SECONDS
                if old or place in self._refused:
                    shutil.rmtree(place)
        for place in self.folder.glob(f"{snapshot.UNFINISHED}*"):
            with suppress(OSError):
                if now - place.stat().st_mtime > SPARED_SECONDS:
                    shutil.rmtree(place)


def published(folder: Path) -> list[Path]:
    """The published generations, newest first."""
    return sorted(folder.glob(f"{stored.PREFIX}*"), reverse=True)
