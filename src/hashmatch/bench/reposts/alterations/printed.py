"""Printed and pasted things: comics, scrapbooks, collector's cards, walls, stickered rims."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    array,
    canvas,
    cover,
    fit,
    font,
    image,
    lines_of_text,
    paste,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

BLACK: Final = (0, 0, 0)
WHITE: Final = (255, 255, 255)


def comic(pixels: Pixels, setting: Setting, rows: int, columns: int) -> Pixels:
    """A page of panels with thick black lines, white between them, words over some of them."""
    high, wide = fit(pixels, 560, 560).shape[:2]
    line, gap = int(setting.random.integers(4, 12)), int(setting.random.integers(8, 30))
    page = canvas(columns * (wide + gap) + gap, rows * (high + gap) + gap, WHITE)
    draw = ImageDraw.Draw(page)
    own = int(setting.random.integers(rows * columns))
    for place in range(rows * columns):
        row, column = divmod(place, columns)
        left, top = gap + column * (wide + gap), gap + row * (high + gap)
        content = fit(pixels, 560, 560) if place == own else cover(setting.stranger(), wide, high)
        paste(page, content, left, top)
        draw.rectangle((left - line, top - line, left + wide + line - 1, top + high + line - 1),
                       outline=BLACK, width=line)  # fmt: skip
        if place != own and setting.random.integers(2):
            draw.ellipse((left + 20, top + 16, left + wide // 2, top + high // 4), fill=WHITE,
                         outline=BLACK, width=3)  # fmt: skip
            draw.text((left + wide // 8, top + high // 10), sentence(setting.random, 2), BLACK,
                      font(22))  # fmt: skip
    return array(page)


def stickered(pixels: Pixels, setting: Setting) -> Pixels:
    """A pastel rim with stickers all over it, some of which jut a little into the picture."""
    high, wide = pixels.shape[:2]
    rim = round(float(setting.random.uniform(0.06, 0.16)) * max(high, wide))
    red, green, blue = setting.random.integers(170, 250, 3).tolist()
    page = canvas(wide + 2 * rim, high + 2 * rim, (red, green, blue))
    paste(page, pixels, rim, rim)
    draw = ImageDraw.Draw(page)
    for _ in range(24):
        size = max(6, round(rim * float(setting.random.uniform(0.35, 0.6))))
        along = float(setting.random.uniform(0, 1))
        x, y = (
            (along * page.width, setting.random.choice([rim // 2, page.height - rim // 2])),
            (setting.random.choice([rim // 2, page.width - rim // 2]), along * page.height),
        )[int(setting.random.integers(2))]
        colour = tuple(setting.random.integers(40, 256, 3).tolist())
        box = (float(x) - size, float(y) - size, float(x) + size, float(y) + size)
        if setting.random.integers(2):
            draw.ellipse(box, fill=colour)
        else:
            draw.regular_polygon((float(x), float(y), size), 5, 0, fill=colour)
    return array(page)


def scrapbook(pixels: Pixels, setting: Setting) -> Pixels:
    """Brown paper with a grain, the picture with a white rim, strips of tape, and handwriting."""
    grain = setting.random.normal(0, 7, (1100, 1300, 1))
    paper = np.clip(np.array((176, 146, 110)) + grain, 0, 255).astype(np.uint8)
    page = image(paper)
    shown = fit(pixels, 800, 700)
    high, wide = shown.shape[:2]
    left = int(setting.random.integers(80, 1240 - wide))
    top = int(setting.random.integers(80, 1000 - high))
    rim = int(setting.random.integers(6, 22))
    draw = ImageDraw.Draw(page)
    draw.rectangle((left - rim, top - rim, left + wide + rim, top + high + rim), fill=WHITE)
    paste(page, shown, left, top)
    tape = np.full((36, 150, 3), (232, 220, 170), np.uint8)
    paste(page, tape, left - 60, top - 34, 0, 200)
    paste(page, tape, left + wide - 90, top - 34, 0, 200)
    draw.text((90, 1030), sentence(setting.random, 6), (60, 40, 30), font(40))
    return array(page)


def card(pixels: Pixels, setting: Setting) -> Pixels:
    """A collector's card: colours running down, a name above the picture, words in a box below."""
    wide = 800
    ends = setting.random.integers(20, 236, (2, 3)).astype(float)
    shown = fit(pixels, wide - 120, 700)
    high = shown.shape[0] + 460
    slope = np.linspace(0, 1, high)[:, None]
    ramp = (ends[0] * (1 - slope) + ends[1] * slope).astype(np.uint8)
    page: Image.Image = image(np.repeat(ramp[:, None], wide, axis=1))
    draw = ImageDraw.Draw(page)
    draw.rounded_rectangle((40, 30, wide - 40, 100), 20, fill=(240, 236, 220))
    draw.text((60, 44), sentence(setting.random, 2), (30, 30, 30), font(40))
    left = (wide - shown.shape[1]) // 2
    draw.rectangle((left - 6, 114, left + shown.shape[1] + 5, 125 + shown.shape[0]),
                   fill=(196, 160, 60))  # fmt: skip
    paste(page, shown, left, 120)
    draw.rectangle((40, shown.shape[0] + 150, wide - 40, high - 40), fill=(246, 242, 228))
    lines_of_text(page, setting.random, (60, shown.shape[0] + 170, wide - 60, high - 60), 28,
                  (40, 40, 40), 6)  # fmt: skip
    return array(page)


def passepartout(pixels: Pixels, setting: Setting) -> Pixels:
    """A print on a wall: a wooden frame, a cream mat with a bevelled edge, light on one side."""
    high, wide = pixels.shape[:2]
    mat = round(float(setting.random.uniform(0.05, 0.15)) * max(high, wide))
    bevel, wood = max(2, mat // 20), max(6, mat // 3)
    around = round(0.2 * max(high, wide))
    off = mat + wood + around
    page = canvas(wide + 2 * off, high + 2 * off, (186, 190, 188))
    shade = np.linspace(1.0, 0.75, page.width)[None, :, None]
    page = image((array(page) * shade).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    for inset, colour in ((around, (92, 60, 34)), (around + wood, (240, 234, 216)),
                          (off - bevel, (252, 250, 246))):  # fmt: skip
        draw.rectangle((inset, inset, page.width - inset - 1, page.height - inset - 1), fill=colour)
    paste(page, pixels, off, off)
    return array(page)


_CASES: Final[dict[str, tuple[str, Alter]]] = {
    "comic of six": ("unusual collage", partial(comic, rows=3, columns=2)),
    "comic of four": ("unusual collage", partial(comic, rows=2, columns=2)),
    "comic strip": ("unusual collage", partial(comic, rows=1, columns=3)),
    "stickered rim": ("unusual frame", stickered),
    "scrapbook": ("unusual frame", scrapbook),
    "collector's card": ("unusual frame", card),
    "on a wall": ("unusual frame", passepartout),
}

ALTERATIONS: Final = tuple(
    Alteration(name, family, alter) for name, (family, alter) in _CASES.items()
)
