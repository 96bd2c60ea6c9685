"""Rows that are added at the end while others read: the memory under what a matcher publishes."""

from typing import Any

import numpy as np
import numpy.typing as npt


class Growing:
    """An array that grows at its end; its views stay as they were taken.

    One thread appends. A view is a slice of the memory in use, which is written behind its end
    only, so that any number of threads may read it, without a copy.

    Args:
        dtype: of the items.
        width: items in a row; None for an array of one dimension.
    """

    def __init__(self, dtype: npt.DTypeLike, width: int | None = None) -> None:
        self._memory = np.zeros((0,) if width is None else (0, width), dtype)
        self._length = 0

    def append(self, rows: npt.NDArray[Any]) -> None:
        """Add rows, which may be narrower than the array's: the rest of each is zero."""
        length = self._length + len(rows)
        if length > len(self._memory):
            room = max(length, self._length + self._length // 2)
            memory = np.zeros((room, *self._memory.shape[1:]), self._memory.dtype)
            memory[: self._length] = self._memory[: self._length]
            self._memory = memory
        place = self._memory[self._length : length]
        if place.ndim == 1:
            place[:] = rows
        else:
            place[:, : rows.shape[1]] = rows
        self._length = length

    def replace(self, rows: npt.NDArray[Any]) -> None:
        """Hold these rows, and no others, from now on."""
        self._memory = rows.copy()
        self._length = len(rows)

    def view(self) -> npt.NDArray[Any]:
        """The rows up to now; they cannot be written to."""
        rows = self._memory[: self._length]
        rows.flags.writeable = False
        return rows
