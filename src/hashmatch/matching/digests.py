"""Exact look-up of the digests of files: equal, or nothing."""

from collections.abc import Mapping

import numpy as np

from hashmatch.errors import InvalidRadiusError
from hashmatch.types import Codes, Matches


class Digests:
    """Rows by code, up to a row: what is added to the table later is not seen.

    Args:
        rows_of: the rows of each code, rising.
        count: rows from here on are not those of this view.
    """

    def __init__(self, rows_of: Mapping[bytes, tuple[int, ...]], count: int) -> None:
        self._rows_of = rows_of
        self._count = count

    def search(self, codes: Codes, radius: int) -> Matches:
        """The rows whose code equals a query; see `hashmatch.indexes.Index.search`.

        Raises:
            InvalidRadiusError: the radius is not 0: digests of similar files have nothing in
                common.
        """
        if radius != 0:
            raise InvalidRadiusError(
                f"Digests of files are equal or not; search them with radius 0, not {radius}."
            )
        found = [
            [row for row in self._rows_of.get(code.tobytes(), ()) if row < self._count]
            for code in codes
        ]
        offsets = np.zeros(len(codes) + 1, np.int64)
        np.cumsum([len(rows) for rows in found], out=offsets[1:])
        ids = np.array([row for rows in found for row in rows], np.int64)
        return Matches(offsets, ids, np.zeros(len(ids), np.uint16))
