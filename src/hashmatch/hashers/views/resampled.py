"""A picture as those tools see it that squash it to 512 x 512 before they hash it.

Lists hold hashes by other conventions than full size: of PDQ's C++ programs, which take the nearest
samples, and of browsers, which average or interpolate (both look alike from reduced samples).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import native
from hashmatch.hashers.decoding import Reduced
from hashmatch.hashers.pdq import Pdq
from hashmatch.hashers.views.view import RESAMPLED, View
from hashmatch.types import Hash

__all__ = ["resampled"]

SIDE: Final = 512
_STEPS: Final = np.arange(SIDE)


def resampled(cells: Reduced) -> tuple[View, ...]:
    """The views ``nearest-512`` and ``area-512`` of a picture; none where no side is over 512."""
    if max(cells.width, cells.height) <= SIDE:
        return ()
    height, width = cells.height, cells.width
    nearest = _STEPS * height // SIDE, _STEPS * width // SIDE
    middle = (2 * _STEPS + 1) * height // (2 * SIDE), (2 * _STEPS + 1) * width // (2 * SIDE)
    return tuple(
        View(name, _hash(cells, *places))
        for name, places in zip(RESAMPLED, (nearest, middle), strict=True)
    )


def _hash(cells: Reduced, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> Hash:
    found = native.pdq_picked(cells.pixels, rows // cells.reduction, columns // cells.reduction)
    return Hash(Pdq.name, found.code, found.quality)
