"""What has changed since a snapshot: codes added, and what was removed or replaced."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.indexes.generation import Generation
from hashmatch.kernels import calls, layout
from hashmatch.kernels.layout import address_of
from hashmatch.types import Codes

Ids = npt.NDArray[np.int64]
Table = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]

ROOM: Final = 1024
"""Changes that there is room for at first; a power of two, for it is doubled."""
_ALL_ADDED: Final = (1 << layout.ADDED_BITS) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Arrays that are only ever added to, as `hashmatch.kernels.delta` explains.

    Attributes:
        columns: words of the codes, shape ``(width, room)``.
        ids: of the codes, shape ``(room,)``.
        places: the place of each id, by hashing, shape ``(2 * room,)``.
        log: rows of the snapshot, and places after them, as they died.
        turns: where each of them is in the log, by hashing, twice as long as that.
    """

    columns: Words
    ids: Ids
    places: Table
    log: Ids
    turns: Table

    @classmethod
    def empty(cls, bits: int) -> Self:
        """Room for some codes of a width."""
        columns, ids = np.empty((bits // 64, ROOM), np.uint64), np.empty(ROOM, np.int64)
        return cls(columns, ids, _table(ROOM), np.empty(ROOM, np.int64), _table(ROOM))

    def with_room(self, added: int, dead: int, adding: int, dying: int) -> "Memory":
        """The same, with room for more codes and deaths than there are.

        A table of places that had to be moved is empty; the next change fills it.
        """
        columns, ids, places = self.columns, self.ids, self.places
        if added + adding > len(ids):
            room = _power_of_two(added + adding)
            columns, ids = np.empty((len(columns), room), np.uint64), np.empty(room, np.int64)
            columns[:, :added], ids[:added] = self.columns[:, :added], self.ids[:added]
            places = _table(room)
        log, turns = self.log, self.turns
        if dead + dying > len(log):
            room = _power_of_two(dead + dying)
            log = np.empty(room, np.int64)
            log[:dead] = self.log[:dead]
            turns = _table(room)
            calls.fill(turns, room, log, dead)
        return Memory(columns, ids, places, log, turns)

    def told(self, noted: int) -> list[int]:
        """What kernels are told of it, in the order of `hashmatch.kernels.layout`."""
        added_at = [address_of(array) for array in (self.columns, self.ids, self.places)]
        dead_at = [address_of(array) for array in (self.log, self.turns)]
        return [*added_at, len(self.ids), noted, *dead_at, len(self.log)]


@dataclass(frozen=True, slots=True, eq=False)
class Delta:
    """What was added to a snapshot, and what has died; it grows in place until room is short.

    One writer at a time changes it, while any number of searches look at it: each sees all changes
    up to one of them.

    Attributes:
        base: the snapshot.
        memory: where codes, ids and deaths are.
        told: what kernels are told of the list: see `hashmatch.kernels.layout`.
        told_at: the address of that.
    """

    base: Generation
    memory: Memory
    told: Ids
    told_at: int

    @classmethod
    def of(cls, base: Generation) -> Self:
        """No change yet."""
        memory = Memory.empty(base.index.bits)
        return cls._telling(base, memory, [*base.told(), *memory.told(0), 0])

    @classmethod
    def _telling(cls, base: Generation, memory: Memory, facts: list[int]) -> Self:
        told = np.array(facts, np.int64)
        return cls(base, memory, told, address_of(told))

    def add(self, ids: Ids, codes: Codes) -> int:
        """Add codes, in place of what has their ids, which are different.

        Returns:
            How many changes there are now; -1 where there is no room, and nothing was changed.
        """
        return calls.add(self.told_at, ids, codes, len(ids))

    def remove(self, ids: Ids) -> int:
        """Remove what has some ids; see `add`."""
        return calls.remove(self.told_at, ids, len(ids))

    def with_room(self, adding: int, dying: int) -> "Delta":
        """The same in memory with room for more; this one must not be changed any more."""
        memory = self.memory.with_room(self.added, self.dead, adding, dying)
        noted = int(self.told[layout.NOTED]) if memory.places is self.memory.places else 0
        state = self.told.item(layout.STATE)
        return self._telling(self.base, memory, [*self.base.told(), *memory.told(noted), state])

    def frozen(self) -> "Delta":
        """The same, which no later change reaches; it must not be changed itself."""
        told = np.empty_like(self.told)
        calls.freeze(self.told_at, told)
        return Delta(self.base, self.memory, told, address_of(told))

    @property
    def added(self) -> int:
        """How many codes were added."""
        return self.told.item(layout.STATE) & _ALL_ADDED

    @property
    def dead(self) -> int:
        """How many codes died, of the base and of those that were added."""
        return self.told.item(layout.STATE) >> layout.ADDED_BITS & _ALL_ADDED

    @property
    def changes(self) -> int:
        """What a compaction would fold in: codes added, and codes dead."""
        state = self.told.item(layout.STATE)
        return (state & _ALL_ADDED) + (state >> layout.ADDED_BITS & _ALL_ADDED)

    def __len__(self) -> int:
        """How many codes there are."""
        state = self.told.item(layout.STATE)
        grown = (state & _ALL_ADDED) - (state >> layout.ADDED_BITS & _ALL_ADDED)
        return len(self.base.ids) + grown

    @property
    def ids(self) -> Ids:
        """Of the codes that were added, by their places, shape ``(added,)``."""
        return self.memory.ids[: self.added]

    @property
    def codes(self) -> Codes:
        """The codes that were added, by their places; a copy, shape ``(added, width)``."""
        return np.ascontiguousarray(self.memory.columns[:, : self.added].T).view(np.uint8)

    @property
    def log(self) -> Ids:
        """Rows of the base, and places after them, as they died, shape ``(dead,)``."""
        return self.memory.log[: self.dead]


def _power_of_two(count: int) -> int:
    return 1 << (count - 1).bit_length()


def _table(room: int) -> Table:
    return np.zeros(2 * room, np.uint32)
