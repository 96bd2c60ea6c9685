"""The audit: every act and change of state, each line chained to the one before.

A line is written in the transaction that does what it tells of, and writing transactions take
turns; so lines are numbered without gaps. The digest of a line is the SHA-256 of the digest before
and of the line, so that a line which is altered, left out or moved breaks the chain at that place.
What was cut off at the end is found by the head that somebody kept elsewhere (`heads`).

No hash, no address and no secret stands in it. Times are whole hours where a person or the traffic
of a platform caused the line.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from hashmatch.errors import AuditError
from hashmatch.registry.schema import Instant, audit, counters

PERSON: Final = "person"
"""The actor of what a person does with a case."""
TRAFFIC: Final = "registry"
"""The actor of what nobody did: rules that apply by themselves."""

_ACTOR: Final = ContextVar("hashmatch_actor", default="local")
_START: Final = bytes(32)
_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the audit.

    Attributes:
        number: 1, 2, 3…
        at: when, in UTC.
        actor: who: the name of a credential, ``"local"`` for the command line, ``"person"``, or
            ``"registry"`` for rules that apply by themselves.
        action: what, for instance ``"list.create"``.
        subject: to what, for instance ``"case 4821-0937-5523"`` or ``"entry 17"``.
        detail: more of it: numbers and short words.
        digest: 32 bytes, of this line and all before.
    """

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    digest: bytes


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Name who does what is done within: in this thread, or this task and what it starts."""
    token = _ACTOR.set(name)
    try:
        yield
    finally:
        _ACTOR.reset(token)


def name_actor(name: str) -> None:
    """Likewise, until the task ends."""
    _ACTOR.set(name)


def append(
    connection: Connection,
    at: datetime,
    action: str,
    subject: str,
    *,
    actor: str | None = None,
    **detail: Any,
) -> None:
    """Write one line, in the transaction that does what it tells of."""
    number: int = connection.scalars(
        update(counters)
        .where(counters.c.name == "audit")
        .values(value=counters.c.value + 1)
        .returning(counters.c.value)
    ).one()
    before = connection.scalar(select(audit.c.digest).where(audit.c.number == number - 1))
    told = json.dumps(detail, sort_keys=True, separators=(",", ":"))
    who = actor or _ACTOR.get()
    fields = (number, Instant.as_kept(at), who, action, subject, told)
    connection.execute(
        insert(audit).values(
            number=number,
            at=at,
            actor=who,
            action=action,
            subject=subject,
            detail=told,
            digest=_digest(before or _START, fields),
        )
    )


def read(
    connection: Connection, after: int, limit: int, subject: str | None = None
) -> tuple[AuditLine, ...]:
    """The lines with numbers above ``after``, in order; those of one subject only if asked."""
    query = select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(limit)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return tuple(_from_row(row) for row in connection.execute(query))


def search(
    connection: Connection,
    before: int | None,
    limit: int,
    *,
    actor: str = "",
    action: str = "",
    subject: str = "",
) -> tuple[AuditLine, ...]:
    """The newest lines with numbers below ``before``, the newest first."""
    query = select(audit).order_by(audit.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(audit.c.number < before)
    if actor:
        query = query.where(audit.c.actor == actor)
    if action:
        query = query.where(audit.c.action.startswith(action, autoescape=True))
    if subject:
        query = query.where(audit.c.subject == subject)
    return tuple(_from_row(row) for row in connection.execute(query))


def verify(connection: Connection) -> tuple[int, bytes]:
    """Check every line; returns how many there are, and the digest of the last one.

    Raises:
        AuditError: a line was altered, removed, added or moved; the message says which.
    """
    count, before = 0, _START
    by_number = select(audit).order_by(audit.c.number).limit(_PAGE)
    while rows := connection.execute(by_number.where(audit.c.number > count)).all():
        for row in rows:
            if row.number != count + 1:
                raise AuditError(f"Line {count + 1} of the audit is missing.")
            at = Instant.as_kept(row.at)
            fields = (row.number, at, row.actor, row.action, row.subject, row.detail)
            if row.digest != _digest(before, fields):
                raise AuditError(
                    f"Line {row.number} of the audit was altered, or the line before it was."
                )
            count, before = row.number, row.digest
    told = connection.scalars(select(counters.c.value).where(counters.c.name == "audit")).one()
    if told != count:
        raise AuditError(f"The audit ends at line {count}, and {told} were written.")
    return count, before


def digest_of(connection: Connection, number: int) -> bytes | None:
    """The digest of a line; that of line 0 is what the first one follows."""
    if number == 0:
        return _START
    kept: bytes | None = connection.scalar(select(audit.c.digest).where(audit.c.number == number))
    return kept


def count(connection: Connection) -> int:
    """How many lines there are."""
    return connection.scalar(select(func.max(audit.c.number))) or 0


def _digest(before: bytes, fields: tuple[Any, ...]) -> bytes:
    return hashlib.sha256(before + json.dumps(fields).encode()).digest()


def _from_row(row: Row[Any]) -> AuditLine:
    return AuditLine(
        row.number, row.at, row.actor, row.action, row.subject, json.loads(row.detail), row.digest
    )
