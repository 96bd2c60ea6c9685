"""Generated pages that are alike without being copies: documents, apps, flags, blank ones."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    canvas,
    font,
    image,
    lines_of_text,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["PAGES", "says_the_same"]

Random = np.random.Generator


def _colour(random: Random) -> Colour:
    red, green, blue = random.integers(0, 256, 3).tolist()
    return red, green, blue


def document(random: Random) -> Pixels:
    """A letter: head, paragraphs, white margins."""
    page = canvas(620, 877, (255, 255, 255))
    y = lines_of_text(page, random, (60, 60, 560, 120), 26, (10, 10, 10), 1) + 30
    while y < 800:
        lines = int(random.integers(3, 9))
        y = lines_of_text(page, random, (60, y, 560, 820), 13, (30, 30, 30), lines) + 14
    return array(page)


def app(random: Random) -> Pixels:
    """One app's list, with other names in it."""
    page = canvas(540, 1170, (250, 250, 252))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 540, 90), fill=(40, 90, 200))
    draw.text((30, 34), "Messages", (255, 255, 255), font(28))
    for row in range(11):
        y = 100 + 96 * row
        draw.ellipse((20, y + 12, 84, y + 76), fill=_colour(random))
        draw.text((104, y + 16), sentence(random, 2), (20, 20, 20), font(22))
        draw.text((104, y + 48), sentence(random, 5), (120, 120, 120), font(18))
        draw.line([(104, y + 94), (540, y + 94)], (225, 225, 228), 2)
    return array(page)


def flag(random: Random) -> Pixels:
    """Three stripes, or a cross, of three colours."""
    first, second, third = _colour(random), _colour(random), _colour(random)
    page = canvas(900, 600, first)
    draw = ImageDraw.Draw(page)
    kind = int(random.integers(3))
    if kind == 0:
        draw.rectangle((300, 0, 600, 600), fill=second)
        draw.rectangle((600, 0, 900, 600), fill=third)
    elif kind == 1:
        draw.rectangle((0, 200, 900, 400), fill=second)
        draw.rectangle((0, 400, 900, 600), fill=third)
    else:
        at = int(random.integers(240, 480))
        draw.rectangle((at, 0, at + 120, 600), fill=second)
        draw.rectangle((0, 240, 900, 360), fill=second)
    return array(page)


class _Logo(NamedTuple):
    shade: Colour
    x: int
    size: int
    round: bool
    word: str


def _logo(random: Random) -> _Logo:
    shade, x = _colour(random), int(random.integers(120, 260))
    size = int(random.integers(60, 120))
    return _Logo(shade, x, size, not random.integers(2), sentence(random, 1))


def logo(random: Random) -> Pixels:
    """A shape and a word on white."""
    shade, x, size, is_round, word = _logo(random)
    page = canvas(800, 500, (255, 255, 255))
    draw = ImageDraw.Draw(page)
    box = (x - size, 250 - size, x + size, 250 + size)
    (draw.ellipse if is_round else draw.rectangle)(box, fill=shade)
    draw.text((x + size + 30, 215), word, shade, font(70))
    return array(page)


def blank(random: Random) -> Pixels:
    """One colour, with the grain of a sensor."""
    page = np.array(canvas(700, 500, _colour(random)), np.float64)
    grain = random.normal(0, float(random.uniform(0, 3)), page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def gradient(random: Random) -> Pixels:
    """From one colour to another, in some direction."""
    y, x = np.mgrid[0:500, 0:700] / 700
    turn = float(random.uniform(0, 2 * np.pi))
    slope = x * np.cos(turn) + y * np.sin(turn)
    slope = (slope - slope.min()) / (slope.max() - slope.min())
    ends = np.array([_colour(random), _colour(random)], float)
    ramp = ends[0] + slope[..., None] * (ends[1] - ends[0])
    return array(image(ramp.astype(np.uint8)))


PAGES: Final[dict[str, Callable[[Random], Pixels]]] = {
    "documents": document, "one app": app, "flags": flag, "logos": logo, "blank pages": blank,
    "gradients": gradient,
}  # fmt: skip


def says_the_same(kind: str, one: Random, other: Random) -> bool:
    """Whether two pages of a kind are what a person calls one: logos of one word and one shape.

    Args:
        kind: of `PAGES`.
        one: as the one is made from.
        other: as the other is.
    """
    if kind != "logos":
        return False
    first, second = _logo(one), _logo(other)
    return (first.round, first.word) == (second.round, second.word)
