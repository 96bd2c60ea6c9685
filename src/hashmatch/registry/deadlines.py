"""The 48-hour clock: for each case and platform, received → served → first match → settled.

A platform has 48 hours from the case's receipt, or from when it came itself, to have its
fingerprints; and, where an upload was
sent to review, 48 hours from the first match to say what became of it. All times are whole hours,
cut off, so that a deadline is early rather than late. What a platform has blocked was never stored
there, and asks for nothing more.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, Select, exists, func, not_, select

from hashmatch.errors import CaseNotFoundError
from hashmatch.registry import credentials
from hashmatch.registry.schema import case_entries, cases, opinions, served, sightings

ALLOWED: Final = timedelta(hours=48)

Outcome = Literal["removed", "confirmed", "rejected"]
"""What a platform said of its matches: taken away; rightly matched; none was the picture."""

PlatformState = Literal["not_served", "served", "blocked", "to_review", "settled"]
"""``not_served``: it has not the fingerprints yet; ``served``: it has, and nothing matched;
``blocked``: all that matched was blocked; ``to_review``: something matched, and nothing was said of
it; ``settled``: something was."""


@dataclass(frozen=True, slots=True)
class PlatformClock:
    """A case at one platform.

    Attributes:
        platform: the name of its credential.
        state: see `PlatformState`.
        served: since when it has the case's fingerprints.
        first_match: when one of its uploads first matched.
        blocked: uploads that were blocked.
        reviewed: uploads that were sent to review.
        settled: when it first said what became of its matches.
        outcome: what that was; see `Outcome`.
        deadline: until when the next step is due, or was.
        overdue: whether it is due and not done.
    """

    platform: str
    state: PlatformState
    served: datetime | None
    first_match: datetime | None
    blocked: int
    reviewed: int
    settled: datetime | None
    outcome: Outcome | None
    deadline: datetime
    overdue: bool

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A case at all platforms.

    Attributes:
        number: the case number.
        received: when it was submitted.
        deadline: when every platform is to have its fingerprints.
        platforms: by name: those that may check here, and those where something matched.
        true_opinions: platforms that say of an entry that it matched rightly.
        false_opinions: platforms that say of one that it did not.
    """

    number: str
    received: datetime
    deadline: datetime
    platforms: tuple[PlatformClock, ...]
    true_opinions: int
    false_opinions: int

    @property
    def overdue(self) -> bool:
        """Whether any platform is."""
        return any(each.overdue for each in self.platforms)


def read(connection: Connection, number: str, now: datetime) -> CaseClock:
    """The clock of one case, by its tidy number."""
    case = connection.execute(select(cases).where(cases.c.number == number)).one_or_none()
    if case is None:
        raise CaseNotFoundError(f"There is no case {number}. Check the number.")
    return _clock(connection, case, _platforms(connection, now), now)


def overdue(connection: Connection, now: datetime, limit: int) -> tuple[CaseClock, ...]:
    """The clocks of the open cases that are overdue anywhere, the oldest first."""
    platforms = _platforms(connection, now)
    ids = _overdue_ids(connection, platforms, now)
    rows = connection.execute(
        select(cases).where(cases.c.id.in_(sorted(ids)[:limit])).order_by(cases.c.id)
    ).all()
    return tuple(_clock(connection, row, platforms, now) for row in rows)


def count_overdue(connection: Connection, now: datetime) -> int:
    """How many open cases are overdue anywhere."""
    return len(_overdue_ids(connection, _platforms(connection, now), now))


def _platforms(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Who may check here, and since when: a token that replaced another is no new platform."""
    since: dict[str, datetime] = {}
    here: set[str] = set()
    for each in credentials.read_all(connection):
        if "check" in each.scopes:
            since[each.name] = min(each.created, since.get(each.name, each.created))
            if each.is_good(now):
                here.add(each.name)
    return {name: at for name, at in since.items() if name in here}


def _overdue_ids(
    connection: Connection, platforms: Mapping[str, datetime], now: datetime
) -> set[int]:
    limit = now - ALLOWED
    is_open = cases.c.state == "open"
    query = select(served.c.platform, func.max(served.c.sequence)).group_by(served.c.platform)
    reached: dict[str, int] = {row[0]: row[1] for row in connection.execute(query)}
    least = min(
        (reached.get(name, -1) for name, since in platforms.items() if since < limit), default=None
    )
    found: set[int] = {*connection.scalars(_waiting_for_a_word(limit).where(is_open))}
    if least is not None:
        old = select(cases.c.id).where(is_open, cases.c.created_at < limit)
        found.update(connection.scalars(old.where(cases.c.sequence > least)))
    return found


def _waiting_for_a_word(limit: datetime) -> Select[tuple[int]]:
    """Cases of which a platform has had something to review since before a time, unsaid."""
    others = case_entries.alias()
    said = exists().where(
        opinions.c.platform == sightings.c.platform,
        opinions.c.entry_id == others.c.entry_id,
        others.c.case_id == cases.c.id,
    )
    return (
        select(cases.c.id)
        .distinct()
        .join(case_entries, case_entries.c.case_id == cases.c.id)
        .join(sightings, sightings.c.entry_id == case_entries.c.entry_id)
        .where(
            sightings.c.reviewed > 0,
            sightings.c.first_at < limit,
            cases.c.created_at < limit,
            not_(said),
        )
    )


def _clock(
    connection: Connection, case: Row[Any], platforms: Mapping[str, datetime], now: datetime
) -> CaseClock:
    has = _served(connection, case.sequence)
    seen = _seen(connection, case.id)
    said = _said(connection, case.id)
    names = sorted(platforms.keys() | seen.keys() | said.keys())
    received = case.created_at
    begins = {name: max(received, platforms.get(name, received)) for name in names}
    return CaseClock(
        number=case.number,
        received=case.created_at,
        deadline=case.created_at + ALLOWED,
        platforms=tuple(
            _at(name, case, begins[name], has.get(name), seen.get(name), said.get(name), now)
            for name in names
        ),
        true_opinions=sum(bool(each.rightly) for each in said.values()),
        false_opinions=sum(bool(each.wrongly) for each in said.values()),
    )


def _at(
    name: str,
    case: Row[Any],
    begins: datetime,
    since: datetime | None,
    seen: Row[Any] | None,
    said: Row[Any] | None,
    now: datetime,
) -> PlatformClock:
    # an entry may be older than the case that holds it too
    first = None if seen is None else max(seen.first, case.created_at)
    since = None if since is None else max(since, case.created_at)
    reviewed = 0 if seen is None else int(seen.reviewed)
    if said is not None:
        state: PlatformState = "settled"
    elif seen is not None:
        state = "to_review" if reviewed else "blocked"
    else:
        state = "not_served" if since is None else "served"
    deadline = (first or begins) + ALLOWED
    is_due = state in {"not_served", "to_review"} and case.state == "open"
    return PlatformClock(
        platform=name,
        state=state,
        served=since,
        first_match=first,
        blocked=0 if seen is None else int(seen.blocked),
        reviewed=reviewed,
        settled=None if said is None else said.first,
        outcome=_outcome(said),
        deadline=deadline,
        overdue=is_due and now > deadline,
    )


def _outcome(said: Row[Any] | None) -> Outcome | None:
    if said is None:
        return None
    if said.removed:
        return "removed"
    return "confirmed" if said.rightly else "rejected"


def _served(connection: Connection, sequence: int) -> dict[str, datetime]:
    query = (
        select(served.c.platform, func.min(served.c.at).label("since"))
        .where(served.c.sequence >= sequence)
        .group_by(served.c.platform)
    )
    return {row.platform: row.since for row in connection.execute(query)}


def _seen(connection: Connection, case_id: int) -> Mapping[str, Any]:
    query = (
        select(
            sightings.c.platform,
            func.min(sightings.c.first_at).label("first"),
            func.sum(sightings.c.blocked).label("blocked"),
            func.sum(sightings.c.reviewed).label("reviewed"),
        )
        .join(case_entries, case_entries.c.entry_id == sightings.c.entry_id)
        .where(case_entries.c.case_id == case_id)
        .group_by(sightings.c.platform)
    )
    return {row.platform: row for row in connection.execute(query)}


def _said(connection: Connection, case_id: int) -> Mapping[str, Any]:
    def count(which: Any) -> Any:
        return func.count().filter(which)

    query = (
        select(
            opinions.c.platform,
            func.min(opinions.c.at).label("first"),
            count(opinions.c.removed.is_(True)).label("removed"),
            count(opinions.c.is_match.is_(True)).label("rightly"),
            count(opinions.c.is_match.is_(False)).label("wrongly"),
        )
        .join(case_entries, case_entries.c.entry_id == opinions.c.entry_id)
        .where(case_entries.c.case_id == case_id)
        .group_by(opinions.c.platform)
    )
    return {row.platform: row for row in connection.execute(query)}
