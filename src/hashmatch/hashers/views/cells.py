"""The luma of an upload in few samples: what the other views are found in and made of."""

from typing import Final

import numpy as np
from PIL import Image

from hashmatch import native
from hashmatch.hashers.decoding import Reduced

__all__ = ["cells_of"]

_SMALLEST_SIDE: Final = 320
_LARGEST_REDUCTION: Final = 8


def cells_of(reduced: Reduced) -> Reduced:
    """The same picture in gray, reduced to 320 to 640 samples on its shorter side where it can be.

    The reduction goes to 8, so a picture whose shorter side is over 5,120 keeps more samples. The
    first row and column may then lack other parts of their cells than `Reduced.left` tells, which
    moves what is seen by less than a cell.
    """
    pixels = reduced.pixels if reduced.pixels.ndim == 2 else native.gray(reduced.pixels)
    by = min(_LARGEST_REDUCTION // reduced.reduction, min(pixels.shape) // _SMALLEST_SIDE)
    if by > 1:
        pixels = np.asarray(Image.fromarray(pixels).reduce(by))
    return Reduced(pixels, reduced.width, reduced.height, reduced.reduction * max(by, 1), 0, 0)
