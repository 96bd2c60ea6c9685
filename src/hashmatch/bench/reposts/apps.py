"""Generated screens of one app each, with something else in them."""

from calendar import monthrange
from typing import Final, NamedTuple

import numpy as np
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    any_colour,
    array,
    canvas,
    font,
    image,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["editor", "inbox", "month", "said_by_month", "settings", "sheet", "talk", "weather"]

WHITE: Final = (255, 255, 255)
INK: Final = (20, 20, 20)
GRAY: Final = (120, 120, 120)
BLUE: Final = (40, 90, 200)


def inbox(random: np.random.Generator) -> Pixels:
    """One app's list, with other names in it."""
    page = canvas(540, 1170, (250, 250, 252))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 540, 90), fill=BLUE)
    draw.text((30, 34), "Messages", WHITE, font(28))
    for row in range(11):
        y = 100 + 96 * row
        draw.ellipse((20, y + 12, 84, y + 76), fill=any_colour(random))
        draw.text((104, y + 16), sentence(random, 2), INK, font(22))
        draw.text((104, y + 48), sentence(random, 5), GRAY, font(18))
        draw.line([(104, y + 94), (540, y + 94)], (225, 225, 228), 2)
    return array(page)


def talk(random: np.random.Generator) -> Pixels:
    """A conversation with one person, of words only."""
    page = canvas(720, 1400, (236, 229, 221))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 720, 120), fill=(0, 128, 105))
    draw.ellipse((30, 25, 100, 95), fill=(240, 190, 90))
    draw.text((125, 40), "Robin", WHITE, font(36))
    y = 150
    while y < 1220:
        words = [sentence(random, 4) for _ in range(int(random.integers(1, 4)))]
        wide = 40 + round(max(font(28).getlength(each) for each in words))
        high, mine = 20 + 38 * len(words), bool(random.integers(2))
        x = 700 - wide if mine else 20
        fill = (217, 253, 211) if mine else WHITE
        draw.rounded_rectangle((x, y, x + wide, y + high), 16, fill=fill)
        draw.multiline_text((x + 20, y + 8), "\n".join(words), INK, font(28), spacing=6)
        y += high + 20
    draw.rectangle((0, 1290, 720, 1400), fill=(236, 229, 221))
    draw.rounded_rectangle((20, 1310, 600, 1380), 35, fill=WHITE)
    draw.ellipse((620, 1310, 690, 1380), fill=(0, 128, 105))
    return array(page)


def weather(random: np.random.Generator) -> Pixels:
    """Ten days of some town's weather, on a blue that grows lighter."""
    slope = np.linspace(0, 1, 1400)[:, None, None]
    ramp = np.array([40, 90, 160]) * (1 - slope) + np.array([150, 190, 230]) * slope
    page = image(np.repeat(ramp, 720, axis=1).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    for words, size, y in (
        (sentence(random, 1), 60, 90), (f"{random.integers(-9, 38)}°", 170, 170),
    ):  # fmt: skip
        draw.text(((720 - font(size).getlength(words)) / 2, y), words, WHITE, font(size))
    for day in range(10):
        y, low = 450 + 90 * day, int(random.integers(-9, 20))
        draw.text((50, y), ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day % 7], WHITE,
                  font(34))  # fmt: skip
        fill = (255, 210, 60) if random.integers(2) else (225, 230, 240)
        draw.ellipse((300, y, 345, y + 45), fill=fill)
        draw.text((520, y), f"{low}°  {low + int(random.integers(3, 15))}°", WHITE, font(34))
        draw.line([(50, y + 68), (670, y + 68)], (200, 220, 240), 2)
    return array(page)


def settings(random: np.random.Generator) -> Pixels:
    """One of an app's many pages of switches."""
    page = canvas(720, 1400, (242, 242, 247))
    draw = ImageDraw.Draw(page)
    draw.text((40, 60), "Settings", INK, font(64))
    for row in range(11):
        y = 170 + 110 * row
        draw.rectangle((0, y, 720, y + 106), fill=WHITE)
        draw.rounded_rectangle((30, y + 23, 90, y + 83), 14, fill=any_colour(random))
        draw.text((120, y + 18), sentence(random, 2), INK, font(30))
        draw.text((120, y + 60), sentence(random, 4), GRAY, font(22))
        on = bool(random.integers(2))
        draw.rounded_rectangle((590, y + 28, 680, y + 78), 25,
                               fill=(52, 199, 89) if on else (210, 210, 215))  # fmt: skip
        knob = 632 if on else 592
        draw.ellipse((knob, y + 30, knob + 46, y + 76), fill=WHITE)
    return array(page)


class _Month(NamedTuple):
    year: int
    month: int


def said_by_month(random: np.random.Generator) -> _Month:
    """Which month it is: a calendar of another one says something else."""
    return _Month(int(random.integers(2000, 2030)), int(random.integers(1, 13)))


def month(random: np.random.Generator) -> Pixels:
    """A month of somebody's calendar, with what is on."""
    year, number = said_by_month(random)
    first, days = monthrange(year, number)
    page = canvas(1000, 940, WHITE)
    draw = ImageDraw.Draw(page)
    draw.text((390, 30), f"{number:02} / {year}", (190, 50, 60), font(56))
    for place in range(42):
        x, y = 38 + 132 * (place % 7), 130 + 130 * (place // 7)
        draw.rectangle((x, y, x + 132, y + 130), outline=(180, 180, 180), width=2)
        if 0 <= place - first < days:
            draw.text((x + 12, y + 8), str(place - first + 1), INK, font(28))
            if random.integers(3) == 0:
                draw.rounded_rectangle((x + 8, y + 60, x + 124, y + 100), 6, any_colour(random))
                draw.text((x + 16, y + 66), sentence(random, 1), WHITE, font(22))
    return array(page)


def editor(random: np.random.Generator) -> Pixels:
    """Another program in one editor: files at the left, numbered lines, four colours."""
    page = canvas(1280, 860, (30, 30, 34))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 240, 860), fill=(40, 40, 46))
    draw.rectangle((0, 0, 1280, 40), fill=(60, 60, 66))
    for row, name in enumerate(("main", "water", "pumps", "pipes", "valves", "tests")):
        draw.text((24, 60 + 34 * row), f"{name}.py", (180, 180, 190), font(20))
    shades = ((220, 220, 220), (130, 180, 240), (230, 180, 110), (140, 210, 140))
    deep = 0
    for row in range(28):
        y = 52 + 28 * row
        draw.text((256, y), str(row + 1), (110, 110, 120), font(20))
        deep = int(np.clip(deep + random.integers(-1, 2), 0, 5))
        x = 316.0 + 40 * deep
        for word in range(int(random.integers(0, 6))):
            said = sentence(random, 1).lower() + ("()", " =", ":", "[i]", ",")[word]
            draw.text((x, y), said, shades[int(random.integers(4))], font(20))
            x += font(20).getlength(said) + 12
    return array(page)


def sheet(random: np.random.Generator) -> Pixels:
    """A table in one program: words in the first column, figures in the others."""
    page = canvas(1300, 860, WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1300, 60), fill=(33, 115, 70))
    draw.text((30, 14), "Table", WHITE, font(28))
    for line in range(21):
        draw.line([(0, 60 + 40 * line), (1300, 60 + 40 * line)], (205, 205, 205), 1)
    for column in range(8):
        x = 40 + 158 * column
        draw.line([(x, 60), (x, 860)], (205, 205, 205), 1)
        for row in range(20):
            said = f"{random.uniform(0, 9999):.1f}" if column else sentence(random, 1)
            draw.text((x + 10, 68 + 40 * row), said, INK, font(20))
            if not column:
                draw.text((8, 68 + 40 * row), str(row + 1), GRAY, font(18))
    return array(page)
