"""Parts of pictures: one row of packed bytes for each picture of a case, beside its entry.

A match names the entry of the whole picture, so a part needs no entry of its own; and a hundred
thousand pictures of sixty-four parts are as many rows, not seven million. A row belongs to the case
that sent it: when that is withdrawn the bytes are deleted, though the entry may stay because
somebody else holds it. Where two cases have parts of one entry, the older ones count.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, ScalarSelect, delete, func, select

from hashmatch.registry.schema import changes, entries, is_active, parts

_CHUNK: Final = 500
AT_ONCE: Final = 1_000
"""Pictures whose parts are in one page of the feed: some 4 MB."""


class PartsRow(NamedTuple):
    """The parts of an active entry's picture.

    Attributes:
        entry: its id.
        whole: the code of the whole picture, 32 bytes.
        data: parts and tiles, as `hashmatch.packed` has them.
    """

    entry: int
    whole: bytes
    data: bytes


def detach(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete the parts of entries that meet a condition, which their own withdrawal tells of."""
    connection.execute(delete(parts).where(parts.c.entry_id.in_(select(entries.c.id).where(which))))


def is_counted() -> ColumnElement[bool]:
    """Whether a row is the one that counts of its entry."""
    return parts.c.case_id == _oldest()


def _oldest() -> ScalarSelect[int]:
    others = parts.alias()
    return (
        select(func.min(others.c.case_id))
        .where(others.c.entry_id == parts.c.entry_id)
        .correlate(parts)
        .scalar_subquery()
    )


def read(connection: Connection, size: int = _CHUNK) -> Iterator[list[PartsRow]]:
    """The parts of all active entries, by rising entry, in batches."""
    last = 0
    while True:
        rows = connection.execute(
            select(parts.c.entry_id, entries.c.code, parts.c.data)
            .join_from(parts, entries)
            .where(parts.c.entry_id > last, is_active, is_counted())
            .order_by(parts.c.entry_id)
            .limit(size)
        ).all()
        if not rows:
            return
        yield [PartsRow(*row) for row in rows]
        last = rows[-1].entry_id


def of_changes(connection: Connection, after: int, until: int) -> dict[int, bytes]:
    """The parts that changes above a number, up to another, tell of, by the change's number.

    One more than `AT_ONCE` of them at most.
    """
    rows = connection.execute(
        select(changes.c.sequence, parts.c.data)
        .select_from(
            changes.join(parts, parts.c.entry_id == changes.c.entry_id).join(
                entries, entries.c.id == parts.c.entry_id
            )
        )
        .where(
            changes.c.sequence > after,
            changes.c.sequence <= until,
            changes.c.kind.in_(("add", "parts")),
            is_active,
            is_counted(),
        )
        .order_by(changes.c.sequence)
        .limit(AT_ONCE + 1)
    )
    return {row.sequence: row.data for row in rows}
