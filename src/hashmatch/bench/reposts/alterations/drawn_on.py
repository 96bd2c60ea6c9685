"""What people draw upon a picture with a phone: arrows, bars over eyes, handwriting, bubbles."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, blurred, font, image, sentence
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

RED: Final = (235, 30, 40)


def arrow_and_ring(pixels: Pixels, setting: Setting, thick: float) -> Pixels:
    """A red ring around some place, and an arrow that points to it.

    Args:
        pixels: the picture.
        setting: chooses where.
        thick: of the lines, as a share of the picture's shorter side.
    """
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    short = min(page.size)
    pen = max(2, round(thick * short))
    x, y = (setting.random.uniform(0.3, 0.7, 2) * page.size).tolist()
    reach = 0.18 * short
    draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=RED, width=pen)
    turn = float(setting.random.uniform(0, 2 * np.pi))
    along = np.array([np.cos(turn), np.sin(turn)])
    aside = np.array([-along[1], along[0]])
    tip = np.array([x, y]) + 1.15 * reach * along
    end, neck = tip + 0.3 * short * along, tip + 4 * pen * along
    draw.line([tuple(neck.tolist()), tuple(end.tolist())], RED, 2 * pen)
    draw.polygon([tuple(p.tolist()) for p in (tip, neck + 3 * pen * aside, neck - 3 * pen * aside)],
                 RED)  # fmt: skip
    return array(page)


def bars(pixels: Pixels, setting: Setting, count: int) -> Pixels:
    """Black bars, as over eyes and names."""
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    for _ in range(count):
        wide = float(setting.random.uniform(0.25, 0.45)) * page.width
        high = float(setting.random.uniform(0.06, 0.1)) * page.height
        x = float(setting.random.uniform(0, 1)) * (page.width - wide)
        y = float(setting.random.uniform(0.1, 0.9)) * (page.height - high)
        draw.rectangle((x, y, x + wide, y + high), (0, 0, 0))
    return array(page)


def blurred_places(pixels: Pixels, setting: Setting, count: int, size: float) -> Pixels:
    """Round places made unrecognisable by a blur.

    Args:
        pixels: the picture.
        setting: chooses where.
        count: how many.
        size: their width, as a share of the picture's shorter side.
    """
    height, width = pixels.shape[:2]
    mask = Image.new("L", (width, height))
    reach = size * min(width, height) / 2
    for _ in range(count):
        x, y = setting.random.uniform(0.15, 0.85, 2) * (width, height)
        ImageDraw.Draw(mask).ellipse((x - reach, y - 1.2 * reach, x + reach, y + 1.2 * reach), 255)
    soft = Image.fromarray(blurred(pixels, 0.25 * size * min(width, height)))
    page = image(pixels)
    page.paste(soft, (0, 0), mask)
    return array(page)


def handwriting(pixels: Pixels, setting: Setting, lines: int, thick: float) -> Pixels:
    """Lines of loops that a finger wrote.

    Args:
        pixels: the picture.
        setting: chooses the place, the colour and the loops.
        lines: below each other.
        thick: of the pen, as a share of the picture's shorter side.
    """
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    pen = max(2, round(thick * min(page.size)))
    shade = tuple(setting.random.integers(0, 256, 3).tolist())
    tall = 0.11 * page.height
    top = float(setting.random.uniform(0.1, 0.85 - 0.15 * lines)) * page.height
    for line in range(lines):
        letters = int(setting.random.integers(8, 14))
        at = np.linspace(0, letters, 24 * letters)
        heights = setting.random.uniform(0.4, 1.0, letters + 1)[at.astype(int)]
        x = (0.08 + 0.8 * at / letters) * page.width + 0.35 * tall * np.sin(2 * np.pi * at)
        y = top + 1.4 * tall * line + 0.5 * tall * heights * np.cos(2 * np.pi * at + 0.6)
        draw.line([*zip(x.tolist(), y.tolist(), strict=True)], shade, pen, joint="curve")
    return array(page)


def bubbles(pixels: Pixels, setting: Setting, count: int) -> Pixels:
    """White bubbles with a tail, and words in them."""
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    for _ in range(count):
        wide, high = 0.4 * page.width, 0.2 * page.height
        x = float(setting.random.uniform(0.02, 0.58)) * page.width
        y = float(setting.random.uniform(0.02, 0.7)) * page.height
        tail = [(x + 0.4 * wide, y + 0.9 * high), (x + 0.55 * wide, y + 0.9 * high),
                (x + 0.35 * wide, y + 1.4 * high)]  # fmt: skip
        draw.polygon(tail, (255, 255, 255), outline=(0, 0, 0))
        draw.ellipse((x, y, x + wide, y + high), (255, 255, 255), outline=(0, 0, 0), width=2)
        for line in range(2):
            words = sentence(setting.random, 3)
            size = max(8, int(min(0.2 * high, 0.2 * high * 0.7 * wide
                                  / font(max(6, round(0.2 * high))).getlength(words))))  # fmt: skip
            left = x + (wide - font(size).getlength(words)) / 2
            draw.text((left, y + (0.25 + 0.27 * line) * high), words, (0, 0, 0), font(size))
    return array(page)


def question(pixels: Pixels, setting: Setting) -> Pixels:
    """A box with a question and two answers, as stories have them."""
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    wide, high = 0.7 * page.width, 0.26 * page.height
    x = float(setting.random.uniform(0.05, 0.25)) * page.width
    y = float(setting.random.uniform(0.1, 0.65)) * page.height
    draw.rounded_rectangle((x, y, x + wide, y + high), 0.12 * high, (255, 255, 255))
    size = max(8, round(0.17 * high))
    words = sentence(setting.random, 4) + "?"
    size = max(8, min(size, int(size * 0.9 * wide / font(size).getlength(words))))
    draw.text((x + (wide - font(size).getlength(words)) / 2, y + 0.12 * high), words, (0, 0, 0),
              font(size))  # fmt: skip
    for half, shade in ((0, (90, 160, 250)), (1, (250, 120, 130))):
        left = x + (0.04 + 0.48 * half) * wide
        draw.rounded_rectangle((left, y + 0.5 * high, left + 0.44 * wide, y + 0.9 * high),
                               0.1 * high, shade)  # fmt: skip
        draw.text((left + 0.1 * wide, y + 0.58 * high), ("Yes", "No")[half], (255, 255, 255),
                  font(size))  # fmt: skip
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "arrow and ring": partial(arrow_and_ring, thick=0.012),
    "arrow and ring, thick": partial(arrow_and_ring, thick=0.025),
    "3 bars": partial(bars, count=3),
    "blurred place 35%": partial(blurred_places, count=1, size=0.35),
    "3 blurred places 30%": partial(blurred_places, count=3, size=0.3),
    "handwriting, two lines": partial(handwriting, lines=2, thick=0.012),
    "handwriting, four lines": partial(handwriting, lines=4, thick=0.018),
    "two bubbles": partial(bubbles, count=2),
    "question": question,
}

ALTERATIONS: Final = tuple(Alteration(name, "drawn on", alter) for name, alter in _CASES.items())
