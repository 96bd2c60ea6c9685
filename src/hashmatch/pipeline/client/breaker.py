"""A circuit breaker: who asks a service that is down again and again keeps it down."""

import threading
import time
from collections.abc import Callable
from typing import Final


class Breaker:
    """Open after several failures in a row; then one request a while is let through to see.

    Threads may share one.

    Args:
        failures: in a row, until it opens.
        seconds: until it lets the next one through.
        clock: tells the time in seconds.
    """

    def __init__(
        self, failures: int = 5, seconds: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most: Final = failures
        self._seconds: Final = seconds
        self._clock: Final = clock
        self._lock: Final = threading.Lock()
        self._failed = 0
        self._closed_until = 0.0

    def lets_through(self) -> bool:
        """Whether a request may be sent now."""
        with self._lock:
            if self._failed < self._most:
                return True
            now = self._clock()
            if now < self._closed_until:
                return False
            self._closed_until = now + self._seconds  # this one goes, others wait for it
            return True

    def note(self, *, good: bool) -> None:
        """What came of a request."""
        with self._lock:
            self._failed = 0 if good else self._failed + 1
            if self._failed >= self._most:
                self._closed_until = self._clock() + self._seconds
