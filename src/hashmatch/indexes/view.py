"""All that a search of a live index looks at. It never changes: every change makes a new one."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hashmatch.indexes.base import Index
from hashmatch.indexes.combine import merged, named
from hashmatch.indexes.delta import Delta, Ids
from hashmatch.indexes.generation import Generation
from hashmatch.types import Codes, Matches


@dataclass(frozen=True, slots=True, eq=False)
class View(Index):
    """What a live index serves at one moment; see `LiveIndex.frozen`."""

    base: Generation
    delta: Delta
    tombstones: Ids  # rows of the base that are removed or replaced, rising
    gone: Ids  # places of the delta, likewise
    sequence: int

    @property
    def changes(self) -> int:
        """What a compaction would fold in: codes added, and tombstones."""
        return self.delta.count + len(self.tombstones)

    def __len__(self) -> int:
        return len(self.base.ids) - len(self.tombstones) + self.delta.count - len(self.gone)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return self.base.index.bits

    @property
    def codes(self) -> Codes:
        """The codes in the order of their ids; a copy, shape ``(n, bits // 8)``."""
        return self.folded()[1]

    def without(self, ids: Ids, places: list[int]) -> "View":
        """The view without what the base has under some ids, and the delta at some places."""
        rows = self.base.rows(ids)
        if not len(rows) and not places:
            return self
        return replace(
            self,
            tombstones=np.union1d(self.tombstones, rows),
            gone=np.union1d(self.gone, np.asarray(places, np.int64)),
        )

    def folded(self) -> tuple[Ids, Codes]:
        """All ids, rising, and their codes."""
        alive = np.ones(len(self.base.ids), bool)
        alive[self.tombstones] = False
        places = self.places()
        ids = np.concatenate([self.base.ids[alive], self.delta.ids[places]])
        codes = np.concatenate([self.base.index.codes[alive], self.delta.codes[places]])
        order = np.argsort(ids, kind="stable")
        return ids[order], codes[order]

    def holds(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Which of some ids are there."""
        rows = np.searchsorted(self.base.ids, ids)
        here = np.zeros(len(ids), bool)
        if len(self.base.ids):
            last = len(self.base.ids) - 1
            here = self.base.ids[np.minimum(rows, last)] == ids
            here &= ~np.isin(rows, self.tombstones)
        return here | np.isin(ids, self.delta.ids[self.places()])

    def places(self, start: int = 0) -> Ids:
        """The places of the delta from one on that are not gone."""
        return np.setdiff1d(np.arange(start, self.delta.count), self.gone, assume_unique=True)

    def _search(self, queries: Codes, radius: int) -> Matches:
        return self.find(queries, radius)

    def find(self, queries: Codes, radius: int) -> Matches:
        """Answer a search whose arguments have been checked; ids are those given to `add`."""
        matches = named(self.base.index.search(queries, radius), self.base.ids, self.tombstones)
        if not self.delta.count:
            return matches
        added = self.delta.search(queries, radius)
        if not len(added.ids):
            return matches
        return merged(matches, named(added, self.delta.ids, self.gone))
