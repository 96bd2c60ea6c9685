"""The publisher: folds what has changed into the next snapshot, once for all processes."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from hashmatch.errors import SnapshotError
from hashmatch.indexes.live import COMPACT_AT, COMPACT_FROM, COMPACT_SHARE
from hashmatch.indexes.parallel import alone
from hashmatch.matching.generation import Generation
from hashmatch.matching.snapshots import Snapshots

FORGET_SECONDS: Final = 600
"""So long after an entry was withdrawn, at the latest, a snapshot without its code is written."""
_AGAIN_SECONDS: Final = 30
_REST: Final = 10
"""Between two snapshots, times what the first took: a large import is not written at every step."""
_TIDY_SECONDS: Final = 60

log = logging.getLogger(__name__)


class Publisher:
    """Works in the background, where its process has the turn; others find what it published.

    One thread uses it.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._thread: threading.Thread | None = None
        self._not_before = 0.0
        self._tidied = time.monotonic()
        self._withdrawn_since: float | None = None

    def consider(self, generation: Generation) -> None:
        """Begin to publish a generation if enough has changed since its snapshot."""
        now = time.monotonic()
        if not generation.withdrawn:
            self._withdrawn_since = None
        elif self._withdrawn_since is None:
            self._withdrawn_since = now
        if now < self._not_before or (self._thread is not None and self._thread.is_alive()):
            return
        if self._is_due(generation, now):
            self._begin(lambda: self._publish(generation))
        elif now - self._tidied > _TIDY_SECONDS:
            self._tidied = now
            self._begin(self._tidy)

    def close(self) -> None:
        """Wait for what is under way."""
        if self._thread is not None:
            self._thread.join()

    def _is_due(self, generation: Generation, now: float) -> bool:
        since = self._withdrawn_since
        if since is not None and now - since >= FORGET_SECONDS:
            return True
        share = int(COMPACT_SHARE * generation.entries)
        bound = min(COMPACT_AT, max(COMPACT_FROM, share))
        return generation.sequence - generation.since >= bound

    def _begin(self, work: Callable[[], None]) -> None:
        self._thread = threading.Thread(target=work, name="hashmatch-publish", daemon=True)
        self._thread.start()

    def _publish(self, generation: Generation) -> None:
        began = time.monotonic()
        try:
            with self._snapshots.turn(wait=False) as mine, alone():
                if mine and self._snapshots.newest(generation.number) is None:
                    self._snapshots.put(generation)
                    took = time.monotonic() - began
                    self._not_before = time.monotonic() + _REST * took
        except (SnapshotError, MemoryError) as error:
            self._not_before = time.monotonic() + _AGAIN_SECONDS
            log.error("%s It is tried again soon.", str(error) or "There was not enough memory.")  # noqa: TRY400 - the message says all

    def _tidy(self) -> None:
        try:
            with self._snapshots.turn(wait=False) as mine:
                if mine:
                    self._snapshots.tidy()
        except SnapshotError as error:
            log.warning("%s", error)
