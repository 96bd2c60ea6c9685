"""A live index at one moment: whatever changes it later does not reach this."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hashmatch.indexes.base import Index
from hashmatch.indexes.delta import Delta, Ids
from hashmatch.indexes.found import answer, by_parts, collect
from hashmatch.indexes.generation import Generation
from hashmatch.indexes.ring import SHARED
from hashmatch.kernels import calls
from hashmatch.kernels.reference import Keys, Queries
from hashmatch.types import Codes, Matches


@dataclass(frozen=True, slots=True, eq=False)
class View(Index):
    """What a live index served at one moment; see `LiveIndex.frozen`.

    Attributes:
        delta: a snapshot, and what had changed since; nothing changes it.
        sequence: the last change of the registry that is in it.
    """

    delta: Delta
    sequence: int

    @property
    def base(self) -> Generation:
        """The snapshot."""
        return self.delta.base

    @property
    def changes(self) -> int:
        """What a compaction would fold in: codes added, and codes dead."""
        return self.delta.changes

    def __len__(self) -> int:
        return len(self.delta)

    @property
    def bits(self) -> int:
        """The width of the codes."""
        return self.base.index.bits

    @property
    def codes(self) -> Codes:
        """The codes in the order of their ids; a copy, shape ``(n, bits // 8)``."""
        return self.folded()[1]

    def folded(self) -> tuple[Ids, Codes]:
        """All ids, rising, and their codes."""
        rows, places = np.ones(len(self.base.ids), bool), self.places()
        rows[self.delta.log[self.delta.log < len(rows)]] = False
        ids = np.concatenate([self.base.ids[rows], self.delta.ids[places]])
        codes = np.concatenate([self.base.index.codes[rows], self.delta.codes[places]])
        order = np.argsort(ids, kind="stable")
        return ids[order], codes[order]

    def holds(self, ids: Ids) -> npt.NDArray[np.bool_]:
        """Which of some ids are there."""
        rows = np.searchsorted(self.base.ids, ids)
        here = np.zeros(len(ids), bool)
        if len(self.base.ids):
            last = len(self.base.ids) - 1
            here = self.base.ids[np.minimum(rows, last)] == ids
            here &= ~np.isin(rows, self.delta.log)
        return here | np.isin(ids, self.delta.ids[self.places()])

    def died_after(self, earlier: "View") -> Ids:
        """The ids of what has died since an earlier view."""
        died, rows = self.delta.log[earlier.delta.dead :], len(self.base.ids)
        of_base = died < rows
        return np.concatenate([self.base.ids[died[of_base]], self.delta.ids[died[~of_base] - rows]])

    def places(self, start: int = 0) -> npt.NDArray[np.intp]:
        """The places of the delta from one on that are alive."""
        dead = self.delta.log - len(self.base.ids)
        places = np.arange(start, self.delta.added)
        return places[np.isin(places, dead, invert=True)]

    def _search(self, queries: Codes, radius: int) -> Matches:
        count, told = len(queries), self.delta.told_at
        if count < SHARED:
            return answer(calls.search, told, queries, radius)
        found = self.base.index.search(queries, radius)
        if not self.changes:
            return Matches(found.offsets, self.base.ids[found.ids], found.distances)

        def extended(part: slice) -> Matches:
            offsets = found.offsets[part.start : part.stop + 1]
            asked = queries[part]

            def find(numbers: Queries, keys: Keys) -> int:
                return calls.extend(
                    told, asked, len(asked), radius, offsets, found.ids, found.distances,
                    len(found.ids), numbers, keys, len(keys),
                )  # fmt: skip

            return collect([find], len(asked))

        return by_parts(extended, count)
