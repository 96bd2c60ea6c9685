"""Pictures as other programs show them: quoted, listed, played, viewed, sent, shared on."""

from functools import partial
from typing import Final

import numpy as np
from PIL import ImageDraw, ImageFilter

from hashmatch.bench.reposts.alterations.drawing import (
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
from hashmatch.bench.reposts.alterations.interfaces import DESKTOPS, PHONES
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

BLACK: Final = (0, 0, 0)
WHITE: Final = (255, 255, 255)
GRAY: Final = (130, 130, 135)


def _phone(setting: Setting) -> tuple[int, int]:
    return PHONES[int(setting.random.integers(len(PHONES)))]


def quote(pixels: Pixels, setting: Setting) -> Pixels:
    """A short message with its picture as a white card with round corners, on a run of colours."""
    wide = 1080
    ends = setting.random.integers(30, 226, (2, 3)).astype(float)
    unit = wide // 30
    shown = fit(pixels, wide - 6 * unit, 1100)
    card = canvas(wide - 4 * unit, shown.shape[0] + 9 * unit, WHITE)
    paste(card, cover(setting.stranger(), 3 * unit, 3 * unit), unit, unit, 3 * unit // 2)
    draw = ImageDraw.Draw(card)
    draw.text((5 * unit, unit), sentence(setting.random, 2), (15, 20, 25), font(unit))
    draw.text((5 * unit, 5 * unit // 2), "@" + sentence(setting.random, 1), GRAY, font(unit))
    lines_of_text(card, setting.random, (unit, 9 * unit // 2, card.width - unit, 8 * unit), unit,
                  (15, 20, 25), 2)  # fmt: skip
    paste(card, shown, (card.width - shown.shape[1]) // 2, 8 * unit, unit)
    high = card.height + 6 * unit
    slope = np.linspace(0, 1, high)[:, None]
    ramp = (ends[0] * (1 - slope) + ends[1] * slope).astype(np.uint8)
    page = image(np.repeat(ramp[:, None], wide, axis=1))
    paste(page, array(card), 2 * unit, 3 * unit, unit)
    return array(page)


def player(pixels: Pixels, setting: Setting) -> Pixels:
    """A phone that plays a clip: the picture at the top, a bar below it, titles and small pictures.

    The knob of the bar juts out into the picture, and its length is written in the corner.
    """
    page = canvas(*_phone(setting), (15, 15, 15))
    draw = ImageDraw.Draw(page)
    unit = page.width // 24
    top = 2 * unit
    shown = fit(pixels, page.width, page.height * 6 // 10)
    high, wide = shown.shape[:2]
    left = (page.width - wide) // 2
    draw.rectangle((0, top, page.width, top + high), fill=BLACK)
    paste(page, shown, left, top)
    x = round(page.width * float(setting.random.uniform(0.05, 0.9)))
    foot = top + high
    draw.rectangle((0, foot - unit // 6, page.width, foot + unit // 6), fill=(90, 90, 90))
    draw.rectangle((0, foot - unit // 6, x, foot + unit // 6), fill=(230, 30, 30))
    draw.ellipse((x - unit // 2, foot - unit // 2, x + unit // 2, foot + unit // 2),
                 fill=(230, 30, 30))  # fmt: skip
    y = lines_of_text(page, setting.random, (unit, foot + unit, page.width - unit, page.height),
                      5 * unit // 4, (240, 240, 240), 2) + unit  # fmt: skip
    while y + 4 * unit < page.height:
        paste(page, cover(setting.stranger(), 8 * unit, 9 * unit // 2), unit, y)
        lines_of_text(page, setting.random, (10 * unit, y, page.width - unit, y + 4 * unit),
                      4 * unit // 5, (200, 200, 200), 3)  # fmt: skip
        y += 5 * unit
    return array(page)


def roll(pixels: Pixels, setting: Setting) -> Pixels:
    """A viewer with a row of small pictures below the large one, on black."""
    page = canvas(*_phone(setting), BLACK)
    unit = page.width // 24
    shown = fit(pixels, page.width, page.height - 12 * unit)
    top = 4 * unit + (page.height - 12 * unit - shown.shape[0]) // 2
    paste(page, shown, (page.width - shown.shape[1]) // 2, top)
    for place in range(12):
        small = cover(setting.stranger(), 2 * unit - 3, 3 * unit)
        page.paste(image(small), (place * 2 * unit, page.height - 7 * unit))
    draw = ImageDraw.Draw(page)
    for x in (2, 10, 20):
        y = page.height - 2 * unit
        draw.ellipse((x * unit, y - unit, (x + 1) * unit, y), outline=WHITE, width=3)
    draw.text((unit, unit), sentence(setting.random, 2), WHITE, font(unit))
    return array(page)


def window(pixels: Pixels, setting: Setting) -> Pixels:
    """A window with a bar and a shadow, open before the picture on a desktop."""
    wide, high = DESKTOPS[int(setting.random.integers(len(DESKTOPS)))]
    page = image(cover(setting.stranger(), wide, high))
    unit = high // 36
    shown = fit(pixels, wide * 7 // 10, high * 7 // 10)
    tall, broad = shown.shape[:2]
    left = int(setting.random.integers(unit, wide - broad - unit))
    top = int(setting.random.integers(3 * unit, high - tall - unit))
    shadow = ImageDraw.Draw(page)
    shadow.rectangle((left, top - unit, left + broad + unit // 2, top + tall + unit // 2),
                     fill=(20, 20, 20))  # fmt: skip
    page = page.filter(ImageFilter.GaussianBlur(1))
    draw = ImageDraw.Draw(page)
    draw.rounded_rectangle((left, top - 3 * unit // 2, left + broad, top + unit), unit // 2,
                           fill=(222, 222, 226))  # fmt: skip
    for place, colour in enumerate(((237, 106, 94), (245, 191, 79), (97, 197, 84))):
        x, y = left + (1 + 2 * place) * unit // 2, top - unit
        draw.ellipse((x, y, x + unit // 2, y + unit // 2), fill=colour)
    draw.text((left + broad // 3, top - 5 * unit // 4), sentence(setting.random, 3), (60, 60, 60),
              font(unit))  # fmt: skip
    paste(page, shown, left, top)
    return array(page)


def listing(pixels: Pixels, setting: Setting) -> Pixels:
    """Something for sale: the picture over the whole width, small ones, a price, and a button."""
    page = canvas(*_phone(setting), (250, 250, 250))
    unit = page.width // 24
    shown = fit(pixels, page.width, page.height * 6 // 10)
    paste(page, shown, (page.width - shown.shape[1]) // 2, 0)
    y = shown.shape[0] + unit // 2
    for place in range(4):
        left = unit // 2 + place * 5 * unit
        paste(page, cover(setting.stranger(), 9 * unit // 2, 4 * unit), left, y, unit // 2)
    draw = ImageDraw.Draw(page)
    y += 5 * unit
    draw.text((unit, y), f"{int(setting.random.integers(5, 900))},00", (10, 10, 10), font(2 * unit))
    lines_of_text(page, setting.random, (unit, y + 3 * unit, page.width - unit, page.height), unit,
                  (70, 70, 70), 8)  # fmt: skip
    draw.rounded_rectangle(
        (unit, page.height - 3 * unit, page.width - unit, page.height - unit), unit // 2,
        fill=(30, 110, 240),
    )  # fmt: skip
    return array(page)


def article(pixels: Pixels, setting: Setting) -> Pixels:
    """A newspaper's page: columns of small print around the picture."""
    page = canvas(1240, 1600, (238, 234, 224))
    ink, unit = (40, 38, 36), 1240 // 40
    lines_of_text(page, setting.random, (unit, unit, 1240 - unit, 4 * unit), 2 * unit, ink, 1)
    column = (1240 - 5 * unit) // 4
    shown = fit(pixels, 2 * column + unit, 900)
    first = int(setting.random.integers(3))
    left = unit + first * (column + unit)
    top = int(setting.random.integers(4, 12)) * unit
    for number in range(4):
        x = unit + number * (column + unit)
        beside = number in {first, first + 1}
        upper = top - unit // 2 if beside else page.height - unit
        lines_of_text(page, setting.random, (x, 4 * unit, x + column, upper), unit // 2, ink, 200)
        if beside:
            below = (x, top + shown.shape[0] + unit, x + column, page.height - unit)
            lines_of_text(page, setting.random, below, unit // 2, ink, 200)
    paste(page, shown, left, top)
    return array(page)


def slide(pixels: Pixels, setting: Setting) -> Pixels:
    """A slide: a title, words in a list, and the picture to their right or left."""
    shade = int(setting.random.choice([255, 245, 25]))
    page = canvas(1600, 900, (shade, shade, shade))
    ink = (30, 40, 60) if shade > 128 else (230, 230, 230)
    ImageDraw.Draw(page).rectangle((0, 0, 1600, 20), fill=(40, 90, 160))
    right = bool(setting.random.integers(2))
    lines_of_text(page, setting.random, (80, 60, 1500, 150), 64, ink, 1)
    shown = fit(pixels, 820, 620)
    left = 1540 - shown.shape[1] if right else 60
    words = (80, 230, left - 60) if right else (100 + shown.shape[1], 230, 1540)
    lines_of_text(page, setting.random, (*words, 800), 36, ink, 9)
    paste(page, shown, left, 200)
    return array(page)


def album(pixels: Pixels, setting: Setting, dark: bool) -> Pixels:
    """A chat in which the picture was sent with another, in one bubble with a thin gap."""
    wide, high = _phone(setting)
    page = canvas(wide, high, (11, 20, 26) if dark else (239, 231, 222))
    unit = wide // 24
    draw = ImageDraw.Draw(page)
    bubble = (0, 92, 75) if dark else (217, 253, 211)
    ink = (233, 237, 239) if dark else (17, 27, 33)
    draw.rectangle((0, 0, wide, 4 * unit), fill=(32, 44, 51) if dark else (0, 128, 105))
    draw.text((3 * unit, 3 * unit // 2), sentence(setting.random, 2), WHITE, font(unit))
    pad, gap = unit // 5, max(2, unit // 6)
    shown = fit(pixels, wide * 7 // 10, high * 4 // 10)
    tall, broad = shown.shape[:2]
    other = cover(setting.stranger(), broad, max(8, tall * 6 // 10))
    whole = tall + gap + other.shape[0] + 2 * pad
    left = wide - broad - 2 * pad - unit // 2 if setting.random.integers(2) else unit // 2
    top = int(setting.random.integers(5 * unit, max(5 * unit + 1, high - whole - 3 * unit)))
    draw.rounded_rectangle((left, top, left + broad + 2 * pad, top + whole), unit // 2, fill=bubble)
    pair = [shown, other] if setting.random.integers(2) else [other, shown]
    y = top + pad
    for content in pair:
        paste(page, content, left + pad, y, unit // 3)
        y += content.shape[0] + gap
    lines_of_text(page, setting.random, (unit, top + whole + unit, wide - unit, high), unit, ink, 2)
    return array(page)


def shared(pixels: Pixels, setting: Setting) -> Pixels:
    """Somebody's post shared on in a story: a card with a name, upon another picture."""
    page = image(cover(setting.stranger(), *_phone(setting)))
    if setting.random.integers(2):
        page = image(blurred(array(page), page.width / 60))
    unit = page.width // 24
    shown = fit(pixels, page.width - 6 * unit, page.height * 6 // 10)
    high, wide = shown.shape[:2]
    card = canvas(wide, high + 3 * unit, WHITE)
    paste(card, cover(setting.stranger(), 2 * unit, 2 * unit), unit // 2, unit // 2, unit)
    ImageDraw.Draw(card).text((3 * unit, unit), sentence(setting.random, 2), (20, 20, 20),
                              font(unit))  # fmt: skip
    paste(card, shown, 0, 3 * unit)
    paste(page, array(card), (page.width - wide) // 2, (page.height - card.height) // 2, unit // 2)
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "quoted post": quote,
    "player": player,
    "viewer with a roll": roll,
    "window on a desktop": window,
    "listing": listing,
    "newspaper": article,
    "slide": slide,
    "album in a chat, light": partial(album, dark=False),
    "album in a chat, dark": partial(album, dark=True),
    "post in a story": shared,
}

ALTERATIONS: Final = tuple(
    Alteration(name, "other screenshot", alter) for name, alter in _CASES.items()
)
