"""What nodes report: up to which change a platform has what is here, and what its uploads matched.

Counts only, in batches: no upload, no picture and no address is in them, and the times written
beside them are the registry's own, to the hour. From the counts follows which entries match more
uploads than their list lets pass unseen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, insert, select, update
from sqlalchemy import type_coerce as coerced

from hashmatch.errors import InvalidOpinionError
from hashmatch.registry import audit, clock, feed, holds
from hashmatch.registry.schema import Instant, entries, floods, is_active, lists, served, sightings

SLICE: Final = 300
"""Seconds that uploads are counted together for."""

_LONGEST: Final = timedelta(days=1)
_CHUNK: Final = 500
_MOST: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Sighting:
    """What matched an entry since the last report.

    Attributes:
        entry: its id.
        blocked: uploads that it blocked.
        reviewed: uploads that it sent to review.
        nearest: the smallest distance, in bits; None where it is not known.
    """

    entry: int
    blocked: int = 0
    reviewed: int = 0
    nearest: int | None = None


def note_served(connection: Connection, platform: str, sequence: int) -> None:
    """Write down that a platform has all changes up to a sequence, the first time it has."""
    sequence = min(sequence, feed.last_sequence(connection))
    of = served.c.platform == platform
    before = connection.scalar(select(func.max(served.c.sequence)).where(of)) or 0
    if sequence <= before:
        return
    at = clock.this_hour()
    done = connection.execute(
        update(served).where(of, served.c.at == at).values(sequence=sequence)
    ).rowcount
    if not done:
        connection.execute(insert(served).values(platform=platform, at=at, sequence=sequence))


def take(
    connection: Connection, platform: str, reported: Iterable[Sighting], now: datetime
) -> tuple[int, ...]:
    """Add counts to those before; returns the entries that are held back from now on.

    Entries that are unknown are left out: a node may report of one that is long gone.

    Raises:
        InvalidOpinionError: a count or a distance that is none.
    """
    waiting = iter(_together(reported))
    held: list[int] = []
    while chunk := list(islice(waiting, _CHUNK)):
        known = set(
            connection.scalars(
                select(entries.c.id).where(entries.c.id.in_([e.entry for e in chunk]))
            )
        )
        some = [each for each in chunk if each.entry in known]
        if some:
            _add_sightings(connection, platform, some)
            _add_to_floods(connection, some, now)
            flooded = _flooded(connection, [each.entry for each in some], now)
            at = clock.this_hour()
            held += holds.hold(connection, flooded, "flood", at, audit.TRAFFIC)
    connection.execute(delete(floods).where(floods.c.at < now - _LONGEST))
    return tuple(held)


def _together(reported: Iterable[Sighting]) -> list[Sighting]:
    """One for each entry, by rising id."""
    sums: dict[int, Sighting] = {}
    for each in reported:
        if not (0 <= each.blocked < _MOST and 0 <= each.reviewed < _MOST):
            raise InvalidOpinionError("A count of matches is 0 or more, and no larger than 2^40.")
        if each.nearest is not None and not 0 <= each.nearest <= 4_096:
            raise InvalidOpinionError("A distance is 0 to 4,096 bits.")
        before = sums.get(each.entry, Sighting(each.entry))
        sums[each.entry] = Sighting(
            each.entry,
            before.blocked + each.blocked,
            before.reviewed + each.reviewed,
            _least(before.nearest, each.nearest),
        )
    return [sums[entry] for entry in sorted(sums)]


def _least(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)


def _add_sightings(connection: Connection, platform: str, some: Sequence[Sighting]) -> None:
    ids = [each.entry for each in some]
    of = sightings.c.platform == platform
    rows = connection.execute(select(sightings).where(of, sightings.c.entry_id.in_(ids)))
    before = {row.entry_id: row for row in rows}
    at = clock.this_hour()
    _put(
        connection,
        update(sightings)
        .where(of, sightings.c.entry_id == bindparam("e"))
        .values(blocked=bindparam("b"), reviewed=bindparam("r"), nearest=bindparam("n")),
        [
            {
                "e": each.entry,
                "b": before[each.entry].blocked + each.blocked,
                "r": before[each.entry].reviewed + each.reviewed,
                "n": _least(before[each.entry].nearest, each.nearest),
            }
            for each in some
            if each.entry in before
        ],
    )
    _put(
        connection,
        insert(sightings),
        [
            {
                "entry_id": each.entry,
                "platform": platform,
                "first_at": at,
                "blocked": each.blocked,
                "reviewed": each.reviewed,
                "nearest": each.nearest,
            }
            for each in some
            if each.entry not in before
        ],
    )


def _add_to_floods(connection: Connection, some: Sequence[Sighting], now: datetime) -> None:
    seconds = Instant.as_kept(now)
    at = now - timedelta(seconds=seconds % SLICE, microseconds=now.microsecond)
    ids = [each.entry for each in some]
    rows = connection.execute(select(floods).where(floods.c.at == at, floods.c.entry_id.in_(ids)))
    before = {row.entry_id: row.uploads for row in rows}
    sums = {each.entry: before.get(each.entry, 0) + each.blocked + each.reviewed for each in some}
    _put(
        connection,
        update(floods)
        .where(floods.c.at == at, floods.c.entry_id == bindparam("e"))
        .values(uploads=bindparam("u")),
        [{"e": entry, "u": uploads} for entry, uploads in sums.items() if entry in before],
    )
    _put(
        connection,
        insert(floods),
        [
            {"entry_id": entry, "at": at, "uploads": uploads}
            for entry, uploads in sums.items()
            if entry not in before
        ],
    )


def _flooded(connection: Connection, ids: Sequence[int], now: datetime) -> Sequence[int]:
    """Of these entries, those that matched too many uploads of late, and nobody has confirmed."""
    age = Instant.as_kept(now) - coerced(floods.c.at, BigInteger)
    return connection.scalars(
        select(entries.c.id)
        .join(lists, lists.c.id == entries.c.list_id)
        .join(floods, floods.c.entry_id == entries.c.id)
        .where(
            entries.c.id.in_(ids),
            is_active,
            entries.c.held.is_(None),
            entries.c.confirmed.is_(False),
            lists.c.allow_list.is_(False),
            lists.c.flood_matches > 0,
            age < lists.c.flood_window,
        )
        .group_by(entries.c.id, lists.c.flood_matches)
        .having(func.sum(floods.c.uploads) > lists.c.flood_matches)
    ).all()


def _put(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(statement, rows)
