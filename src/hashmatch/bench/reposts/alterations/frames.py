"""Frames of more than one colour: polaroids, dashes, several lines, patterns, strips of film."""

from functools import partial
from typing import Final

from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    canvas,
    cover,
    font,
    image,
    lighter,
    paste,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

PAPER: Final = (250, 249, 244)


def polaroid(pixels: Pixels, setting: Setting, on_stranger: bool) -> Pixels:
    """A print with a broad foot and a word on it, lying on one colour or on another picture."""
    high, wide = pixels.shape[:2]
    rim, foot = round(0.06 * wide), round(0.2 * wide)
    print_ = canvas(wide + 2 * rim, high + rim + foot, PAPER)
    paste(print_, pixels, rim, rim)
    ImageDraw.Draw(print_).text(
        (2 * rim, high + rim + foot // 4), sentence(setting.random, 2), (50, 50, 70),
        font(foot // 2),
    )  # fmt: skip
    around = round(float(setting.random.uniform(0.05, 0.2)) * max(print_.size))
    size = print_.width + 2 * around, print_.height + 2 * around
    shade = int(setting.random.integers(40, 220))
    page = image(cover(setting.stranger(), *size)) if on_stranger else canvas(
        *size, (shade, shade - 20, shade - 30))  # fmt: skip
    page.paste(print_, (around, around))
    return array(page)


def dashed(pixels: Pixels, setting: Setting, share: float) -> Pixels:
    """A white mat with a dashed line around the picture, close to it."""
    high, wide = pixels.shape[:2]
    margin = max(12, round(share * max(high, wide)))
    page = canvas(wide + 2 * margin, high + 2 * margin, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    off, dash, line = margin // 2, margin // 2, max(2, margin // 10)
    red, green, blue = setting.random.integers(0, 160, 3).tolist()
    for x in range(off, page.width - off, 2 * dash):
        for y in (off, page.height - off - line):
            draw.rectangle((x, y, x + dash, y + line), fill=(red, green, blue))
    for y in range(off, page.height - off, 2 * dash):
        for x in (off, page.width - off - line):
            draw.rectangle((x, y, x + line, y + dash), fill=(red, green, blue))
    paste(page, pixels, margin, margin)
    return array(page)


def lines(pixels: Pixels, setting: Setting, share: float) -> Pixels:
    """Several frames, one in another, each in a colour of its own."""
    page = image(pixels)
    for _ in range(3):
        red, green, blue = setting.random.integers(0, 256, 3).tolist()
        margin = max(2, round(share * max(page.size) * setting.random.uniform(0.3, 1.0)))
        outer = canvas(page.width + 2 * margin, page.height + 2 * margin, (red, green, blue))
        outer.paste(page, (margin, margin))
        page = outer
    return array(page)


def pattern(pixels: Pixels, setting: Setting, share: float, checks: bool) -> Pixels:
    """A mat of stripes or chequers in two colours."""
    high, wide = pixels.shape[:2]
    margin = round(share * max(high, wide))
    red, green, blue = setting.random.integers(0, 200, 3).tolist()
    colour: Colour = (red, green, blue)
    page = canvas(wide + 2 * margin, high + 2 * margin, colour)
    draw = ImageDraw.Draw(page)
    step = max(6, round(margin * float(setting.random.uniform(0.2, 0.5))))
    for x in range(0, page.width, 2 * step):
        if not checks:
            draw.rectangle((x, 0, x + step - 1, page.height), fill=lighter(colour, 55))
            continue
        for row, y in enumerate(range(0, page.height, step)):
            left = x + row % 2 * step
            draw.rectangle((left, y, left + step - 1, y + step - 1), fill=lighter(colour, 55))
    paste(page, pixels, margin, margin)
    return array(page)


def film(pixels: Pixels, setting: Setting) -> Pixels:
    """A strip of film: black, with white holes, and pieces of other pictures before and after."""
    high, wide = pixels.shape[:2]
    band, gap = round(0.14 * high), round(0.03 * wide)
    piece = round(wide * float(setting.random.uniform(0.15, 0.5)))
    page = canvas(wide + 2 * piece + 2 * gap, high + 2 * band, (14, 14, 14))
    paste(page, cover(setting.stranger(), piece, high), 0, band)
    paste(page, pixels, piece + gap, band)
    paste(page, cover(setting.stranger(), piece, high), piece + wide + 2 * gap, band)
    draw = ImageDraw.Draw(page)
    for x in range(band // 4, page.width, band):
        for y in (band // 3, page.height - band * 2 // 3):
            draw.rounded_rectangle(
                (x, y, x + band // 2, y + band // 3), band // 12, fill=(240, 240, 240)
            )
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "polaroid": partial(polaroid, on_stranger=False),
    "polaroid on a picture": partial(polaroid, on_stranger=True),
    "dashed line 5%": partial(dashed, share=0.05),
    "three lines": partial(lines, share=0.03),
    "striped mat 10%": partial(pattern, share=0.1, checks=False),
    "chequered mat 10%": partial(pattern, share=0.1, checks=True),
    "strip of film": film,
}

ALTERATIONS: Final = tuple(Alteration(name, "frame", alter) for name, alter in _CASES.items())
