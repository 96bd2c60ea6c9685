"""All that is known of one case, for those who have to show it: JSON, and its story as CSV.

No hash is in it, and no secret; what a person took back is not in it either.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from hashmatch.registry import audit, cases, deadlines
from hashmatch.registry.audit import AuditLine
from hashmatch.registry.deadlines import CaseClock
from hashmatch.registry.schema import case_entries, entries, hashers, opinions
from hashmatch.registry.schema import cases as cases_table

_MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a case.

    Attributes:
        number: the case number.
        report: for JSON: the case, its pictures and entries, its clock, the opinions on it, its
            lines of the audit, and where the audit ended then.
        timeline: the same as CSV: a line for each thing that happened, in order.
    """

    number: str
    report: dict[str, Any]
    timeline: str


def gather(connection: Connection, number: str, now: datetime) -> Evidence:
    """Put together what is known of a case."""
    case = cases.read(connection, number)
    clock = deadlines.read(connection, case.number, now)
    held = _entries(connection, case.number)
    said = _opinions(connection, [each["entry"] for each in held])
    lines = _lines(connection, case.number, [each["entry"] for each in held])
    report = {
        "format": 1,
        "gathered": now.isoformat(),
        "case": {
            "number": case.number,
            "state": case.state,
            "list": case.list_name,
            "received": _told(case.created),
            "withdrawn": _told(case.withdrawn),
            "deadline": _told(clock.deadline),
            "pictures": [{"state": each.state, "reason": each.reason} for each in case.pictures],
        },
        "entries": held,
        "platforms": [each.told() for each in clock.platforms],
        "opinions": said,
        "audit": [told(line) for line in lines],
        "audit_lines": audit.count(connection),
    }
    return Evidence(case.number, report, _timeline(clock, lines))


def told(line: AuditLine) -> dict[str, Any]:
    """A line of the audit, for JSON."""
    return {
        "number": line.number,
        "at": line.at.isoformat(),
        "actor": line.actor,
        "action": line.action,
        "subject": line.subject,
        "detail": line.detail,
        "digest": line.digest.hex(),
    }


def _entries(connection: Connection, number: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(entries, hashers.c.name)
        .join_from(cases_table, case_entries)
        .join(entries, entries.c.id == case_entries.c.entry_id)
        .join(hashers, hashers.c.id == entries.c.hasher_id)
        .where(cases_table.c.number == number)
        .order_by(entries.c.id)
    )
    return [
        {
            "entry": row.id,
            "hasher": row.name,
            "kind": row.kind,
            "view": row.view,
            "quality": row.quality,
            "state": row.state,
            "held": row.held,
            "created": _told(row.created_at),
            "withdrawn": _told(row.withdrawn_at),
        }
        for row in rows
    ]


def _opinions(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(opinions)
        .where(opinions.c.entry_id.in_(ids))
        .order_by(opinions.c.entry_id, opinions.c.platform)
    )
    return [
        {
            "entry": row.entry_id,
            "platform": row.platform,
            "match": row.is_match,
            "removed": row.removed,
            "why": row.why,
            "at": _told(row.at),
        }
        for row in rows
    ]


def _lines(connection: Connection, number: str, ids: Sequence[int]) -> list[AuditLine]:
    subjects = [f"case {number}", *(f"entry {entry}" for entry in ids)]
    found = [line for each in subjects for line in audit.read(connection, 0, _MOST, each)]
    return sorted(found, key=lambda line: line.number)


def _timeline(clock: CaseClock, lines: Sequence[AuditLine]) -> str:
    events = [(clock.received, "", "received"), (clock.deadline, "", "deadline")]
    for each in clock.platforms:
        for at, what in (
            (each.served, "served"),
            (each.first_match, "first match"),
            (each.settled, f"settled: {each.outcome}"),
            (each.deadline, "deadline, overdue" if each.overdue else "deadline"),
        ):
            if at is not None:
                events.append((at, each.platform, what))
    events += [(line.at, line.actor, f"{line.action}: {line.subject}") for line in lines]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("time", "who", "what"))
    writer.writerows((at.isoformat(), _cell(who), what) for at, who, what in sorted(events))
    return text.getvalue()


def _cell(text: str) -> str:
    from hashmatch.registry import sources

    return sources.to_cell(text)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
