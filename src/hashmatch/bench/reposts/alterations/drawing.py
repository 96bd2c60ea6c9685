"""The few things that all alterations draw with: scaling, pasting, lettering, blurring."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from hashmatch.bench.reposts.alterations.setting import Pixels

__all__ = [
    "Colour",
    "any_colour",
    "array",
    "blurred",
    "canvas",
    "cover",
    "fit",
    "font",
    "image",
    "lighter",
    "lines_of_text",
    "paste",
    "resized",
    "sentence",
]

Colour = tuple[int, int, int]

_WORDS: Final = (
    "today", "we", "went", "up", "to", "the", "lake", "and", "it", "rained", "nobody", "told", "me",
    "that", "tea", "is", "better", "cold", "look", "at", "this", "again", "when", "you", "finally",
    "find", "your", "keys", "who", "made", "soup", "on", "a", "monday", "morning", "so", "good",
    "see", "everyone", "tomorrow", "for", "lunch", "by", "old", "bridge",
)  # fmt: skip


def image(pixels: Pixels) -> Image.Image:
    """The same as an image that can be drawn on; the array stays as it is."""
    return Image.fromarray(np.ascontiguousarray(pixels)).copy()


def array(picture: Image.Image) -> Pixels:
    """An image as an array of its own, shape (h, w, 3)."""
    return np.array(picture.convert("RGB"))


def canvas(width: int, height: int, colour: Colour) -> Image.Image:
    """A page of one colour."""
    return Image.new("RGB", (width, height), colour)


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scaled to a size, with the pixels averaged that fall together."""
    size = max(1, width), max(1, height)
    if size == (pixels.shape[1], pixels.shape[0]):
        return pixels.copy()
    return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def fit(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scaled to be as large as fits into a box."""
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    return resized(pixels, round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))


def cover(pixels: Pixels, width: int, height: int) -> Pixels:
    """Scaled to fill a box, and cut off evenly where it juts out."""
    scale = max(width / pixels.shape[1], height / pixels.shape[0])
    wide = max(width, round(pixels.shape[1] * scale))
    high = max(height, round(pixels.shape[0] * scale))
    left, top = (wide - width) // 2, (high - height) // 2
    return resized(pixels, wide, high)[top : top + height, left : left + width]


def blurred(pixels: Pixels, radius: float) -> Pixels:
    """Gaussian blur; of a large radius at a reduced size, as programs do it."""
    by = max(1, int(radius / 4))
    height, width = pixels.shape[:2]
    small = resized(pixels, max(8, width // by), max(8, height // by))
    soft = Image.fromarray(small).filter(ImageFilter.GaussianBlur(radius / by))
    return resized(np.array(soft), width, height)


def paste(
    page: Image.Image, pixels: Pixels, left: int, top: int, radius: int = 0, opacity: int = 255
) -> None:
    """Put a picture on a page, with rounded corners of a radius."""
    height, width = pixels.shape[:2]
    # Drawn four times as large, so that the corners are smooth
    mask = Image.new("L", (4 * width, 4 * height) if radius else (width, height), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), 4 * radius, fill=opacity
    )
    page.paste(Image.fromarray(pixels), (left, top), mask.resize((width, height)))


def any_colour(random: np.random.Generator) -> Colour:
    """A colour, each as likely as the other."""
    red, green, blue = random.integers(0, 256, 3).tolist()
    return red, green, blue


def lighter(colour: Colour, by: int) -> Colour:
    """A colour with each channel moved by so much."""
    red, green, blue = (min(255, max(0, part + by)) for part in colour)
    return red, green, blue


@lru_cache(64)
def font(size: int) -> Any:
    """Pillow's own lettering, so many pixels tall."""
    return ImageFont.load_default(max(6, size))


def sentence(random: np.random.Generator, words: int) -> str:
    """Some words; no two seeds say the same."""
    text = " ".join(str(random.choice(_WORDS)) for _ in range(words))
    return text[:1].upper() + text[1:]


def lines_of_text(
    page: Image.Image,
    random: np.random.Generator,
    box: tuple[int, int, int, int],
    size: int,
    colour: Colour,
    lines: int,
) -> int:
    """Write sentences into a box (left, top, right, bottom); returns where the last line ends."""
    draw = ImageDraw.Draw(page)
    left, top, right, bottom = box
    y = top
    for _ in range(lines):
        if y + size > bottom:
            break
        words = sentence(random, int(random.integers(4, 12)))
        while len(words) > 3 and font(size).getlength(words) > right - left:
            words = words[:-2]
        draw.text((left, y), words, fill=colour, font=font(size))
        y += round(1.4 * size)
    return y
