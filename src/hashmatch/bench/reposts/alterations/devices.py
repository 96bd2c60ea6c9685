"""Screens of other kinds: tablets, phones held sideways, news, shops, forums, posts scrolled by.

Drawn without a look at how pictures are found: gradients instead of plain pages, shadows, margins
of any width, things that jut into the picture, screens that were cut or shown on other screens.
"""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    blurred,
    canvas,
    cover,
    fit,
    font,
    image,
    lines_of_text,
    paste,
    sentence,
)
from hashmatch.bench.reposts.alterations.interfaces import DARK, LIGHT, feed, gallery
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

TABLETS: Final = ((1536, 2048), (1640, 2360), (2000, 1200), (2048, 1536))
SIDEWAYS: Final = ((1334, 750), (1920, 1080), (2340, 1080), (2400, 1080))
TALL: Final = ((720, 1600), (1080, 1920), (1170, 2532), (1080, 2400))
WHITE: Final = (255, 255, 255)
INK: Final = (28, 30, 33)
PALE: Final = (222, 224, 228)


def _one_of(setting: Setting, sizes: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    return sizes[int(setting.random.integers(len(sizes)))]


def _ramp(size: tuple[int, int], above: Colour, below: Colour) -> Image.Image:
    """A page that runs from one colour at its head to another at its foot."""
    slope = np.linspace(0, 1, size[1])[:, None]
    ramp = (np.array(above) * (1 - slope) + np.array(below) * slope).astype(np.uint8)
    return image(np.repeat(ramp[:, None], size[0], axis=1))


def tablet(pixels: Pixels, setting: Setting, dark: bool) -> Pixels:
    """A tablet's mail program: a list of messages at the left, the picture in the open one."""
    size = _one_of(setting, TABLETS)
    paper, ink = ((24, 25, 28), (230, 230, 232)) if dark else (WHITE, INK)
    page = canvas(*size, paper)
    draw = ImageDraw.Draw(page)
    unit = min(size) // 48
    column = size[0] * int(setting.random.integers(26, 36)) // 100
    draw.rectangle((0, 0, column, size[1]), fill=(32, 33, 37) if dark else (244, 245, 247))
    for y in range(4 * unit, size[1] - 4 * unit, 5 * unit):
        draw.line([(unit, y), (column - unit, y)], (70, 70, 74) if dark else PALE, 2)
        lines_of_text(page, setting.random, (unit, y + unit, column - unit, y + 5 * unit), unit,
                      ink, 2)  # fmt: skip
    left = column + 2 * unit
    y = lines_of_text(page, setting.random, (left, 4 * unit, size[0] - unit, size[1]), 2 * unit,
                      ink, 1)  # fmt: skip
    y = lines_of_text(page, setting.random, (left, y + unit, size[0] - unit, size[1]), unit, ink,
                      int(setting.random.integers(1, 6))) + unit  # fmt: skip
    shown = fit(pixels, size[0] - left - 2 * unit, size[1] - y - 6 * unit)
    paste(page, shown, left, y)
    lines_of_text(page, setting.random, (left, y + shown.shape[0] + unit, size[0] - unit, size[1]),
                  unit, ink, 4)  # fmt: skip
    return array(page)


def sideways(pixels: Pixels, setting: Setting) -> Pixels:
    """A phone held sideways: the picture as high as the screen, buttons upon its ends."""
    size = _one_of(setting, SIDEWAYS)
    page = canvas(*size, (0, 0, 0))
    shown = fit(pixels, *size)
    left, top = (size[0] - shown.shape[1]) // 2, (size[1] - shown.shape[0]) // 2
    paste(page, shown, left, top)
    draw = ImageDraw.Draw(page)
    unit = size[1] // 20
    for x in (unit, size[0] - 3 * unit):
        draw.ellipse((x, unit, x + 2 * unit, 3 * unit), fill=(40, 40, 44), outline=WHITE, width=3)
    draw.text((4 * unit, unit), sentence(setting.random, 2), WHITE, font(unit))
    return array(page)


def night(pixels: Pixels, setting: Setting) -> Pixels:
    """A dark theme that runs from nearly black to nearly black, the picture as a rounded card."""
    size = _one_of(setting, TALL)
    low = setting.random.integers(4, 20, 3).tolist()
    high = setting.random.integers(18, 42, 3).tolist()
    page = _ramp(size, tuple(low), tuple(high))
    unit = size[0] // 24
    draw = ImageDraw.Draw(page)
    draw.text((unit, 2 * unit), sentence(setting.random, 3), (236, 236, 238), font(2 * unit))
    margin = int(setting.random.integers(unit // 2, 3 * unit))
    shown = fit(pixels, size[0] - 2 * margin, size[1] * 6 // 10)
    lowest = max(6 * unit + 1, size[1] - shown.shape[0] - 8 * unit)
    top = int(setting.random.integers(6 * unit, lowest))
    paste(page, shown, (size[0] - shown.shape[1]) // 2, top, unit // 3)
    lines_of_text(page, setting.random, (margin, top + shown.shape[0] + unit, size[0] - margin,
                                         size[1] - 2 * unit), unit, (150, 150, 156), 3)  # fmt: skip
    return array(page)


def shop(pixels: Pixels, setting: Setting) -> Pixels:
    """A shop in a browser: small pictures down the left, the large one, words and a button."""
    page = canvas(1600, 1000, WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1600, 90), fill=(35, 47, 62))
    draw.rounded_rectangle((300, 25, 1200, 65), 8, fill=WHITE)
    shown = fit(pixels, 760, 780)
    top = 140
    for place in range(5):
        small = cover(setting.stranger(), 84, 84)
        paste(page, small, 40, top + 100 * place, 6)
        draw.rectangle((40, top + 100 * place, 124, top + 84 + 100 * place), outline=PALE, width=2)
    paste(page, shown, 150, top)
    if setting.random.integers(2):  # a badge upon a corner of it
        draw.rounded_rectangle((140, top - 10, 300, top + 34), 10, fill=(200, 30, 40))
        draw.text((160, top), sentence(setting.random, 1), WHITE, font(24))
    left = 190 + shown.shape[1]
    y = lines_of_text(page, setting.random, (left, top, 1560, 400), 36, INK, 2)
    lines_of_text(page, setting.random, (left, y + 30, 1560, 760), 22, (90, 92, 96), 9)
    draw.rounded_rectangle((left, 800, min(1560, left + 320), 860), 30, fill=(255, 200, 40))
    return array(page)


def news(pixels: Pixels, setting: Setting) -> Pixels:
    """News on a phone: a bar, a headline, the picture from edge to edge, a line on its foot."""
    size = _one_of(setting, TALL)
    page = canvas(*size, (252, 250, 246))
    unit = size[0] // 24
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, size[0], 3 * unit), fill=(160, 20, 30))
    draw.text((8 * unit, unit // 2), sentence(setting.random, 2).upper(), WHITE, font(2 * unit))
    y = lines_of_text(page, setting.random, (unit, 4 * unit, size[0] - unit, size[1]), 2 * unit,
                      INK, 2) + unit  # fmt: skip
    shown = fit(pixels, size[0], size[1] - y - 10 * unit)
    left = (size[0] - shown.shape[1]) // 2
    paste(page, shown, left, y)
    y += shown.shape[0]
    draw.rectangle((left, y - unit, left + 9 * unit, y), fill=(0, 0, 0))
    draw.text((left + unit // 3, y - unit), sentence(setting.random, 2), WHITE, font(3 * unit // 4))
    lines_of_text(page, setting.random, (unit, y + unit, size[0] - unit, size[1] - 4 * unit), unit,
                  INK, 30)  # fmt: skip
    draw.rectangle((0, size[1] - 3 * unit, size[0], size[1]), fill=(250, 220, 90))
    return array(page)


def scrolled(pixels: Pixels, setting: Setting) -> Pixels:
    """Posts scrolled by: one that is cut off above, the picture, and the next, cut off below."""
    size = _one_of(setting, TALL)
    light = bool(setting.random.integers(2))
    page = canvas(*size, (250, 250, 250) if light else (16, 17, 19))
    ink = INK if light else (228, 228, 230)
    unit = size[0] // 24
    shown = fit(pixels, size[0], size[1] // 2)
    lowest = max(6 * unit + 1, size[1] - shown.shape[0] - 6 * unit)
    top = int(setting.random.integers(6 * unit, lowest))
    above = top - 5 * unit
    if above > 16:
        paste(page, cover(setting.stranger(), size[0], size[0])[-above:], 0, 0)
    lines_of_text(page, setting.random, (unit, top - 4 * unit, size[0] - unit, top), unit, ink, 2)
    paste(page, shown, (size[0] - shown.shape[1]) // 2, top)
    y = top + shown.shape[0]
    lines_of_text(page, setting.random, (unit, y + unit, size[0], y + 4 * unit), unit, ink, 2)
    below = size[1] - y - 5 * unit
    if below > 16:
        paste(page, cover(setting.stranger(), size[0], 2 * size[0])[:below], 0, y + 5 * unit)
    return array(page)


def two_sent(pixels: Pixels, setting: Setting, dark: bool) -> Pixels:
    """A conversation of two pictures, one on each side, without bubbles; words between them."""
    size = _one_of(setting, TALL)
    page = _ramp(size, (0, 0, 0), (20, 22, 28)) if dark else canvas(*size, WHITE)
    unit = size[0] // 24
    draw = ImageDraw.Draw(page)
    draw.text((3 * unit, 2 * unit), sentence(setting.random, 2), WHITE if dark else INK,
              font(unit))  # fmt: skip
    own = int(setting.random.integers(2))
    y = 5 * unit
    for place in range(2):
        content = fit(pixels if place == own else setting.stranger(), size[0] * 65 // 100,
                      size[1] * 36 // 100)  # fmt: skip
        right = bool(place)
        left = size[0] - content.shape[1] - unit if right else unit
        paste(page, content, left, y, int(setting.random.choice([0, unit // 2])))
        y += content.shape[0] + unit
        words = sentence(setting.random, 4)
        wide = round(font(unit).getlength(words)) + unit
        x = size[0] - wide - unit if right else unit
        fill = (0, 110, 220) if right else ((50, 50, 54) if dark else (232, 232, 236))
        draw.rounded_rectangle((x, y, x + wide, y + 2 * unit), unit, fill=fill)
        draw.text((x + unit // 2, y + unit // 3), words, WHITE if right or dark else INK,
                  font(unit))  # fmt: skip
        y += 3 * unit
    return array(page)


def cut_screen(pixels: Pixels, setting: Setting) -> Pixels:
    """A screenshot that somebody cut carelessly: all of the picture, some of what was around it."""
    page = canvas(1400, 1400, (245, 245, 247) if setting.random.integers(2) else (30, 31, 34))
    random = setting.random
    shown = fit(pixels, 900, 900)
    high, wide = shown.shape[:2]
    left, top = (1400 - wide) // 2, (1400 - high) // 2
    ink = (120, 122, 128)
    lines_of_text(page, random, (left, 60, 1340, top - 20), 34, ink, 9)
    lines_of_text(page, random, (left, top + high + 24, 1340, 1380), 34, ink, 12)
    paste(page, shown, left, top)
    cut = [int(random.integers(0, max(1, round(0.2 * side)))) for side in (wide, high, wide, high)]
    whole = array(page)[max(0, top - cut[1]) : top + high + cut[3],
                        max(0, left - cut[0]) : left + wide + cut[2]]  # fmt: skip
    return whole.copy()


def twice(pixels: Pixels, setting: Setting) -> Pixels:
    """A screenshot of a screenshot: a post, as a phone's own viewer shows it."""
    themes = (LIGHT, DARK)
    inner, outer = (themes[int(n)] for n in setting.random.integers(2, size=2))
    return gallery(feed(pixels, setting, inner), setting, outer)


def paused(pixels: Pixels, setting: Setting) -> Pixels:
    """A clip that was stopped: bars beside the picture, a sign in its middle, a line below."""
    size = (1280, 720)
    page = canvas(*size, (0, 0, 0))
    if setting.random.integers(2):
        page = image(blurred(cover(pixels, *size), 40))
    shown = fit(pixels, *size)
    paste(page, shown, (size[0] - shown.shape[1]) // 2, (size[1] - shown.shape[0]) // 2)
    draw = ImageDraw.Draw(page)
    draw.ellipse((600, 320, 680, 400), fill=(20, 20, 22))
    draw.polygon([(630, 340), (630, 380), (664, 360)], fill=WHITE)
    x = round(1240 * float(setting.random.uniform(0.1, 0.9)))
    draw.rectangle((20, 690, 1260, 695), fill=(150, 150, 150))
    draw.rectangle((20, 690, 20 + x, 695), fill=(255, 0, 50))
    return array(page)


def forum(pixels: Pixels, setting: Setting) -> Pixels:
    """A page of a forum: the picture in a quotation, a bar at its left, among words."""
    page = canvas(1080, 1500, (246, 247, 248))
    draw = ImageDraw.Draw(page)
    y = lines_of_text(page, setting.random, (60, 60, 1020, 700), 30, INK,
                      int(setting.random.integers(2, 8))) + 30  # fmt: skip
    shown = fit(pixels, 700, 700)
    high, wide = shown.shape[:2]
    draw.rectangle((60, y, 110 + wide + 40, y + high + 80), fill=(234, 236, 239))
    draw.rectangle((60, y, 68, y + high + 80), fill=(0, 120, 200))
    draw.text((100, y + 10), sentence(setting.random, 3), (90, 90, 96), font(26))
    paste(page, shown, 100, y + 56)
    lines_of_text(page, setting.random, (60, y + high + 120, 1020, 1480), 30, INK, 20)
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "tablet, light": partial(tablet, dark=False),
    "tablet, dark": partial(tablet, dark=True),
    "phone held sideways": sideways,
    "night theme": night,
    "shop": shop,
    "news on a phone": news,
    "posts scrolled by": scrolled,
    "two pictures sent, light": partial(two_sent, dark=False),
    "two pictures sent, dark": partial(two_sent, dark=True),
    "screenshot cut by hand": cut_screen,
    "screenshot of a screenshot": twice,
    "clip stopped": paused,
    "forum": forum,
}

ALTERATIONS: Final = tuple(
    Alteration(name, "unusual screenshot", alter) for name, alter in _CASES.items()
)
