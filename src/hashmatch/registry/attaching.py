"""What a case knows of the parts of its pictures: kept when it is opened, deleted with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from hashmatch.registry import feed
from hashmatch.registry.parts import is_counted
from hashmatch.registry.schema import case_entries, entries, parts

_CHUNK: Final = 500


def attach(
    connection: Connection, case_id: int, by_entry: Mapping[int, bytes], new: set[int], at: datetime
) -> None:
    """Keep the parts of a case's pictures.

    Args:
        connection: a writing transaction.
        case_id: the case.
        by_entry: packed parts, by the entry of the whole picture.
        new: the entries that were added in this transaction: their change tells of the parts.
        at: the time of the change.
    """
    if not by_entry:
        return
    ids = [*by_entry]
    known = {
        entry
        for start in range(0, len(ids), _CHUNK)
        for entry in connection.scalars(
            select(parts.c.entry_id).where(parts.c.entry_id.in_(ids[start : start + _CHUNK]))
        )
    }
    rows = [{"entry_id": i, "case_id": case_id, "data": data} for i, data in by_entry.items()]
    connection.execute(insert(parts), rows)
    _tell(connection, [each for each in ids if each not in known | new], at)


def detach(connection: Connection, case_id: int, at: datetime) -> None:
    """Delete what a case knows of the parts of entries that stay."""
    of_case = select(case_entries.c.entry_id).where(case_entries.c.case_id == case_id)
    theirs = parts.c.entry_id.in_(of_case)
    counted = connection.scalars(
        select(parts.c.entry_id).where(theirs, parts.c.case_id == case_id, is_counted())
    ).all()
    connection.execute(delete(parts).where(theirs, parts.c.case_id == case_id))
    _tell(connection, counted, at)


def _tell(connection: Connection, ids: Sequence[int], at: datetime) -> None:
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        feed.record_entries(connection, "parts", entries.c.id.in_(some), len(some), at)
