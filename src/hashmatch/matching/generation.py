"""What a matcher serves at one moment: all lists and all their entries."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import hashers
from hashmatch.errors import HasherMismatchError
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.matching.shelf import Hasher, Shelf
from hashmatch.registry import HashList, Hold

ALWAYS: Final = "pdq"
"""The hasher that every upload is hashed by, whatever the lists hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Generation:
    """One state of all hash lists. Nothing in it ever changes.

    Attributes:
        sequence: the last change that it holds.
        lists: by id.
        shelves: the entries, by the name of their hasher.
        anchor: what the change of that number was, by which a follower knows that it reads the
            feed of the same registry; None where nothing was read of a feed.
        number: of the published snapshot that it stands on; 0 where there is none.
        since: the last change in that snapshot.
        held: the ids of the entries that are held back, each with why.
        held_ids: the same ids, rising, shape ``(h,)``, int64.
        parts: of the pictures that are listed with them.
    """

    sequence: int
    lists: Mapping[int, HashList]
    shelves: Mapping[str, Shelf]
    anchor: str | None = None
    number: int = 0
    since: int = 0
    held: Mapping[int, Hold] = field(default_factory=dict)
    held_ids: npt.NDArray[np.int64] = field(default_factory=lambda: in_order({}))
    parts: PartShelf = field(default_factory=PartShelf.build)

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return sum(len(shelf) for shelf in self.shelves.values())

    @property
    def withdrawn(self) -> int:
        """How many entries have been withdrawn since its snapshot, whose codes are still there."""
        indexes = [*(shelf.index for shelf in self.shelves.values()), self.parts.index]
        return sum(index.delta.dead for index in indexes)

    def folded(self) -> "Generation":
        """The same state as a snapshot of its own, in memory: without what was withdrawn."""
        shelves = {name: shelf.folded() for name, shelf in self.shelves.items()}
        return replace(self, shelves=shelves, parts=self.parts.folded(), number=0, since=0)


def in_order(held: Mapping[int, Hold]) -> npt.NDArray[np.int64]:
    """The ids of held entries, rising."""
    return np.sort(np.fromiter(held, np.int64, len(held)))


def hasher_of(name: str, bits: int) -> Hasher:
    """The hasher that entries were made with.

    Raises:
        UnknownHasherError: it is not installed here.
        MissingExtraError: likewise, and the extra that it takes.
        HasherMismatchError: the one that is installed makes codes of another width.
    """
    hasher = hashers.get(name)
    if hasher.bits != bits:
        raise HasherMismatchError(
            f"The registry holds {name} hashes of {bits} bits; the {name} that is installed here "
            f"gives {hasher.bits}. Install the one that the entries were made with."
        )
    return hasher
