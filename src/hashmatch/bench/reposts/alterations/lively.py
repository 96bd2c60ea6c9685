"""Lively things laid over a picture: balls and faces in shades, confetti, snow, scratches."""

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, image
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting
from hashmatch.bench.reposts.alterations.shading import Map, Points, mixed, places, shaped

__all__ = ["ALTERATIONS"]

LIGHT: Final = (-0.45, -0.6, 0.66)
"""Where the light comes from: x, y, and towards who looks."""
MOST: Final = 0.33
"""Of a picture's area that balls and faces cover at most."""


def _spots(setting: Setting, size: tuple[int, int], count: int) -> npt.NDArray[np.float64]:
    """Rows of x, y and radius; all of them together cover at most a third of a picture."""
    random = setting.random
    middles = random.uniform(0.05, 0.95, (count, 2)) * (size[1], size[0])
    radii = random.uniform(0.5, 1, count)
    share = float(random.uniform(0.22, MOST))
    radii *= np.sqrt(share * size[0] * size[1] / (np.pi * (radii**2).sum()))
    return np.column_stack([middles, radii])


def _ball(pixels: Pixels, spot: list[float], colour: npt.ArrayLike, *, face: bool) -> None:
    """Draw a ball in the light into a picture; with a face, eyes and a mouth are on it."""
    x, y, radius = spot
    left, top = max(0, int(x - radius - 1)), max(0, int(y - radius - 1))
    part = pixels[top : int(y + radius + 2), left : int(x + radius + 2)]
    down, across = places(*part.shape[:2])
    u, v = (across + left - x) / radius, (down + top - y) / radius
    far = np.sqrt(u * u + v * v)
    towards = np.sqrt(np.clip(1 - far * far, 0, 1))
    lit = np.clip(LIGHT[0] * u + LIGHT[1] * v + LIGHT[2] * towards, 0, 1)
    shown = np.asarray(colour, np.float32) * (0.3 + 0.75 * lit[..., None])
    shown += 230 * (lit**40)[..., None]
    if face:
        shown = shown + (_features(u, v)[..., None] * (np.array((60, 35, 10)) - shown))
    part[:] = mixed(part, shown, np.clip((1 - far) * radius + 0.5, 0, 1))


def _features(u: Map, v: Map) -> Map:
    """Where on a face, of radius one, eyes and a smile are."""
    eyes = np.minimum(
        ((u - 0.33) / 0.12) ** 2 + ((v + 0.2) / 0.2) ** 2,
        ((u + 0.33) / 0.12) ** 2 + ((v + 0.2) / 0.2) ** 2,
    )
    smile = np.abs(np.hypot(u, v - 0.05) - 0.55) / 0.06 + 4 * np.clip(0.2 - v, 0, 1)
    drawn: Map = np.clip(6 - 5 * np.minimum(eyes, smile), 0, 1).astype(np.float32)
    return drawn


def balls(pixels: Pixels, setting: Setting) -> Pixels:
    """Balls of any colour, each with its shade and a gleam on it."""
    made = pixels.copy()
    colours = setting.random.integers(30, 256, (7, 3))
    for spot, colour in zip(_spots(setting, made.shape[:2], 7).tolist(), colours, strict=True):
        _ball(made, spot, colour, face=False)
    return made


def faces(pixels: Pixels, setting: Setting) -> Pixels:
    """Round yellow faces that look like balls."""
    made = pixels.copy()
    greens = setting.random.integers(150, 220, 4).tolist()
    for spot, green in zip(_spots(setting, made.shape[:2], 4).tolist(), greens, strict=True):
        _ball(made, spot, (255, green, 40), face=True)
    return made


def _slips(setting: Setting, size: tuple[int, int], count: int, least: float, most: float
           ) -> list[Points]:  # fmt: skip
    """Corners of so many slips of paper, each turned otherwise, as long as shares of a side."""
    random = setting.random
    middles = random.uniform(0, 1, (count, 1, 2)) * (size[1], size[0])
    turn = random.uniform(0, np.pi, (count, 1))
    sides = random.uniform(least, most, (count, 1)) * np.sqrt(size[0] * size[1]) / 2
    flat = random.uniform(0.25, 0.8, (count, 1))
    u, v = np.array([[-1, 1, 1, -1]]) * sides, np.array([[-1, -1, 1, 1]]) * sides * flat
    corners = np.stack(
        [u * np.cos(turn) - v * np.sin(turn), u * np.sin(turn) + v * np.cos(turn)], axis=2
    )
    return [*(middles + corners)]


def confetti(pixels: Pixels, setting: Setting) -> Pixels:
    """Slips of coloured paper that fall."""
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    slips = _slips(setting, pixels.shape[:2], 260, 0.015, 0.04)
    colours = setting.random.integers(0, 256, (len(slips), 3)).tolist()
    for slip, colour in zip(slips, colours, strict=True):
        draw.polygon([(x, y) for x, y in slip.tolist()], tuple(colour))
    return array(page)


def snow(pixels: Pixels, setting: Setting) -> Pixels:
    """Flakes, the near ones large and out of focus."""
    height, width = size = pixels.shape[:2]
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    ring = np.column_stack([np.cos(around), np.sin(around)])
    side = np.sqrt(height * width)
    for count, radius, level in ((220, 0.004, 0.95), (90, 0.009, 0.9), (22, 0.022, 0.7)):
        middles = setting.random.uniform(0, 1, (count, 2)) * (width, height)
        sizes = setting.random.uniform(0.6, 1.4, count) * max(0.6, radius * side)
        flakes = [middle + ring * each for middle, each in zip(middles, sizes, strict=True)]
        pixels = mixed(pixels, 252, shaped(size, flakes, level, 0.3 * radius * side))
    return pixels


def scratches(pixels: Pixels, setting: Setting) -> Pixels:
    """An old film: long thin scratches, dust, a flicker of brown."""
    height, width = size = pixels.shape[:2]
    random = setting.random
    thin = max(0.5, 0.0012 * np.sqrt(height * width))
    made = mixed(pixels, (120, 90, 50), 0.18)
    for shade in (245, 15):
        x = random.uniform(0, 1, (14, 1)) * width + random.normal(0, 0.004, (14, 2)) * width
        y = np.sort(random.uniform(-0.3, 1.3, (14, 2)), axis=1) * height
        lines = [
            np.array([(a - thin, c), (a + thin, c), (b + thin, d), (b - thin, d)])
            for (a, b), (c, d) in zip(x, y, strict=True)
        ]
        dust = _slips(setting, size, 60, 0.003, 0.014)
        levels = random.uniform(0.4, 0.95, len(lines) + len(dust))
        made = mixed(made, shade, shaped(size, lines + dust, levels, 0.4 * thin))
    return made


_CASES: Final[dict[str, Alter]] = {
    "shaded balls": balls,
    "shaded faces": faces,
    "confetti": confetti,
    "snow": snow,
    "scratches and dust": scratches,
}

ALTERATIONS: Final = tuple(Alteration(name, "lively", alter) for name, alter in _CASES.items())
