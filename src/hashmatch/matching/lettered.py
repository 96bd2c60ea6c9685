"""Whether a picture is there, wherever no lettering lies over it.

Lettering, stickers and drawings say nothing of what is under them; what is bare does
(`hashmatch.hashers.bare`). Of what may be a collage, or a post, all must be visible, and more must
be there than of a single picture, which nobody else has a part of. Figures are told in
`benchmarks/reposts/README.md`.
"""

from math import inf
from typing import Final, NamedTuple

from hashmatch.matching import beside, by_tiles
from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.matching.measures import (
    AROUND,
    BARENESS,
    NO_HOLE,
    SHOWN,
    THERE,
    area,
    is_all_around,
    is_rather_a_page,
)
from hashmatch.types import Placed

__all__ = ["FOR_A_PERSON", "is_everywhere", "is_itself", "seems_itself"]


class _Most(NamedTuple):
    """How much may seem to be another picture, where what is bare is the listed one.

    Attributes:
        other: of what is seen (`hashmatch.matching.there.otherness`).
        others: of the parts, for each that is there.
        hole: of the parts in any one place, more than are there.
        apart: bits in which those that are not there differ: lettering lets something through.
    """

    other: float
    others: float
    hole: float
    apart: int


ITSELF: Final = 0.25
"""How much of what is seen of a whole picture may be another one, whatever lies over it; not where
what is there lies along a side: another picture in a listed post that shows the same next picture
had 0.22. Others in one dress, that are not told before, had 0.44 and more."""
FOR_A_PERSON: Final = 0.6
"""And up to so much a person judges."""
NO_BLANK: Final = 3
"""So many parts must be there, at least;"""
VOTES: Final = 11
"""and to be sure so many must agree: of strangers that had the same large words, or letters filled
with a photograph, on what is smooth up to 10 did. Of 166 copies that are blocked by what is bare 6
have fewer."""
LETTERED: Final = _Most(0.4, 0.04, 0.3, 109)
"""Under large lettering many tiles seem another's: more of what is seen may, if what is there"""
LETTERED_AREA: Final = 0.6
"""has so much of the picture within its rectangle (collages up to 0.55);"""
LETTERED_LOST: Final = 1
"""where fewer parts lack, nothing has to shine through. A listed post with another picture above
the same next one had 117 bits."""
LETTERED_AROUND: Final = _Most(0.45, 0.1, NO_HOLE, 108)
"""All around a photograph, of which the bar of an app may hide a part. Of 44,761 places of hard
uploads in what may be a collage 6 were so, and had 0.8 of `other`, and 0.27 of `others`."""

SINGLE: Final = 0.6
"""The same of a single picture, of which as many parts must be there as of what is lettered, and"""
SINGLE_VOTES: Final = 4
"""so many agree: where others lie under the same lively stickers, or the same shadow of leaves, and
are so smooth that nothing tells of them, fewer are there, or agree;"""
SINGLE_NEAR: Final = 68
"""unless its hash comes within so many bits, with so many votes;"""
SINGLE_NEAR_VOTES: Final = 5
SINGLE_HOLE: Final = 0.125
"""emoji are lively, too: so many may lack in one place, for each that is there;"""
SINGLE_VISIBLE: Final = 0.75
"""and what an app's bar cuts off is nobody else's picture."""
SINGLE_LETTERED: Final = _Most(0.9, 0.25, 1.5, 108)
"""Under large lettering. Of the suite's hard uploads none came as near with five parts there:
`bare_other` was 0.43 for each, at least;"""
SINGLE_MANY: Final = 10
SINGLE_ALONE: Final = 0.12
"""and with four of them 0.18: of so many parts as few others are none. A photographed thing that is
pasted into both can come nearer."""
SINGLE_FOR_A_PERSON: Final = 0.75
SINGLE_BLANK: Final = 2
"""And of any piece. The same uploads had 0.9 at least, with two parts there."""

EVERYWHERE: Final = 0.65
"""The share of a whole picture within the rectangle of what is there, from which on no other one is
beside it, whatever tiles say, if so many parts agree"""
EVERYWHERE_VOTES: Final = 8
EVERYWHERE_MOST: Final = _Most(inf, 0.2, 0.9, 106)
"""and no more seems to be another picture;"""
EVERYWHERE_LOST: Final = 0.5
"""and, of what may be a post, no more than so many parts lack, for each that is there, or it is as
bare as a photograph. Where all but the picture of a dark one was the same, 0.74 and more did, and
something seemed to shine through."""


def is_itself(placed: Placed | None) -> bool:
    """Whether a picture is surely there, however much lies over it."""
    if placed is None:
        return False
    return _is_surely_single(placed) if placed.single else _is_surely_all(placed)


def _is_surely_single(placed: Placed) -> bool:
    """Whether what is there is a single picture's, of which nobody else has a part."""
    strewn = SINGLE_HOLE * placed.bare_same
    lettered = SINGLE_LETTERED._replace(hole=max(SINGLE_LETTERED.hole, strewn))
    blank = SINGLE_BLANK if _comes_near(placed) else THERE
    there = placed.votes >= SINGLE_VOTES and (
        _is_there(placed, SINGLE, blank, lettered.hole)
        or (_is_where_it_is_bare(placed, lettered) and _shines_through(placed, lettered))
        or _is_alone(placed)
    )
    return placed.visible >= SINGLE_VISIBLE and (there or by_tiles.is_nearly_all(placed))


def _is_surely_all(placed: Placed) -> bool:
    """Whether all of what may be a collage, or a post, is there."""
    if placed.votes < VOTES:
        return False
    if area(placed) >= AROUND and placed.bare_same >= THERE and by_tiles.is_smooth(placed):
        return True
    through = placed.lost < LETTERED_LOST
    if is_all_around(placed) and _is_where_it_is_bare(placed, LETTERED_AROUND):
        return through or _shines_through(placed, LETTERED_AROUND)
    if placed.visible < WHOLE_SEEN or beside.is_along_a_side(placed):
        return False
    return _is_there(placed, ITSELF) or (
        _is_where_it_is_bare(placed, LETTERED)
        and (through or _shines_through(placed, LETTERED))
        and area(placed) >= LETTERED_AREA
    )


def seems_itself(placed: Placed) -> bool:
    """Whether it seems to be: for a person to judge."""
    if placed.single and placed.visible >= SHOWN:
        return _is_there(placed, SINGLE_FOR_A_PERSON, SINGLE_BLANK, inf)
    return placed.visible >= WHOLE_SEEN and _is_there(placed, FOR_A_PERSON)


def is_everywhere(placed: Placed) -> bool:
    """Whether parts all over a whole picture say that it is there, whatever its tiles do."""
    return (
        placed.visible >= WHOLE_SEEN
        and placed.votes >= EVERYWHERE_VOTES
        and _is_where_it_is_bare(placed, EVERYWHERE_MOST)
        and _shines_through(placed, EVERYWHERE_MOST)
        and area(placed) >= EVERYWHERE
        and (placed.single or _is_no_page_of_another(placed))
    )


def _is_no_page_of_another(placed: Placed) -> bool:
    much = placed.lost <= EVERYWHERE_LOST * placed.bare_same
    return much or placed.bareness >= BARENESS


def _comes_near(placed: Placed) -> bool:
    near = placed.whole_distance is not None and placed.whole_distance <= SINGLE_NEAR
    return near and placed.votes >= SINGLE_NEAR_VOTES


def _is_alone(placed: Placed) -> bool:
    few = placed.bare_other <= SINGLE_ALONE * placed.bare_same
    return few and _is_there(placed, inf, SINGLE_MANY, SINGLE_HOLE * placed.bare_same)


def _is_there(placed: Placed, other: float, blank: float = NO_BLANK, hole: float = NO_HOLE) -> bool:
    seen = inf if placed.other is None else placed.other
    little = seen <= other and placed.hole <= hole
    return little and placed.bare_same >= blank and not is_rather_a_page(placed)


def _is_where_it_is_bare(placed: Placed, most: _Most) -> bool:
    few = placed.bare_other <= most.others * placed.bare_same
    return few and _is_there(placed, most.other, THERE, most.hole)


def _shines_through(placed: Placed, most: _Most) -> bool:
    return placed.lost_bits is not None and placed.lost_bits <= most.apart
