"""Generated pages that show little: flags, logos, QR codes, boards, blanks, runs of colour."""

from typing import Final, NamedTuple

import numpy as np
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    any_colour,
    array,
    canvas,
    font,
    image,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["blank", "board", "flag", "gradient", "logo", "qr_code", "said_by_logo"]

WHITE: Final = (255, 255, 255)


def flag(random: np.random.Generator) -> Pixels:
    """Three stripes, or a cross, of three colours."""
    first, second, third = any_colour(random), any_colour(random), any_colour(random)
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


def _logo(random: np.random.Generator) -> _Logo:
    shade, x = any_colour(random), int(random.integers(120, 260))
    size = int(random.integers(60, 120))
    return _Logo(shade, x, size, not random.integers(2), sentence(random, 1))


def said_by_logo(random: np.random.Generator) -> tuple[bool, str]:
    """Whether it is round, and its word: a logo in another colour is the same one."""
    made = _logo(random)
    return made.round, made.word


def logo(random: np.random.Generator) -> Pixels:
    """A shape and a word on white."""
    shade, x, size, is_round, word = _logo(random)
    page = canvas(800, 500, WHITE)
    draw = ImageDraw.Draw(page)
    box = (x - size, 250 - size, x + size, 250 + size)
    (draw.ellipse if is_round else draw.rectangle)(box, fill=shade)
    draw.text((x + size + 30, 215), word, shade, font(70))
    return array(page)


def qr_code(random: np.random.Generator) -> Pixels:
    """Random modules between the three squares of a QR code."""
    dark = random.integers(0, 2, (29, 29), np.uint8)
    y, x = np.mgrid[-3:5, -3:5]
    ring = np.maximum(np.abs(y), np.abs(x))
    corner = (ring != 2) & (ring != 4)
    dark[:8, :8], dark[:8, -8:], dark[-8:, :8] = corner, corner[:, ::-1], corner[::-1]
    modules = np.kron(np.pad(dark, 4), np.ones((20, 20), np.uint8))
    return np.repeat(255 * (1 - modules)[..., None], 3, axis=2)


def board(random: np.random.Generator) -> Pixels:
    """Draughtsmen on a board, in another position each time."""
    page = canvas(800, 800, (240, 217, 181))
    draw = ImageDraw.Draw(page)
    for row in range(8):
        for column in range(8):
            x, y = 100 * column, 100 * row
            if (row + column) % 2:
                draw.rectangle((x, y, x + 99, y + 99), fill=(181, 136, 99))
                man = int(random.integers(4))  # half of the squares are empty
                if man < 2:
                    fill, edge = ((25, 25, 25), WHITE) if man else (WHITE, (25, 25, 25))
                    draw.ellipse((x + 15, y + 15, x + 85, y + 85), fill, edge, 3)
    return array(page)


def blank(random: np.random.Generator) -> Pixels:
    """One colour, with the grain of a sensor."""
    page = np.array(canvas(700, 500, any_colour(random)), np.float64)
    grain = random.normal(0, float(random.uniform(0, 3)), page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def gradient(random: np.random.Generator) -> Pixels:
    """From one colour to another, in some direction."""
    y, x = np.mgrid[0:500, 0:700] / 700
    turn = float(random.uniform(0, 2 * np.pi))
    slope = x * np.cos(turn) + y * np.sin(turn)
    slope = (slope - slope.min()) / (slope.max() - slope.min())
    ends = np.array([any_colour(random), any_colour(random)], float)
    ramp = ends[0] + slope[..., None] * (ends[1] - ends[0])
    return array(image(ramp.astype(np.uint8)))
