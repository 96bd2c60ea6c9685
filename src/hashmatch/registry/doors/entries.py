"""Entries, and the feed of changes to them."""

from collections.abc import Iterable, Iterator
from typing import Final

from hashmatch.registry import (
    audit,
    clock,
    entries,
    feed,
    lists,
    parts,
    sources,
)
from hashmatch.registry.doors.door import Door
from hashmatch.registry.entries import Added, EntryBatch
from hashmatch.registry.feed import Change
from hashmatch.registry.parts import PartsRow
from hashmatch.types import Hash

_BATCH: Final = 65_536
_TOLD: Final = 1_000  # ids in one line of the audit


class Entries(Door):
    """Add, withdraw and follow entries."""

    def add(self, list_name: str, hashes: Iterable[Hash], *, source: str) -> Added:
        """Add hashes to a list. One that is there already stays as it is, and the result says so.

        Args:
            list_name: the list.
            hashes: any number, of any hashers that the registry knows.
            source: where they come from, in a few words.

        Raises:
            ListNotFoundError: there is no such list.
            UnknownHasherError: a hasher that `know_hasher` was not told of.
            InvalidHashError: a hash that is not of its hasher's form. Nothing is added then.
        """
        source = sources.checked(source)
        with self._database.writing() as connection:
            list_id = lists.read_list(connection, list_name).id
            rows = ((value, source) for value in hashes)
            at = clock.now()
            added = entries.add(connection, list_id, rows, direct=True, at=at)
            new = len(added.new)
            audit.append(connection, at, "entries.add", f"list {list_name}", entries=new)
            return added

    def withdraw(self, entry_ids: Iterable[int]) -> tuple[int, ...]:
        """Withdraw entries; their codes are deleted, and nobody can bring them back.

        Returns:
            The ids that were active until now; others were withdrawn before, or never there.
        """
        with self._database.erasing() as connection:
            at = clock.now()
            gone = entries.withdraw(connection, entry_ids, at)
            for start in range(0, len(gone), _TOLD):
                some = gone[start : start + _TOLD]
                audit.append(connection, at, "entries.withdraw", "entries", entries=some)
            return gone

    def entries(self, hasher: str) -> Iterator[EntryBatch]:
        """All active entries of one hasher, of all lists, by rising id, as arrays.

        They are of one state, that of the first batch. To keep up with what comes later, ask for
        `sequence` *before* this and `follow` from there: changes that the arrays hold already are
        known by their entry ids.
        """
        with self._database.reading() as connection:
            yield from entries.read_batches(connection, hasher, _BATCH)

    def allowed_entries(self, hasher: str) -> Iterator[EntryBatch]:
        """Likewise, those of allow-lists only."""
        with self._database.reading() as connection:
            yield from entries.read_batches(connection, hasher, _BATCH, allow_lists=True)

    def parts(self) -> Iterator[list[PartsRow]]:
        """The parts of all pictures that are listed with them, by rising entry, in batches."""
        with self._database.reading() as connection:
            yield from parts.read(connection)

    def sequence(self) -> int:
        """The number of the newest change."""
        with self._database.reading() as connection:
            return feed.last_sequence(connection)

    def follow(self, after: int = 0, limit: int = 10_000) -> tuple[Change, ...]:
        """The next changes above a sequence number, in order and without gaps; () at the end."""
        with self._database.reading() as connection:
            return feed.follow(connection, after, limit)
