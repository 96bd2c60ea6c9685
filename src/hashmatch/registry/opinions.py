"""Opinions on entries, the rules by which they hold an entry back, and what is to be reviewed.

A reviewer sees no picture: distances, times and counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, get_args

from sqlalchemy import Connection, delete, func, insert, select, update

from hashmatch.errors import EntryNotFoundError, InvalidOpinionError
from hashmatch.registry import audit, clock, entries, holds
from hashmatch.registry.hold_reasons import Hold
from hashmatch.registry.schema import changes, hashers, is_active, lists, opinions, sightings
from hashmatch.registry.schema import entries as entries_table

Decision = Literal["confirm", "demote", "withdraw"]
"""``confirm``: it goes live, and no count holds it back again; ``demote``: it is held back until
somebody confirms it; ``withdraw``: it leaves its list for ever."""

DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)

MOST_CHARACTERS: Final = 500


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of an entry.

    Attributes:
        entry: its id.
        platform: whose opinion it is: the name of a credential.
        is_match: whether what it matched was the picture.
        removed: whether the platform has taken that away.
        why: in a few words.
        at: when, in UTC, to the hour.
    """

    entry: int
    platform: str
    is_match: bool
    removed: bool
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """An entry that is held back, in numbers.

    Attributes:
        entry: its id.
        list_name: its list.
        hasher: its hasher.
        quality: its quality, where it is known.
        held: why it is held back.
        since: since when, in UTC.
        created: since when it is in the list.
        blocked: uploads that it has blocked, ever.
        reviewed: uploads that it has sent to review.
        nearest: the smallest distance of any, in bits.
        platforms: how many platforms saw it match.
        true_opinions: how many say that it matches rightly.
        false_opinions: how many say that it does not.
    """

    entry: int
    list_name: str
    hasher: str
    quality: int | None
    held: Hold
    since: datetime | None
    created: datetime
    blocked: int
    reviewed: int
    nearest: int | None
    platforms: int
    true_opinions: int
    false_opinions: int


def give(
    connection: Connection,
    entry: int,
    platform: str,
    *,
    is_match: bool,
    why: str,
    removed: bool,
    operator: bool,
) -> Opinion:
    """Write an opinion down in place of an earlier one, and apply the rules of the list."""
    rule = _rule_of(connection, entry)
    at = clock.this_hour()
    given = Opinion(entry, platform, is_match, removed, _checked(why), at)
    connection.execute(
        delete(opinions).where(opinions.c.entry_id == entry, opinions.c.platform == platform)
    )
    connection.execute(
        insert(opinions).values(
            entry_id=entry,
            platform=platform,
            is_match=is_match,
            removed=removed,
            operator=operator,
            why=given.why,
            at=at,
        )
    )
    audit.append(
        connection,
        at,
        "opinion",
        f"entry {entry}",
        actor=platform,
        match=is_match,
        removed=removed,
    )
    _apply(connection, rule, is_match=is_match, operator=operator, at=at)
    return given


def read(connection: Connection, entry: int) -> tuple[Opinion, ...]:
    """All opinions on an entry, by platform."""
    rows = connection.execute(
        select(opinions).where(opinions.c.entry_id == entry).order_by(opinions.c.platform)
    )
    return tuple(
        Opinion(row.entry_id, row.platform, row.is_match, row.removed, row.why, row.at)
        for row in rows
    )


def decide(connection: Connection, entry: int, decision: Decision, why: str) -> None:
    """What an operator makes of an entry."""
    if decision not in DECISIONS:
        raise InvalidOpinionError(f"A decision is one of {', '.join(DECISIONS)}.")
    _rule_of(connection, entry)
    why = _checked(why)
    at = clock.now()
    audit.append(connection, at, f"review.{decision}", f"entry {entry}", why=bool(why))
    if decision == "confirm":
        _confirm(connection, entry, at)
    elif decision == "demote":
        _demote(connection, entry, "operator", at)
    else:
        entries.withdraw(connection, [entry], at)


def reviews(connection: Connection, after: int, limit: int) -> tuple[Review, ...]:
    """The entries that are held back, by rising id, from the first one above ``after`` on."""
    rows = connection.execute(
        select(
            entries_table.c.id,
            lists.c.name,
            hashers.c.name,
            entries_table.c.quality,
            entries_table.c.held,
            entries_table.c.created_at,
        )
        .join_from(entries_table, lists, lists.c.id == entries_table.c.list_id)
        .join(hashers, hashers.c.id == entries_table.c.hasher_id)
        .where(entries_table.c.held.is_not(None), is_active, entries_table.c.id > after)
        .order_by(entries_table.c.id)
        .limit(limit)
    ).all()
    ids = [row[0] for row in rows]
    since, seen, said = _since(connection, ids), _seen(connection, ids), _said(connection, ids)
    return tuple(
        Review(
            entry=entry,
            list_name=name,
            hasher=hasher,
            quality=quality,
            held=held,
            since=since.get(entry),
            created=created,
            **_seen_of(seen.get(entry)),
            true_opinions=said.get((entry, True), 0),
            false_opinions=said.get((entry, False), 0),
        )
        for entry, name, hasher, quality, held, created in rows
    )


@dataclass(frozen=True, slots=True)
class _Rule:
    """An entry, and what its list says of opinions."""

    entry: int
    held: Hold | None
    false_opinions: int


def _rule_of(connection: Connection, entry: int) -> _Rule:
    row = connection.execute(
        select(entries_table.c.id, entries_table.c.held, lists.c.false_opinions)
        .join_from(entries_table, lists, lists.c.id == entries_table.c.list_id)
        .where(entries_table.c.id == entry, is_active)
    ).one_or_none()
    if row is None:
        raise EntryNotFoundError(f"There is no entry {entry} in any list, or not any more.")
    return _Rule(*row)


def _apply(
    connection: Connection, rule: _Rule, *, is_match: bool, operator: bool, at: datetime
) -> None:
    said = _said(connection, [rule.entry])
    right, wrong = said.get((rule.entry, True), 0), said.get((rule.entry, False), 0)
    if operator:
        if is_match:
            _confirm(connection, rule.entry, at)
        else:
            _demote(connection, rule.entry, "operator", at)
    elif is_match and rule.held == "flood" and right > wrong:
        _confirm(connection, rule.entry, at)
    elif not is_match and 0 < rule.false_opinions <= wrong and wrong > right:
        _demote(connection, rule.entry, "opinions", at)


def _confirm(connection: Connection, entry: int, at: datetime) -> None:
    _set_confirmed(connection, entry, confirmed=True)
    holds.release(connection, [entry], at)


def _demote(connection: Connection, entry: int, why: Hold, at: datetime) -> None:
    _set_confirmed(connection, entry, confirmed=False)
    holds.hold(connection, [entry], why, at)


def _set_confirmed(connection: Connection, entry: int, *, confirmed: bool) -> None:
    connection.execute(
        update(entries_table).where(entries_table.c.id == entry).values(confirmed=confirmed)
    )


def _since(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    query = (
        select(changes.c.entry_id, func.max(changes.c.at).label("since"))
        .where(changes.c.entry_id.in_(ids), changes.c.kind == "hold")
        .group_by(changes.c.entry_id)
    )
    return {row.entry_id: row.since for row in connection.execute(query)}


def _seen(connection: Connection, ids: Sequence[int]) -> dict[int, Any]:
    query = (
        select(
            sightings.c.entry_id,
            func.sum(sightings.c.blocked).label("blocked"),
            func.sum(sightings.c.reviewed).label("reviewed"),
            func.min(sightings.c.nearest).label("nearest"),
            func.count().label("platforms"),
        )
        .where(sightings.c.entry_id.in_(ids))
        .group_by(sightings.c.entry_id)
    )
    return {row.entry_id: row for row in connection.execute(query)}


def _seen_of(row: Any) -> dict[str, Any]:
    if row is None:
        return {"blocked": 0, "reviewed": 0, "nearest": None, "platforms": 0}
    return {
        "blocked": int(row.blocked),
        "reviewed": int(row.reviewed),
        "nearest": row.nearest,
        "platforms": row.platforms,
    }


def _said(connection: Connection, ids: Sequence[int]) -> dict[tuple[int, bool], int]:
    query = (
        select(opinions.c.entry_id, opinions.c.is_match, func.count())
        .where(opinions.c.entry_id.in_(ids))
        .group_by(opinions.c.entry_id, opinions.c.is_match)
    )
    return {(entry, is_match): count for entry, is_match, count in connection.execute(query)}


def _checked(why: str) -> str:
    text = why.strip()
    if len(text) > MOST_CHARACTERS or not all(c.isprintable() or c == "\n" for c in text):
        raise InvalidOpinionError(
            f"A reason is a text of {MOST_CHARACTERS} printable characters at most."
        )
    return text
