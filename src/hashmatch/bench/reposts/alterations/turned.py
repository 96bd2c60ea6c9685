"""Mirrors and turns, by quarters and by a few degrees."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image

from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "mirrored", "rotated"]

DEGREES: Final = (1, 2, 3, 5, 8, 11, 15)


def mirrored(pixels: Pixels, setting: Setting) -> Pixels:
    """Left and right changed over."""
    del setting
    return pixels[:, ::-1].copy()


def upside_down(pixels: Pixels, setting: Setting) -> Pixels:
    """Top and bottom changed over."""
    del setting
    return pixels[::-1].copy()


def quarters(pixels: Pixels, setting: Setting, count: int) -> Pixels:
    """Turned by so many times 90°."""
    del setting
    return np.ascontiguousarray(np.rot90(pixels, count))


def rotated(pixels: Pixels, setting: Setting, degrees: float, fill: bool = True) -> Pixels:
    """Turned by an angle, to one side or the other.

    Args:
        pixels: the picture.
        setting: chooses the side.
        degrees: the angle.
        fill: whether all of the picture stays, on a larger black page; else the corners are lost.
    """
    angle = degrees if setting.random.integers(2) else -degrees
    return np.array(Image.fromarray(pixels).rotate(angle, Image.Resampling.BICUBIC, expand=fill))


ALTERATIONS: Final = (
    Alteration("mirrored", "mirror", mirrored),
    Alteration("upside down", "mirror", upside_down),
    *(
        Alteration(f"turned by {90 * count}°", "quarter turn", partial(quarters, count=count))
        for count in (1, 2, 3)
    ),
    *(
        Alteration(f"rotated {angle}°", "rotation", partial(rotated, degrees=angle, fill=False))
        for angle in DEGREES
    ),
    Alteration("rotated 5°, all kept", "rotation", partial(rotated, degrees=5)),
)
