"""Entries that are held back: their matches go to review, whatever their list does with others.

A change of the feed tells every node. The code stays, so that matches are still seen and counted.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, or_, select, update

from hashmatch.registry import audit, feed
from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.schema import entries, is_active

_CHUNK: Final = 1_000


def hold(
    connection: Connection, ids: Iterable[int], why: Hold, at: datetime, actor: str | None = None
) -> tuple[int, ...]:
    """Hold entries back; returns those that were not held before.

    What an operator holds back stays so whatever others say, also where it was held back before.
    """
    return _set(connection, ids, why, at, actor)


def release(
    connection: Connection, ids: Iterable[int], at: datetime, actor: str | None = None
) -> tuple[int, ...]:
    """Let entries go live; returns those that were held before."""
    return _set(connection, ids, None, at, actor)


def read(connection: Connection, among: Collection[int] | None = None) -> dict[int, Hold]:
    """The entries that are held back, with why: all, or those among a case's."""
    query = select(entries.c.id, entries.c.held).where(entries.c.held.is_not(None), is_active)
    if among is not None:
        query = query.where(entries.c.id.in_(among))
    return {row.id: row.held for row in connection.execute(query)}


def _set(
    connection: Connection, ids: Iterable[int], why: Hold | None, at: datetime, actor: str | None
) -> tuple[int, ...]:
    wanted = sorted({*ids})
    done: list[int] = []
    differs: ColumnElement[bool]
    if why is None:
        differs = entries.c.held.is_not(None)
    elif why == "operator":
        differs = or_(entries.c.held.is_(None), entries.c.held != why)
    else:
        differs = entries.c.held.is_(None)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        going: Sequence[int] = connection.scalars(
            select(entries.c.id)
            .where(entries.c.id.in_(chunk), is_active, differs)
            .order_by(entries.c.id)
        ).all()
        if not going:
            continue
        which = entries.c.id.in_(going)
        connection.execute(update(entries).where(which).values(held=why))
        feed.record_entries(connection, "hold" if why else "release", which, len(going), at)
        done += going
    for entry in done:
        action = "entry.hold" if why else "entry.release"
        detail = {"why": why} if why else {}
        audit.append(connection, at, action, f"entry {entry}", actor=actor, **detail)
    return tuple(done)
