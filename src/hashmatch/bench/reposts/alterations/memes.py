"""Memes: bands with lettering above or below the picture, or all around it."""

from functools import partial
from typing import Final

from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    canvas,
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


_CASES: Final[dict[str, Alter]] = {
    "meme band above": partial(bands, above=0.2, below=0.0),
    "meme bands white": partial(bands, above=0.18, below=0.14),
    "meme bands black": partial(bands, above=0.15, below=0.15, paper=BLACK),
    "meme band below": partial(bands, above=0.0, below=0.3),
    "meme poster": poster,
}

ALTERATIONS: Final = tuple(Alteration(name, "meme", alter) for name, alter in _CASES.items())
