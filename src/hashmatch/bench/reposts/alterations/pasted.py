"""A stranger's photograph with the picture: in letters, cut out upon it, shining through, below it.

Of a stranger less is seen than of the picture itself, but in a call of four.
"""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from hashmatch.bench.reposts.alterations.collages import LONGEST
from hashmatch.bench.reposts.alterations.drawing import (
    array,
    canvas,
    cover,
    fit,
    font,
    image,
    paste,
    resized,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting
from hashmatch.bench.reposts.alterations.shading import mixed, places

__all__ = ["ALTERATIONS"]

WHITE: Final = (255, 255, 255)


def letters(pixels: Pixels, setting: Setting) -> Pixels:
    """Two lines of very large letters that are windows to a stranger's photograph."""
    height, width = pixels.shape[:2]
    behind = cover(setting.stranger(), width, height)
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    top = float(setting.random.uniform(0.04, 0.16))
    for line in range(2):
        words = sentence(setting.random, 2).upper()[:8].strip()
        tall = round(0.38 * height)
        tall = round(min(tall, tall * 0.88 * width / font(tall).getlength(words)))
        draw.text((width / 2, (top + 0.2 + 0.41 * line) * height), words, 255, font(tall),
                  anchor="mm", stroke_width=tall // 40)  # fmt: skip
    return mixed(pixels, behind, np.array(mask, np.float32) / 255)


def cut_out(pixels: Pixels, setting: Setting) -> Pixels:
    """A piece of a stranger's photograph with a round and soft edge, over a fifth to a third."""
    random = setting.random
    height, width = pixels.shape[:2]
    stranger = setting.stranger()
    share, longer = float(random.uniform(0.2, 0.32)), float(random.uniform(0.8, 1.25))
    across, down = np.sqrt(share / np.pi * longer), np.sqrt(share / np.pi / longer)
    waves = random.uniform(0, 0.09, 3) * int(random.integers(2))  # or an ellipse
    phases = random.uniform(0, 2 * np.pi, 3)
    middle = (0.5 + random.uniform(-1, 1, 2) * (0.48 - across, 0.48 - down)).tolist()
    y, x = places(height, width)
    u, v = (x / width - middle[0]) / across, (y / height - middle[1]) / down
    angle = np.arctan2(v, u)
    reach = 1 + sum(
        wave * np.cos(times * angle + phase)
        for times, wave, phase in zip((2, 3, 5), waves, phases, strict=True)
    )
    # Shown as large as the piece, so that its own middle is what is seen of the stranger
    piece = cover(stranger, round(2.4 * across * width), round(2.4 * down * height))
    left = round(middle[0] * width - piece.shape[1] / 2)
    upper = round(middle[1] * height - piece.shape[0] / 2)
    page = image(pixels)
    paste(page, piece, left, upper)
    return mixed(pixels, array(page), np.clip(12 * (reach - np.hypot(u, v)), 0, 1))


def in_a_corner(pixels: Pixels, setting: Setting) -> Pixels:
    """A stranger's photograph, small, white-rimmed, in a corner, with its shadow."""
    random = setting.random
    height, width = pixels.shape[:2]
    share = float(random.uniform(0.34, 0.46))
    small = fit(setting.stranger(), round(share * width), round(share * height))
    rim, off = max(1, min(height, width) // 90), round(0.04 * min(height, width))
    left = off if random.integers(2) else width - off - small.shape[1]
    top = off if random.integers(2) else height - off - small.shape[0]
    box = left - rim, top - rim, left + small.shape[1] + rim - 1, top + small.shape[0] + rim - 1
    shade = Image.new("L", (width, height))
    ImageDraw.Draw(shade).rectangle([side + 2 * rim for side in box], 150)
    soft = shade.filter(ImageFilter.GaussianBlur(2 * rim))
    page = image(mixed(pixels, 0, np.array(soft, np.float32) / 255))
    ImageDraw.Draw(page).rectangle(box, WHITE)
    paste(page, small, left, top)
    return array(page)


def double_exposure(pixels: Pixels, setting: Setting) -> Pixels:
    """A stranger's photograph shines through, at a quarter to two fifths."""
    shines = cover(setting.stranger(), pixels.shape[1], pixels.shape[0])
    return mixed(pixels, shines, float(setting.random.uniform(0.25, 0.4)))


def on_a_photograph(pixels: Pixels, setting: Setting) -> Pixels:
    """The picture as a print with a white rim that lies askew on a stranger's photograph."""
    random = setting.random
    scale = min(1.0, LONGEST / (1.4 * max(pixels.shape[:2])))
    shown = resized(pixels, round(scale * pixels.shape[1]), round(scale * pixels.shape[0]))
    high, wide = shown.shape[:2]
    rim = max(2, round(0.04 * min(high, wide)))
    around = canvas(wide + 2 * rim, high + 5 * rim, (246, 244, 238))
    paste(around, shown, rim, rim)
    around.putalpha(255)
    turn = float(random.choice([-1, 1]) * random.uniform(2, 7))
    laid = around.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    page = image(cover(setting.stranger(), round(1.08 * laid.width), round(1.08 * laid.height)))
    left, top = (round(0.04 * side) for side in laid.size)
    shade = Image.new("L", page.size)
    shade.paste(160, (left + rim, top + rim), laid.getchannel("A"))
    page.paste((0, 0, 0), mask=shade.filter(ImageFilter.GaussianBlur(rim)))
    page.paste(laid, (left, top), laid)
    return array(page)


def call(pixels: Pixels, setting: Setting) -> Pixels:
    """Four people in a call, one of whom is the picture; names upon them, and buttons below."""
    random = setting.random
    scale = min(1.0, LONGEST / (2.3 * max(pixels.shape[:2])))
    high, wide = (max(1, round(scale * side)) for side in pixels.shape[:2])
    gap, size = max(2, wide // 40), max(6, high // 14)
    bar = max(16, high // 5)
    page = canvas(2 * wide + 3 * gap, 2 * high + 3 * gap + bar, (32, 33, 36))
    draw = ImageDraw.Draw(page)
    own = int(random.integers(4))
    for place in range(4):
        shown = resized(pixels, wide, high)
        if place != own:
            shown = cover(setting.stranger(), wide, high)
        left, top = (gap + (place % 2) * (wide + gap), gap + (place // 2) * (high + gap))
        paste(page, shown, left, top, gap)
        words = sentence(random, 1)
        at = left + gap, top + high - 1.6 * size
        draw.rectangle((*at, at[0] + font(size).getlength(words) + size, at[1] + 1.3 * size),
                       (20, 20, 20))  # fmt: skip
        draw.text((at[0] + size / 2, at[1]), words, WHITE, font(size))
    for button in range(5):
        x, y = page.width / 2 + (button - 2) * bar, page.height - bar / 2
        red = (220, 50, 40) if button == 4 else (70, 72, 76)
        draw.ellipse((x - bar / 3, y - bar / 3, x + bar / 3, y + bar / 3), red)
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "letters filled with a photograph": letters,
    "cut-out of a photograph": cut_out,
    "photograph in a corner": in_a_corner,
    "double exposure": double_exposure,
    "print on a photograph": on_a_photograph,
    "call of four": call,
}

ALTERATIONS: Final = tuple(Alteration(name, "lively", alter) for name, alter in _CASES.items())
