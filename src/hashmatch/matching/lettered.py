"""Whether a picture that is visible as a whole is there, wherever no lettering lies over it.

Lettering, stickers and drawings say nothing of what is under them; what is bare does
(`hashmatch.hashers.bare`). Figures are told in `benchmarks/README.md`.
"""

from typing import Final, NamedTuple

from hashmatch.matching import beside
from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.matching.measures import NO_HOLE, OTHERS, THERE, area, is_rather_a_page
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
ITSELF_SINGLE: Final = 0.4
"""And of a single picture."""
FOR_A_PERSON: Final = 0.6
"""And up to so much a person judges."""
NO_BLANK: Final = 3
"""So many parts must be there, at least."""

SINGLE: Final = _Most(0.65, OTHERS, 0.8, 106)
"""Of a single picture under large lettering, where many tiles seem another's."""
ANY: Final = _Most(0.4, 0.04, 0.3, 109)
"""And of others, if what is there"""
ANY_AREA: Final = 0.6
"""has so much of the picture within its rectangle (collages up to 0.55);"""
ANY_LOST: Final = 1
"""where fewer parts lack, nothing has to shine through. A listed post with another picture above
the same next one had 117 bits."""

EVERYWHERE: Final = 0.65
"""The share of a whole picture within the rectangle of what is there, from which on no other one is
beside it, whatever tiles say, if so many parts agree"""
EVERYWHERE_VOTES: Final = 8
EVERYWHERE_MOST: Final = _Most(2, 0.2, 0.9, 106)
"""and no more seems to be another picture;"""
EVERYWHERE_LOST: Final = 0.5
"""and of what may be a post, no more than so many parts lack, for each that is there: where all but
the picture of a dark one was the same, 0.74 and more did, and something seemed to shine through."""


def is_itself(placed: Placed | None) -> bool:
    """Whether a picture is surely there, however much lies over it."""
    if placed is None:
        return False
    if placed.single:
        return _is_itself(placed, ITSELF_SINGLE) or (
            _is_itself(placed, SINGLE.other)
            and _is_where_it_is_bare(placed, SINGLE)
            and _shines_through(placed, SINGLE)
        )
    if beside.is_along_a_side(placed):
        return False
    return _is_itself(placed, ITSELF) or (
        _is_itself(placed, ANY.other)
        and _is_where_it_is_bare(placed, ANY)
        and (placed.lost < ANY_LOST or _shines_through(placed, ANY))
        and area(placed) >= ANY_AREA
    )


def seems_itself(placed: Placed) -> bool:
    """Whether it seems to be: for a person to judge."""
    return _is_itself(placed, FOR_A_PERSON)


def is_everywhere(placed: Placed) -> bool:
    """Whether parts all over a picture say that it is there, whatever its tiles do."""
    return (
        _is_a_whole(placed)
        and placed.votes >= EVERYWHERE_VOTES
        and _is_where_it_is_bare(placed, EVERYWHERE_MOST)
        and _shines_through(placed, EVERYWHERE_MOST)
        and area(placed) >= EVERYWHERE
        and (placed.single or placed.lost <= EVERYWHERE_LOST * placed.bare_same)
    )


def _is_itself(placed: Placed, most: float) -> bool:
    little = placed.other is not None and placed.other <= most
    there = placed.bare_same >= NO_BLANK and placed.hole <= NO_HOLE
    return _is_a_whole(placed) and little and there


def _is_a_whole(placed: Placed) -> bool:
    return placed.visible >= WHOLE_SEEN and not is_rather_a_page(placed)


def _is_where_it_is_bare(placed: Placed, most: _Most) -> bool:
    few = placed.bare_other <= most.others * placed.bare_same and placed.hole <= most.hole
    return few and placed.bare_same >= THERE


def _shines_through(placed: Placed, most: _Most) -> bool:
    return placed.lost_bits is not None and placed.lost_bits <= most.apart
