"""What hides parts of a picture: large stickers, boxes, scribbles, things made unrecognisable."""

from functools import partial
from typing import Final

import numpy as np
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, image, resized
from hashmatch.bench.reposts.alterations.overlays import stickers
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "boxes", "many_sizes", "pixelated", "scribbles"]


def many_sizes(pixels: Pixels, setting: Setting, count: int, least: float, most: float) -> Pixels:
    """Faces, hearts and stars of several sizes, anywhere.

    Args:
        pixels: the picture.
        setting: chooses what, where and how large.
        count: how many.
        least: width of the smallest, as a share of the picture's shorter side.
        most: width of the largest.
    """
    for _ in range(count):
        pixels = stickers(pixels, setting, 1, float(setting.random.uniform(least, most)))
    return pixels


def _box(pixels: Pixels, setting: Setting, wide: float, high: float) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a rectangle that lies within the picture."""
    height, width = pixels.shape[:2]
    across, down = max(1, round(wide * width)), max(1, round(high * height))
    left = int(setting.random.integers(width - across + 1))
    top = int(setting.random.integers(height - down + 1))
    return left, top, left + across, top + down


def boxes(pixels: Pixels, setting: Setting, count: int, wide: float, high: float) -> Pixels:
    """Black rectangles.

    Args:
        pixels: the picture.
        setting: chooses where.
        count: how many.
        wide: as a share of the picture's width.
        high: as a share of its height.
    """
    covered = pixels.copy()
    for _ in range(count):
        left, top, right, bottom = _box(pixels, setting, wide, high)
        covered[top:bottom, left:right] = 0
    return covered


def pixelated(pixels: Pixels, setting: Setting, wide: float, high: float) -> Pixels:
    """A rectangle of which only eight coarse squares across are left."""
    covered = pixels.copy()
    left, top, right, bottom = _box(pixels, setting, wide, high)
    coarse = resized(
        covered[top:bottom, left:right], 8, max(1, 8 * (bottom - top) // (right - left))
    )
    rows = np.arange(bottom - top) * coarse.shape[0] // (bottom - top)
    columns = np.arange(right - left) * coarse.shape[1] // (right - left)
    covered[top:bottom, left:right] = coarse[rows][:, columns]
    return covered


def scribbles(pixels: Pixels, setting: Setting, count: int, thick: float) -> Pixels:
    """Lines drawn by a finger, to and fro over the picture.

    Args:
        pixels: the picture.
        setting: chooses their colours and ways.
        count: how many.
        thick: as a share of the picture's shorter side.
    """
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    pen = max(2, round(thick * min(page.size)))
    for _ in range(count):
        middle = setting.random.uniform(0.2, 0.8, 2)
        steps = setting.random.normal(0, 0.18, (12, 2))
        way = np.clip(middle + steps, 0.02, 0.98) * page.size
        shade = tuple(setting.random.integers(0, 256, 3).tolist())
        draw.line([(x, y) for x, y in way.tolist()], shade, pen, joint="curve")
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "4 stickers 16-32%": partial(many_sizes, count=4, least=0.16, most=0.32),
    "8 stickers 10-25%": partial(many_sizes, count=8, least=0.1, most=0.25),
    "14 stickers 13%": partial(stickers, count=14, size=0.13),
    "black box 30 x 25%": partial(boxes, count=1, wide=0.3, high=0.25),
    "black box 50 x 40%": partial(boxes, count=1, wide=0.5, high=0.4),
    "3 black boxes 25 x 15%": partial(boxes, count=3, wide=0.25, high=0.15),
    "pixelated 40 x 35%": partial(pixelated, wide=0.4, high=0.35),
    "scribbled over, thin": partial(scribbles, count=5, thick=0.012),
    "scribbled over, thick": partial(scribbles, count=5, thick=0.035),
}

ALTERATIONS: Final = tuple(Alteration(name, "hidden", alter) for name, alter in _CASES.items())
