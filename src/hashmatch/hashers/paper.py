"""How much a picture looks like a page: two shades, a ground and what is on it, take most of it.

Of photographs that are mostly flat, as before a plain wall, the ground is seldom of one shade: it
darkens towards a side, or is out of focus.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers.base import Pixels

__all__ = ["paper"]

STEP: Final = 8
"""Of a luma, each eighth row and each eighth column is asked."""
SHADES: Final = 64
"""Of four levels each; two neighbours make one, so that none is divided between two."""


def paper(luma: Pixels, seen: npt.NDArray[np.bool_]) -> float:
    """The share that two shades take of its rows, or of its columns, on average: what is more.

    Line by line, for pages of programs are graded from above to below.

    Args:
        luma: shape (h, w), uint8.
        seen: which samples count, shape (h, w).

    Returns:
        0 to 1; 0 where none counts.
    """
    rows = _of_lines(luma[::STEP], seen[::STEP])
    return max(rows, _of_lines(luma.T[::STEP], seen.T[::STEP]))


def _of_lines(lines: Pixels, seen: npt.NDArray[np.bool_]) -> float:
    count = len(lines)
    at = np.arange(count)
    shades = (lines // (256 // SHADES) + (at * SHADES)[:, None])[seen]
    if not len(shades):
        return 0.0
    bins = np.bincount(shades, minlength=count * SHADES).reshape(count, SHADES)
    pairs = bins[:, :-1] + bins[:, 1:]
    first = pairs.argmax(axis=1)
    most = pairs[at, first]
    pairs[np.abs(np.arange(SHADES - 1) - first[:, None]) <= 1] = 0
    return float((most + pairs.max(axis=1)).sum() / len(shades))
