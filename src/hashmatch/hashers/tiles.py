"""Tiles: PDQ of fixed sub-frames of a picture, listed with it and compared, but never searched.

Once an upload is aligned with a listed picture, the tiles that are visible in both say whether what
is seen is the same. Windows: 5 x 5 of half the width and height in steps of an eighth, and 5 x 5 of
three tenths in steps of seven fortieths, row by row.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import native_parts
from hashmatch.hashers.base import Pixels
from hashmatch.types import Codes

__all__ = ["Tiles", "shares_of_tiles", "tiles_of"]

COARSE: Final = 4
"""Of a mask of a frame, each fourth sample of each fourth row is asked."""


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


def shares_of_tiles(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """The share of each tile of a frame that lies within a mask: shape (50,), 0 to 1.

    Args:
        mask: shape (h, w), of the frame.
    """
    step = COARSE if min(mask.shape) >= 32 * COARSE else 1  # a sample stands for those around it
    height, width = mask.shape
    samples = mask[step // 2 :: step, step // 2 :: step]
    sums = np.zeros((samples.shape[0] + 1, samples.shape[1] + 1), dtype=np.int32)
    sums[1:, 1:] = samples.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    windows = native_parts.tile_windows(width, height)
    left, top = (windows[:, 0] + step // 2) // step, (windows[:, 1] + step // 2) // step
    right = np.minimum((windows[:, 0] + windows[:, 2]) // step, samples.shape[1])
    bottom = np.minimum((windows[:, 1] + windows[:, 3]) // step, samples.shape[0])
    area = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    found = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    return np.asarray(found / np.maximum(area, 1), np.float64)
