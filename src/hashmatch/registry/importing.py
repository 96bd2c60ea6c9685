"""From the batches of a file into a list: as much of it as is good, or all or nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hashmatch.errors import ImportRejectedError
from hashmatch.registry import audit, clock, entries, feed, lists
from hashmatch.registry.database import Database
from hashmatch.registry.rows import BadLine, RowBatch

BAD_LINES_KEPT: Final = 1_000
_BAD_LINES_TOLD: Final = 5


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file.

    Attributes:
        added: hashes that are new in the list.
        already_there: hashes that were in the list before, or stand in the file again.
        bad: how many lines were left out.
        bad_lines: the first 1,000 of them, each with its number and the reason.
        sequence: the change that a follower must have reached to know all that is new.
    """

    added: int
    already_there: int
    bad: int
    bad_lines: tuple[BadLine, ...]
    sequence: int


class _Tally:
    """The counts of one import."""

    def __init__(self) -> None:
        self.added = 0
        self.already_there = 0
        self.bad = 0
        self.bad_lines: list[BadLine] = []

    def add(self, connection: Connection, list_name: str, batch: RowBatch) -> None:
        list_id = lists.read_list(connection, list_name).id
        added = entries.add(connection, list_id, batch.rows, direct=True, at=clock.now())
        new = len(added.new)
        audit.append(connection, clock.now(), "list.import", f"list {list_name}", entries=new)
        self.added += new
        self.already_there += added.already_there

    def note_bad(self, batch: RowBatch) -> None:
        self.bad += len(batch.bad)
        self.bad_lines += batch.bad[: BAD_LINES_KEPT - len(self.bad_lines)]

    def result(self, connection: Connection) -> Imported:
        return Imported(
            self.added,
            self.already_there,
            self.bad,
            tuple(self.bad_lines),
            feed.last_sequence(connection),
        )


def import_what_is_good(
    database: Database,
    list_name: str,
    batches: Iterable[RowBatch],
    progress: Callable[[int], None],
) -> Imported:
    """Add each batch in a transaction of its own, so that other writers get their turns."""
    tally = _Tally()
    for batch in batches:
        tally.note_bad(batch)
        if batch.rows:
            with database.writing() as connection:
                tally.add(connection, list_name, batch)
        progress(batch.done)
    with database.reading() as connection:
        return tally.result(connection)


def import_all_or_nothing(
    database: Database,
    list_name: str,
    batches: Iterable[RowBatch],
    progress: Callable[[int], None],
) -> Imported:
    """Add everything in one transaction, which a bad line undoes once all of them are counted.

    Raises:
        ImportRejectedError: lines were bad; nothing was added.
    """
    tally = _Tally()
    with database.writing() as connection:
        for batch in batches:
            tally.note_bad(batch)
            if batch.rows and not tally.bad:
                tally.add(connection, list_name, batch)
            progress(batch.done)
        if tally.bad:
            told = "; ".join(f"line {line.number}: {line.why}" for line in _first(tally))
            more = "" if tally.bad <= _BAD_LINES_TOLD else "; and more"
            raise ImportRejectedError(
                f"Nothing was imported, because {tally.bad} "
                f"{'line is' if tally.bad == 1 else 'lines are'} bad: {told}{more}. "
                "Mend them, or import without being strict to leave them out."
            )
        return tally.result(connection)


def _first(tally: _Tally) -> list[BadLine]:
    return tally.bad_lines[:_BAD_LINES_TOLD]
