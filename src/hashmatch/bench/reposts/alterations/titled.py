"""Words as memes, films, cameras and apps put them on pictures: narrow capitals, titles, marks."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    font,
    image,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

WHITE: Final = (255, 255, 255)
YELLOW: Final = (255, 230, 60)


def _narrow(words: str, tall: int, wide: int, colour: Colour) -> Image.Image:
    """Heavy letters with a thick edge, two thirds as wide as they come, on nothing."""
    edge = max(2, tall // 9)
    length = round(font(tall).getlength(words)) + 2 * edge
    line = Image.new("RGBA", (length, round(1.25 * tall) + 2 * edge))
    ImageDraw.Draw(line).text(
        (edge, edge), words, colour, font(tall), stroke_width=edge, stroke_fill=(0, 0, 0)
    )
    letters = Image.new("RGBA", line.size)
    letters.alpha_composite(line)
    for by in range(1, max(2, tall // 16)):  # made heavy by being written again, a little aside
        ImageDraw.Draw(letters).text((edge + by, edge), words, colour, font(tall))
    return letters.resize((max(1, min(wide, length * 2 // 3)), letters.height))


def narrow_capitals(
    pixels: Pixels, setting: Setting, above: int, below: int, size: float, colour: Colour = WHITE
) -> Pixels:
    """Outlined capitals as most memes have them.

    Args:
        pixels: the picture.
        setting: chooses the words.
        above: lines at the upper end.
        below: and at the lower one.
        size: of the letters, as a share of the picture's height.
        colour: of the letters.
    """
    page = image(pixels)
    tall = max(12, round(size * page.height))
    step = 1.12 * tall
    tops = [0.01 * page.height + step * n for n in range(above)]
    tops += [0.96 * page.height - step * (below - n) for n in range(below)]
    for top in tops:
        words = sentence(setting.random, int(setting.random.integers(3, 6))).upper()
        line = _narrow(words, tall, round(0.96 * page.width), colour)
        page.paste(line, ((page.width - line.width) // 2, round(top)), line)
    return array(page)


def subtitles(pixels: Pixels, setting: Setting, lines: int, colour: Colour) -> Pixels:
    """Lines of a film's talk near the lower edge."""
    page = image(pixels)
    tall = max(10, round(0.06 * page.height))
    for line in range(lines):
        words = sentence(setting.random, int(setting.random.integers(4, 8)))
        size = max(8, min(tall, int(tall * 0.9 * page.width / font(tall).getlength(words))))
        x = (page.width - font(size).getlength(words)) / 2
        y = 0.95 * page.height - 1.25 * tall * (lines - line)
        ImageDraw.Draw(page).text(
            (x, y),
            words,
            colour,
            font(size),
            stroke_width=max(1, size // 12),
            stroke_fill=(0, 0, 0),
        )
    return array(page)


def darkened_third(pixels: Pixels, setting: Setting, share: float, opacity: float) -> Pixels:
    """A title and a line below it, on a shade that grows towards the lower edge.

    Args:
        pixels: the picture.
        setting: chooses the words.
        share: of the height that is shaded.
        opacity: at the lower edge, 0 to 1.
    """
    height, width = pixels.shape[:2]
    grows = np.clip((np.arange(height) / height - (1 - share)) / share, 0, 1) * opacity
    page = image((pixels * (1 - grows[:, None, None])).astype(np.uint8))
    for words, size, y in (
        (sentence(setting.random, 3), 0.09, 1 - 0.62 * share),
        (sentence(setting.random, 6), 0.045, 1 - 0.25 * share),
    ):
        tall = max(9, round(size * height))
        fitting = max(8, min(tall, int(tall * 0.9 * width / font(tall).getlength(words))))
        ImageDraw.Draw(page).text((0.05 * width, y * height), words, WHITE, font(fitting))
    return array(page)


def date(pixels: Pixels, setting: Setting) -> Pixels:
    """Orange figures in the lower right corner, as cameras print them."""
    page = image(pixels)
    year, month, day = (
        int(setting.random.integers(*span)) for span in ((80, 100), (1, 13), (1, 29))
    )
    size = max(10, page.height // 16)
    said = f"{month:2d} {day:2d} '{year}"
    x = 0.96 * page.width - font(size).getlength(said)
    ImageDraw.Draw(page).text(
        (x, 0.95 * page.height - size), said, (255, 140, 30), font(size), stroke_width=1,
        stroke_fill=(150, 50, 0),
    )  # fmt: skip
    return array(page)


def marks(pixels: Pixels, setting: Setting, size: float) -> Pixels:
    """A round sign and a name beside it, in two corners, as an app marks what is saved from it."""
    base = image(pixels).convert("RGBA")
    layer = Image.new("RGBA", base.size)
    draw = ImageDraw.Draw(layer)
    said = "@" + sentence(setting.random, 2).replace(" ", "_").lower()
    tall = max(10, round(size * base.height))
    wide = font(tall).getlength(said) + 1.6 * tall
    for x, y in (
        (0.04 * base.width, 0.05 * base.height),
        (0.96 * base.width - wide, 0.93 * base.height - tall),
    ):
        draw.ellipse((x, y, x + 1.2 * tall, y + 1.2 * tall), (255, 255, 255, 220))
        draw.polygon([(x + 0.45 * tall, y + 0.3 * tall), (x + 0.45 * tall, y + 0.9 * tall),
                      (x + 0.95 * tall, y + 0.6 * tall)], (30, 30, 30, 230))  # fmt: skip
        draw.text((x + 1.5 * tall, y), said, (255, 255, 255, 210), font(tall))
    return array(Image.alpha_composite(base, layer))


def rolling_words(pixels: Pixels, setting: Setting, lines: int) -> Pixels:
    """Large words in boxes of their own, line below line, as short films have them."""
    page = image(pixels)
    draw = ImageDraw.Draw(page)
    tall = max(12, round(0.075 * page.height))
    top = float(setting.random.uniform(0.2, 0.6)) * page.height
    for line in range(lines):
        words = sentence(setting.random, int(setting.random.integers(2, 5)))
        size = max(8, min(tall, int(tall * 0.85 * page.width / font(tall).getlength(words))))
        wide = font(size).getlength(words)
        x, y = (page.width - wide) / 2, top + 1.5 * tall * line
        box = (x - 0.4 * size, y - 0.1 * size, x + wide + 0.4 * size, y + 1.3 * size)
        draw.rounded_rectangle(box, 0.3 * size, WHITE)
        draw.text((x, y), words, (20, 20, 20), font(size))
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "narrow capitals above and below": partial(narrow_capitals, above=1, below=1, size=0.14),
    "narrow capitals, two lines each": partial(narrow_capitals, above=2, below=2, size=0.1),
    "narrow capitals, three lines below": partial(
        narrow_capitals, above=0, below=3, size=0.11, colour=YELLOW
    ),
    "subtitles, white": partial(subtitles, lines=2, colour=WHITE),
    "subtitles, yellow": partial(subtitles, lines=1, colour=YELLOW),
    "title on a darkened third": partial(darkened_third, share=0.35, opacity=0.8),
    "title on a darkened half": partial(darkened_third, share=0.5, opacity=0.95),
    "date of a camera": date,
    "marks of an app": partial(marks, size=0.04),
    "words in boxes": partial(rolling_words, lines=3),
}

ALTERATIONS: Final = tuple(Alteration(name, "titled", alter) for name, alter in _CASES.items())
