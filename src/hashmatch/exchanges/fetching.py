"""From a source into its list, a few pages at a time: each time, the place reached with them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Final

from hashmatch.errors import HashmatchError, RegistryError
from hashmatch.exchanges.exchange import Exchange
from hashmatch.exchanges.kinds import opened
from hashmatch.registry import Page, Registry, Rejected

REJECTED_KEPT: Final = 1_000

_GATHERED: Final = 8000


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
        progress: called after each page.

    Raises:
        ExchangeError: the source cannot be read, now.
        RegistryError: as for `Registry.apply_page`.
    """
    state = registry.exchange(name)
    done = Fetched()
    turn = state.turn
    try:
        with opened(state) if exchange is None else nullcontext(exchange) as source:
            for page in _ahead(_gathered(source.fetch(state.checkpoint))):
                applied = registry.apply_page(name, page, turn, may_shrink=may_shrink)
                turn = applied.turn
                done.pages += 1
                done.records += len(page.records)
                done.added += applied.added
                done.withdrawn += applied.withdrawn
                done.skipped += page.skipped
                done.rejected += len(page.rejected)
                done.rejections += page.rejected[: REJECTED_KEPT - len(done.rejections)]
                progress(done)
    except HashmatchError as error:
        with suppress(RegistryError):
            registry.note_exchange_failure(name, error.reason)
        raise
    return done


def _ahead(pages: Iterator[Page]) -> Iterator[Page]:
    """The next page is on its way while one is applied; never more than that one.

    A thread that is a daemon asks for it: whoever interrupts a fetch need not wait for the source.
    """
    wanted, ended = threading.Semaphore(1), threading.Event()
    came: SimpleQueue[tuple[Page | None, BaseException | None]] = SimpleQueue()

    def ask() -> None:
        while wanted.acquire() and not ended.is_set():
            try:
                came.put((next(pages, None), None))
            except BaseException as error:  # noqa: BLE001 - it is raised where the page is wanted
                came.put((None, error))

    threading.Thread(target=ask, name="hashmatch-fetch", daemon=True).start()
    try:
        while True:
            page, error = came.get()
            if error is not None:
                raise error
            if page is None:
                return
            wanted.release()
            yield page
    finally:
        ended.set()
        wanted.release()


def _gathered(pages: Iterator[Page]) -> Iterator[Page]:
    """Small pages, several as one: a commit costs the disk as much as a thousand records do."""
    some: list[Page] = []
    failure = None
    while failure is None:
        try:
            page = next(pages, None)
        except HashmatchError as error:  # what came before it is good
            failure, page = error, None
        if page is not None:
            some.append(page)
            if not page.complete and sum(len(each.records) for each in some) < _GATHERED:
                continue
        if some:
            yield _joined(some)
            some = []
        if page is None:
            break
    if failure is not None:
        raise failure


def _joined(pages: list[Page]) -> Page:
    last = pages[-1]
    return Page(
        [record for page in pages for record in page.records],
        last.checkpoint,
        [each for page in pages for each in page.rejected],
        sum(page.skipped for page in pages),
        begins=any(page.begins for page in pages),
        complete=last.complete,
    )
