"""Pictures within a picture: inside a border, in a screenshot, a meme, a story, a collage.

The core looks for rectangles whose sides are *seams*, straight lines along which unlike neighbours
meet, and trims quiet lines off the outside (`native.rectangles`). Each is hashed in eight turns.
"""

from typing import Final

from hashmatch import native
from hashmatch.hashers.decoding import Reduced
from hashmatch.hashers.pdq import Pdq
from hashmatch.hashers.views.view import TURNS, View, named
from hashmatch.types import Hash

__all__ = ["regions"]

LEAST_SIDE: Final = 32
"""Samples on a rectangle's side, below which its hash says too little."""
LEAST_QUALITY: Final = 50
"""Panels, lettering and empty sky are no pictures by themselves."""


def regions(cells: Reduced) -> tuple[View, ...]:
    """The views of the rectangles in a picture, the likeliest first: at most 12 times 8.

    They are called ``trimmed`` (the whole without quiet lines around it) and ``rectangle-1`` to
    ``rectangle-12``, in the order of their likelihood.
    """
    views: list[View] = []
    count = 0
    for box in native.rectangles(cells.pixels):
        wide, high = box.right - box.left, box.bottom - box.top
        if min(wide, high) < LEAST_SIDE:
            continue
        by = cells.reduction
        found = native.pdq_scaled(
            cells.pixels[box.top : box.bottom, box.left : box.right], wide * by, high * by, by
        )
        if found.quality < LEAST_QUALITY:
            continue
        count += not box.trimmed
        region = "trimmed" if box.trimmed else f"rectangle-{count}"
        views += (
            View(named(region, turn), Hash(Pdq.name, code.tobytes(), found.quality))
            for turn, code in zip(TURNS, found.codes, strict=True)
        )
    return tuple(views)
