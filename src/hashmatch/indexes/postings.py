"""The tables of a ring index: which codes are in which bucket."""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from hashmatch.indexes import flat
from hashmatch.indexes.parallel import share_out
from hashmatch.kernels import calls
from hashmatch.kernels.layout import PADDING, STARTS

Chunks = npt.NDArray[np.uint16]

BUILT: Final = 1 << 18
"""Codes that one thread deals to chunks at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """The tables of a ring index; their form is told in `hashmatch.kernels.buckets`."""

    starts: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint32]
    tags: npt.NDArray[np.uint16]

    @property
    def arrays(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32], Chunks]:
        """All three, in the order that the kernels take them."""
        return self.starts, self.rows, self.tags

    def fit(self, tables: int, count: int) -> bool:
        """Whether every bucket and every row lies within ``count`` codes."""
        starts = self.starts.reshape(tables, STARTS)
        return bool(
            (starts[:, 0] == 0).all()
            and (starts[:, -1] == count).all()
            and (starts[:, 1:] >= starts[:, :-1]).all()
            and self.rows.max() < count
        )

    @classmethod
    def of(cls, words: flat.Words, width: int, spread: npt.NDArray[np.uint64]) -> Self:
        """Sort all codes into the buckets of all tables, on all threads."""
        count, tables = len(words) // width, 4 * width
        chunks = np.empty(tables * count, np.uint16)
        share_out(
            lambda part: calls.columns(words, width, spread, part.start, part.stop, chunks, count),
            [slice(start, min(start + BUILT, count)) for start in range(0, count, BUILT)],
        )
        starts = np.empty(tables * STARTS, np.uint32)
        rows = np.empty(tables * count, np.uint32)
        tags = np.empty(tables * count + PADDING, np.uint16)
        tags[tables * count :] = 0

        def column(table: int) -> slice:
            return slice(table % tables * count, (table % tables + 1) * count)

        share_out(
            lambda table: calls.post(
                chunks[column(table)],
                chunks[column(table + 1)],
                count,
                starts[table * STARTS : (table + 1) * STARTS],
                rows[column(table)],
                tags[column(table)],
            ),
            range(tables),
        )
        return cls(starts, rows, tags)

    def skew(self) -> dict[str, Any]:
        """How full the buckets are: see `hashmatch.indexes.ring.RingIndex.inspect`."""
        starts = self.starts.reshape(-1, STARTS)
        sizes = [np.diff(table).astype(np.int64) for table in starts]
        count, buckets = int(starts[0, -1]), STARTS - 1
        met = sum(int((size * size).sum()) for size in sizes) / (len(sizes) * count)
        return {
            "tables": len(sizes),
            "mean": count / buckets,
            "largest": max(int(size.max()) for size in sizes),
            "skew": met / ((count - 1) / buckets + 1),
        }
