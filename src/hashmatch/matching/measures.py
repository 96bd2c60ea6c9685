"""What the rules on a place have in common: how much of a picture, and how much else, is there.

Bits, shares and votes are those of `hashmatch.types.Placed`; figures are told in
`benchmarks/reposts/README.md`.
"""

from typing import Final

from hashmatch.matching import pages
from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

__all__ = [
    "ALONE",
    "AROUND",
    "BARENESS",
    "HALF",
    "NO_HOLE",
    "OTHERS",
    "SHOWN",
    "STREWN",
    "THERE",
    "area",
    "has_few_others",
    "is_all_around",
    "is_rather_a_page",
    "most_bits",
    "most_hole",
]

SHOWN: Final = 0.35
"""The share of a listed picture that is visible, below which somebody looks at it: a listed collage
has pictures in it that are others' too."""
HALF: Final = 0.56
"""And of what may be a collage: half of that, alone as it may be, is not all of it. A picture of
16:9 that is cut to a square keeps 0.5625."""
ALONE: Final = 0.9
"""The share of an upload from which on a piece of what may be a collage is there by itself, and not
one half of that in a border, or beside others: with less of it, half is not enough."""
THERE: Final = 5
"""Parts that must be in their very places, where nothing flat lies over them, to ask for a look by
themselves: no stranger's is so near by chance, but ornaments and lettering may be alike."""

OTHERS: Final = 0.12
"""Of the parts that are bare, so many may show something else, for each that is there. Where a
page, or a collage, shows another picture, nothing lies over it, and its parts differ as strangers
do."""
OTHERS_SINGLE: Final = 0.45
"""The same of what is surely a single picture: no collage, and no page with pictures in it."""
OTHERS_OVER: Final = 0.3
"""The same where what is there lies all around them, and is bare: no page, but a photograph with
something over it, which may be a photograph too."""
AROUND: Final = 0.8
"""The share of a listed picture within the rectangle of what is there, from which on it lies all
around what else there is,"""
BARENESS: Final = 0.6
"""and how bare that is: of pages, all around the pictures that they show, the parts are less."""
NO_HOLE: Final = 1.1
"""How many more parts than are there may show something else in one place of a picture: where one
of a listed collage has been replaced, 1.17 and more did."""
STREWN: Final = 0.08
"""Or so many, for each that is there all over a photograph: emoji are lively, so that what is under
them seems to be another's, but small. In a collage of four, one is a quarter of it."""


def area(placed: Placed) -> float:
    """The share of a listed picture within the rectangle of what is there."""
    return 0.0 if placed.same_in is None else Bounds(*placed.same_in).area


def most_bits(placed: Placed) -> int:
    """Bits of the whole, or of the tiles, whatever are more."""
    return max(placed.whole_distance or 0, placed.tile_distance or 0)


def most_hole(placed: Placed) -> float:
    """The `hole` that what lies over a single picture may make: more where much of it is there."""
    return max(NO_HOLE, STREWN * placed.bare_same)


def has_few_others(placed: Placed) -> bool:
    """Whether few parts, beside those that are there, seem to be of another picture."""
    share = OTHERS_OVER if is_all_around(placed) else OTHERS
    if placed.single:
        share = OTHERS_SINGLE
    return placed.bare_other <= share * placed.bare_same


def is_all_around(placed: Placed) -> bool:
    """Whether what is there lies all around what else there is, and is no page."""
    return area(placed) >= AROUND and placed.bareness >= BARENESS


def is_rather_a_page(placed: Placed) -> bool:
    """Whether what is there is rather a page than a photograph."""
    return pages.is_rather_a_page(placed.bareness, placed.paper)
