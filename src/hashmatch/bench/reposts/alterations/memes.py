"""Memes: bands with lettering above or below the picture, or all around it."""

from functools import partial
from typing import Final

from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    canvas,
    cover,
    font,
    paste,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "bands", "poster"]

WHITE: Final = (255, 255, 255)
BLACK: Final = (0, 0, 0)


def bands(
    pixels: Pixels, setting: Setting, above: float, below: float, paper: Colour = WHITE
) -> Pixels:
    """Bands of one colour with a line or two of lettering.

    Args:
        pixels: the picture.
        setting: chooses the words.
        above: height of the upper band, as a share of the picture's height; 0 for none.
        below: of the lower one.
        paper: colour of the bands.
    """
    height, width = pixels.shape[:2]
    top, bottom = round(above * height), round(below * height)
    page = canvas(width, height + top + bottom, paper)
    ink = BLACK if sum(paper) > 380 else WHITE
    for start, tall in ((0, top), (top + height, bottom)):
        if tall:
            lines = 1 + int(setting.random.integers(2))
            size = min(round(0.6 * tall / lines), width // 12)
            for line in range(lines):
                words = sentence(setting.random, 5)
                y = start + (tall - lines * size * 1.2) / 2 + line * size * 1.2
                ImageDraw.Draw(page).text(
                    ((width - font(size).getlength(words)) / 2, y), words, ink, font(size)
                )
    paste(page, pixels, 0, top)
    return array(page)


def poster(pixels: Pixels, setting: Setting) -> Pixels:
    """A black poster: a thin white line around the picture, a title and a sentence below it."""
    height, width = pixels.shape[:2]
    margin = width // 8
    page = canvas(width + 2 * margin, height + 3 * margin, BLACK)
    draw = ImageDraw.Draw(page)
    line = max(2, width // 200)
    gap = 2 * line
    draw.rectangle(
        (margin - gap - line, margin - gap - line, margin + width + gap + line - 1,
         margin + height + gap + line - 1),
        outline=WHITE, width=line,
    )  # fmt: skip
    for words, size, y in (
        (sentence(setting.random, 2).upper(), margin // 2, margin * 5 // 4),
        (sentence(setting.random, 6), margin // 5, margin * 9 // 4),
    ):
        x = (page.width - font(size).getlength(words)) / 2
        draw.text((x, height + y), words, WHITE, font(size))
    paste(page, pixels, margin, margin)
    return array(page)


def _face(draw: ImageDraw.ImageDraw, x: float, y: float, r: float) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(255, 205, 60))
    for eye in (-0.4, 0.4):
        draw.ellipse((x + (eye - 0.15) * r, y - 0.4 * r, x + (eye + 0.15) * r, y), fill=(60, 40, 0))
    draw.arc((x - 0.6 * r, y - 0.5 * r, x + 0.6 * r, y + 0.6 * r), 20, 160, (60, 40, 0), 2)


def faces(pixels: Pixels, setting: Setting, dark: bool) -> Pixels:
    """Two lines with small faces among the words above the picture, and a thin line around all."""
    height, width = pixels.shape[:2]
    size = max(10, width // 18)
    band, rim = 3 * size, max(1, width // 150)
    paper, ink = (BLACK, WHITE) if dark else (WHITE, BLACK)
    page = canvas(width + 2 * rim, height + band + rim, paper)
    draw = ImageDraw.Draw(page)
    for line in range(2):
        words = sentence(setting.random, int(setting.random.integers(2, 5)))
        x, y = rim + size / 2, size * (0.3 + 1.3 * line)
        draw.text((x, y), words, ink, font(size))
        middle = x + font(size).getlength(words) + size * 0.8
        for _ in range(int(setting.random.integers(1, 4))):
            _face(draw, middle, y + size * 0.6, size / 2)
            middle += 1.1 * size
    paste(page, pixels, rim, band)
    return array(page)


def caption_strip(pixels: Pixels, setting: Setting) -> Pixels:
    """Two pictures with a line of words each, one below the other: before and after."""
    height, width = pixels.shape[:2]
    band = max(14, height // 9)
    pair = [pixels, cover(setting.stranger(), width, height)]
    if setting.random.integers(2):
        pair.reverse()
    page = canvas(width, 2 * (height + band), WHITE)
    for place, content in enumerate(pair):
        top = place * (height + band)
        words = sentence(setting.random, 4)
        ImageDraw.Draw(page).text((band // 2, top + band // 5), words, BLACK, font(band * 6 // 10))
        paste(page, content, 0, top + band)
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "meme band above": partial(bands, above=0.2, below=0.0),
    "meme bands white": partial(bands, above=0.18, below=0.14),
    "meme bands black": partial(bands, above=0.15, below=0.15, paper=BLACK),
    "meme band below": partial(bands, above=0.0, below=0.3),
    "meme poster": poster,
    "meme with faces, light": partial(faces, dark=False),
    "meme with faces, dark": partial(faces, dark=True),
    "meme of two pictures": caption_strip,
}

ALTERATIONS: Final = tuple(Alteration(name, "meme", alter) for name, alter in _CASES.items())
