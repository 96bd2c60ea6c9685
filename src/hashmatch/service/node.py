"""What one process of the service holds: registry, matcher, gate, decoders, metrics."""

import asyncio
import contextlib
import gc
import logging
import math
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Final

import anyio
from starlette.requests import Request

from hashmatch.errors import BusyError, HashmatchError, NotReadyError
from hashmatch.kernels import calls
from hashmatch.matching import Matcher, snapshots_of
from hashmatch.registry import Registry
from hashmatch.service.buckets import Buckets
from hashmatch.service.crew import Crew, State
from hashmatch.service.decoders import Decoders
from hashmatch.service.gate import Gate
from hashmatch.service.logs import LOGGER, note
from hashmatch.service.metrics import Metrics
from hashmatch.service.rates import Rates
from hashmatch.service.reporter import Reporter
from hashmatch.service.settings import Settings

_PHRASES_AT_ONCE: Final = 2  # argon2 takes 64 MiB and a core each
_PHRASES_WAITING: Final = 64
_COUNT_SECONDS: Final = 60.0  # deadlines are hours
_TOKENS, _CASES = "tokens", "cases"  # files of what was spent, in the folder that processes share


class Node:
    """One process of the service. `open` and `close` are the event loop's; the rest is shared.

    A thread loads the lists and follows the registry, so that probes answer from the beginning and
    a change is matched soon after it was made, wherever that was.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings: Final = settings
        rate = settings.token_rate
        self.gate: Final = Gate(_buckets(settings, _TOKENS, max(1.0, 2 * rate), rate))
        self.metrics: Final = Metrics()
        self.reporter: Final = Reporter()
        self.rates: Final = Rates(
            _buckets(settings, _CASES, settings.case_burst, settings.case_hourly / 3600),
            settings.proxies,
        )
        self.decoders: Final = Decoders(settings)
        self.snapshots: Final = snapshots_of(settings.place, settings.cache)
        self.crew: Final = Crew(settings)
        self._phrases: Final = anyio.CapacityLimiter(_PHRASES_AT_ONCE)
        self._registry: Registry | None = None
        self._matcher: Matcher | None = None
        self._refreshed = 0.0
        self._report_at = 0.0
        self._count_at = 0.0
        self._ending: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._lost: Counter[str] = Counter()
        self._telling: Final = threading.Lock()

    def open(self) -> None:
        """Begin to load."""
        self.crew.join()
        self.metrics.refuses.set(self.settings.when_stale == "refuse")
        self.metrics.stale.set(1)
        self.decoders.open()
        self._thread.start()

    async def close(self) -> None:
        """Stop following, and end the decoders."""
        self._ending.set()
        await asyncio.to_thread(self._thread.join)
        self.crew.leave()
        if self._registry is not None:
            with contextlib.suppress(HashmatchError):  # counts, of which some may be lost
                await asyncio.to_thread(self.reporter.send, self._registry)
        await self.decoders.close()
        if self._matcher is not None:
            self._matcher.close()
        if self._registry is not None:
            self._registry.close()

    @property
    def state(self) -> State:
        """How good the lists are that are held in this process."""
        if self._matcher is None:
            return "not_loaded"
        return "stale" if self.age > self.settings.stale_seconds else "ready"

    @property
    def age(self) -> float:
        """Seconds since the lists were last known to be up to date."""
        return time.monotonic() - self._refreshed

    @property
    def registry(self) -> Registry:
        """The registry.

        Raises:
            NotReadyError: it could not be opened yet.
        """
        if self._registry is None:
            raise NotReadyError("The registry is not open yet. Try again in a moment.")
        return self._registry

    @property
    def matcher(self) -> Matcher:
        """The matcher.

        Raises:
            NotReadyError: its lists are not loaded yet, or stale where that is to be refused.
        """
        if self._matcher is None:
            raise NotReadyError("The lists are not loaded yet. Try again in a moment.")
        if self.settings.when_stale == "refuse" and self.state == "stale":
            raise NotReadyError(
                f"The lists could not be refreshed for {self.age:.0f} s, and this service is set "
                "to refuse then."
            )
        return self._matcher

    def phrase_turn(self) -> anyio.CapacityLimiter:
        """A turn at hashing a secret phrase, which is made slow and large on purpose.

        Raises:
            BusyError: too many wait for one.
        """
        if self._phrases.statistics().tasks_waiting >= _PHRASES_WAITING:
            raise BusyError("Too many cases are being written. Try again in a moment.")
        return self._phrases

    def metrics_text(self) -> bytes:
        """The metrics, as they are now; from any thread."""
        standing = self.crew.standing()
        self.metrics.stale.set(standing.state != "ready")
        self.metrics.processes.set(standing.processes)
        self.metrics.age.set(math.inf if standing.age is None else standing.age)
        if self._matcher is not None:
            self.metrics.entries.set(self._matcher.entries)
            self.metrics.held.set(self._matcher.held)
        self.metrics.waiting.set(self.decoders.waiting)
        with self._telling:  # two that ask at once must not both add the same
            for why, count in self.decoders.lost.items():
                self.metrics.lost.labels(why).inc(count - self._lost[why])
                self._lost[why] = count
        return self.metrics.text()

    def _follow(self) -> None:
        failing = False
        while True:
            try:
                self._catch_up()
                failing = False
            except HashmatchError as error:
                if not failing:
                    note("registry_lost", logging.ERROR, reason=error.reason)
                failing = True
            except Exception:  # noqa: BLE001 - old lists are better than a dead follower
                if not failing:
                    LOGGER.exception("follower_failed")
                failing = True
            if self._ending.wait(1.0 if failing else self.settings.refresh_seconds):
                return

    def _catch_up(self) -> None:
        if self._registry is None:
            self._registry = Registry.open(self.settings.place)
        self.gate.learn(self._registry.credentials())
        began = time.monotonic()
        newest = self._registry.sequence()
        if self._matcher is None:
            calls.prepare()
            self._matcher = Matcher(self._registry, self.settings.limits, self.snapshots)
            gc.freeze()  # what is loaded stays: the collector need not look at it again and again
            note("loaded", sequence=self._matcher.sequence)
        else:
            self.metrics.behind.set(newest - self._matcher.sequence)
            self._matcher.refresh()
        self._refreshed = began
        self.crew.tell(began, self._matcher.sequence)
        self.metrics.sequence.set(self._matcher.sequence)
        self.metrics.behind.set(max(0, newest - self._matcher.sequence))
        self.metrics.refreshed.set_to_current_time()
        self._report()

    def _report(self) -> None:
        if self._registry is None or time.monotonic() < self._report_at:
            return
        self.reporter.send(self._registry)
        self._report_at = time.monotonic() + self.settings.report_seconds
        if time.monotonic() >= self._count_at:
            self.metrics.overdue.set(self._registry.count_overdue_cases())
            self._count_at = time.monotonic() + _COUNT_SECONDS


def prepare(folder: Path, workers: int) -> None:
    """Make what the processes of a server share, before any of them is started."""
    Crew.prepare(folder, workers)
    for name in (_TOKENS, _CASES):
        Buckets.prepare(folder / name)


def _buckets(settings: Settings, name: str, burst: float, per_second: float) -> Buckets:
    file = None if settings.shared is None else Path(settings.shared) / name
    return Buckets(burst, per_second, salt=bytes.fromhex(settings.salt), file=file)


def node_of(request: Request) -> Node:
    """The node that a request came to."""
    node: Node = request.app.state.node
    return node
