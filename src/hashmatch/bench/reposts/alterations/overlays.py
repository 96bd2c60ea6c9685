"""Things put upon a picture: lettering, faces and hearts, watermarks."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import Colour, array, font, image, sentence
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "text"]


def text(pixels: Pixels, setting: Setting, size: float, lines: int = 1) -> Pixels:
    """Lines of white lettering with a dark edge.

    Args:
        pixels: the picture.
        setting: chooses the words and the place.
        size: of the letters, as a share of the picture's height.
        lines: one, or more below each other.
    """
    page = image(pixels)
    tall = max(10, round(size * page.height))
    top = float(setting.random.uniform(0.02, max(0.03, 0.95 - 1.3 * size * lines)))
    for line in range(lines):
        words = sentence(setting.random, int(setting.random.integers(2, 5)))
        wide = font(tall).getlength(words)
        x = max(0.02 * page.width, float(setting.random.uniform(0, 1)) * (page.width - wide))
        ImageDraw.Draw(page).text(
            (x, top * page.height + line * 1.3 * tall), words, (255, 255, 255), font(tall),
            stroke_width=max(1, tall // 14), stroke_fill=(0, 0, 0),
        )  # fmt: skip
    return array(page)


def captions(pixels: Pixels, setting: Setting) -> Pixels:
    """Big capitals at the top and at the bottom, upon the picture."""
    page = image(pixels)
    tall = max(12, page.height // 9)
    for y in (0.02, 0.85):
        words = sentence(setting.random, 3).upper()
        size = min(tall, round(tall * 0.94 * page.width / font(tall).getlength(words)))
        x = (page.width - font(size).getlength(words)) / 2
        ImageDraw.Draw(page).text(
            (x, y * page.height), words, (255, 255, 255), font(size),
            stroke_width=max(1, size // 12), stroke_fill=(0, 0, 0),
        )  # fmt: skip
    return array(page)


def _face(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, colour: Colour) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=colour, outline=(120, 80, 0))
    for eye in (-0.35, 0.35):
        draw.ellipse((x + (eye - 0.12) * r, y - 0.4 * r, x + (eye + 0.12) * r, y - 0.05 * r),
                     fill=(60, 40, 0))  # fmt: skip
    draw.arc((x - 0.6 * r, y - 0.5 * r, x + 0.6 * r, y + 0.65 * r), 20, 160, (60, 40, 0),
             max(2, round(r / 9)))  # fmt: skip


def _heart(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, colour: Colour) -> None:
    draw.pieslice((x - r, y - 0.8 * r, x, y + 0.4 * r), 150, 360, colour)
    draw.pieslice((x, y - 0.8 * r, x + r, y + 0.4 * r), 180, 390, colour)
    draw.polygon([(x - 0.97 * r, y - 0.1 * r), (x + 0.97 * r, y - 0.1 * r), (x, y + r)], colour)


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, r: float, colour: Colour) -> None:
    turn = np.linspace(0, 2 * np.pi, 10, endpoint=False) - np.pi / 2
    reach = np.where(np.arange(10) % 2, 0.45, 1.0) * r
    places = np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], axis=1)
    draw.polygon([(float(a), float(b)) for a, b in places], colour)


def stickers(pixels: Pixels, setting: Setting, count: int, size: float) -> Pixels:
    """Faces, hearts and stars.

    Args:
        pixels: the picture.
        setting: chooses what and where.
        count: how many.
        size: their width, as a share of the picture's shorter side.
    """
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    radius = size * min(page.size) / 2
    for _ in range(count):
        x, y = (setting.random.uniform(0, 1, 2) * page.size).tolist()
        shape = (_face, _heart, _star)[int(setting.random.integers(3))]
        shape(draw, x, y, radius, (255, int(setting.random.integers(40, 220)), 40))
    return array(page)


def watermark(pixels: Pixels, setting: Setting, opacity: float, tiled: bool) -> Pixels:
    """Faint lettering: once in a corner, or aslant all over the picture."""
    base = image(pixels).convert("RGBA")
    mark = sentence(setting.random, 2)
    shade = round(255 * opacity)
    if not tiled:
        size = max(12, base.height // 18)
        layer = Image.new("RGBA", base.size)
        x = base.width - font(size).getlength(mark) - size / 2
        ImageDraw.Draw(layer).text(
            (x, base.height - 1.6 * size), mark, (255, 255, 255, shade), font(size)
        )
    else:
        size = max(12, base.height // 14)
        side = 2 * max(base.size)
        layer = Image.new("RGBA", (side, side))
        draw = ImageDraw.Draw(layer)
        step = round(font(size).getlength(mark) + 2 * size)
        for y in range(0, side, 3 * size):
            for x in range(-(y % step), side, step):
                draw.text((x, y), mark, (255, 255, 255, shade), font(size))
        layer = layer.rotate(30)
        left, top = (side - base.width) // 2, (side - base.height) // 2
        layer = layer.crop((left, top, left + base.width, top + base.height))
    return array(Image.alpha_composite(base, layer))


_CASES: Final[dict[str, Alter]] = {
    "text 4%": partial(text, size=0.04),
    "text 8%": partial(text, size=0.08),
    "text 8%, 3 lines": partial(text, size=0.08, lines=3),
    "captions": captions,
    "sticker 15%": partial(stickers, count=1, size=0.15),
    "5 stickers 12%": partial(stickers, count=5, size=0.12),
    "sticker 35%": partial(stickers, count=1, size=0.35),
    "watermark in a corner": partial(watermark, opacity=0.6, tiled=False),
    "watermark all over": partial(watermark, opacity=0.25, tiled=True),
}

ALTERATIONS: Final = tuple(Alteration(name, "overlay", alter) for name, alter in _CASES.items())
