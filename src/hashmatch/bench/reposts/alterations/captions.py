"""Translucent bands with a line of words across a picture, as stories have them."""

from functools import partial
from typing import Final

from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.drawing import array, font, image, sentence
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "band"]


def band(pixels: Pixels, setting: Setting, tall: float, opacity: float) -> Pixels:
    """A dark band across the picture, at a height chosen by chance.

    Args:
        pixels: the picture.
        setting: chooses the place and the words.
        tall: height of the band, as a share of the picture's.
        opacity: 0 to 1.
    """
    base = image(pixels).convert("RGBA")
    high = max(14, round(tall * base.height))
    top = round(float(setting.random.uniform(0.1, 0.95 - tall)) * base.height)
    layer = Image.new("RGBA", base.size)
    draw = ImageDraw.Draw(layer)
    draw.rectangle((0, top, base.width, top + high), fill=(0, 0, 0, round(255 * opacity)))
    words = sentence(setting.random, 4)
    size = min(high * 6 // 10, round(high * 0.9 * base.width / font(high).getlength(words)))
    x = (base.width - font(size).getlength(words)) / 2
    draw.text((x, top + high / 5), words, (255, 255, 255, 255), font(size))
    return array(Image.alpha_composite(base, layer))


_CASES: Final[dict[str, Alter]] = {
    "band 8%": partial(band, tall=0.08, opacity=0.5),
    "band 12%": partial(band, tall=0.12, opacity=0.6),
}

ALTERATIONS: Final = tuple(Alteration(name, "overlay", alter) for name, alter in _CASES.items())
