"""What tiles tell of a picture where its parts are few, or not in their places.

Figures are told in `benchmarks/reposts/README.md`.
"""

from typing import Final

from hashmatch.matching.measures import NO_HOLE, THERE, area, is_rather_a_page
from hashmatch.types import Placed

__all__ = ["is_askew", "is_mostly_there", "is_nearly_all", "is_smooth"]

MANY: Final = 15
"""Tiles, of 50, that tell of a picture,"""
MUCH: Final = 0.75
"""where so much of it is visible;"""
NEARLY_ALL: Final = 0.85
"""and so much, that no picture of a collage has as much."""
SMOOTH_FOREIGN: Final = 0.1
"""Their share that may show something else where a picture is smooth but in one place,"""
SMOOTH_OTHER: Final = 0.15
"""and how much of all that is seen may."""
SPOTLESS_VISIBLE: Final = 0.8
SPOTLESS_TILES: Final = 12
"""Less of it, by fewer tiles, if hardly anything that is seen"""
SPOTLESS: Final = 0.05
"""seems to be another one,"""
SPOTLESS_LOST: Final = 0.5
"""and no part lacks: of a listed collage with the same in all but one place, 2.3 did."""

ASKEW: Final = 80
"""Bits of the tiles up to which a photograph may be there, but not quite in its place, as that of a
screen is: parts in one corner of it then seem to be another's, and few tiles do:"""
ASKEW_FOREIGN: Final = 0.25
"""up to this share of them. Collages with three pictures of four in common lie above it."""
ASKEW_OTHER: Final = 0.4
"""And how much of all that is seen may seem another picture,"""
ASKEW_SAME: Final = 10
"""how many parts must be in their places even so,"""
ASKEW_AREA: Final = 0.6
"""how much of it must be within the rectangle of those parts: one half of a collage had 0.51;"""
PHOTOGRAPH: Final = 0.5
"""and how bare what is there: a photograph, and no page."""

MOSTLY: Final = 90
"""Bits of the tiles up to which a picture that is surely a single one is there, however little its
parts are: as in a photograph of a screen, through the grid of which none is found again;"""
MOSTLY_FOREIGN: Final = 0.35
"""up to this share of them may show something else. Others in one dress had 0.44 and more, where
what is there is no page. Of a collage, or a post, as many may be others'."""
SAME: Final = 31
"""Bits of the tiles up to which a single picture is surely there, with as few that show something
else as"""
SAME_FOREIGN: Final = 0.45
SAME_BLANK: Final = 2
"""and so many parts. Of 6,597 places of the suite's hard uploads none has up to 60 bits with half a
part, but pages."""


def is_smooth(placed: Placed) -> bool:
    """Whether nearly all of a picture is there, though its parts are in one place of it only."""
    if placed.other is None or placed.hole > NO_HOLE:
        return False
    if placed.visible >= NEARLY_ALL and placed.tiles >= MANY:
        return placed.other <= SMOOTH_OTHER and placed.foreign <= SMOOTH_FOREIGN
    much = placed.visible >= SPOTLESS_VISIBLE and placed.tiles >= SPOTLESS_TILES
    return much and placed.other <= SPOTLESS and placed.lost <= SPOTLESS_LOST


def is_askew(placed: Placed) -> bool:
    """Whether a photograph is there, but not all of its parts in their places."""
    return (
        _are_near(placed, ASKEW, ASKEW_FOREIGN)
        and placed.other is not None
        and placed.other <= ASKEW_OTHER
        and placed.bareness >= PHOTOGRAPH
        and placed.bare_same >= ASKEW_SAME
        and area(placed) >= ASKEW_AREA
    )


def is_nearly_all(placed: Placed) -> bool:
    """Whether a single picture is surely there: half of its tiles are the same, or nearly."""
    return (
        placed.single
        and _are_near(placed, SAME, SAME_FOREIGN)
        and placed.bare_same >= SAME_BLANK
        and not is_rather_a_page(placed)
    )


def is_mostly_there(placed: Placed) -> bool:
    """Whether a single picture is there, whatever has become of its parts."""
    return (
        placed.single
        and _are_near(placed, MOSTLY, MOSTLY_FOREIGN)
        and placed.bare_same >= THERE
        and not is_rather_a_page(placed)
    )


def _are_near(placed: Placed, bits: int, foreign: float) -> bool:
    """Whether many tiles are within so many bits, and at most such a share shows something else."""
    told = placed.visible >= MUCH and placed.tiles >= MANY
    near = placed.tile_distance is not None and placed.tile_distance <= bits
    return told and near and placed.foreign <= foreign
