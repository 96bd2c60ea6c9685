"""Collages: the picture in one place of a grid, strangers in the others; or on a stranger."""

from functools import partial
from typing import Final

from hashmatch.bench.reposts.alterations.drawing import array, canvas, cover, image, paste, resized
from hashmatch.bench.reposts.alterations.setting import Alter, Alteration, Pixels, Setting

__all__ = ["ALTERATIONS"]

LONGEST: Final = 1920
"""Pixels of a collage's longer side, at most: what sites keep."""


def grid(pixels: Pixels, setting: Setting, rows: int, columns: int, gap: float) -> Pixels:
    """A grid of pictures, all in the size of this one, which is whole.

    Args:
        pixels: the picture, which gets one of the places.
        setting: chooses the place, the strangers and the colour between them.
        rows: of the grid.
        columns: of the grid.
        gap: between the pictures and around them, as a share of a picture's longer side.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, LONGEST / max(rows * height, columns * width))
    height, width = round(height * scale), round(width * scale)
    space = round(gap * max(height, width))
    shade = int(setting.random.choice([255, 255, 0, 32, 128]))
    page = canvas(
        columns * (width + space) + space, rows * (height + space) + space, (shade, shade, shade)
    )
    chosen = int(setting.random.integers(rows * columns))
    for place in range(rows * columns):
        if place == chosen:
            content = resized(pixels, width, height)
        else:
            content = cover(setting.stranger(), width, height)
        row, column = divmod(place, columns)
        paste(page, content, space + column * (width + space), space + row * (height + space))
    return array(page)


def inset(pixels: Pixels, setting: Setting, share: float, line: int = 0) -> Pixels:
    """The picture small, somewhere on a stranger; with a white line around it, or none.

    Args:
        pixels: the picture.
        setting: chooses the stranger and the place.
        share: of the stranger's sides that the picture takes at most.
        line: pixels of the line.
    """
    behind = setting.stranger()
    high, wide = behind.shape[:2]
    scale = share * min(wide / pixels.shape[1], high / pixels.shape[0])
    small = resized(pixels, round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    height, width = small.shape[:2]
    left = int(setting.random.integers(line, wide - width - line + 1))
    top = int(setting.random.integers(line, high - height - line + 1))
    page = image(behind)
    if line:
        page.paste(
            (255, 255, 255), (left - line, top - line, left + width + line, top + height + line)
        )
    paste(page, small, left, top)
    return array(page)


_CASES: Final[dict[str, tuple[str, Alter]]] = {
    f"collage {rows}x{columns}{', gaps' if gap else ''}": (
        "collage of nine" if rows == 3 else "collage",
        partial(grid, rows=rows, columns=columns, gap=gap),
    )
    for rows, columns in ((1, 2), (2, 1), (2, 2), (3, 3))
    for gap in (0.0, 0.02)
} | {
    "inset 40%": ("picture in picture", partial(inset, share=0.4)),
    "inset 60%": ("picture in picture", partial(inset, share=0.6)),
    "inset 60%, white line": ("picture in picture", partial(inset, share=0.6, line=6)),
}  # fmt: skip

ALTERATIONS: Final = tuple(
    Alteration(name, family, alter) for name, (family, alter) in _CASES.items()
)
