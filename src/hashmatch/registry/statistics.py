"""Counts for those who run a registry: what is in it, and what happened of late. No hash, no case.

Matches of the last day come from the slices that floods are found by, which are forgotten after a
day; so this tells of no longer time, and needs no table of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, func, select
from sqlalchemy import type_coerce as coerced

from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.lists import read_lists
from hashmatch.registry.schema import Instant, cases, entries, floods, is_active, sightings

HOURS: Final = 24
DAYS: Final = 30
_HOUR: Final = 3_600
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class ListCounts:
    """A hash list in numbers.

    Attributes:
        name: its name.
        entries: its active entries.
        held: those among them that are held back.
        blocked: uploads that its active entries have blocked, ever.
        reviewed: uploads that they have sent to review.
    """

    name: str
    entries: int
    held: int
    blocked: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """A registry in numbers.

    Attributes:
        at: when they were counted, in UTC.
        lists: each list, by name.
        held: how many entries are held back, by why.
        open_cases: how many cases are open.
        withdrawn_cases: how many were withdrawn.
        matches: by hour of the last `HOURS`, the oldest first: its beginning in UTC, and how often
            an entry matched an upload in it.
        cases: by day of the last `DAYS`, the oldest first: its beginning in UTC, and how many cases
            were opened and withdrawn in it.
    """

    at: datetime
    lists: tuple[ListCounts, ...]
    held: Mapping[Hold, int]
    open_cases: int
    withdrawn_cases: int
    matches: tuple[tuple[datetime, int], ...]
    cases: tuple[tuple[datetime, int, int], ...]


def gather(connection: Connection, now: datetime) -> Statistics:
    """Count everything, as it is now."""
    states = _by_state(connection)
    return Statistics(
        at=now,
        lists=_lists(connection),
        held=_held(connection),
        open_cases=states.get("open", 0),
        withdrawn_cases=states.get("withdrawn", 0),
        matches=_matches(connection, now),
        cases=_cases(connection, now),
    )


def _by_state(connection: Connection) -> dict[str, int]:
    query = select(cases.c.state, func.count()).group_by(cases.c.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _lists(connection: Connection) -> tuple[ListCounts, ...]:
    count = func.count()
    query = (
        select(entries.c.list_id, count.label("all"), func.count(entries.c.held).label("held"))
        .where(is_active)
        .group_by(entries.c.list_id)
    )
    there = {row.list_id: row for row in connection.execute(query)}
    sums = (
        select(
            entries.c.list_id,
            func.sum(sightings.c.blocked).label("blocked"),
            func.sum(sightings.c.reviewed).label("reviewed"),
        )
        .join_from(sightings, entries, entries.c.id == sightings.c.entry_id)
        .where(is_active)
        .group_by(entries.c.list_id)
    )
    seen = {row.list_id: row for row in connection.execute(sums)}
    return tuple(
        _counts(each.name, there.get(each.id), seen.get(each.id)) for each in read_lists(connection)
    )


def _counts(name: str, there: Any, seen: Any) -> ListCounts:
    return ListCounts(
        name=name,
        entries=0 if there is None else there.all,
        held=0 if there is None else there.held,
        blocked=0 if seen is None else int(seen.blocked),
        reviewed=0 if seen is None else int(seen.reviewed),
    )


def _held(connection: Connection) -> dict[Hold, int]:
    query = (
        select(entries.c.held, func.count())
        .where(entries.c.held.is_not(None), is_active)
        .group_by(entries.c.held)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _matches(connection: Connection, now: datetime) -> tuple[tuple[datetime, int], ...]:
    hours = _steps(now, _HOUR, HOURS)
    hour = _cut(floods.c.at, _HOUR)
    query = select(hour, func.sum(floods.c.uploads)).where(floods.c.at >= hours[0]).group_by(hour)
    sums = {at: int(uploads) for at, uploads in connection.execute(query)}
    return tuple((at, sums.get(Instant.as_kept(at), 0)) for at in hours)


def _cases(connection: Connection, now: datetime) -> tuple[tuple[datetime, int, int], ...]:
    days = _steps(now, _DAY, DAYS)
    opened = _per_day(connection, cases.c.created_at, days[0])
    withdrawn = _per_day(connection, cases.c.withdrawn_at, days[0])
    return tuple(
        (at, opened.get(Instant.as_kept(at), 0), withdrawn.get(Instant.as_kept(at), 0))
        for at in days
    )


def _per_day(connection: Connection, column: Any, since: datetime) -> dict[int, int]:
    day = _cut(column, _DAY)
    query = select(day, func.count()).where(column >= since).group_by(day)
    return {row[0]: row[1] for row in connection.execute(query)}


def _steps(now: datetime, seconds: int, count: int) -> list[datetime]:
    """The beginnings of the last so many steps, of which the last is under way."""
    last = now - timedelta(seconds=Instant.as_kept(now) % seconds, microseconds=now.microsecond)
    return [last - timedelta(seconds=seconds * back) for back in reversed(range(count))]


def _cut(column: Any, seconds: int) -> Any:
    """A time in whole steps, as seconds since 1970."""
    kept = coerced(column, BigInteger)
    return (kept - kept % seconds).label("step")
