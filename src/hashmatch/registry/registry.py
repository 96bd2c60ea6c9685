"""The registry: one class, the door to everything in this room."""

import os
from types import TracebackType
from typing import Final, Self

from hashmatch.registry.database import Database
from hashmatch.registry.doors.audit import Audit
from hashmatch.registry.doors.cases import DEFAULT_LIST, Cases
from hashmatch.registry.doors.credentials import Credentials
from hashmatch.registry.doors.entries import Entries
from hashmatch.registry.doors.exchanges import Exchanges
from hashmatch.registry.doors.files import Files, Progress
from hashmatch.registry.doors.lists import Lists
from hashmatch.registry.doors.reviews import Reviews
from hashmatch.registry.doors.statistics import Counts

__all__ = ["DEFAULT_LIST", "DEFAULT_PLACE", "Progress", "Registry"]

DEFAULT_PLACE: Final = "var/hashmatch"


class Registry(Lists, Entries, Cases, Reviews, Credentials, Exchanges, Audit, Counts, Files):
    """Hash lists, their entries, cases of persons, exchanges, and the feed of changes to them.

    Threads may share one; any number of processes may open the same place. Every method is one
    transaction: when it returns, what it did is on the disk; when it raises, nothing was done
    (`import_file` says where it differs).

    Every method may raise `RegistryUnavailableError`: the disk is full or broken, or another
    process has locked the database for a minute.
    """

    @classmethod
    def open(cls, place: str | os.PathLike[str] = DEFAULT_PLACE) -> Self:
        """Open a registry; it is made where there is none, with an empty list ``default``.

        Args:
            place: a folder (only its owner can enter it when it is made here), or a database URL
                like ``postgresql://user@host/database``.

        Raises:
            RegistryUnavailableError: the place cannot be used, holds something else, or was
                written by a newer version of hashmatch.
            MissingExtraError: it is in PostgreSQL, and the extra ``postgres`` is not installed.
        """
        return cls(Database(place))

    def close(self) -> None:
        """Close the registry's files. Closing twice is fine."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
