"""Tiles: PDQ of fixed sub-frames of a picture, listed with it and compared, but never searched.

Once an upload is aligned with a listed picture, the tiles that are visible in both say whether what
is seen is the same. Windows: 5 x 5 of half the width and height in steps of an eighth, and 5 x 5 of
three tenths in steps of seven fortieths, row by row.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from hashmatch import native_parts
from hashmatch.hashers.base import Pixels
from hashmatch.types import Codes

__all__ = ["Tiles", "tiles_of", "visible_tiles"]


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """Hashes of the tiles of one picture.

    Attributes:
        codes: shape (50, 32), uint8.
        quality: shape (50,), uint8, 0 to 100.
    """

    codes: Codes
    quality: npt.NDArray[np.uint8]


def tiles_of(luma: Pixels) -> Tiles:
    """The tiles of a luma: shape (h, w), uint8, of `hashmatch.hashers.parts.luma_of`.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    return Tiles(*native_parts.tiles(luma))


def visible_tiles(seen: npt.NDArray[np.bool_], least: float) -> npt.NDArray[np.bool_]:
    """Which tiles of a frame are seen to at least such a share.

    Args:
        seen: shape (h, w): where the frame is seen.
        least: 0 to 1, inclusive.

    Returns:
        Shape (50,).
    """
    height, width = seen.shape
    sums = np.zeros((height + 1, width + 1), dtype=np.int64)
    sums[1:, 1:] = seen.cumsum(axis=0, dtype=np.int64).cumsum(axis=1)
    left, top, wide, high = native_parts.tile_windows(width, height).T.astype(np.int64)
    right, bottom = left + wide, top + high
    found = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    visible: npt.NDArray[np.bool_] = (wide * high > 0) & (found >= least * wide * high)
    return visible
