"""Where a picture shows something, rather than what people put on pictures: that is flat.

Lettering, boxes, bubbles, scribbles, most stickers and the pages of programs are of one shade, or
all black or white. So is a clear sky, of which nothing can be told either.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers.base import Pixels

__all__ = ["bare"]

FLAT: Final = 2
"""Levels by which neighbouring samples of one shade differ, at most: JPEG leaves so much."""
BLACK: Final = 5
WHITE: Final = 250
"""Levels of ink and of paper, also where an edge rings beside."""


def bare(luma: Pixels) -> npt.NDArray[np.bool_]:
    """Which samples are neither flat, nor next to one that is.

    Args:
        luma: shape (h, w), uint8.

    Returns:
        Shape (h, w).
    """
    least, most = _around(luma, np.minimum), _around(luma, np.maximum)
    covered = (most - least <= FLAT) | (luma >= WHITE) | (luma <= BLACK)
    found: npt.NDArray[np.bool_] = ~_around(covered, np.maximum)
    return found


def _around(samples: npt.NDArray[Any], of: Callable[..., npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """For each sample the least, or the most, of the 3 x 3 around it."""
    wide = np.pad(samples, 1, "edge")
    tall = of(of(wide[:-2], wide[1:-1]), wide[2:])
    return of(of(tall[:, :-2], tall[:, 1:-1]), tall[:, 2:])
