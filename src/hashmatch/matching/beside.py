"""Whether what is there of a picture of near hash lies beside another picture in a listed collage.

Most of two collages may be the same, and their hashes near. Where what is there lies says so.
"""

from typing import Final

from hashmatch.matching.there import Bounds

__all__ = ["is_beside_another", "is_plainly_another"]

AT_AN_EDGE: Final = 0.06
"""The share of a picture's width, or height, within which something reaches its edge."""
PLAINLY_THERE: Final = 10
"""So many parts there, on one side, and in one place bits of"""
PLAINLY_ANOTHER: Final = 118
"""`worst` as strangers' parts have,"""
PLAINLY_MORE: Final = 0.4
"""and so many more that show something else than are there, as `hole` has it, for under lettering
nothing is bare: what may be a collage has another picture there,"""
OTHERS_LEAVE: Final = 0.85
"""up to this share of its area, if it lies along a side;"""
ACROSS: Final = 5
"""and so many where it reaches two edges, opposite each other,"""
MIDDLE_LEFT: Final = 0.6
"""up to this share: one of three."""


def is_beside_another(bounds: Bounds | None, same: float, worst: int | None, hole: float) -> bool:
    """Whether what is there reaches from edge to edge of a collage, and other pictures the rest.

    Args:
        bounds: of the listed picture, which may be a collage: the rectangle of what is there.
        same: how many parts are.
        worst: see `hashmatch.matching.there.worst`.
        hole: as in `hashmatch.matching.there.InTheirPlaces`.
    """
    if bounds is None:
        return False
    left, top = bounds.left <= AT_AN_EDGE, bounds.top <= AT_AN_EDGE
    right, bottom = bounds.right >= 1 - AT_AN_EDGE, bounds.bottom >= 1 - AT_AN_EDGE
    along = bounds.area <= OTHERS_LEAVE and left + top + right + bottom >= 3
    across = bounds.area <= MIDDLE_LEFT and ((left and right) or (top and bottom))
    there = (along and same >= PLAINLY_THERE) or (across and same >= ACROSS)
    return there and is_plainly_another(worst, hole)


def is_plainly_another(worst: int | None, hole: float) -> bool:
    """Whether in one place of what is seen another picture is, as far as parts tell.

    Args:
        worst: as in `is_beside_another`.
        hole: likewise.
    """
    return worst is not None and worst >= PLAINLY_ANOTHER and hole >= PLAINLY_MORE
