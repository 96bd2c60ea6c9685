"""What is known of entries beside their codes: their lists and qualities, by rising id."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from hashmatch.registry import EntryBatch

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Lists and qualities of entries, as parallel arrays; nothing in them ever changes.

    Attributes:
        ids: of the entries, rising, shape ``(n,)``.
        list_ids: the list of each, shape ``(n,)``.
        qualities: the quality of each, -1 where it is not known, shape ``(n,)``.
    """

    ids: Ids
    list_ids: npt.NDArray[np.int32]
    qualities: npt.NDArray[np.int16]

    @classmethod
    def nothing(cls) -> Self:
        """Of no entries."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.int16))

    def __len__(self) -> int:
        return len(self.ids)

    def with_batch(self, batch: EntryBatch) -> "Known":
        """These and those of a batch, which count where both know an entry.

        Batches nearly always come after all that is here.
        """
        both = Known(
            np.concatenate([self.ids, batch.ids]),
            np.concatenate([self.list_ids, batch.list_ids]),
            np.concatenate([self.qualities, batch.qualities]),
        )
        if not len(self) or (len(batch) and batch.ids[0] > self.ids[-1] and _rises(batch.ids)):
            return both if _rises(both.ids) else both._sorted()
        return both._sorted()

    def _sorted(self) -> "Known":
        order = np.argsort(self.ids, kind="stable")
        ids = self.ids[order]
        last = np.append(ids[1:] != ids[:-1], np.ones(min(1, len(ids)), bool))
        chosen = order[last]
        return self.rows(chosen)

    def rows(self, rows: npt.NDArray[np.intp]) -> "Known":
        """Some rows of the arrays."""
        return Known(self.ids[rows], self.list_ids[rows], self.qualities[rows])

    def find(self, ids: Ids) -> npt.NDArray[np.intp]:
        """The row of each id; -1 where it is not here."""
        if not len(self.ids):
            return np.full(len(ids), -1, np.intp)
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        return np.where(self.ids[rows] == ids, rows, -1)


def _rises(ids: Ids) -> bool:
    return bool((ids[1:] > ids[:-1]).all())
