"""Exchanges: the remote sources of hashes, how far each has been read, and which entries it holds.

What a source is read by is another room's matter; here is what is known of it, and what must
change together with the entries. Credentials are none of it: a database is copied into backups
and replicas, and a key to encrypt them with would have to be kept where they can be kept as well.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from hashmatch.errors import ExchangeExistsError, ExchangeNotFoundError, InvalidExchangeError
from hashmatch.registry import audit, case_numbers, clock, entries
from hashmatch.registry.keepers import is_kept
from hashmatch.registry.lists import HashList
from hashmatch.registry.schema import (
    case_entries,
    exchange_entries,
    exchanges,
    hashers,
    is_active,
    told,
)
from hashmatch.registry.schema import cases as cases_table
from hashmatch.registry.schema import entries as entries_table
from hashmatch.registry.schema import lists as lists_table
from hashmatch.types import Hash

Checkpoint = Mapping[str, Any]
"""How far a source has been read: plain values, which only the exchange understands."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_CHUNK: Final = 1_000


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """What a registry knows of an exchange.

    Attributes:
        name: 1 to 64 of a-z 0-9 . _ -
        kind: what it is read by.
        list_name: the hash list that its entries stand in.
        settings: what its kind needs, without credentials.
        checkpoint: how far it has been read; None before the first page.
        turn: how many pages have been applied.
        whole: a reading of the source as a whole is under way.
        entries: how many entries of its list it holds.
        rejected: how many records were refused so far.
        created: when it was added, in UTC.
        fetched: when the last page was applied, in UTC.
        completed: when the end of the source was last reached, in UTC.
        failed: when the last fetch failed, in UTC; None where one succeeded since.
        failure: why, in one stable word.
    """

    name: str
    kind: str
    list_name: str
    settings: Mapping[str, Any]
    checkpoint: Checkpoint | None
    turn: int
    whole: bool
    entries: int
    rejected: int
    created: datetime
    fetched: datetime | None
    completed: datetime | None
    failed: datetime | None
    failure: str | None


@dataclass(frozen=True, slots=True)
class HeldHash:
    """One hash that an exchange holds, and what the source calls it.

    Attributes:
        entry: the entry's id.
        external_id: the source's name for the record; None where it goes by the hash.
        hash: the hash.
    """

    entry: int
    external_id: str | None
    hash: Hash


def create(
    connection: Connection,
    name: str,
    kind: str,
    hash_list: HashList,
    settings: Mapping[str, Any],
) -> ExchangeState:
    """Add an exchange, which has not been read yet."""
    if not _NAME.fullmatch(name):
        raise InvalidExchangeError(
            f"An exchange cannot be called {name[:80]!r}: a name is 1 to 64 of a-z, 0-9, '.', '_' "
            "and '-', and begins with a letter or digit."
        )
    if connection.scalar(select(exchanges.c.id).where(exchanges.c.name == name)) is not None:
        raise ExchangeExistsError(f"There is an exchange {name!r} already; name another.")
    connection.execute(
        insert(exchanges).values(
            name=name,
            kind=kind,
            list_id=hash_list.id,
            settings=json.dumps(dict(settings)),
            turn=0,
            round=0,
            whole=False,
            rejected=0,
            created_at=clock.now(),
        )
    )
    subject = f"exchange {name}"
    audit.append(connection, clock.now(), "exchange.add", subject, kind=kind, list=hash_list.name)
    return read(connection, name)


def read_all(connection: Connection) -> tuple[ExchangeState, ...]:
    """All exchanges, by name."""
    rows = connection.execute(
        select(exchanges, lists_table.c.name.label("list_name")).join(lists_table)
    )
    return tuple(sorted((_state(connection, row) for row in rows), key=lambda each: each.name))


def read(connection: Connection, name: str) -> ExchangeState:
    """The exchange of that name."""
    return _state(connection, row_of(connection, name))


def row_of(connection: Connection, name: str) -> Row[Any]:
    """The row of an exchange, with the name of its list; `ExchangeNotFoundError` without one."""
    row = (
        connection.execute(
            select(exchanges, lists_table.c.name.label("list_name"))
            .join(lists_table)
            .where(exchanges.c.name == name)
        ).one_or_none()
        if _NAME.fullmatch(name)
        else None
    )
    if row is None:
        raise ExchangeNotFoundError(
            f"There is no exchange {name[:64]!r} here; "
            "`hashmatch exchange list` tells which there are."
        )
    return row


def note_failure(connection: Connection, name: str, reason: str) -> None:
    """Write down why a fetch failed, for those who look after it."""
    connection.execute(
        update(exchanges)
        .where(exchanges.c.name == name)
        .values(failed_at=clock.now(), failure=reason[:64])
    )


def remove(connection: Connection, name: str, *, keep: bool) -> int:
    """Take an exchange away; returns how many entries leave the list with it.

    With ``keep`` its entries stay, as if the list's keeper had put them there.
    """
    exchange_id: int = row_of(connection, name).id
    ids = held_ids(connection, exchange_id)
    connection.execute(
        delete(exchange_entries).where(exchange_entries.c.exchange_id == exchange_id)
    )
    connection.execute(delete(told).where(told.c.exchange_id == exchange_id))
    connection.execute(delete(exchanges).where(exchanges.c.id == exchange_id))
    gone = 0
    if keep:
        for start in range(0, len(ids), _CHUNK):
            connection.execute(
                update(entries_table)
                .where(entries_table.c.id.in_(ids[start : start + _CHUNK]))
                .values(direct=True)
            )
    else:
        gone = withdraw_unheld(connection, ids, clock.this_hour())
    subject = f"exchange {name}"
    audit.append(connection, clock.now(), "exchange.remove", subject, kept=keep, withdrawn=gone)
    return gone


def held_ids(connection: Connection, exchange_id: int) -> list[int]:
    """The active entries that an exchange holds, by rising id."""
    return [
        *connection.scalars(
            select(exchange_entries.c.entry_id)
            .distinct()
            .join(entries_table)
            .where(exchange_entries.c.exchange_id == exchange_id, is_active)
            .order_by(exchange_entries.c.entry_id)
        )
    ]


def withdraw_unheld(connection: Connection, ids: Iterable[int], at: datetime) -> int:
    """Withdraw those of these entries that nobody holds any more; returns how many they are."""
    wanted = sorted(set(ids))
    gone = 0
    for start in range(0, len(wanted), _CHUNK):
        of_these = entries_table.c.id.in_(wanted[start : start + _CHUNK])
        unheld = connection.scalars(
            select(entries_table.c.id).where(of_these, is_active, ~is_kept)
        ).all()
        gone += len(entries.withdraw(connection, unheld, at))
    return gone


def held_hashes(connection: Connection, name: str, ids: Iterable[int]) -> tuple[HeldHash, ...]:
    """Of these entries, those that the exchange holds, with what the source calls them."""
    exchange_id: int = row_of(connection, name).id
    wanted = sorted(set(ids))
    found: list[HeldHash] = []
    for start in range(0, len(wanted), _CHUNK):
        rows = connection.execute(
            select(
                entries_table.c.id,
                exchange_entries.c.external_id,
                hashers.c.name,
                entries_table.c.code,
                entries_table.c.quality,
            )
            .select_from(exchange_entries.join(entries_table).join(hashers))
            .where(
                exchange_entries.c.exchange_id == exchange_id,
                entries_table.c.id.in_(wanted[start : start + _CHUNK]),
                is_active,
            )
            .order_by(entries_table.c.id, exchange_entries.c.external_id)
        )
        found += [
            HeldHash(entry, external_id or None, Hash(hasher, code, quality))
            for entry, external_id, hasher, code, quality in rows
        ]
    return tuple(found)


def case_hashes(connection: Connection, number: str) -> tuple[Hash, ...]:
    """The hashes of whole pictures of an open case that are in its list today; else ()."""
    tidy = case_numbers.tidy(number)
    rows = connection.execute(
        select(hashers.c.name, entries_table.c.code, entries_table.c.quality)
        .select_from(entries_table.join(hashers).join(case_entries).join(cases_table))
        .where(
            cases_table.c.number == tidy,
            cases_table.c.state == "open",
            entries_table.c.kind == "whole",
            is_active,
        )
        .order_by(entries_table.c.id)
    )
    return tuple(Hash(*row) for row in rows)


def _state(connection: Connection, row: Row[Any]) -> ExchangeState:
    held: int = connection.scalars(
        select(func.count(exchange_entries.c.entry_id.distinct()))
        .join_from(exchange_entries, entries_table)
        .where(exchange_entries.c.exchange_id == row.id, is_active)
    ).one()
    return ExchangeState(
        name=row.name,
        kind=row.kind,
        list_name=row.list_name,
        settings=json.loads(row.settings),
        checkpoint=None if row.checkpoint is None else json.loads(row.checkpoint),
        turn=row.turn,
        whole=row.whole,
        entries=held,
        rejected=row.rejected,
        created=row.created_at,
        fetched=row.fetched_at,
        completed=row.completed_at,
        failed=row.failed_at,
        failure=row.failure,
    )
