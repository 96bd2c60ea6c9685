"""What the sources of hashes are still to be told of the opinions here, and what they were told.

What was told stands beside each entry, so there is no place in a sequence that could be lost: who
is killed between telling and writing it down tells it again, which is as good as once.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select

from hashmatch.registry import audit, clock
from hashmatch.registry.exchanges import HeldHash, held_hashes, row_of
from hashmatch.registry.schema import entries, exchange_entries, is_active, opinions, told


class Untold(NamedTuple):
    """A judgement that a source does not know.

    Attributes:
        held: the hash, as the source knows it.
        is_match: whether what it matched was the picture.
    """

    held: HeldHash
    is_match: bool


class Told(NamedTuple):
    """A judgement that a source was told.

    Attributes:
        entry: the entry's id.
        is_match: see `Untold`.
        taken: whether the source took it; one that it refused is not told again until it changes.
    """

    entry: int
    is_match: bool
    taken: bool


def untold(connection: Connection, name: str, limit: int) -> tuple[Untold, ...]:
    """The judgements of ``limit`` entries that the source of an exchange does not know.

    Those of operators count, where there are any; else those of the platforms. A draw is none.
    """
    exchange_id: int = row_of(connection, name).id
    votes = func.sum(case((opinions.c.is_match, 1), else_=-1))
    of_operators = func.sum(
        case(
            (and_(opinions.c.operator, opinions.c.is_match), 1),
            (opinions.c.operator, -1),
            else_=0,
        )
    )
    operators = func.sum(case((opinions.c.operator, 1), else_=0))
    balance = case((operators > 0, of_operators), else_=votes)
    judged = (
        select(opinions.c.entry_id, (balance > 0).label("is_match"))
        .group_by(opinions.c.entry_id)
        .having(balance != 0)
        .subquery()
    )
    is_known = and_(told.c.exchange_id == exchange_id, told.c.entry_id == judged.c.entry_id)
    held = select(exchange_entries.c.entry_id).where(exchange_entries.c.exchange_id == exchange_id)
    rows = connection.execute(
        select(judged.c.entry_id, judged.c.is_match)
        .join_from(judged, entries, entries.c.id == judged.c.entry_id)
        .outerjoin(told, is_known)
        .where(
            is_active,
            judged.c.entry_id.in_(held),
            or_(told.c.is_match.is_(None), told.c.is_match != judged.c.is_match),
        )
        .order_by(judged.c.entry_id)
        .limit(limit)
    )
    is_match = {row.entry_id: bool(row.is_match) for row in rows}
    return tuple(
        Untold(each, is_match[each.entry]) for each in held_hashes(connection, name, is_match)
    )


def note(connection: Connection, name: str, given: Iterable[Told]) -> None:
    """Write down what the source of an exchange was told."""
    exchange_id: int = row_of(connection, name).id
    some = {each.entry: each for each in given}
    if not some:
        return
    connection.execute(
        delete(told).where(told.c.exchange_id == exchange_id, told.c.entry_id.in_(some))
    )
    connection.execute(
        insert(told),
        [
            {
                "exchange_id": exchange_id,
                "entry_id": each.entry,
                "is_match": each.is_match,
                "taken": each.taken,
            }
            for each in some.values()
        ],
    )
    taken = sum(each.taken for each in some.values())
    refused = len(some) - taken
    subject = f"exchange {name}"
    audit.append(connection, clock.now(), "exchange.report", subject, told=taken, refused=refused)
