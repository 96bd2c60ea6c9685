"""Whether what is there of a listed picture is but one of several: of a collage, or of posts.

Others have that picture as well. Where it lies in the listed one says so, and what is beside it.
"""

from typing import Final

from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

__all__ = [
    "OTHERS_SEEN",
    "is_a_corner",
    "is_a_strip",
    "is_along_a_side",
    "is_beside_another",
    "is_one_of_several",
    "is_plainly_another",
]

LEAST: Final = 0.3
"""The share of a listed picture up to which the rectangle of what is there may be one picture of a
listed collage, wherever it lies."""
HALF: Final = 0.53
"""A rectangle that lies between a side of a listed picture and this share of its width, or height,
is one picture of a listed collage, too: others have that picture as well."""
CORNER: Final = 0.55
"""And one in a corner with up to this share of the picture, for parts reach over its edge,"""
AT_A_CORNER: Final = 0.06
"""where it reaches both edges to such a share of the width and height. A crop that somebody put
among others has seldom kept a corner, and hardly ever a whole side:"""
STRIPS: Final = ((0.62, 0.1), (0.72, 0.03))
"""shares of a picture, and within what it reaches three edges: so does a program's next post."""
MIDDLE: Final = 0.48
"""And one of so much at most that reaches two edges, opposite each other: the middle of three."""
AMONG: Final = 0.75
"""The share of an upload that a listed picture takes, up to which others may lie beside one that is
along a whole side of it: one half of a listed collage of two."""
LACKS: Final = 0.7
"""The share of what is visible of a picture, up to which the middle one is not all of that: where
nothing seems to be around it, others may lie there that are as smooth as the listed ones."""
SIDE_LACKS: Final = 0.85
"""And up to which one along a whole side is not, where more lacks than a smooth rim:"""
SIDE_LOST: Final = 2
"""so many parts."""
SMALL_CORNER: Final = 0.35
"""The share of a listed picture that one in a corner has at most, of which the same is asked: one
of four that comes back, cut, beside another picture,"""
CUT_OFF: Final = 0.75
"""where so much of the listed picture is visible at most."""
OTHERS_SEEN: Final = 0.25
"""The share of visible tiles that show something else, from which on other pictures are around."""
NEXT_SEEN: Final = 0.3
"""And from which on one is beside what lies along a whole side, wherever that ends, if it"""
NEXT: Final = 0.72
"""has so much of the picture at most: the other one of two, or the next post's."""
SMOOTHLY_SEEN: Final = 0.12
"""Where that is smooth, few tiles show it; but parts that are not there say so as well,"""
SMOOTHLY_LOST: Final = 2
"""if so many lack,"""
SMOOTHLY_APART: Final = 107
"""by as many bits. Copies of which lettering hides one side had a few less, or no foreign tiles."""

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


def is_one_of_several(placed: Placed) -> bool:
    """Whether the parts that are there may be those of one picture of a listed collage."""
    if placed.same_in is None:
        return True
    bounds = Bounds(*placed.same_in)
    if bounds.area <= LEAST or min(bounds.right, bounds.bottom) <= HALF:
        return True
    if max(bounds.left, bounds.top) >= 1 - HALF:
        return True
    if any(bounds.area <= most and sum(_edges(bounds, near)) >= 3 for most, near in STRIPS):
        return True
    left, top, right, bottom = _edges(bounds, AT_A_CORNER)
    if bounds.area <= MIDDLE and ((left and right) or (top and bottom)):
        return True
    return (left or right) and (top or bottom) and bounds.area <= CORNER


def is_a_strip(placed: Placed) -> bool:
    """Whether the parts that are there reach from edge to edge, and are but one picture's.

    They lie along a whole side, beside others', or tiles show something else elsewhere: a listed
    post with the next one below it. Or a cut picture shows much more than them.
    """
    if placed.same_in is None:
        return False
    bounds = Bounds(*placed.same_in)
    along = is_along_a_side(placed)
    if along and _has_another_beside(placed, bounds.area):
        return True
    left, top, right, bottom = _edges(bounds, AT_A_CORNER)
    across = (left and right) or (top and bottom)
    little = across and bounds.area <= min(MIDDLE, LACKS * placed.visible)
    if along and placed.lost >= SIDE_LOST:
        little |= bounds.area <= SIDE_LACKS * placed.visible
    return little and placed.visible < WHOLE_SEEN


def is_a_corner(placed: Placed) -> bool:
    """Whether the parts that are there lie in a corner, and lack much of what is seen."""
    if placed.same_in is None or placed.visible > CUT_OFF:
        return False
    bounds = Bounds(*placed.same_in)
    left, top, right, bottom = _edges(bounds, AT_A_CORNER)
    little = bounds.area <= min(SMALL_CORNER, LACKS * placed.visible)
    return (left or right) and (top or bottom) and little


def is_along_a_side(placed: Placed) -> bool:
    """Whether what is there lies along a whole side of a listed picture, and has not all of it."""
    if placed.same_in is None:
        return False
    bounds = Bounds(*placed.same_in)
    return bounds.area <= NEXT and sum(_edges(bounds, AT_A_CORNER)) >= 3


def _has_another_beside(placed: Placed, share: float) -> bool:
    """Whether another picture is seen beside one along a side that has such a share of the area."""
    if share <= CORNER and placed.fills <= AMONG:
        return True
    smoothly = placed.foreign >= SMOOTHLY_SEEN and placed.lost >= SMOOTHLY_LOST
    if smoothly and placed.lost_bits is not None and placed.lost_bits >= SMOOTHLY_APART:
        return True
    return placed.foreign >= (OTHERS_SEEN if share <= MIDDLE else NEXT_SEEN)


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
    left, top, right, bottom = _edges(bounds, AT_A_CORNER)
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


def _edges(bounds: Bounds, within: float) -> tuple[bool, bool, bool, bool]:
    """Which edges of a picture a rectangle reaches: left, top, right, bottom."""
    left, top, right, bottom = bounds
    return left <= within, top <= within, right >= 1 - within, bottom >= 1 - within
