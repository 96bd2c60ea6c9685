"""Where a picture shows something, rather than what people put on pictures.

That is flat: lettering, boxes, bubbles, scribbles, most stickers and the pages of programs are of
one shade, or all black or white. So is a clear sky, of which nothing can be told either. Or it is
thin, and much lighter or darker than all around it: the strokes of letters that are too small for
their middles to be flat, and their outlines.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers.base import Pixels

__all__ = ["bare"]

Samples = npt.NDArray[Any]

FLAT: Final = 2
"""Levels by which neighbouring samples of one shade differ, at most: JPEG leaves so much."""
BLACK: Final = 5
WHITE: Final = 250
"""Levels of ink and of paper, also where an edge rings beside."""
STROKE: Final = 15
"""Samples across, below which what is much lighter or darker than all around it is a stroke."""
CONTRAST: Final = 70
"""Levels by which it is, at least."""
DARK: Final = 50
LIGHT: Final = 200
"""Levels of dark and of light strokes."""
BESIDE: Final = 3
"""Samples beside a stroke that belong to it: shadows, and what scaling has smeared."""


def bare(luma: Pixels) -> npt.NDArray[np.bool_]:
    """Which samples are neither flat, nor of a stroke, nor next to one that is.

    Strokes are found by their top-hat and bottom-hat, which subtract from an image its opening, and
    it from its closing (Meyer, *Contrast feature extraction*, 1979).

    Args:
        luma: shape (h, w), uint8.

    Returns:
        Shape (h, w).
    """
    least, most = _within(luma, 3, np.minimum), _within(luma, 3, np.maximum)
    flat = (most - least <= FLAT) | (luma >= WHITE) | (luma <= BLACK)
    opened = _within(_within(luma, STROKE, np.minimum), STROKE, np.maximum)
    closed = _within(_within(luma, STROKE, np.maximum), STROKE, np.minimum)
    light = (luma - opened >= CONTRAST) & (luma >= LIGHT)
    dark = (closed - luma >= CONTRAST) & (luma <= DARK)
    strokes = _within(light | dark, 2 * BESIDE + 1, np.maximum)
    found: npt.NDArray[np.bool_] = ~(_within(flat, 3, np.maximum) | strokes)
    return found


def _within(samples: Samples, side: int, of: Callable[..., Samples]) -> Samples:
    """For each sample the least, or the most, of the square around it with an odd side."""
    reach = side // 2
    found = np.pad(samples, reach, "edge")
    for axis in range(2):
        found = _along(found, side, axis, of)
    return found


def _along(samples: Samples, side: int, axis: int, of: Callable[..., Samples]) -> Samples:
    """The same of so many neighbours along an axis: of up to twice as many with each step."""
    reach = 1
    while reach < side:
        step = min(reach, side - reach)
        before, after = (slice(None, -step), slice(step, None))
        rest = (slice(None),) * axis
        samples = of(samples[*rest, before], samples[*rest, after])
        reach += step
    return samples
