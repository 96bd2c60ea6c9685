"""Crops: from all sides, from one, to an aspect, and anywhere."""

from functools import partial
from typing import Final

import numpy as np

from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "anywhere"]

ALL_SIDES: Final = (0.01, 0.02, 0.05, 0.1, 0.15, 0.25)
ONE_SIDE: Final = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4)
KEPT: Final = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
ASPECTS: Final = {"1:1": 1.0, "4:5": 4 / 5, "9:16": 9 / 16, "16:9": 16 / 9}


def all_sides(pixels: Pixels, setting: Setting, share: float) -> Pixels:
    """A share of the width off the left and right, and of the height off the top and bottom."""
    del setting
    height, width = pixels.shape[:2]
    x, y = round(share * width), round(share * height)
    return pixels[y : height - y, x : width - x].copy()


def one_side(pixels: Pixels, setting: Setting, side: int, share: float) -> Pixels:
    """A share off one side: 0 the left, 1 the right, 2 the top, 3 the bottom."""
    del setting
    height, width = pixels.shape[:2]
    across, down = round(share * width), round(share * height)
    return (
        pixels[:, across:], pixels[:, : width - across], pixels[down:], pixels[: height - down]
    )[side].copy()  # fmt: skip


def to_aspect(pixels: Pixels, setting: Setting, aspect: float) -> Pixels:
    """The middle of the picture in an aspect (width / height)."""
    del setting
    height, width = pixels.shape[:2]
    wide, high = min(width, round(height * aspect)), min(height, round(width / aspect))
    left, top = (width - wide) // 2, (height - high) // 2
    return pixels[top : top + high, left : left + wide].copy()


def anywhere(pixels: Pixels, setting: Setting, kept: float) -> Pixels:
    """A rectangle somewhere that keeps a share of the area, about as wide as the picture is."""
    height, width = pixels.shape[:2]
    stretch = float(np.exp(setting.random.uniform(-0.25, 0.25)))
    across = min(1.0, kept**0.5 * stretch)
    down = min(1.0, kept / across)
    across = min(1.0, kept / down)
    wide, high = max(1, round(across * width)), max(1, round(down * height))
    left = int(setting.random.integers(width - wide + 1))
    top = int(setting.random.integers(height - high + 1))
    return pixels[top : top + high, left : left + wide].copy()


ALTERATIONS: Final = (
    *(
        Alteration(f"crop {share:.0%} all sides", "crop, all sides",
                   partial(all_sides, share=share))
        for share in ALL_SIDES
    ),
    *(
        Alteration(f"crop {share:.0%} {name}", "crop, one side",
                   partial(one_side, side=side, share=share))
        for side, name in enumerate(("left", "right", "top", "bottom"))
        for share in ONE_SIDE
    ),
    *(
        Alteration(f"crop to {name}", "crop to an aspect", partial(to_aspect, aspect=aspect))
        for name, aspect in ASPECTS.items()
    ),
    *(
        Alteration(f"crop keeping {kept:.0%}", f"crop keeping {kept:.0%}",
                   partial(anywhere, kept=kept))
        for kept in KEPT
    ),
)  # fmt: skip
