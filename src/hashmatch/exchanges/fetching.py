"""From a source into its list, a few pages at a time: each time, the place reached with them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final

from hashmatch.errors import HashmatchError, RegistryError
from hashmatch.exchanges.exchange import Exchange
from hashmatch.exchanges.kinds import opened
from hashmatch.registry import Applied, Page, Registry, Rejected

REJECTED_KEPT: Final = 1_000

_TOGETHER: Final = 8000
"""Records of a transaction, after which it takes no further page."""


@dataclass(slots=True)
class Fetched:
    """What a fetch has done so far.

    Attributes:
        pages: how many were applied.
        records: how many were in them, without those rejected and skipped.
        added: entries that are new in the list.
        withdrawn: entries that left it.
        skipped: records of kinds that are not matched here.
        rejected: records that were left out.
        rejections: the first 1,000 of them, and why.
    """

    pages: int = 0
    records: int = 0
    added: int = 0
    withdrawn: int = 0
    skipped: int = 0
    rejected: int = 0
    rejections: list[Rejected] = field(default_factory=list)

    def note(self, counted: "_Counted", applied: Applied) -> None:
        """Count what was applied."""
        self.pages += counted.pages
        self.records += counted.records
        self.added += applied.added
        self.withdrawn += applied.withdrawn
        self.skipped += counted.skipped
        self.rejected += len(counted.rejected)
        self.rejections += counted.rejected[: REJECTED_KEPT - len(self.rejections)]


def fetch(
    registry: Registry,
    name: str,
    *,
    exchange: Exchange | None = None,
    may_shrink: bool = False,
    progress: Callable[[Fetched], None] = lambda _: None,
) -> Fetched:
    """Read an exchange from where it was left to its end.

    What was read stays when this is interrupted, and the next call goes on from there.

    Args:
        registry: the registry that the exchange was added to.
        name: the exchange.
        exchange: what to read it with; by default, what its kind says.
        may_shrink: see `Registry.apply_page`.
        progress: called after each transaction, which is a page or a few.

    Raises:
        ExchangeError: the source cannot be read, now.
        RegistryError: as for `Registry.apply_page`.
    """
    state = registry.exchange(name)
    done = Fetched()
    turn = state.turn
    try:
        with (
            opened(state) if exchange is None else nullcontext(exchange) as source,
            closing(_Ahead(source.fetch(state.checkpoint))) as pages,
        ):
            while pages.come():
                counted = _Counted(pages)
                applied = registry.apply_pages(name, counted, turn, may_shrink=may_shrink)
                turn = applied.turn
                done.note(counted, applied)
                progress(done)
    except HashmatchError as error:
        with suppress(RegistryError):
            registry.note_exchange_failure(name, error.reason)
        raise
    return done


class _Counted:
    """Pages that go into one transaction, and what was in them.

    These are a page that has come, and those that come while it is applied: a commit costs the
    disk as much as a thousand records do. Nobody waits for a source with a transaction open.
    """

    def __init__(self, pages: "_Ahead") -> None:
        self._pages = pages
        self.pages = 0
        self.records = 0
        self.skipped = 0
        self.rejected: list[Rejected] = []

    def __iter__(self) -> Iterator[Page]:
        while self.records < _TOGETHER and self._pages.is_there():
            page = self._pages.take()
            self.pages += 1
            self.records += len(page.records)
            self.skipped += page.skipped
            self.rejected += page.rejected
            yield page


class _Ahead:
    """The pages of a source, of which the next is on its way while one is applied; not more.

    A thread that is a daemon asks for it: whoever interrupts a fetch need not wait for the source.
    """

    def __init__(self, pages: Iterator[Page]) -> None:
        self._pages = pages
        self._wanted, self._ended = threading.Semaphore(1), threading.Event()
        self._came: SimpleQueue[Page | BaseException] = SimpleQueue()
        self._here: Page | BaseException | None = None
        threading.Thread(target=self._ask, name="hashmatch-fetch", daemon=True).start()

    def come(self) -> bool:
        """Wait for the next page; False where there is none any more.

        Raises:
            ExchangeError: the source could not be read.
        """
        if self._here is None:
            self._here = self._came.get()
        if isinstance(self._here, StopIteration):
            return False
        if isinstance(self._here, BaseException):
            raise self._here
        return True

    def is_there(self) -> bool:
        """Whether the next page has come already."""
        if self._here is None and not self._came.empty():
            self._here = self._came.get()
        return isinstance(self._here, Page)

    def take(self) -> Page:
        """The page that has come; the one after it is asked for."""
        page, self._here = self._here, None
        if not isinstance(page, Page):
            raise TypeError("No page has come.")
        self._wanted.release()
        return page

    def close(self) -> None:
        """Ask for no more pages."""
        self._ended.set()
        self._wanted.release()

    def _ask(self) -> None:
        while self._wanted.acquire() and not self._ended.is_set():
            try:
                came: Page | BaseException = next(self._pages)
            except BaseException as error:  # noqa: BLE001 - it is raised where the page is wanted
                came = error
            self._came.put(came)
            del came
