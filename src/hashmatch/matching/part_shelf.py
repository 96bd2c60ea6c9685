"""The parts of listed pictures: an index of their codes, and what was submitted of each picture.

A part's id is its picture's entry times 128, and its place among the picture's parts: so a part
that was found tells its entry, and a picture goes by the ids that it may have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch import packed
from hashmatch.hashers import unpacked
from hashmatch.indexes import LiveIndex, RingIndex, View
from hashmatch.matching.alignment import ListedParts
from hashmatch.matching.known import Ids
from hashmatch.registry import PartsRow
from hashmatch.types import Codes

WHOLE: Final = 32
"""Bytes of the whole picture's code, in front of the packed parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """What was submitted of pictures, one after the other; nothing in it ever changes.

    Attributes:
        entries: their ids, rising, shape ``(n,)``.
        ends: where each record ends, shape ``(n,)``, int64.
        data: the records, shape ``(bytes,)``, uint8: the code of the whole picture, then the packed
            parts.
    """

    entries: Ids
    ends: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, rows: Iterable[PartsRow]) -> Self:
        """Rows by rising entry."""
        entries, records = [], []
        for row in rows:
            entries.append(row.entry)
            records.append(row.whole + row.data)
        ends = np.cumsum([len(record) for record in records], dtype=np.int64)
        data = np.frombuffer(b"".join(records), np.uint8)
        return cls(np.array(entries, np.int64), ends, data)

    def find(self, entry: int) -> bytes | None:
        """The record of a picture; None where it is not here."""
        row = int(np.searchsorted(self.entries, entry))
        if row == len(self.entries) or self.entries[row] != entry:
            return None
        start = self.ends[row - 1] if row else 0
        return self.data[start : self.ends[row]].tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class PartShelf:
    """Parts as a generation holds them. Nothing in it ever changes.

    Attributes:
        index: finds parts by their codes.
        base: what was submitted of the snapshot's pictures.
        added: likewise of the others, and of those that came anew.
    """

    index: View
    base: Records
    added: Mapping[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, ring: RingIndex, ids: Ids, base: Records) -> Self:
        """A snapshot as it is: an index by row, and the ids of its rows."""
        return cls(LiveIndex.over(ring, ids).frozen(), base)

    @classmethod
    def build(cls, rows: Iterable[PartsRow] = ()) -> Self:
        """Pictures in memory, by rising entry."""
        kept = [row for row in rows if len(packed.unpack(row.data).codes)]
        ids, codes = ids_and_codes(kept)
        return cls.of(RingIndex.build(codes), ids, Records.of(kept))

    def __len__(self) -> int:
        return len(self.index)

    def picture(self, entry: int) -> ListedParts | None:
        """What is known of a picture; None where it is gone."""
        record = self.added.get(entry) or self.base.find(entry)
        if record is None:
            return None
        held = unpacked(record[WHOLE:])
        return ListedParts(entry, held.parts, record[:WHOLE], held.tiles, held.joint)

    def folded(self) -> "PartShelf":
        """The same parts as a snapshot of their own; this one, where nothing changed since."""
        if not self.index.changes:
            return self
        entries = np.unique(self.index.folded()[0] // packed.MOST).tolist()
        records = [(e, self.added.get(e) or self.base.find(e) or b"") for e in entries]
        return PartShelf.build(PartsRow(e, r[:WHOLE], r[WHOLE:]) for e, r in records)


class PartStore:
    """Takes parts and gives them up; `publish` makes a shelf of what there is. For one thread.

    Args:
        shelf: a snapshot to begin with.
    """

    def __init__(self, shelf: PartShelf) -> None:
        self._base = shelf.base
        self._added: Mapping[int, bytes] = {}
        self._index = LiveIndex.over(shelf.index.base.index, shelf.index.base.ids)

    def put(self, rows: Iterable[PartsRow]) -> None:
        """Take parts of pictures, in place of those that they had."""
        kept = {row.entry: row for row in rows}
        if not kept:
            return
        self.withdraw(np.array([*kept], np.int64))
        ids, codes = ids_and_codes([*kept.values()])
        self._index.add(ids, codes)
        self._added = {**self._added, **{e: row.whole + row.data for e, row in kept.items()}}

    def withdraw(self, entries: Ids) -> None:
        """Give up the parts of pictures; entries that have none here do not matter."""
        here = entries[[e in self._added or self._base.find(e) is not None for e in entries]]
        if not len(here):
            return
        self._index.remove((here[:, None] * packed.MOST + np.arange(packed.MOST)).ravel())
        self._added = {e: r for e, r in self._added.items() if e not in {*here.tolist()}}

    def publish(self) -> PartShelf:
        """What there is now."""
        return PartShelf(self._index.frozen(), self._base, self._added)


def ids_and_codes(rows: list[PartsRow]) -> tuple[Ids, Codes]:
    """The ids and codes of all parts of some pictures."""
    held = [packed.unpack(row.data).codes for row in rows]
    numbers = [
        row.entry * packed.MOST + np.arange(len(c)) for row, c in zip(rows, held, strict=True)
    ]
    nothing = np.empty((0, 32), np.uint8)
    return np.concatenate([np.empty(0, np.int64), *numbers]), np.concatenate([nothing, *held])
