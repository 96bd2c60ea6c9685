"""The processes of one server: each tells the others how far it is, so that any can answer for all.

A probe reaches one process, and the request after it another: ready is what all of them are.
"""

import math
import mmap
import os
import time
from pathlib import Path
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.service.settings import Settings

State = Literal["not_loaded", "ready", "stale"]

NAME: Final = "crew"
"""The file, in the folder that the processes share."""

_SPARE: Final = 8  # a worker is replaced before the old one ends; signals may add some
_PLACE: Final = np.dtype([("refreshed", np.float64), ("sequence", np.int64)])
_VACANT: Final = math.nan
_LOADING: Final = -math.inf


class Standing(NamedTuple):
    """How far the slowest process is.

    Attributes:
        state: ``"not_loaded"`` where one has no lists yet, ``"stale"`` where one has old ones.
        sequence: the last change that is effective in all of them; None where one has no lists.
        age: seconds since the lists of all were known to be up to date; likewise.
        processes: how many there are.
    """

    state: State
    sequence: int | None
    age: float | None
    processes: int


class Crew:
    """A place for each process of a server, in a file that they map; of a single one, in memory.

    A process holds a lock on its place, which the system takes from it when it dies. Numbers are
    8 bytes each and aligned, so that none is ever read half written.
    """

    def __init__(self, settings: Settings) -> None:
        self._wanted = settings.workers
        self._stale_seconds = settings.stale_seconds
        self._file: int | None = None
        self._own = 0
        if settings.shared is None:
            self._wanted = 1
            self._places = np.array([(_VACANT, 0)], _PLACE)
        else:
            self._file = os.open(Path(settings.shared) / NAME, os.O_RDWR)
            self._places = np.frombuffer(mmap.mmap(self._file, 0), _PLACE)

    @staticmethod
    def prepare(folder: Path, workers: int) -> None:
        """Make the file, before any of the processes is started."""
        places = np.full(2 * workers + _SPARE, np.array((_VACANT, 0), _PLACE))
        (folder / NAME).write_bytes(places.tobytes())

    def join(self) -> None:
        """Take a place, before the process answers anything."""
        if self._file is not None:
            self._own = self._claim(self._file)
        self._places["refreshed"][self._own] = _LOADING

    def tell(self, refreshed: float, sequence: int) -> None:
        """Tell how far this process is.

        Args:
            refreshed: when its lists were known to be up to date, by the monotonic clock.
            sequence: the last change in them.
        """
        self._places["sequence"][self._own] = sequence
        self._places["refreshed"][self._own] = refreshed

    def leave(self) -> None:
        """Give the place up."""
        self._places["refreshed"][self._own] = _VACANT

    def standing(self) -> Standing:
        """How far the slowest process is."""
        taken: npt.NDArray[np.void] = self._places[~np.isnan(self._places["refreshed"])]
        oldest = float(taken["refreshed"].min(initial=math.inf))
        if len(taken) < self._wanted or oldest == _LOADING:
            return Standing("not_loaded", None, None, len(taken))
        age = time.monotonic() - oldest
        state: State = "stale" if age > self._stale_seconds else "ready"
        return Standing(state, int(taken["sequence"].min()), age, len(taken))

    def _claim(self, file: int) -> int:
        """The first place that nobody holds; those of the dead are cleared."""
        import fcntl

        own = None
        for place in range(len(self._places)):
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except OSError:
                continue
            if own is None:
                own = place
                continue
            self._places["refreshed"][place] = _VACANT
            fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
        if own is None:
            raise RuntimeError("There are more processes in this server than it has places for.")
        return own
