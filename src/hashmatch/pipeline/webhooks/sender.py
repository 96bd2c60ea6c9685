"""The sender: events wait in a bounded queue, on the disk if wanted, and a thread brings them."""

import asyncio
import logging
import os
import random
import threading
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from hashmatch.pipeline.client import Patience
from hashmatch.pipeline.client.attempts import AGAIN, asked_for
from hashmatch.pipeline.client.links import AsyncLink
from hashmatch.pipeline.client.steps import Answer, Ask, Lost
from hashmatch.pipeline.guards import Decision
from hashmatch.pipeline.webhooks.events import Event, event_of
from hashmatch.pipeline.webhooks.journal import Journal
from hashmatch.pipeline.webhooks.signing import EVENT, LEAST, SIGNATURE, TIMESTAMP, sign

_log: Final = logging.getLogger(__name__)

STEADY: Final = Patience(seconds=3600.0, attempts=12, first_pause=0.5, longest_pause=600.0)
"""By default an event is tried for an hour at most."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of events since the sender was made; each is in one of the four.

    Attributes:
        delivered: the receiver answered 2xx.
        failed: it refused, or there was no time or attempt left.
        dropped: there was no room for them in the queue, or it was closed.
        waiting: they are in the queue, or on their way; once closed, in the journal.
    """

    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    waiting: int = 0


class Webhooks:
    """Tells a receiver of decisions: ``Guard(…, tell=webhooks)``.

    Calling it puts an event into the queue and returns at once; it never raises. Decisions to let
    an upload pass that mean it are not told. Events are repeated under one id until a 2xx comes,
    so a receiver must expect each several times, and in any order. With a journal, what waits when
    the process ends, however it does, is sent by the next sender with that journal; without one it
    is lost, and `close` gives it a time to get away. Threads may share one; in a forked child it
    begins anew, with an empty queue.

    Args:
        url: of the receiver.
        secret: that it shares, 16 bytes or more.
        patience: how long, and how often, an event is tried.
        seconds: for one attempt, to the head of the answer; then the receiver is cut off.
        room: events that may wait.
        at_once: how many are sent side by side.
        journal: a folder in which events wait, of this receiver; several processes may share it.
            An event in it is what is sent: no hash, and nothing of a picture.
        transport: of httpx, for tests.

    Raises:
        ValueError: the URL is none of HTTP, or the secret is too short.
        MissingExtraError: the extra ``client`` is not installed.
        OSError: the journal cannot be written to.
    """

    def __init__(
        self,
        url: str,
        secret: bytes,
        *,
        patience: Patience = STEADY,
        seconds: float = 5.0,
        room: int = 1_000,
        at_once: int = 4,
        journal: str | os.PathLike[str] | None = None,
        transport: Any = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("A receiver has a URL that begins with https:// or http://.")
        if len(secret) < LEAST:
            raise ValueError(f"A secret has {LEAST} bytes or more, not {len(secret)}.")
        self._url: Final = url
        self._told_as: Final = parts.hostname  # a path may hold what lets others in
        self._secret: Final = secret
        self._patience: Final = patience
        self._seconds: Final = seconds
        self._room: Final = room
        self._at_once: Final = at_once
        self._transport: Final = transport
        self._folder: Final = None if journal is None else Path(journal)
        AsyncLink(url, {}, transport)  # which tells now whether there is an HTTP client
        self._journal: Journal | None = None
        self.begin_anew()
        self._take_over()
        _all.add(self)

    def begin_anew(self) -> None:
        """What a forked child does first: what waits is the parent's."""
        self._changed = threading.Condition()
        self._counts = Counts()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _take_over(self) -> None:
        """Begin the journal, and with the events that wait in it."""
        if self._folder is not None and self._journal is None:
            self._journal = Journal(self._folder)
            for event in self._journal.waiting():
                self._queue(event)

    @property
    def counts(self) -> Counts:
        """What became of events up to now."""
        with self._changed:
            return self._counts

    def __call__(self, decision: Decision) -> None:
        """Tell of a decision, unless it lets the upload pass and means it."""
        self.tell(decision)

    def tell(self, decision: Decision, upload: str | None = None) -> None:
        """The same, with what the platform itself calls the upload."""
        if decision.action != "pass" or decision.meant != "pass" or _flagged(decision):
            self.send(event_of(decision, upload))

    def send(self, event: Event) -> bool:
        """Put an event into the queue; False where there is no room, or it is closed."""
        with self._changed:
            if self._closed or self._counts.waiting >= self._room:
                if not self._counts.dropped and not self._closed:
                    _log.error("The queue of webhooks to %s is full; events drop", self._told_as)
                self._counts = replace(self._counts, dropped=self._counts.dropped + 1)
                return False
            try:
                self._take_over()  # where this is a forked child
                if self._journal is not None:
                    self._journal.put(event)
            except OSError as error:
                _log.error("Events wait in memory only: %s", error.strerror)
            self._queue(event)
            return True

    def _queue(self, event: Event) -> None:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=self._run, args=(self._loop,), name="hashmatch-webhooks", daemon=True
            )
            self._thread.start()
        self._counts = replace(self._counts, waiting=self._counts.waiting + 1)
        self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def close(self, seconds: float = 5.0) -> Counts:
        """Take no more events, and give those that wait a time; closing twice is fine.

        Args:
            seconds: after which what still waits is left to the journal, or given up.

        Returns:
            What became of all.
        """
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: not self._counts.waiting, seconds)
            loop, self._loop = self._loop, None
        if loop is not None and self._thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join()
        with self._changed:
            if self._journal is not None:
                self._journal.close()
            elif left := self._counts.waiting:
                self._counts = replace(self._counts, waiting=0, failed=self._counts.failed + left)
            return self._counts

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        link = AsyncLink(self._url, {}, self._transport)
        bringing = [loop.create_task(self._bring_all(link)) for _ in range(self._at_once)]
        try:
            loop.run_forever()
        finally:
            for task in bringing:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*bringing, return_exceptions=True))
            with suppress(Exception):
                loop.run_until_complete(link.close())
            loop.close()

    async def _bring_all(self, link: AsyncLink) -> None:
        while True:
            event = await self._events.get()
            try:
                delivered = await self._bring(link, event)
            except Exception as error:  # noqa: BLE001 - one bad event must not end the others
                _log.error("An event was not delivered: %s", type(error).__name__)
                delivered = False
            with self._changed:
                if self._journal is not None:
                    self._journal.done(event)
                now = self._counts
                self._counts = replace(
                    now,
                    waiting=now.waiting - 1,
                    delivered=now.delivered + delivered,
                    failed=now.failed + (not delivered),
                )
                self._changed.notify_all()

    async def _bring(self, link: AsyncLink, event: Event) -> bool:
        patience = self._patience
        end = time.monotonic() + patience.seconds
        pause = patience.first_pause
        for attempt in range(1, patience.attempts + 1):
            got = await link.knock(self._request(event))
            if isinstance(got, Answer) and got.status < 300:
                return True
            wait = max(pause * random.random(), asked_for(got))  # noqa: S311 - no secret
            again = isinstance(got, Lost) or got.status in AGAIN
            if not again or attempt == patience.attempts or time.monotonic() + wait >= end:
                why = got.why if isinstance(got, Lost) else got.status
                _log.error(
                    "Event %s was not delivered to %s: %s after %d attempts",
                    event.id,
                    self._told_as,
                    why,
                    attempt,
                )
                return False
            await asyncio.sleep(wait)
            pause = min(2 * pause, patience.longest_pause)
        return False

    def _request(self, event: Event) -> Ask:
        now = int(time.time())  # of this attempt: a receiver refuses old ones
        headers = {
            "Content-Type": "application/json",
            EVENT: event.id,
            TIMESTAMP: str(now),
            SIGNATURE: sign(self._secret, now, event.body),
        }
        return Ask("POST", self._url, event.body, headers, self._seconds)


def _flagged(decision: Decision) -> bool:
    return decision.verdict is not None and decision.verdict.action != "pass"


_all: Final[weakref.WeakSet[Webhooks]] = weakref.WeakSet()


def _forked() -> None:
    for sender in _all:
        sender.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
