"""Generated papers of one print that say something else each time: letters, forms, tickets, slides.

What is printed is the same on all of a kind; the seed chooses what is filled in.
"""

from typing import Final

import numpy as np
from PIL import ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    array,
    canvas,
    font,
    image,
    lines_of_text,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = ["form", "letter", "letterhead", "quote", "receipt", "slide", "ticket"]

WHITE: Final = (255, 255, 255)
INK: Final = (30, 30, 30)
GRAY: Final = (130, 130, 130)
PEN: Final = (20, 30, 140)
BLUE: Final = (40, 80, 150)
RED: Final = (150, 40, 50)
_LABELS: Final = (
    "Surname", "First name", "Street", "Town", "Date of birth", "Telephone", "E-mail", "Occupation",
    "Remarks", "Signature",
)  # fmt: skip
_BOXES: Final = ("I have read the rules.", "Send me the newsletter.", "I pay once a year.")
_FIELDS: Final = ("FROM", "TO", "NAME", "DATE", "COACH", "SEAT")


def letter(random: np.random.Generator) -> Pixels:
    """A letter: head, paragraphs, white margins."""
    page = canvas(620, 877, WHITE)
    y = lines_of_text(page, random, (60, 60, 560, 120), 26, (10, 10, 10), 1) + 30
    while y < 800:
        lines = int(random.integers(3, 9))
        y = lines_of_text(page, random, (60, y, 560, 820), 13, INK, lines) + 14
    return array(page)


def letterhead(random: np.random.Generator) -> Pixels:
    """A firm's sign, name and address, and a letter below them."""
    page = canvas(1000, 1400, WHITE)
    draw = ImageDraw.Draw(page)
    draw.ellipse((80, 70, 180, 170), fill=BLUE)
    draw.polygon([(130, 85), (95, 150), (165, 150)], fill=WHITE)
    draw.text((210, 90), "North Shore Water Works", INK, font(44))
    draw.text((210, 145), "12 Harbour Road, Port Hale", GRAY, font(20))
    draw.line([(80, 200), (920, 200)], BLUE, 4)
    draw.text((700, 240), f"No. {int(random.integers(10000, 99999))}", INK, font(22))
    y = lines_of_text(page, random, (80, 320, 920, 400), 24, INK, 2) + 30
    while y < 1200:
        lines = int(random.integers(3, 8))
        y = lines_of_text(page, random, (80, y, 920, 1260), 22, INK, lines) + 20
    draw.text((80, 1330), "Page 1 of 1", GRAY, font(18))
    return array(page)


def form(random: np.random.Generator) -> Pixels:
    """An application with a box behind each label, filled in by another person."""
    page = canvas(900, 1270, WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 900, 110), fill=BLUE)
    draw.text((50, 32), "Application for membership", WHITE, font(44))
    for place, label in enumerate(_LABELS):
        y = 150 + 84 * place
        draw.text((50, y + 14), label, INK, font(22))
        draw.rectangle((280, y, 850, y + 58), outline=GRAY, width=2)
        draw.text((300, y + 12), sentence(random, int(random.integers(1, 5))), PEN, font(28))
    for place, label in enumerate(_BOXES):
        y = 1010 + 50 * place
        draw.rectangle((50, y, 80, y + 30), outline=INK, width=2)
        draw.text((100, y), label, INK, font(22))
        if random.integers(2):
            draw.line([(50, y), (80, y + 30)], PEN, 4)
            draw.line([(80, y), (50, y + 30)], PEN, 4)
    _bar_code(draw, random, (500, 1170, 850, 1240))
    return array(page)


def ticket(random: np.random.Generator) -> Pixels:
    """A ticket for a train: six fields and a bar code."""
    page = canvas(1100, 440, (252, 244, 226))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1100, 90), fill=RED)
    draw.text((40, 20), "RAIL TICKET", WHITE, font(50))
    for place, label in enumerate(_FIELDS):
        x, y = 40 + 240 * (place % 3), 120 + 150 * (place // 3)
        draw.text((x, y), label, GRAY, font(20))
        said = sentence(random, 1) if place < 3 else str(random.integers(1, 1000))
        draw.text((x, y + 35), said, INK, font(40))
    _bar_code(draw, random, (760, 130, 1060, 400))
    return array(page)


def receipt(random: np.random.Generator) -> Pixels:
    """What was bought in one shop, line by line, and what it came to."""
    lines = int(random.integers(6, 15))
    page = canvas(560, 470 + 40 * lines, (250, 250, 247))
    draw = ImageDraw.Draw(page)
    draw.text((110, 40), "CORNER SHOP", INK, font(50))
    draw.text((160, 105), "Main Street 12, Port Hale", INK, font(20))
    prices = random.integers(30, 3000, lines).tolist()
    for place, price in enumerate([*prices, sum(prices)]):
        y = 170 + 40 * place + (20 if place == lines else 0)
        said = "TOTAL" if place == lines else sentence(random, 2).upper()
        draw.text((40, y), said, INK, font(24))
        cost = f"{price / 100:.2f}"
        draw.text((520 - font(24).getlength(cost), y), cost, INK, font(24))
    _bar_code(draw, random, (120, 270 + 40 * lines, 440, 350 + 40 * lines))
    draw.text((180, 390 + 40 * lines), "THANK YOU", INK, font(34))
    return array(page)


def quote(random: np.random.Generator) -> Pixels:
    """Words of wisdom on a run of colours, and the account that spreads them."""
    slope = np.linspace(0, 1, 1000)[:, None, None]
    ramp = np.array([250, 214, 220]) * (1 - slope) + np.array([196, 214, 246]) * slope
    page = image(np.repeat(ramp, 1000, axis=1).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    draw.text((80, 60), "\N{LEFT DOUBLE QUOTATION MARK}", (120, 90, 130), font(200))
    lines = int(random.integers(3, 6))
    for line in range(lines):
        words = sentence(random, 4)
        x = (1000 - font(64).getlength(words)) / 2
        draw.text((x, 500 + 90 * (line - lines / 2)), words, (60, 40, 80), font(64))
    draw.text((390, 910), "@daily.words", (120, 90, 130), font(36))
    return array(page)


def slide(random: np.random.Generator) -> Pixels:
    """One of many slides of a talk: a title and some lines, between two bars."""
    page = canvas(1280, 720, WHITE)
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1280, 110), fill=BLUE)
    draw.rectangle((0, 680, 1280, 720), fill=(60, 60, 70))
    draw.text((50, 25), sentence(random, 4), WHITE, font(52))
    draw.text((50, 688), "Yearly meeting of the water works", WHITE, font(20))
    for line in range(int(random.integers(3, 7))):
        y = 160 + 80 * line
        draw.ellipse((60, y + 12, 76, y + 28), fill=BLUE)
        draw.text((100, y), sentence(random, int(random.integers(4, 10))), INK, font(36))
    return array(page)


def _bar_code(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, box: tuple[int, int, int, int]
) -> None:
    left, top, right, bottom = box
    while left < right:
        wide, gap = random.integers(2, 10, 2).tolist()
        draw.rectangle((left, top, min(right, left + wide), bottom), fill=(0, 0, 0))
        left += wide + gap
