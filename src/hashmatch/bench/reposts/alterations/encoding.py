"""What saving and scaling do: JPEG, and other sizes."""

from functools import partial
from typing import Final

from hashmatch.bench.reposts.alterations.drawing import resized
from hashmatch.bench.reposts.alterations.setting import Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

QUALITIES: Final = (10, 20, 30, 50, 70, 85, 95)
WIDTHS: Final = (64, 128, 256)
FACTORS: Final = (0.25, 0.5, 0.75, 1.5, 2.0)


def same(pixels: Pixels, setting: Setting) -> Pixels:
    """Nothing but the JPEG encoding that follows."""
    del setting
    return pixels.copy()


def to_width(pixels: Pixels, setting: Setting, width: int) -> Pixels:
    """Scaled to a width in pixels."""
    del setting
    return resized(pixels, width, round(pixels.shape[0] * width / pixels.shape[1]))


def scaled(pixels: Pixels, setting: Setting, factor: float) -> Pixels:
    """Both sides times a factor."""
    del setting
    return resized(pixels, round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))


def square(pixels: Pixels, setting: Setting) -> Pixels:
    """Squashed to a square."""
    del setting
    side: int = min(pixels.shape[:2])
    return resized(pixels, side, side)


ALTERATIONS: Final = (
    *(Alteration(f"JPEG {quality}", "JPEG", same, quality) for quality in QUALITIES),
    *(Alteration(f"{width} px wide", "scale", partial(to_width, width=width)) for width in WIDTHS),
    *(Alteration(f"scale {by:g}", "scale", partial(scaled, factor=by)) for by in FACTORS),
    Alteration("squashed to a square", "scale", square),
)
