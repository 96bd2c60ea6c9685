"""Pictures within pages: composites whose rectangle is known."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter

PAGES = ("white", "black", "gradient", "blurred", "strangers")


class Scene(NamedTuple):
    pixels: np.ndarray
    box: tuple[int, int, int, int]


def shrunk(photo, width, height):
    return np.array(Image.fromarray(photo).resize((width, height), Image.Resampling.LANCZOS))


def page(kind, width, height, photo, stranger):
    if kind in {"white", "black"}:
        return np.full((height, width, 3), 255 if kind == "white" else 0, np.uint8)
    if kind == "gradient":
        ramp = np.linspace(230, 40, height).astype(np.uint8)
        return np.repeat(np.repeat(ramp[:, None, None], width, 1), 3, 2)
    if kind == "blurred":
        image = Image.fromarray(photo).resize((width, height))
        return np.array(image.filter(ImageFilter.GaussianBlur(width / 30)))
    return shrunk(stranger, width, height)


def scene(kind, photo, stranger, *, size=(480, 640), inner=(300, 240), at=None):
    """A photograph on a page of a kind; sizes are width and height."""
    pixels = page(kind, *size, photo, stranger)
    width, height = inner
    left, top = at or ((size[0] - width) // 2, (size[1] - height) // 3)
    pixels[top : top + height, left : left + width] = shrunk(photo, width, height)
    return Scene(pixels, (left, top, left + width, top + height))
