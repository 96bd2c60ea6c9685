"""Screenshots: the picture as programs show it, on phones and desktops, light and dark."""

from functools import partial
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    blurred,
    canvas,
    cover,
    fit,
    font,
    image,
    lighter,
    lines_of_text,
    paste,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "browser", "chat", "feed", "gallery", "story"]


class _Theme(NamedTuple):
    paper: Colour
    ink: Colour
    faint: Colour
    bubbles: tuple[Colour, Colour]


LIGHT: Final = _Theme((255, 255, 255), (20, 20, 20), (140, 140, 140),
                      ((220, 248, 198), (240, 240, 240)))  # fmt: skip
DARK: Final = _Theme((18, 18, 20), (235, 235, 235), (130, 130, 130),
                     ((0, 92, 75), (44, 48, 52)))  # fmt: skip
PHONES: Final = ((720, 1280), (750, 1334), (828, 1792), (1080, 1920), (1080, 2340), (1080, 2400))
DESKTOPS: Final = ((1366, 768), (1440, 900), (1920, 1080))


def _screen(setting: Setting, sizes: tuple[tuple[int, int], ...], colour: Colour) -> Image.Image:
    return canvas(*sizes[int(setting.random.integers(len(sizes)))], colour)


def _status_bar(page: Image.Image, setting: Setting, theme: _Theme) -> int:
    """Clock, signal and battery; returns the bar's height."""
    unit = page.width // 36
    draw = ImageDraw.Draw(page)
    hour, minute = setting.random.integers(0, (24, 60)).tolist()
    draw.text((unit, unit // 2), f"{hour}:{minute:02}", theme.ink, font(unit))
    x = page.width - 3 * unit
    draw.rounded_rectangle(
        (x, unit * 0.6, x + 1.8 * unit, unit * 1.4), unit // 5, outline=theme.ink, width=2
    )
    draw.rectangle((x + 4, unit * 0.6 + 4, x + unit, unit * 1.4 - 4), fill=theme.ink)
    for bar in range(4):
        left = x - (5 - bar) * unit * 0.4
        draw.rectangle(
            (left, unit * (1.2 - 0.2 * bar), left + unit * 0.25, unit * 1.4), fill=theme.ink
        )
    return 2 * unit


def _title_bar(page: Image.Image, setting: Setting, theme: _Theme, top: int) -> int:
    """An arrow back, a round portrait and a name; returns where the bar ends."""
    unit = page.width // 24
    draw = ImageDraw.Draw(page)
    y = top + unit
    draw.line([(unit * 1.2, y - unit // 2), (unit * 0.7, y), (unit * 1.2, y + unit // 2)],
              theme.ink, max(2, unit // 8))  # fmt: skip
    _portrait(page, setting, 2 * unit, top + unit // 4, round(1.6 * unit))
    draw.text((4 * unit, top + unit // 2), sentence(setting.random, 2), theme.ink, font(unit))
    return top + 2 * unit + unit // 4


def _portrait(page: Image.Image, setting: Setting, left: int, top: int, side: int) -> None:
    paste(page, cover(setting.stranger(), side, side), left, top, side // 2)


def _tab_bar(page: Image.Image, theme: _Theme) -> int:
    """Five signs at the foot; returns where the bar begins."""
    unit = page.width // 20
    top = page.height - 3 * unit
    draw = ImageDraw.Draw(page)
    draw.line([(0, top), (page.width, top)], theme.faint, 2)
    for place in range(5):
        x, y = (2 + 4 * place) * unit, top + 1.5 * unit
        box = (x - unit // 2, y - unit // 2, x + unit // 2, y + unit // 2)
        (draw.ellipse if place % 2 else draw.rectangle)(box, outline=theme.ink, width=3)
    return top


def gallery(pixels: Pixels, setting: Setting, theme: _Theme) -> Pixels:
    """A phone's own viewer: the picture in the middle of an empty screen."""
    page = _screen(setting, PHONES, theme.paper)
    top = _title_bar(page, setting, theme, _status_bar(page, setting, theme))
    bottom = _tab_bar(page, theme)
    shown = fit(pixels, page.width, bottom - top)
    left = (page.width - shown.shape[1]) // 2
    paste(page, shown, left, top + (bottom - top - shown.shape[0]) // 2)
    return array(page)


def feed(pixels: Pixels, setting: Setting, theme: _Theme) -> Pixels:
    """A post: who, the picture, signs to press, and what people say; and the next one below."""
    page = _screen(setting, PHONES, theme.paper)
    unit = page.width // 24
    draw = ImageDraw.Draw(page)
    y = _title_bar(page, setting, theme, _status_bar(page, setting, theme)) + unit // 2
    bottom = _tab_bar(page, theme)
    if setting.random.integers(2):
        y = lines_of_text(page, setting.random, (unit, y, page.width - unit, bottom), unit,
                          theme.ink, int(setting.random.integers(1, 4))) + unit // 2  # fmt: skip
    margin = int(setting.random.choice([0, 0, unit // 2, unit]))
    shown = fit(pixels, page.width - 2 * margin, (bottom - y) * 3 // 4)
    left = (page.width - shown.shape[1]) // 2
    paste(page, shown, left, y, int(setting.random.choice([0, unit])) if margin else 0)
    y += shown.shape[0] + unit // 2
    for sign in range(3):
        x = unit + sign * 2 * unit
        draw.ellipse((x, y, x + unit, y + unit), outline=theme.ink, width=3)
    y = lines_of_text(page, setting.random, (unit, y + 3 * unit // 2, page.width - unit, bottom),
                      round(0.8 * unit), theme.ink, 3)  # fmt: skip
    room = bottom - y - 3 * unit
    if room > unit:
        _portrait(page, setting, unit, y + unit // 2, 2 * unit)
        page.paste(Image.fromarray(cover(setting.stranger(), page.width, room)), (0, y + 3 * unit))
    return array(page)


def _wallpaper(page: Image.Image, setting: Setting, theme: _Theme) -> None:
    """Behind a chat: plain, or with a pattern of faint signs."""
    if setting.random.integers(2):
        draw = ImageDraw.Draw(page)
        tint = lighter(theme.paper, 12 if sum(theme.paper) < 380 else -14)
        for x, y in setting.random.integers(0, page.size, (160, 2)).tolist():
            size = page.width // 50
            draw.arc((x, y, x + size, y + size), 20, 300, tint, 2)


def chat(pixels: Pixels, setting: Setting, theme: _Theme) -> Pixels:
    """A conversation in which the picture hangs in a bubble, with the time in its corner."""
    paper = lighter(theme.paper, 8) if theme is DARK else (236, 229, 221)
    page = _screen(setting, PHONES, paper)
    _wallpaper(page, setting, theme._replace(paper=paper))
    draw = ImageDraw.Draw(page)
    unit = page.width // 24
    draw.rectangle((0, 0, page.width, 5 * unit), fill=theme.paper)
    y = _title_bar(page, setting, theme, _status_bar(page, setting, theme)) + 3 * unit
    foot = page.height - 3 * unit
    draw.rectangle((0, foot, page.width, page.height), fill=theme.paper)
    draw.rounded_rectangle(
        (unit, foot + unit // 2, page.width - 4 * unit, page.height - unit // 2), unit,
        outline=theme.faint, width=2,
    )  # fmt: skip

    def say(top: int, mine: bool) -> int:
        words = sentence(setting.random, int(setting.random.integers(2, 6)))
        wide = round(font(unit).getlength(words)) + 2 * unit
        left = page.width - wide - unit if mine else unit
        draw.rounded_rectangle(
            (left, top, left + wide, top + 2 * unit), unit // 2, fill=theme.bubbles[not mine]
        )
        draw.text((left + unit, top + unit // 2), words, theme.ink, font(unit))
        return top + 2 * unit + unit // 2

    for turn in range(int(setting.random.integers(1, 4))):
        y = say(y, bool(turn % 2))
    mine = bool(setting.random.integers(2))
    pad = int(setting.random.integers(unit // 8, unit // 2 + 1))
    share = float(setting.random.uniform(0.6, 0.8))
    shown = fit(pixels, round(page.width * share), foot - y - 3 * unit)
    high, wide = shown.shape[:2]
    left = page.width - wide - 2 * pad - unit // 2 if mine else unit // 2
    radius = unit // 2
    draw.rounded_rectangle((left, y, left + wide + 2 * pad, y + high + 2 * pad), radius,
                           fill=theme.bubbles[not mine])  # fmt: skip
    paste(page, shown, left + pad, y + pad, max(0, radius - pad // 2))
    draw.text((left + pad + wide - 3 * unit, y + pad + high - unit), "12:41", (255, 255, 255),
              font(3 * unit // 4))  # fmt: skip
    y += high + 2 * pad + unit // 2
    while y + 2 * unit < foot:
        y = say(y, bool(setting.random.integers(2)))
    return array(page)


def story(pixels: Pixels, setting: Setting, blurry: bool) -> Pixels:
    """A full-screen story: the picture in the middle, blur or a run of colours around it."""
    page = _screen(setting, PHONES, (0, 0, 0))
    if blurry:
        page = image(blurred(cover(pixels, *page.size), page.width / 25))
    else:
        ends = setting.random.integers(40, 216, (2, 3)).astype(float)
        slope = np.linspace(0, 1, page.height)[:, None]
        ramp = (ends[0] * (1 - slope) + ends[1] * slope).astype(np.uint8)
        page = image(np.repeat(ramp[:, None], page.width, axis=1))
    unit = page.width // 24
    draw = ImageDraw.Draw(page)
    draw.line([(unit // 2, unit // 2), (page.width - unit // 2, unit // 2)], (255, 255, 255), 4)
    _portrait(page, setting, unit // 2, unit, 2 * unit)
    white = (255, 255, 255)
    draw.text((3 * unit, 3 * unit // 2), sentence(setting.random, 2), white, font(unit))
    margin = int(setting.random.choice([0, unit, 2 * unit]))
    shown = fit(pixels, page.width - 2 * margin, page.height - 12 * unit)
    top = (page.height - shown.shape[0]) // 2
    paste(page, shown, (page.width - shown.shape[1]) // 2, top, unit // 2 if margin else 0)
    if setting.random.integers(2):
        words = sentence(setting.random, 4)
        wide, y = round(font(unit).getlength(words)), top + shown.shape[0] + unit
        x = (page.width - wide) // 2
        draw.rounded_rectangle((x - unit // 2, y, x + wide + unit // 2, y + 2 * unit), unit // 2,
                               fill=white)  # fmt: skip
        draw.text((x, y + unit // 2), words, (20, 20, 20), font(unit))
    return array(page)


def browser(pixels: Pixels, setting: Setting, theme: _Theme) -> Pixels:
    """A desktop with a window: tabs, an address, a column with the picture, text beside it."""
    page = _screen(setting, DESKTOPS, theme.paper)
    draw = ImageDraw.Draw(page)
    unit = page.height // 36
    chrome = lighter(theme.paper, 25 if theme is DARK else -25)
    draw.rectangle((0, 0, page.width, 3 * unit), fill=chrome)
    for tab in range(int(setting.random.integers(1, 6))):
        left = unit + tab * 7 * unit
        draw.rounded_rectangle((left, unit // 3, left + 6 * unit, 2 * unit), unit // 3,
                               fill=theme.paper)  # fmt: skip
        draw.text((left + unit // 2, unit // 2), sentence(setting.random, 2)[:12], theme.ink,
                  font(2 * unit // 3))  # fmt: skip
    draw.rounded_rectangle((5 * unit, 2 * unit, page.width - 5 * unit, 3 * unit - 3), unit // 2,
                           fill=theme.paper)  # fmt: skip
    column = page.width * 6 // 10
    left = int(setting.random.integers(unit, page.width // 8))
    box = (left, 4 * unit, left + column, page.height)
    y = lines_of_text(page, setting.random, box, 3 * unit // 2, theme.ink, 1) + unit // 2
    shown = fit(pixels, column, page.height - y - 4 * unit)
    paste(page, shown, left, y)
    lines_of_text(page, setting.random, (left, y + shown.shape[0] + unit // 2, left + column,
                                         page.height), 3 * unit // 4, theme.ink, 9)  # fmt: skip
    side = left + column + 2 * unit
    lines_of_text(page, setting.random, (side, 5 * unit, page.width - unit, page.height - 8 * unit),
                  3 * unit // 4, theme.faint, 40)  # fmt: skip
    _portrait(page, setting, side, page.height - 7 * unit, 6 * unit)
    return array(page)


_CASES: Final[dict[str, tuple[str, Alter]]] = {
    "phone, light": ("screenshot", partial(gallery, theme=LIGHT)),
    "phone, dark": ("screenshot", partial(gallery, theme=DARK)),
    "feed post, light": ("screenshot", partial(feed, theme=LIGHT)),
    "feed post, dark": ("screenshot", partial(feed, theme=DARK)),
    "chat, light": ("screenshot", partial(chat, theme=LIGHT)),
    "chat, dark": ("screenshot", partial(chat, theme=DARK)),
    "browser, light": ("screenshot", partial(browser, theme=LIGHT)),
    "browser, dark": ("screenshot", partial(browser, theme=DARK)),
    "story, blurred": ("story", partial(story, blurry=True)),
    "story, colours": ("story", partial(story, blurry=False)),
}

ALTERATIONS: Final = tuple(
    Alteration(name, family, alter) for name, (family, alter) in _CASES.items()
)
