"""The change feed: every change of a registry has a number, 1, 2, 3…, without gaps.

The numbers come from a counter that is raised in the very transaction that makes the change, and
writing transactions take turns (`Database.writing`). So numbers appear in order, a transaction
that fails takes its numbers back, and who has seen a number has seen, or can still read, all
smaller ones.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, literal, select, update

from hashmatch.registry import parts
from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.schema import Instant, changes, counters, entries, hashers, is_active

ChangeKind = Literal["add", "withdraw", "parts", "hold", "release", "set_list", "remove_list"]
"""An entry came or went; the parts of an entry's picture came or went, though it was there before
or stays; an entry is held back or live again; a list was made or set anew; a list went, with all
its entries."""


@dataclass(frozen=True, slots=True)
class Change:
    """One numbered change of a registry.

    Attributes:
        sequence: its number.
        kind: see `ChangeKind`.
        list_id: the list that it concerns.
        at: when, in UTC; whole hours where a person's case caused it.
        entry: the id of the entry, for all kinds that concern one.
        hasher: the entry's hasher, for ``add`` and ``parts``.
        code: the entry's code, likewise. None where the entry has been withdrawn since: its
            ``withdraw`` or ``remove_list`` follows, and nothing is to be added.
        quality: the entry's quality, where it is known.
        held: why the entry is held back, for ``add``, ``hold`` and ``release``; None where it is
            live. As it is today: of several changes, the last one decides.
        parts: parts and tiles of the entry's picture, packed as `hashmatch.packed` has them, for
            ``add`` and ``parts``; None where there are none, or none any more. As it is today.
    """

    sequence: int
    kind: ChangeKind
    list_id: int
    at: datetime
    entry: int | None = None
    hasher: str | None = None
    code: bytes | None = field(default=None, repr=False)
    quality: int | None = None
    held: Hold | None = None
    parts: bytes | None = field(default=None, repr=False)


def last_sequence(connection: Connection) -> int:
    """The number of the newest change."""
    sequence: int = connection.scalars(
        select(counters.c.value).where(counters.c.name == "change")
    ).one()
    return sequence


def take_numbers(connection: Connection, counter: Literal["entry", "change"], count: int) -> range:
    """The next numbers of a counter; they are given back if the transaction fails."""
    last: int = connection.scalars(
        update(counters)
        .where(counters.c.name == counter)
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    ).one()
    return range(last - count + 1, last + 1)


def record_entries(
    connection: Connection,
    kind: Literal["add", "withdraw", "parts", "hold", "release"],
    which: ColumnElement[bool],
    count: int,
    at: datetime,
) -> None:
    """Write one change for each of the ``count`` entries that meet a condition, by rising id."""
    before = take_numbers(connection, "change", count)[0] - 1
    row = func.row_number().over(order_by=entries.c.id)
    connection.execute(
        insert(changes).from_select(
            ["sequence", "kind", "list_id", "entry_id", "at"],
            select(
                before + row, literal(kind), entries.c.list_id, entries.c.id, literal(at, Instant)
            )
            .where(which)
            .order_by(entries.c.id),
        )
    )


def record_list(
    connection: Connection,
    kind: Literal["set_list", "remove_list"],
    list_id: int,
    at: datetime,
) -> None:
    """Write one change of a list."""
    (sequence,) = take_numbers(connection, "change", 1)
    connection.execute(insert(changes).values(sequence=sequence, kind=kind, list_id=list_id, at=at))


def follow(connection: Connection, after: int, limit: int) -> tuple[Change, ...]:
    """The changes with numbers above ``after``, in order, at most ``limit`` of them.

    Fewer, though more are there, where many come with parts.
    """
    is_there = and_(entries.c.id == changes.c.entry_id, is_active)
    is_new = changes.c.kind.in_(("add", "parts"))
    rows = connection.execute(
        select(
            changes.c.sequence,
            changes.c.kind,
            changes.c.list_id,
            changes.c.at,
            changes.c.entry_id,
            hashers.c.name,
            case((is_new, entries.c.code)),
            case((is_new, entries.c.quality)),
            entries.c.held,
        )
        .select_from(
            changes.outerjoin(entries, is_there).outerjoin(
                hashers, and_(is_new, hashers.c.id == entries.c.hasher_id)
            )
        )
        .where(changes.c.sequence > after)
        .order_by(changes.c.sequence)
        .limit(limit)
    )
    found = [Change(*row) for row in rows]
    if not found:
        return ()
    packed = parts.of_changes(connection, after, found[-1].sequence)
    if len(packed) > parts.AT_ONCE:  # as many as one page has room for, and the changes until then
        found = found[: max(packed) - 1 - after]
    return tuple(
        replace(each, parts=packed[each.sequence]) if each.sequence in packed else each
        for each in found
    )
