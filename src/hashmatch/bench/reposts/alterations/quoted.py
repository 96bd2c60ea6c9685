"""Words all over a picture that are neither white nor edged: a quote, the mark of a seller."""

from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, font, image, sentence
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting
from hashmatch.bench.reposts.alterations.shading import mixed

__all__ = ["ALTERATIONS"]


def quote(pixels: Pixels, setting: Setting) -> Pixels:
    """Grey slanting words, and who said them, over the darkened picture."""
    random = setting.random
    height, width = pixels.shape[:2]
    page = image(mixed(pixels, 0, 1 - float(random.uniform(0.35, 0.55))))
    shade = int(random.integers(150, 211))
    said = [sentence(random, 3), *(sentence(random, 3).lower() for _ in range(3))]
    tall = max(6, round(0.13 * height))
    longest = max(font(tall).getlength(line) for line in said)
    tall = min(tall, round(tall * 0.8 * width / longest))
    top = float(random.uniform(0.12, 0.3)) * height
    for line, size in (*((each, tall) for each in said), (sentence(random, 2), tall * 2 // 3)):
        letters = _slanted(line, size)
        page.paste((shade,) * 3, (round((width - letters.width) / 2), round(top)), letters)
        top += 1.3 * tall
    return array(page)


def _slanted(words: str, tall: int) -> Image.Image:
    """Letters that lean, as a mask: Pillow brings no other lettering than its upright one."""
    lettering = font(tall)
    high = round(1.4 * lettering.size)
    upright = Image.new("L", (round(lettering.getlength(words)) + high, high))
    ImageDraw.Draw(upright).text((0, 0), words, 255, lettering)
    return upright.transform(
        upright.size, Image.Transform.AFFINE, (1, 0.35, -0.35 * high, 0, 1, 0),
        Image.Resampling.BICUBIC,
    )  # fmt: skip


def previewed(pixels: Pixels, setting: Setting) -> Pixels:
    """A seller's preview: a name aslant and crossing lines, close to each other all over."""
    height, width = pixels.shape[:2]
    side = max(24, round(0.24 * np.sqrt(height * width)))
    words = sentence(setting.random, 1)
    tile = Image.new("L", (side, side))
    draw = ImageDraw.Draw(tile)
    for start, end in (((0, 0), (side, side)), ((0, side), (side, 0))):
        draw.line((*start, *end), 120, max(1, side // 60))
    letters = Image.new("L", (side, side))
    size = min(side // 3, round(0.8 * side / font(side).getlength(words) * side))
    ImageDraw.Draw(letters).text((side / 2, side / 2), words, 255, font(size), anchor="mm")
    tile.paste(255, mask=letters.rotate(30, Image.Resampling.BICUBIC))
    times = -(-height // side), -(-width // side)
    mark = np.tile(np.array(tile, np.float32) / 255, times)[:height, :width]
    return mixed(pixels, 255, 0.5 * mark)


_CASES: Final[dict[str, Alter]] = {
    "quote on the darkened picture": quote,
    "seller's preview": previewed,
}

ALTERATIONS: Final = tuple(Alteration(name, "lively", alter) for name, alter in _CASES.items())
