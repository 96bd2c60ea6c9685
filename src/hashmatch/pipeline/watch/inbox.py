"""What a watcher needs of the place where files arrive, wherever that is."""

from collections.abc import Mapping
from typing import Protocol

from hashmatch.matching.archives import Stored


class Inbox(Protocol):
    """A place where files arrive. Each of these raises `OSError` where the place fails."""

    def ready(self) -> Mapping[str, tuple[Stored, bool]]:
        """The files that are there, by path.

        Returns:
            For each what tells its bytes from later ones, and whether it is complete.
        """
        ...

    def read(self, path: str, seen: Stored) -> bytes | None:
        """A file's bytes, one more than a picture may have at most.

        Returns:
            None where the file is not the one that was seen any more, or is gone.
        """
        ...

    def move(self, path: str, seen: Stored, target: str) -> str | None:
        """Move a file into a place of the same kind, beside any that has its name already.

        Returns:
            Where it is now; None where it was not the one that was seen any more, and stays.
        """
        ...
