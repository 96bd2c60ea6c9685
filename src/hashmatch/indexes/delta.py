"""What has changed since a snapshot: codes added, and what was removed or replaced."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.kernels import calls, layout
from hashmatch.kernels.layout import address_of
from hashmatch.types import Codes

Ids = npt.NDArray[np.int64]
Table = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint64]

ROOM: Final = 1024
"""Changes that there is room for at first; a power of two, for it is doubled."""


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

    def told(self, noted: int, added: int, dead: int) -> list[int]:
        """What kernels are told of it, in the order of `hashmatch.kernels.layout`."""
        added_at = [address_of(array) for array in (self.columns, self.ids, self.places)]
        dead_at = [address_of(array) for array in (self.log, self.turns)]
        return [*added_at, len(self.ids), noted, added, *dead_at, len(self.log), dead]


@dataclass(slots=True, eq=False)  # not frozen: that takes three times as long to make
class Delta:
    """What was added to some memory up to a moment, and what had died by then.

    What is held stays as it is, whatever is made of it later. Only the newest may be changed.

    Attributes:
        told: what kernels are told of the list: see `hashmatch.kernels.layout`.
        told_at: the address of that.
        memory: where codes, ids and deaths are.
    """

    told: Ids
    told_at: int
    memory: Memory

    @classmethod
    def of(cls, base: tuple[int, int, int], bits: int) -> Self:
        """No change of a base, of which the kernels are told some facts, to codes of some width."""
        memory = Memory.empty(bits)
        told = np.array([*base, *memory.told(0, 0, 0)], np.int64)
        return cls(told, address_of(told), memory)

    @property
    def added(self) -> int:
        """How many codes were added."""
        return self.told.item(layout.ADDED)

    @property
    def dead(self) -> int:
        """How many codes died, of the base and of those that were added."""
        return self.told.item(layout.DEAD)

    @property
    def changes(self) -> int:
        """What a compaction would fold in: codes added, and codes dead."""
        told = self.told.item
        return told(layout.ADDED) + told(layout.DEAD)

    def with_added(self, ids: Ids, codes: Codes) -> "Delta":
        """The delta with more codes, in place of what has their ids, which are different."""
        told = np.empty(layout.FACTS, np.int64)
        at = calls.add(self.told_at, ids, codes, len(ids), told)
        if not at:
            return self._with_room(len(ids), len(ids)).with_added(ids, codes)
        return Delta(told, at, self.memory)

    def without(self, ids: Ids) -> "Delta":
        """The delta without what has some ids."""
        told = np.empty(layout.FACTS, np.int64)
        at = calls.remove(self.told_at, ids, len(ids), told)
        if not at:
            return self._with_room(0, len(ids)).without(ids)
        return Delta(told, at, self.memory)

    def _with_room(self, adding: int, dying: int) -> "Delta":
        """The same delta, in memory with room for more codes and deaths."""
        memory = self.memory.with_room(self.added, self.dead, adding, dying)
        noted = int(self.told[layout.NOTED]) if memory.places is self.memory.places else 0
        told = self.told.copy()
        told[layout.AT_COLUMNS :] = memory.told(noted, self.added, self.dead)
        return Delta(told, address_of(told), memory)

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
