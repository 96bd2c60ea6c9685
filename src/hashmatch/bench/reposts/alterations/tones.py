"""Light, colour and grain: what filters of programs and cheap sensors do."""

from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter

from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "bright"]


def _table(pixels: Pixels, curve: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
           ) -> Pixels:  # fmt: skip
    """Each sample by a curve from 0..1 to 0..1."""
    table = np.clip(curve(np.linspace(0, 1, 256)) * 255 + 0.5, 0, 255).astype(np.uint8)
    return np.asarray(table[pixels], np.uint8)


def gamma(pixels: Pixels, setting: Setting, power: float) -> Pixels:
    """Each sample to a power."""
    del setting
    return _table(pixels, lambda value: value**power)


def contrast(pixels: Pixels, setting: Setting, factor: float) -> Pixels:
    """Away from middle gray, or towards it."""
    del setting
    return _table(pixels, lambda value: 0.5 + (value - 0.5) * factor)


def bright(pixels: Pixels, setting: Setting, factor: float) -> Pixels:
    """Times a factor."""
    del setting
    return _table(pixels, lambda value: value * factor)


def grayscale(pixels: Pixels, setting: Setting) -> Pixels:
    """Without colour."""
    del setting
    return np.array(Image.fromarray(pixels).convert("L").convert("RGB"))


def saturation(pixels: Pixels, setting: Setting, factor: float) -> Pixels:
    """More or less colour."""
    del setting
    return np.array(ImageEnhance.Color(Image.fromarray(pixels)).enhance(factor))


def tint(pixels: Pixels, setting: Setting, weights: tuple[float, float, float]) -> Pixels:
    """Each channel times its weight: a warm or a cold filter."""
    del setting
    altered = np.clip(pixels * np.array(weights) + 0.5, 0, 255)
    return np.asarray(altered, np.uint8)


def sepia(pixels: Pixels, setting: Setting) -> Pixels:
    """Brown, like an old print."""
    gray = grayscale(pixels, setting)
    return tint(gray, setting, (1.07, 0.88, 0.66))


def vignette(pixels: Pixels, setting: Setting, strength: float) -> Pixels:
    """Darker towards the corners."""
    del setting
    height, width = pixels.shape[:2]
    y, x = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None]
    shade = 1 - strength * (x * x + y * y) / 2
    return (pixels * shade[..., None] + 0.5).astype(np.uint8)


def noise(pixels: Pixels, setting: Setting, sigma: float) -> Pixels:
    """Grain of a standard deviation in gray levels."""
    grain = setting.random.normal(0, sigma, pixels.shape)
    return np.clip(pixels + grain + 0.5, 0, 255).astype(np.uint8)


def blur(pixels: Pixels, setting: Setting, radius: float) -> Pixels:
    """Gaussian blur of a radius in pixels."""
    del setting
    return np.array(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def sharpen(pixels: Pixels, setting: Setting, percent: int) -> Pixels:
    """An unsharp mask."""
    del setting
    return np.array(Image.fromarray(pixels).filter(ImageFilter.UnsharpMask(2, percent, 2)))


_CASES: Final[dict[str, Alter]] = {
    **{f"gamma {power:g}": partial(gamma, power=power) for power in (0.5, 0.7, 1.5, 2.2)},
    **{f"contrast {by:g}": partial(contrast, factor=by) for by in (0.5, 0.75, 1.4, 2)},
    **{f"brightness {by:g}": partial(bright, factor=by) for by in (0.6, 1.33)},
    "grayscale": grayscale,
    "saturation 2": partial(saturation, factor=2.0),
    "warm": partial(tint, weights=(1.15, 1.0, 0.8)),
    "cold": partial(tint, weights=(0.8, 1.0, 1.2)),
    "sepia": sepia,
    "vignette": partial(vignette, strength=0.7),
    **{f"noise {sigma}": partial(noise, sigma=sigma) for sigma in (5, 10, 20)},
    **{f"blur {radius}": partial(blur, radius=radius) for radius in (1, 3, 5)},
    **{f"sharpen {percent}%": partial(sharpen, percent=percent) for percent in (100, 300)},
}

ALTERATIONS: Final = tuple(Alteration(name, "tone", alter) for name, alter in _CASES.items())
