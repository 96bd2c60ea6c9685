"""Exchanges: remote sources of hashes, and what they hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from hashmatch.registry import exchanges, lists, pages, telling
from hashmatch.registry.doors.door import Door
from hashmatch.registry.exchanges import ExchangeState, HeldHash
from hashmatch.registry.pages import Applied, Page
from hashmatch.registry.telling import Told, Untold
from hashmatch.types import Hash


class Exchanges(Door):
    """Add, read, advance and remove exchanges."""

    def add_exchange(
        self, name: str, kind: str, list_name: str, settings: Mapping[str, Any]
    ) -> ExchangeState:
        """Add an exchange; nothing of it is read yet.

        Args:
            name: what to call it.
            kind: what it is read by.
            list_name: the hash list for its entries.
            settings: plain values that its kind needs; never credentials.

        Raises:
            InvalidExchangeError: a name that an exchange cannot have.
            ExchangeExistsError: there is one of that name.
            ListNotFoundError: there is no such list.
        """
        with self._database.writing() as connection:
            hash_list = lists.read_list(connection, list_name)
            return exchanges.create(connection, name, kind, hash_list, settings)

    def exchanges(self) -> tuple[ExchangeState, ...]:
        """All exchanges, by name."""
        with self._database.reading() as connection:
            return exchanges.read_all(connection)

    def exchange(self, name: str) -> ExchangeState:
        """One exchange.

        Raises:
            ExchangeNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return exchanges.read(connection, name)

    def apply_page(self, name: str, page: Page, turn: int, *, may_shrink: bool = False) -> Applied:
        """Apply a page of an exchange's feed, and move its checkpoint: both or neither.

        The arguments and errors are those of `apply_pages`.
        """
        return self.apply_pages(name, [page], turn, may_shrink=may_shrink)

    def apply_pages(
        self, name: str, pages_: Iterable[Page], turn: int, *, may_shrink: bool = False
    ) -> Applied:
        """Apply pages of an exchange's feed, and move its checkpoint: all of that or nothing.

        An entry that the source takes back stays while somebody else holds it: the list's keeper,
        an open case, another exchange, or another record of the same source.

        Args:
            name: the exchange.
            pages_: the pages. Each is let go of before the next is asked for, and all other writers
                wait meanwhile: they had better be there already.
            turn: `ExchangeState.turn` when the fetch began, then `Applied.turn` of what was applied
                before.
            may_shrink: let the end of a whole reading withdraw more than half of what is held.

        Raises:
            ExchangeNotFoundError: there is no such exchange.
            ExchangeBusyError: another process has applied a page meanwhile.
            FeedShrankError: a page ends a whole reading, in which most of what is held did not
                come up.
            ListNotFoundError: the exchange's list was removed.
            UnknownHasherError: a hasher that the registry does not know.
            InvalidHashError: a hash that is not of its hasher's form.
        """
        with self._database.writing() as connection:
            applied = pages.apply(connection, name, pages_, turn, may_shrink=may_shrink)
        if applied.took_back:
            self._database.forget_deleted()
        return applied

    def note_exchange_failure(self, name: str, reason: str) -> None:
        """Write down, in a stable word, why a fetch failed; the next page applied clears it."""
        with self._database.writing() as connection:
            exchanges.note_failure(connection, name, reason)

    def untold(self, name: str, limit: int = 100) -> tuple[Untold, ...]:
        """What opinions on the entries of an exchange make of them, and its source does not know.

        Args:
            name: the exchange.
            limit: the most entries, by rising id.

        Raises:
            ExchangeNotFoundError: there is none of that name.
        """
        with self._database.reading() as connection:
            return telling.untold(connection, name, limit)

    def note_told(self, name: str, told: Iterable[Told]) -> None:
        """Write down what the source of an exchange was told, so that it is not told again.

        Raises:
            ExchangeNotFoundError: there is none of that name.
        """
        with self._database.writing() as connection:
            telling.note(connection, name, told)

    def remove_exchange(self, name: str, *, keep: bool = False) -> int:
        """Remove an exchange, and withdraw what only it holds; returns how many entries that is.

        Args:
            name: the exchange.
            keep: leave its entries in the list, as the list's own.

        Raises:
            ExchangeNotFoundError: there is none of that name.
        """
        with self._database.erasing() as connection:
            return exchanges.remove(connection, name, keep=keep)

    def held_hashes(self, name: str, entry_ids: Iterable[int]) -> tuple[HeldHash, ...]:
        """Of these entries, those that the exchange holds, with what the source calls them.

        Raises:
            ExchangeNotFoundError: there is no such exchange.
        """
        with self._database.reading() as connection:
            return exchanges.held_hashes(connection, name, entry_ids)

    def case_hashes(self, number: str) -> tuple[Hash, ...]:
        """The hashes of whole pictures of an open case that are in its list today; else ()."""
        with self._database.reading() as connection:
            return exchanges.case_hashes(connection, number)
