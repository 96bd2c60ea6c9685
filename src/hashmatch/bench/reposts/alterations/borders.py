"""Borders: the whole picture within something else, from a thin line to a broad mat."""

from functools import partial
from typing import Final

import numpy as np
from PIL import ImageDraw, ImageFilter

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    blurred,
    canvas,
    cover,
    image,
    paste,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

WIDTHS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Of the border, as a share of the picture's longer side."""


def _margin(pixels: Pixels, share: float) -> int:
    longer: int = max(pixels.shape[:2])
    return max(1, round(share * longer))


def plain(pixels: Pixels, setting: Setting, share: float, colour: Colour | None = None) -> Pixels:
    """A border of one colour; of any colour where none is given."""
    margin = _margin(pixels, share)
    if colour is None:
        red, green, blue = setting.random.integers(0, 256, 3).tolist()
        colour = red, green, blue
    height, width = pixels.shape[:2]
    page = canvas(width + 2 * margin, height + 2 * margin, colour)
    paste(page, pixels, margin, margin)
    return array(page)


def uneven(pixels: Pixels, setting: Setting, share: float, colour: Colour) -> Pixels:
    """Bars on two sides only, of different widths: letterbox or pillarbox."""
    margin = _margin(pixels, share)
    low = int(setting.random.integers(margin // 2, margin + 1))
    along_top = bool(setting.random.integers(2))
    height, width = pixels.shape[:2]
    size = (width, height + margin + low) if along_top else (width + margin + low, height)
    page = canvas(*size, colour)
    paste(page, pixels, 0 if along_top else margin, margin if along_top else 0)
    return array(page)


def gradient(pixels: Pixels, setting: Setting, share: float) -> Pixels:
    """A border that goes from one colour at the top to another at the bottom."""
    margin = _margin(pixels, share)
    height, width = pixels.shape[0] + 2 * margin, pixels.shape[1] + 2 * margin
    ends = setting.random.integers(0, 256, (2, 3)).astype(float)
    slope = np.linspace(0, 1, height)[:, None]
    ramp = (ends[0] * (1 - slope) + ends[1] * slope).astype(np.uint8)
    page = image(np.repeat(ramp[:, None], width, axis=1))
    paste(page, pixels, margin, margin)
    return array(page)


def blurred_fill(pixels: Pixels, setting: Setting, aspect: float) -> Pixels:
    """The picture on an enlarged, blurred copy of itself, to reach an aspect (width / height)."""
    height, width = pixels.shape[:2]
    wide, high = (width, round(width / aspect)) if width / height > aspect else (
        round(height * aspect), height)  # fmt: skip
    strength = float(setting.random.uniform(0.015, 0.04)) * max(wide, high)
    page = image(blurred(cover(pixels, wide, high), strength))
    paste(page, pixels, (wide - width) // 2, (high - height) // 2)
    return array(page)


def rounded(pixels: Pixels, setting: Setting, share: float, colour: Colour) -> Pixels:
    """Rounded corners on a page of one colour."""
    margin = _margin(pixels, share)
    radius = round(float(setting.random.uniform(0.02, 0.06)) * max(pixels.shape[:2]))
    page = canvas(pixels.shape[1] + 2 * margin, pixels.shape[0] + 2 * margin, colour)
    paste(page, pixels, margin, margin, radius)
    return array(page)


def shadow(pixels: Pixels, setting: Setting, share: float) -> Pixels:
    """A picture that floats above a light page, with its shadow below it."""
    margin = _margin(pixels, share)
    height, width = pixels.shape[:2]
    shade = int(setting.random.integers(200, 256))
    page = canvas(width + 2 * margin, height + 2 * margin, (shade, shade, shade))
    drop = margin // 4
    ImageDraw.Draw(page).rectangle(
        (margin + drop, margin + drop, margin + width + drop, margin + height + drop),
        fill=(shade // 3, shade // 3, shade // 3),
    )
    page = page.filter(ImageFilter.GaussianBlur(margin / 5))
    paste(page, pixels, margin, margin)
    return array(page)


_COLOURS: Final[dict[str, Colour | None]] = {
    "white": (255, 255, 255), "black": (0, 0, 0), "colour": None,
}  # fmt: skip

_CASES: Final[dict[str, Alter]] = {
    **{
        f"border {name} {share:.0%}": partial(plain, share=share, colour=colour)
        for name, colour in _COLOURS.items()
        for share in WIDTHS
    },
    "border gradient 10%": partial(gradient, share=0.1),
    "border gradient 30%": partial(gradient, share=0.3),
    "bars white 10%": partial(uneven, share=0.1, colour=(255, 255, 255)),
    "bars black 25%": partial(uneven, share=0.25, colour=(0, 0, 0)),
    "blurred fill 9:16": partial(blurred_fill, aspect=9 / 16),
    "blurred fill 1:1": partial(blurred_fill, aspect=1.0),
    "blurred fill 16:9": partial(blurred_fill, aspect=16 / 9),
    "rounded white 5%": partial(rounded, share=0.05, colour=(255, 255, 255)),
    "rounded black 15%": partial(rounded, share=0.15, colour=(12, 12, 12)),
    "shadow 8%": partial(shadow, share=0.08),
    "shadow 20%": partial(shadow, share=0.2),
}

ALTERATIONS: Final = tuple(Alteration(name, "border", alter) for name, alter in _CASES.items())
