"""Tiles: PDQ of fixed sub-frames of a picture, listed with it and compared, but never searched.

Once an upload is aligned with a listed picture, the tiles that are visible in both say whether what
is seen is the same. Windows: 5 x 5 of half the width and height in steps of an eighth, and 5 x 5 of
three tenths in steps of seven fortieths, row by row.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch import native_parts
from hashmatch.hashers.base import Pixels
from hashmatch.types import Codes

__all__ = ["Bounds", "Tiles", "area_of", "bounds_of", "tiles_of", "visible_tiles"]

COARSE: Final = 4
"""Of what is seen of a frame, each fourth sample of each fourth row is asked."""
_CELLS: Final = 40
"""On each side of a picture: all windows begin and end between two of them."""


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


def area_of(chosen: npt.NDArray[np.bool_]) -> float:
    """The share of a picture that lies within some of its tiles: `chosen` has shape (50,)."""
    return float(_cells()[chosen].any(axis=0).mean())


class Bounds(NamedTuple):
    """An upright rectangle of a picture: its sides, in shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float


def bounds_of(chosen: npt.NDArray[np.bool_]) -> Bounds | None:
    """The rectangle around some of a picture's tiles: `chosen` has shape (50,); None of none."""
    left, top, width, height = (native_parts.tile_windows(_CELLS, _CELLS) / _CELLS).T
    if not chosen.any():
        return None
    right, bottom = (left + width)[chosen], (top + height)[chosen]
    return Bounds(
        float(left[chosen].min()), float(top[chosen].min()), float(right.max()), float(bottom.max())
    )


@cache
def _cells() -> npt.NDArray[np.bool_]:
    """Which cells each tile covers: shape (50, 1600)."""
    left, top, width, height = native_parts.tile_windows(_CELLS, _CELLS).T[:, :, None]
    at = np.arange(_CELLS)
    across, down = (at >= left) & (at < left + width), (at >= top) & (at < top + height)
    cells: npt.NDArray[np.bool_] = down[:, :, None] & across[:, None, :]
    return cells.reshape(-1, _CELLS * _CELLS)


def visible_tiles(seen: npt.NDArray[np.bool_], least: float) -> npt.NDArray[np.bool_]:
    """Which tiles of a frame are seen to at least such a share.

    Args:
        seen: shape (h, w): where the frame is seen.
        least: 0 to 1, inclusive.

    Returns:
        Shape (50,).
    """
    step = COARSE if min(seen.shape) >= 32 * COARSE else 1  # a sample stands for those around it
    height, width = seen.shape
    samples = seen[step // 2 :: step, step // 2 :: step]
    sums = np.zeros((samples.shape[0] + 1, samples.shape[1] + 1), dtype=np.int32)
    sums[1:, 1:] = samples.cumsum(axis=0, dtype=np.int32).cumsum(axis=1, dtype=np.int32)
    windows = native_parts.tile_windows(width, height)
    left, top = (windows[:, 0] + step // 2) // step, (windows[:, 1] + step // 2) // step
    right = np.minimum((windows[:, 0] + windows[:, 2]) // step, samples.shape[1])
    bottom = np.minimum((windows[:, 1] + windows[:, 3]) // step, samples.shape[0])
    area = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    found = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    visible: npt.NDArray[np.bool_] = (area > 0) & (found >= least * area)
    return visible
