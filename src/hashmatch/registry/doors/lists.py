"""Hash lists, and the hashers that their codes are of."""

from typing import Unpack

from hashmatch.registry import (
    lists,
    widths,
)
from hashmatch.registry.doors.door import Door
from hashmatch.registry.lists import HashList, ListSettings


class Lists(Door):
    """Make, read, set and remove hash lists."""

    def lists(self) -> tuple[HashList, ...]:
        """All hash lists, by name."""
        with self._database.reading() as connection:
            return lists.read_lists(connection)

    def hash_list(self, name: str) -> HashList:
        """One hash list.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return lists.read_list(connection, name)

    def create_list(self, name: str, /, **settings: Unpack[ListSettings]) -> HashList:
        """Make a list; settings that are not given have the defaults of `HashList`.

        Raises:
            InvalidListError: a name or setting that a list cannot have.
            ListExistsError: there is one of that name.
        """
        with self._database.writing() as connection:
            return lists.create(connection, name, settings)

    def update_list(self, name: str, /, **settings: Unpack[ListSettings]) -> HashList:
        """Set a list anew; settings that are not given stay.

        Raises:
            ListNotFoundError: there is none of that name.
            InvalidListError: a setting that a list cannot have.
        """
        with self._database.writing() as connection:
            return lists.change_settings(connection, name, settings)

    def remove_list(self, name: str) -> int:
        """Remove a list and withdraw all its entries; returns how many those were.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.erasing() as connection:
            return lists.remove(connection, name)

    def count_entries(self, list_name: str) -> int:
        """How many active entries a list has.

        Raises:
            ListNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return lists.count_entries(connection, lists.read_list(connection, list_name).id)

    def hashers(self) -> dict[str, int]:
        """The hashers that this registry knows, and how many bits their codes have."""
        with self._database.reading() as connection:
            return {name: width.bits for name, width in widths.read(connection).items()}

    def know_hasher(self, name: str, bits: int) -> None:
        """Make a further hasher known; doing so again is fine.

        Raises:
            HasherMismatchError: it is known already, with codes of another width.
            InvalidHashError: a name or a width that no hasher has.
        """
        with self._database.writing() as connection:
            widths.make_known(connection, name, bits)
