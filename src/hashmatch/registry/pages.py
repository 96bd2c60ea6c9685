"""Pages of a feed: what a source says that it has, and no longer has, applied to its list.

Everything that a page changes, and the place reached in the source, is one transaction. To apply
a page again changes nothing.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    select,
    update,
)

from hashmatch.errors import ExchangeBusyError, FeedShrankError, ListNotFoundError
from hashmatch.registry import audit, clock, dialects, entries
from hashmatch.registry.exchanges import Checkpoint, row_of, withdraw_unheld
from hashmatch.registry.schema import exchange_entries, exchanges, lists
from hashmatch.registry.widths import read as read_widths
from hashmatch.types import Hash

_T = TypeVar("_T")
_CHUNK: Final = 1_000
_FEW: Final = 100
"""So many entries may always go at the end of a whole reading."""

_HOLDINGS: Final = ("exchange_id", "external_id", "entry_id", "round")
_is_it: Final = and_(
    exchange_entries.c.exchange_id == bindparam("exchange"),
    exchange_entries.c.external_id == bindparam("name"),
    exchange_entries.c.entry_id == bindparam("entry"),
)


class Record(NamedTuple):
    """What a source says of one of its records, now.

    Attributes:
        external_id: what the source calls it, at most 200 characters; None where the source knows
            it by its hash alone.
        hashes: all its hashes, with or without duplicates.
        gone: the source took it back; ``hashes`` may be empty then, unless ``external_id`` is None.
    """

    external_id: str | None
    hashes: tuple[Hash, ...]
    gone: bool = False


class Rejected(NamedTuple):
    """A record that was left out.

    Attributes:
        where: the record's place or name in the feed; never what stood in it.
        why: a sentence.
        external_id: what the source calls it, where that could be read: what is held of it stays.
    """

    where: str
    why: str
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a feed.

    Attributes:
        records: in the feed's order; a later one overrules an earlier one.
        checkpoint: where to go on after this page.
        rejected: the records that were left out.
        skipped: how many records were of kinds that are not matched here, such as texts.
        begins: the source is read as a whole from this page on.
        complete: there is nothing more for now. Where the source was read as a whole, what it held
            before and did not come up since is withdrawn.
    """

    records: Sequence[Record]
    checkpoint: Checkpoint
    rejected: Sequence[Rejected] = ()
    skipped: int = 0
    begins: bool = False
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of pages.

    Attributes:
        added: entries that are new in the list.
        withdrawn: entries that left it.
        turn: what to apply the next page with.
        took_back: something may have been deleted.
    """

    added: int
    withdrawn: int
    turn: int
    took_back: bool


class _Wanted(NamedTuple):
    """A page without what it says twice."""

    named: dict[str, Record]
    present: list[Hash]
    gone: list[Hash]


def apply(
    connection: Connection, name: str, pages: Iterable[Page], turn: int, *, may_shrink: bool
) -> Applied:
    """Apply pages to the list of an exchange, one after the other.

    Raises:
        ExchangeNotFoundError: there is no such exchange.
        ExchangeBusyError: ``turn`` is not that of the exchange: somebody else fetched meanwhile.
        FeedShrankError: see `Page.complete`; that would be most of them.
        ListNotFoundError: the exchange's list was removed.
        InvalidHashError: a hash that is not of its hasher's form.
    """
    at = clock.this_hour()  # with a person's hour beside it, a case of theirs could be told
    added = withdrawn = 0
    took_back = False
    for page in pages:
        row = row_of(connection, name)
        _check(connection, row, turn)
        new, gone = _apply(connection, row, page, at, may_shrink=may_shrink)
        turn += 1
        added += new
        withdrawn += gone
        took_back |= page.complete or any(record.gone for record in page.records)
        del page  # before the next one comes
    if added or withdrawn:
        counts: dict[str, Any] = {"added": added, "withdrawn": withdrawn}
        audit.append(connection, at, "exchange.fetch", f"exchange {name}", **counts)
    return Applied(added, withdrawn, turn, took_back)


def _apply(
    connection: Connection, row: Row[Any], page: Page, at: datetime, *, may_shrink: bool
) -> tuple[int, int]:
    """Apply one page; returns how many entries are new, and how many left."""
    reading = row.round + (1 if page.begins else 0)
    whole = row.whole or page.begins

    wanted = _distinct(page.records)
    pairs = [("", value) for value in wanted.present] + [
        (record.external_id or "", value)
        for record in wanted.named.values()
        for value in record.hashes
        if not record.gone
    ]
    added = entries.add(
        connection, row.list_id, ((value, row.name) for _, value in pairs), direct=False, at=at
    )
    held = {
        (external_id, entry) for (external_id, _), entry in zip(pairs, added.entries, strict=True)
    }
    dropped = _dropped(connection, row, wanted, held)
    _hold(connection, row.id, held, new={*added.new}, reading=reading)
    _keep_rejected(connection, row.id, page.rejected, reading)
    withdrawn = _let_go(connection, row.id, dropped, at)
    if page.complete and whole and reading > 1:
        withdrawn += _sweep(connection, row, reading, at, may_shrink=may_shrink)
    _note(connection, row, page, reading=reading, whole=whole and not page.complete)
    return len(added.new), withdrawn


def _check(connection: Connection, row: Row[Any], turn: int) -> None:
    if row.turn != turn:
        raise ExchangeBusyError(
            f"The exchange {row.name!r} was fetched by another process meanwhile. "
            "Let one of them do it."
        )
    removed = connection.scalar(select(lists.c.removed_at).where(lists.c.id == row.list_id))
    if removed is not None:
        raise ListNotFoundError(
            f"The hash list of the exchange {row.name!r} was removed. Remove the exchange as well, "
            "and add it with another list."
        )


def _distinct(records: Iterable[Record]) -> _Wanted:
    named: dict[str, Record] = {}
    by_hash: dict[tuple[str, bytes], tuple[Hash, bool]] = {}
    for record in records:
        if record.external_id:
            named[record.external_id] = record
        else:
            for value in record.hashes:
                by_hash[value.hasher, value.code] = value, record.gone
    present = [value for value, gone in by_hash.values() if not gone]
    return _Wanted(
        named,
        # in the order of the index, whose pages are then each written once in a transaction
        sorted(present, key=attrgetter("code")),
        [value for value, gone in by_hash.values() if gone],
    )


_Holding = tuple[str, int]
"""A record's external id, and an entry."""


def _dropped(
    connection: Connection, row: Row[Any], wanted: _Wanted, held: set[_Holding]
) -> list[_Holding]:
    """What was held until now of the page's records, and is no longer."""
    before: list[_Holding] = []
    for names in _chunks([*wanted.named]):
        before += [
            (external_id, entry)
            for external_id, entry in connection.execute(
                select(exchange_entries.c.external_id, exchange_entries.c.entry_id).where(
                    exchange_entries.c.exchange_id == row.id,
                    exchange_entries.c.external_id.in_(names),
                )
            )
        ]
    if wanted.gone:
        widths = read_widths(connection)
        keys = [
            (widths[value.hasher].hasher_id, value.code)
            for value in wanted.gone
            if value.hasher in widths
        ]
        for chunk in _chunks(keys):
            found = entries.find(connection, row.list_id, chunk)
            before += [("", entry) for entry in found.values()]
    return [holding for holding in before if holding not in held]


def _hold(
    connection: Connection,
    exchange_id: int,
    held: set[_Holding],
    *,
    new: set[int],
    reading: int,
) -> None:
    known: dict[_Holding, int] = {}
    # of a new entry nothing can be known, which spares the first reading of a source a search
    for ids in _chunks(sorted({entry for _, entry in held} - new)):
        for external_id, entry, seen in connection.execute(
            select(
                exchange_entries.c.external_id,
                exchange_entries.c.entry_id,
                exchange_entries.c.round,
            ).where(
                exchange_entries.c.exchange_id == exchange_id,
                exchange_entries.c.entry_id.in_(ids),
            )
        ):
            known[external_id, entry] = seen
    missing = sorted(held - known.keys())
    if missing:
        dialects.insert_many(
            connection,
            exchange_entries,
            _HOLDINGS,
            [(exchange_id, external_id, entry, reading) for external_id, entry in missing],
        )
    _mark(
        connection,
        exchange_id,
        [each for each in held if known.get(each, reading) < reading],
        reading,
    )


def _mark(
    connection: Connection, exchange_id: int, holdings: Sequence[_Holding], reading: int
) -> None:
    if holdings:
        connection.execute(
            update(exchange_entries).where(_is_it).values(round=reading),
            [
                {"exchange": exchange_id, "name": external_id, "entry": entry}
                for external_id, entry in holdings
            ],
        )


def _keep_rejected(
    connection: Connection, exchange_id: int, rejected: Iterable[Rejected], reading: int
) -> None:
    """A record that is spoilt today is there: the end of a whole reading shall not take it."""
    names = [each.external_id for each in rejected if each.external_id]
    for chunk in _chunks(names):
        connection.execute(
            update(exchange_entries)
            .where(
                exchange_entries.c.exchange_id == exchange_id,
                exchange_entries.c.external_id.in_(chunk),
            )
            .values(round=reading)
        )


def _let_go(
    connection: Connection, exchange_id: int, dropped: Sequence[_Holding], at: datetime
) -> int:
    if not dropped:
        return 0
    connection.execute(
        delete(exchange_entries).where(_is_it),
        [
            {"exchange": exchange_id, "name": external_id, "entry": entry}
            for external_id, entry in dropped
        ],
    )
    return withdraw_unheld(connection, (entry for _, entry in dropped), at)


def _sweep(
    connection: Connection, row: Row[Any], reading: int, at: datetime, *, may_shrink: bool
) -> int:
    """Let go of what did not come up while the source was read as a whole."""
    of_it = exchange_entries.c.exchange_id == row.id
    is_old = and_(of_it, exchange_entries.c.round < reading)
    old: int = connection.scalars(
        select(func.count()).select_from(exchange_entries).where(is_old)
    ).one()
    if not old:
        return 0
    held: int = connection.scalars(
        select(func.count()).select_from(exchange_entries).where(of_it)
    ).one()
    if old > max(_FEW, held // 2) and not may_shrink:
        raise FeedShrankError(
            f"The exchange {row.name!r} was read as a whole, and {old} of the {held} hashes held "
            "of it are no longer in it. That may be a fault of the source, so nothing was "
            "withdrawn. If it is right, fetch once more and accept it (--accept-shrinking)."
        )
    ids = connection.scalars(select(exchange_entries.c.entry_id).where(is_old)).all()
    connection.execute(delete(exchange_entries).where(is_old))
    return withdraw_unheld(connection, ids, at)


def _note(connection: Connection, row: Row[Any], page: Page, *, reading: int, whole: bool) -> None:
    now = clock.now()
    values: dict[str, Any] = {
        "checkpoint": json.dumps(dict(page.checkpoint)),
        "turn": row.turn + 1,
        "round": reading,
        "whole": whole,
        "rejected": row.rejected + len(page.rejected),
        "fetched_at": now,
        "failed_at": None,
        "failure": None,
    }
    if page.complete:
        values["completed_at"] = now
    connection.execute(update(exchanges).where(exchanges.c.id == row.id).values(**values))


def _chunks(values: Sequence[_T]) -> Iterable[Sequence[_T]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))
