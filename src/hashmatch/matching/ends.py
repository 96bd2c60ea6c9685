"""Where a picture ends that lies among others: a crop in a collage, in a post, in a conversation.

Parts say where the whole listed picture would lie. Of one that was cropped before it was put among
others only a piece is there, and what lies where the rest would be is another picture: it says
nothing of this one. The piece ends where the rectangle does in which it lies.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from hashmatch.hashers.parts import Parts
from hashmatch.matching.fits import applied
from hashmatch.matching.placement import Placement, geometry, inside
from hashmatch.native import Rectangle

__all__ = ["ends_of"]

INSIDE: Final = 0.9
"""Of the parts that agree, the share that lies in a rectangle: all, but for some at its rim."""
CUT_OFF: Final = 0.04
"""The share of what would be visible that lies outside: less than that no tile notices."""
LEAST: Final = 0.52
"""The share of a listed picture that a piece is at least. One half of a listed collage is less, and
so is the next one's picture in a listed post, up to 0.48: others have those too. What is cut from
16:9 to a square, or from 3:2 to 4:5, is more."""
MOST: Final = 3
"""Rectangles that are looked into."""
POINTS: Final = (np.arange(48) + 0.5) / 48
"""Where, on each axis, a listed picture is asked whether it lies in a rectangle."""


def ends_of(
    rectangles: Iterable[Rectangle], upload: Parts, listed: Parts, placement: Placement
) -> list[Rectangle]:
    """The rectangles in which a piece of a listed picture may lie, that with most of it first.

    Args:
        rectangles: what may be pictures in the upload, in samples of the luma of its parts.
        upload: the parts of it.
        listed: those of the listed picture.
        placement: of that in the upload, whole.
    """
    x, y = np.meshgrid(POINTS * listed.width, POINTS * listed.height)
    points = applied(placement.matrix, np.stack([x.ravel(), y.ravel()], axis=1))
    parts = geometry(upload.places[placement.queries])[:, :2]
    if not len(parts):
        return []
    visible = inside(points, Rectangle(0, 0, upload.width, upload.height, trimmed=False)).mean()
    shares = {}
    for box in rectangles:
        share = float(inside(points, box).mean())
        cut = LEAST <= share <= visible * (1 - CUT_OFF)
        if cut and inside(parts, box).mean() >= INSIDE:
            shares[box] = share
    return sorted(shares, key=lambda box: -shares[box])[:MOST]
