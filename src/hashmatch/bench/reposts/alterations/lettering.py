"""Much lettering upon a picture: memes without bands, announcements, banners, whole paragraphs."""

from functools import partial
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, font, image, sentence
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "banner", "capitals", "four_lines", "words"]


def _fitting(line: str, tall: int, wide: float) -> int:
    """The size of letters, at most so tall, in which a line is at most so wide."""
    return max(8, min(tall, int(tall * wide / font(tall).getlength(line))))


def _written(
    page: Image.Image, line: str, size: int, y: float, fill: tuple[int, ...] = (255, 255, 255)
) -> None:
    """A line in the middle of a page, outlined in black."""
    x = (page.width - font(size).getlength(line)) / 2
    ImageDraw.Draw(page).text(
        (x, y), line, fill, font(size), stroke_width=max(1, size // 10), stroke_fill=(0, 0, 0)
    )


def capitals(pixels: Pixels, setting: Setting, lines: int, size: float) -> Pixels:
    """Outlined capitals above and below, as memes without bands have them.

    Args:
        pixels: the picture.
        setting: chooses the words.
        lines: at each end.
        size: of the letters, as a share of the picture's height.
    """
    page = image(pixels)
    tall = max(12, round(size * page.height))
    for end in range(2):
        for line in range(lines):
            words = sentence(setting.random, int(setting.random.integers(3, 6))).upper()
            fitting = _fitting(words, tall, 0.94 * page.width)
            down = 1.15 * tall * line
            _written(page, words, fitting, down + 0.02 * page.height if end == 0 else
                     0.97 * page.height - 1.15 * tall * lines + down)  # fmt: skip
    return array(page)


def words(pixels: Pixels, setting: Setting, lines: int, size: float) -> Pixels:
    """A paragraph over the middle, in any colour.

    Args:
        pixels: the picture.
        setting: chooses the words and their colour.
        lines: of them.
        size: of the letters, as a share of the picture's height.
    """
    page = image(pixels)
    tall = max(10, round(size * page.height))
    shade = tuple(setting.random.integers(0, 256, 3).tolist())
    top = 0.5 * page.height - 0.65 * tall * lines
    for line in range(lines):
        said = sentence(setting.random, int(setting.random.integers(4, 8)))
        fitting = _fitting(said, tall, 0.9 * page.width)
        x = (page.width - font(fitting).getlength(said)) / 2
        ImageDraw.Draw(page).text((x, top + 1.3 * tall * line), said, shade, font(fitting))
    return array(page)


def four_lines(pixels: Pixels, setting: Setting) -> Pixels:
    """Four lines of large outlined capitals, from top to bottom."""
    page = image(pixels)
    tall = max(14, round(0.17 * page.height))
    for line in range(4):
        said = sentence(setting.random, 2).upper()
        fitting = _fitting(said, tall, 0.96 * page.width)
        _written(page, said, fitting, (0.03 + 0.24 * line) * page.height)
    return array(page)


def banner(pixels: Pixels, setting: Setting, tall: float, opacity: float) -> Pixels:
    """A translucent band of any colour across the picture, with two lines in it.

    Args:
        pixels: the picture.
        setting: chooses the place, the colour and the words.
        tall: height of the band, as a share of the picture's.
        opacity: 0 to 1.
    """
    base = image(pixels).convert("RGBA")
    high = max(20, round(tall * base.height))
    top = round(float(setting.random.uniform(0.05, 0.95 - tall)) * base.height)
    shade = tuple(setting.random.integers(0, 256, 3).tolist())
    layer = Image.new("RGBA", base.size)
    draw = ImageDraw.Draw(layer)
    draw.rectangle((0, top, base.width, top + high), fill=(*shade, round(255 * opacity)))
    for line in range(2):
        said = sentence(setting.random, int(setting.random.integers(3, 6)))
        fitting = _fitting(said, round(0.36 * high), 0.92 * base.width)
        x = (base.width - font(fitting).getlength(said)) / 2
        ink = (0, 0, 0, 255) if sum(shade) > 384 else (255, 255, 255, 255)
        draw.text((x, top + (0.08 + 0.46 * line) * high), said, ink, font(fitting))
    return array(Image.alpha_composite(base, layer))


def tiled(pixels: Pixels, setting: Setting, size: float, opacity: float) -> Pixels:
    """A name aslant all over the picture, as agencies print it.

    Args:
        pixels: the picture.
        setting: chooses the name and the slant.
        size: of the letters, as a share of the picture's height.
        opacity: 0 to 1.
    """
    base = image(pixels).convert("RGBA")
    said = sentence(setting.random, 2)
    tall = max(10, round(size * base.height))
    side = round(1.5 * max(base.size))
    layer = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(layer)
    step = font(tall).getlength(said) + 1.5 * tall
    for row, y in enumerate(range(0, side, round(2.5 * tall))):
        for x in np.arange(-(row % 2) * step / 2, side, step).tolist():
            draw.text((x, y), said, (255, 255, 255, round(255 * opacity)), font(tall))
    layer = layer.rotate(float(setting.random.uniform(15, 45)))
    left, top = (side - base.width) // 2, (side - base.height) // 2
    layer = layer.crop((left, top, left + base.width, top + base.height))
    return array(Image.alpha_composite(base, layer))


_CASES: Final[dict[str, Alter]] = {
    "capitals above and below": partial(capitals, lines=1, size=0.13),
    "two lines of capitals above and below": partial(capitals, lines=2, size=0.1),
    "4 lines over the middle": partial(words, lines=4, size=0.07),
    "8 lines over the middle": partial(words, lines=8, size=0.05),
    "four lines of large capitals": four_lines,
    "banner 25%": partial(banner, tall=0.25, opacity=0.6),
    "banner 40%": partial(banner, tall=0.4, opacity=0.5),
    "tiled watermark, faint": partial(tiled, size=0.06, opacity=0.3),
    "tiled watermark, strong": partial(tiled, size=0.06, opacity=0.6),
}

ALTERATIONS: Final = tuple(
    Alteration(name, "much lettering", alter) for name, alter in _CASES.items()
)
