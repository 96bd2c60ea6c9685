"""Collages of other shapes: one large and two small, strips, uneven ones; and split screens."""

from functools import partial
from typing import Final

from PIL import Image, ImageDraw

from hashmatch.bench.reposts.alterations.collages import LONGEST
from hashmatch.bench.reposts.alterations.drawing import (
    Colour,
    array,
    canvas,
    cover,
    font,
    paste,
    resized,
    sentence,
)
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS", "beside"]

SIDES: Final = ("left", "top", "right", "bottom")
LARGEST: Final = 900
"""Pixels of the picture's longer side, before what is put beside it makes the page larger."""


def beside(
    pixels: Pixels, setting: Setting, strips: tuple[int, ...], gap: float, radius: float = 0.0
) -> Pixels:
    """Strips of strangers are put beside the picture, each along a whole side of what is there.

    One strip of two makes a large picture and two small ones; two or three strips, each on a side
    chosen by chance, make the uneven collages of layout programs.

    Args:
        pixels: the picture, which is whole.
        setting: chooses sides, sizes, strangers, and the colour between them.
        strips: how many strangers each of them holds.
        gap: between pictures and around them, as a share of the picture's longer side.
        radius: of rounded corners, likewise.
    """
    high, wide = pixels.shape[:2]
    shrink = min(1.0, LARGEST / max(high, wide))
    shown = resized(pixels, round(wide * shrink), round(high * shrink))
    longer = max(shown.shape[:2])
    space, corner = round(gap * longer), round(radius * longer)
    paper: Colour = (255, 255, 255)
    if setting.random.integers(2):
        red, green, blue = setting.random.integers(0, 256, 3).tolist()
        paper = red, green, blue
    page = canvas(shown.shape[1], shown.shape[0], paper)
    paste(page, shown, 0, 0, corner)
    for count in strips:
        page = _with_strip(page, setting, count, space, corner, paper)
    framed = canvas(page.width + 2 * space, page.height + 2 * space, paper)
    framed.paste(page, (space, space))
    scale = LONGEST / max(framed.size)
    if scale < 1:
        framed = framed.resize((round(framed.width * scale), round(framed.height * scale)))
    return array(framed)


def _with_strip(
    page: Image.Image, setting: Setting, count: int, space: int, corner: int, paper: Colour
) -> Image.Image:
    side = SIDES[int(setting.random.integers(4))]
    upright = side in {"left", "right"}
    long = page.height if upright else page.width
    each = (long - (count - 1) * space) // count
    # Of a strip of several each is about square; of one the strip is somewhat narrower than before
    share = float(setting.random.uniform(0.75, 1.3)) if count > 1 else 1.0
    across = page.width if upright else page.height
    thick = round(share * each) if count > 1 else round(across * setting.random.uniform(0.5, 1.0))
    size = (page.width + thick + space, page.height) if upright else (
        page.width, page.height + thick + space)  # fmt: skip
    made = canvas(*size, paper)
    first = side in {"left", "top"}
    kept = thick + space if first else 0
    made.paste(page, (kept, 0) if upright else (0, kept))
    start = 0 if first else (page.width if upright else page.height) + space
    for place in range(count):
        along = place * (each + space)
        length = long - along if place == count - 1 else each
        stranger = setting.stranger()
        if upright:
            paste(made, cover(stranger, thick, length), start, along, corner)
        else:
            paste(made, cover(stranger, length, thick), along, start, corner)
    return made


def cells(pixels: Pixels, setting: Setting, rows: int, columns: int, gap: float) -> Pixels:
    """A grid whose rows and columns have sizes of their own; the picture fills one place."""
    high, wide = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(rows * high, columns * wide))
    high, wide = round(high * scale), round(wide * scale)
    row, column = (int(setting.random.integers(n)) for n in (rows, columns))
    tall = [high if n == row else round(high * setting.random.uniform(0.6, 1.2))
            for n in range(rows)]  # fmt: skip
    broad = [wide if n == column else round(wide * setting.random.uniform(0.6, 1.2))
             for n in range(columns)]  # fmt: skip
    space = round(gap * max(high, wide))
    shade = int(setting.random.choice([255, 0, 230, 60]))
    page = canvas(
        sum(broad) + space * (columns + 1), sum(tall) + space * (rows + 1), (shade, shade, shade)
    )
    for n in range(rows):
        for m in range(columns):
            left, top = sum(broad[:m]) + space * (m + 1), sum(tall[:n]) + space * (n + 1)
            own = (n, m) == (row, column)
            content = resized(pixels, wide, high) if own else cover(
                setting.stranger(), broad[m], tall[n])  # fmt: skip
            paste(page, content, left, top)
    return array(page)


def split_screen(pixels: Pixels, setting: Setting) -> Pixels:
    """The picture and a stranger side by side or above each other, a title over them, and a line.

    The line between them is thin, as in clips that answer one another.
    """
    high, wide = pixels.shape[:2]
    stranger = cover(setting.stranger(), wide, high)
    pair = [pixels, stranger] if setting.random.integers(2) else [stranger, pixels]
    upright = wide < high
    line = max(2, max(high, wide) // 300)
    title = round(0.14 * high) if setting.random.integers(2) else 0
    size = (2 * wide + line, high + title) if upright else (wide, 2 * high + line + title)
    page = canvas(*size, (255, 255, 255))
    for place, content in enumerate(pair):
        paste(page, content, place * (wide + line) if upright else 0,
              title + (0 if upright else place * (high + line)))  # fmt: skip
    if title:
        words = sentence(setting.random, 4)
        ImageDraw.Draw(page).text((title // 3, title // 4), words, (0, 0, 0), font(title // 2))
    return array(page)


_CASES: Final[dict[str, Alter]] = {
    "collage 1+2": partial(beside, strips=(2,), gap=0.0),
    "collage 1+2, gaps": partial(beside, strips=(2,), gap=0.015),
    "collage 1+3, round gaps": partial(beside, strips=(3,), gap=0.02, radius=0.03),
    "collage uneven": partial(beside, strips=(1, 2), gap=0.0),
    "collage uneven, gaps": partial(beside, strips=(1, 2), gap=0.02),
    "collage uneven, round gaps": partial(beside, strips=(2, 1), gap=0.03, radius=0.04),
    "collage of strips": partial(cells, rows=3, columns=1, gap=0.0),
    "collage of strips, gaps": partial(cells, rows=3, columns=1, gap=0.012),
    "collage 2x3": partial(cells, rows=2, columns=3, gap=0.0),
    "collage 3x2, gaps": partial(cells, rows=3, columns=2, gap=0.02),
    "split screen": split_screen,
}

ALTERATIONS: Final = tuple(
    Alteration(name, "collage of other shapes", alter) for name, alter in _CASES.items()
)
