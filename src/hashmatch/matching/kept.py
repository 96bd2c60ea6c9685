"""The lists as a matcher answers from them, kept up to date in the background."""

import logging
import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import Final

from hashmatch.errors import RegistryUnavailableError
from hashmatch.matching.follower import Follower
from hashmatch.matching.generation import Generation
from hashmatch.matching.places import Opened
from hashmatch.matching.snapshots import InMemory, Snapshots
from hashmatch.matching.source import Local, Source
from hashmatch.registry import Registry

_AGAIN_SECONDS: Final = (0.5, 15.0)
_log: Final = logging.getLogger(__name__)


class Kept:
    """The generation that is served, and what makes the next one.

    Threads may share one: who asks for the generation waits for nothing. A forked child may go on
    with one that opens its source by itself: it does so anew, and answers meanwhile.

    Args:
        source: where the entries come from; whoever opened it closes it. Or what opens it.
        snapshots: where the processes of a machine share the entries; by default each has its own.
            What opens the source tells its own.

    Raises:
        RegistryUnavailableError: the source cannot be read, and no snapshot is there.
    """

    def __init__(
        self, source: Registry | Source | Callable[[], Opened], snapshots: Snapshots | None = None
    ) -> None:
        self._begin()
        self._closed = False
        self._opening: Final = source if callable(source) else None
        self._every = 0.0
        if callable(source):
            self._open(source)
        else:
            self._take(source, snapshots or InMemory())
        self._reached = time.monotonic()
        try:
            self._serving: Generation = self.follower.catch_up()
        except BaseException as error:
            held = self.follower.held()
            if held is None or not isinstance(error, RegistryUnavailableError):
                self.close()
                raise
            reached = self.source.reached()
            self._reached -= math.inf if reached is None else max(0.0, time.time() - reached)
            self._serving = held
        _all.add(self)

    def _begin(self) -> None:
        """What each process has for itself."""
        self._refreshing = threading.Lock()
        self._ending = threading.Event()
        self.thread: threading.Thread | None = None
        self._closing: list[Callable[[], None]] = []
        self._orphaned = False

    def _open(self, opening: Callable[[], Opened]) -> None:
        opened = opening()
        self._closing.append(opened.close)
        self._take(opened.source, opened.snapshots)

    def _take(self, source: Registry | Source, snapshots: Snapshots) -> None:
        self.source = Local(source) if isinstance(source, Registry) else source
        self._snapshots = snapshots
        self.follower = Follower(self.source, snapshots)

    def _take_anew(self) -> None:
        if self._opening is not None:
            self._open(self._opening)
        else:
            self._take(self.source, self._snapshots)
        self._orphaned = False

    @property
    def generation(self) -> Generation:
        """What is served.

        Raises:
            RuntimeError: this is closed: nobody keeps it up to date any more.
        """
        self._refuse_closed()
        self._go_on()
        return self._serving

    @property
    def age(self) -> float:
        """Seconds since it was last known to be up to date; infinite if that is unknown."""
        self._refuse_closed()
        self._go_on()
        return time.monotonic() - self._reached

    def refresh(self) -> Generation:
        """Make what changed in the source effective; see `hashmatch.matching.Matcher.refresh`."""
        self._refuse_closed()
        return self._refresh()

    def _refuse_closed(self) -> None:
        if self._closed:
            raise RuntimeError(
                "This matcher is closed, and its lists are kept up to date no more. "
                "Open another: Matcher.open."
            )

    def _refresh(self) -> Generation:
        with self._refreshing:
            began = time.monotonic()
            if self._orphaned:
                self._take_anew()
            self._serving = self.follower.catch_up()
            self._reached = began
            return self._serving

    def follow(self, every: float, first: float | None = None) -> None:
        """Refresh in the background, until this is closed.

        Args:
            every: seconds from one look at what has changed to the next; longer ones after a
                failure.
            first: seconds to the first one, if others.
        """
        self._refuse_closed()
        if self.thread is None:
            self._every = every
            pause = every if first is None else first
            self.thread = threading.Thread(
                target=self._keep_up, args=(every, pause), name="hashmatch-follow", daemon=True
            )
            self.thread.start()

    def _keep_up(self, every: float, pause: float) -> None:
        failed = False
        while not self._ending.wait(pause):
            try:
                self._refresh()
                pause, failed = every, False
            except Exception as error:  # noqa: BLE001 - old lists are better than a dead follower
                if not failed:
                    _log.warning("The lists were not refreshed: %s", error)
                failed = True
                least, most = _AGAIN_SECONDS
                pause = min(most, max(least, 2 * pause))

    def close(self) -> None:
        """Stop following, and close what was opened here. Closing twice is fine."""
        self._closed = True
        self._ending.set()
        if self.thread is not None:
            self.thread.join()
        if not self._orphaned:
            self.follower.close()
        while self._closing:
            self._closing.pop()()

    def leave_to_parent(self) -> None:
        """Begin anew in a forked child, where no thread goes on, and locks may be held for ever.

        The source stays with the parent: both would speak on its connections, and its entries may
        just have been added to. What is served does not change under anybody, and is served on.
        """
        self._begin()
        self._orphaned = True

    def _go_on(self) -> None:
        """Follow again where the parent did; not before somebody asks: children often do not."""
        if self._every and self.thread is None:
            with self._refreshing:
                self.follow(self._every, 0.0)


_all: Final[weakref.WeakSet[Kept]] = weakref.WeakSet()


def _forked() -> None:
    for kept in _all:
        kept.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
