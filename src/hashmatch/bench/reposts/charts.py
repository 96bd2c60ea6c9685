"""Generated charts of one style, with other figures in them."""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, canvas, font, sentence
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["bars", "curves", "pie"]

INK: Final = (50, 50, 50)
SHADES: Final = (
    (31, 119, 180), (255, 127, 14), (44, 160, 44), (214, 39, 40), (148, 103, 189),
)  # fmt: skip


def bars(random: np.random.Generator) -> Pixels:
    """Six to twelve bars of one colour, with a word below each."""
    page = _axes("Visitors")
    draw = ImageDraw.Draw(page)
    count = int(random.integers(6, 13))
    step = 960 / count
    for place, share in enumerate(random.uniform(0.05, 1, count).tolist()):
        x = 110 + step * place
        draw.rectangle((x, 660 - 550 * share, x + 0.7 * step, 659), fill=SHADES[0])
        draw.text((x, 675), sentence(random, 1)[:5], INK, font(20))
    return array(page)


def curves(random: np.random.Generator) -> Pixels:
    """Three lines that rise and fall."""
    page = _axes("Price of a ton")
    draw = ImageDraw.Draw(page)
    x = np.linspace(100, 1060, 60)
    for shade in SHADES[:3]:
        y = np.clip(385 + np.cumsum(random.normal(0, 30, 60)), 110, 650)
        draw.line(np.stack([x, y], axis=1).ravel().tolist(), shade, 5)
    return array(page)


def pie(random: np.random.Generator) -> Pixels:
    """A whole in five parts, and what they stand for."""
    page = canvas(1000, 750, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    draw.text((380, 30), "Where it goes", INK, font(40))
    start = float(random.uniform(0, 360))
    for place, share in enumerate(random.dirichlet(np.full(len(SHADES), 2.0)).tolist()):
        end, y = start + 360 * share, 250 + 60 * place
        draw.pieslice((80, 130, 620, 670), start, end, SHADES[place], (255, 255, 255), 3)
        draw.rectangle((700, y, 730, y + 30), fill=SHADES[place])
        draw.text((745, y), f"{sentence(random, 1)} {share:.0%}", INK, font(26))
        start = end
    return array(page)


def _axes(title: str) -> Image.Image:
    """A white page with a title, a scale, and lines across."""
    page = canvas(1100, 740, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    draw.text((100, 30), title, INK, font(40))
    for line in range(6):
        y = 660 - 110 * line
        draw.line([(100, y), (1060, y)], (215, 215, 215), 2)
        draw.text((40, y - 12), str(20 * line), INK, font(22))
    draw.line([(100, 110), (100, 660), (1060, 660)], INK, 3)
    return page
