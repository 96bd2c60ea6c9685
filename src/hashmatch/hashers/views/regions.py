"""Pictures within a picture: inside a border, in a screenshot, a meme, a story, a collage.

The core looks for rectangles whose sides are *seams*, straight lines along which unlike neighbours
meet, and trims quiet lines off the outside (`native.rectangles`). The likeliest are hashed in turns
too, and as if they had been cut to fill a place in a collage; the others as they are.
"""

from typing import Final

from hashmatch import native
from hashmatch.hashers.decoding import Reduced
from hashmatch.hashers.pdq import Pdq
from hashmatch.hashers.views.view import DRAWN_OUT, TURNS, View, named
from hashmatch.types import Hash

__all__ = ["TURNED", "regions"]

TURNED: Final = 8
"""Rectangles that are turned as well; of the others a copy would have to be turned besides."""

RENDERINGS: Final = (*TURNS, *DRAWN_OUT)
"""What the core hashes them as, in its order."""
UNLIKELY: Final = ("flip-plus-1", "flip-minus-1")
"""Nobody mirrors a picture, turns it by a quarter, and puts it into another besides."""

LEAST_SIDE: Final = 32
"""Samples on a rectangle's side, below which its hash says too little."""
LEAST_QUALITY: Final = 50
"""Panels, lettering and empty sky are no pictures by themselves."""
DRAWN_OUT_QUALITY: Final = 80
"""What is drawn out as if it had been cut has this much, at least: what it lost is made up."""


def regions(cells: Reduced) -> tuple[View, ...]:
    """The views of the rectangles in a picture, the likeliest first: at most 84.

    They are called ``trimmed`` (the whole without quiet lines around it) and ``rectangle-1`` to
    ``rectangle-28``, in the order of their likelihood.
    """
    boxes = [
        box
        for box in native.rectangles(cells.pixels)
        if min(box.right - box.left, box.bottom - box.top) >= LEAST_SIDE
    ]
    if not boxes:
        return ()
    codes, qualities = native.pdq_rectangles(cells.pixels, boxes, cells.reduction, TURNED)
    views: list[View] = []
    count = 0
    for place, (box, turned, quality) in enumerate(
        zip(boxes, codes, qualities.tolist(), strict=True)
    ):
        if quality < LEAST_QUALITY:
            continue
        count += not box.trimmed
        region = "trimmed" if box.trimmed else f"rectangle-{count}"
        shown = _shares(box, cells)
        made = len(RENDERINGS) if place < TURNED else 1
        views += (
            View(named(region, rendering), Hash(Pdq.name, code.tobytes(), quality), shown)
            for rendering, code in zip(RENDERINGS[:made], turned[:made], strict=True)
            if rendering not in UNLIKELY
            and (rendering not in DRAWN_OUT or quality >= DRAWN_OUT_QUALITY)
        )
    return tuple(views)


def _shares(box: native.Rectangle, cells: Reduced) -> tuple[float, float, float, float]:
    """A rectangle's sides, in shares of the picture's width and height."""
    height, width = cells.pixels.shape[:2]
    return box.left / width, box.top / height, box.right / width, box.bottom / height
