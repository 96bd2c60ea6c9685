"""A photo of a screen: seen aslant, with moiré and the reflection of a lamp."""

from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from hashmatch.bench.reposts.alterations.drawing import array, blurred, canvas, paste
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]


def _towards(corners: npt.NDArray[np.float64], width: int, height: int) -> list[float]:
    """What takes an upright page to four corners, as Pillow's perspective wants it."""
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, page, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    solved: list[float] = np.linalg.solve(np.array(rows), np.array(right)).tolist()
    return solved


def photographed(pixels: Pixels, setting: Setting, slant: float, moire: float, glare: float
                 ) -> Pixels:  # fmt: skip
    """The picture on a screen, photographed.

    Args:
        pixels: the picture.
        setting: chooses the angle, the pattern, and where the lamp is.
        slant: how far the corners move, as a share of the sides.
        moire: amplitude of the pattern in gray levels.
        glare: brightness of the reflection in gray levels.
    """
    random = setting.random
    edge = round(0.06 * max(pixels.shape[:2]))
    page = canvas(pixels.shape[1] + 2 * edge, pixels.shape[0] + 2 * edge, (14, 14, 16))
    paste(page, pixels, edge, edge)
    width, height = page.size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn, period = float(random.uniform(0, np.pi)), float(random.uniform(3, 9))
    wave = np.sin(2 * np.pi * (x * np.cos(turn) + y * np.sin(turn)) / period)
    beat = np.sin(2 * np.pi * (x * np.sin(turn) + y * np.cos(turn)) / (11 * period))
    lamp_x, lamp_y = random.uniform(0.1, 0.9, 2) * (width, height)
    spread = 0.18 * max(width, height)
    lamp = np.exp(-((x - lamp_x) ** 2 + (y - lamp_y) ** 2) / (2 * spread**2))
    light = moire * wave * (0.5 + 0.5 * beat) + glare * lamp
    shown = np.clip(array(page) + light[..., None], 0, 255).astype(np.uint8)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    corners += random.uniform(-slant, slant, (4, 2)) * (width, height)
    room = slant * np.array([width, height])
    size = width + int(2 * room[0]), height + int(2 * room[1])
    seen = Image.fromarray(shown).transform(
        size, Image.Transform.PERSPECTIVE, _towards(corners + room, width, height),
        Image.Resampling.BICUBIC, fillcolor=(70, 66, 60),
    )  # fmt: skip
    return blurred(array(seen), 1.0)


ALTERATIONS: Final = (
    Alteration("screen, straight", "photo of a screen",
               partial(photographed, slant=0.01, moire=6, glare=20)),
    Alteration("screen, aslant", "photo of a screen",
               partial(photographed, slant=0.05, moire=10, glare=50)),
)  # fmt: skip
