"""What lively things are made of: soft shapes, smooth noise, and one picture shown through another.

All that is drawn by chance is of an amount that no picture changes: the same seed gives the same
things upon another picture, at the same places in shares of its sides.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["Map", "Points", "mixed", "places", "shaped", "smooth_noise"]

Map = npt.NDArray[np.float32]
"""Shape (h, w): a value for each sample of a picture, mostly 0 to 1."""
Points = npt.NDArray[np.float64]
"""Shape (n, 2): x and y, in pixels."""


def mixed(below: Pixels, above: npt.ArrayLike, weight: npt.ArrayLike) -> Pixels:
    """A picture with so much of something over it.

    Args:
        below: shape (h, w, 3).
        above: a colour, or colours of the same shape; levels, 0 to 255.
        weight: 0 to 1; one, or shape (h, w).
    """
    share = np.asarray(weight, np.float32)
    share = share[..., None] if share.ndim else share
    levels = below + (np.asarray(above, np.float32) - below) * share
    return np.clip(levels + 0.5, 0, 255).astype(np.uint8)


def places(height: int, width: int) -> tuple[Map, Map]:
    """The y and x of each sample's middle, of shapes (h, 1) and (1, w)."""
    y, x = np.ogrid[0:height, 0:width]
    return (y + 0.5).astype(np.float32), (x + 0.5).astype(np.float32)


def smooth_noise(
    random: np.random.Generator, size: tuple[int, int], cells: tuple[int, int]
) -> Map:  # fmt: skip
    """Values from 0 to 1 that wander, shape `size`, between as many chosen ones as `cells` says."""
    chosen = Image.fromarray(random.uniform(0, 1, cells).astype(np.float32))
    wide = chosen.resize((size[1], size[0]), Image.Resampling.BICUBIC)
    return np.clip(np.array(wide, np.float32), 0, 1)


def shaped(
    size: tuple[int, int], outlines: list[Points], levels: npt.ArrayLike, blur: float
) -> Map:  # fmt: skip
    """Filled outlines with soft edges, shape `size`; where they overlap, the last one's level.

    Args:
        size: height and width.
        outlines: corners of each.
        levels: of each, or of all, 0 to 1.
        blur: radius in pixels.
    """
    mask = Image.new("L", (size[1], size[0]))
    draw = ImageDraw.Draw(mask)
    filled = np.broadcast_to(np.round(255 * np.asarray(levels)), len(outlines)).tolist()
    for outline, level in zip(outlines, filled, strict=True):
        draw.polygon([(x, y) for x, y in outline.tolist()], int(level))
    soft = mask.filter(ImageFilter.GaussianBlur(float(blur)))
    return np.array(soft, np.float32) / np.float32(255)
