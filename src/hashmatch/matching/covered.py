"""Whether a listed picture, or a piece of one, is there under stickers, drawings and lettering.

What lies over a picture says nothing of it; what is bare does (`hashmatch.hashers.bare`), and what
shines through. Figures are told in `benchmarks/reposts/README.md`.
"""

from typing import Final

from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.matching.measures import (
    ALONE,
    AROUND,
    HALF,
    NO_HOLE,
    SHOWN,
    STREWN,
    THERE,
    area,
    has_few_others,
    is_rather_a_page,
    most_bits,
)
from hashmatch.types import Placed

__all__ = ["OVERLAID", "is_beneath", "is_overlaid", "is_shining_through"]

CLEAR: Final = 90
"""Of a piece by itself less may be there under something, if in no place more bits of `worst`
differ,"""
CLEAR_FOREIGN: Final = 0.1
"""no more of its tiles show something else,"""
CLEAR_VOTES: Final = 8
"""so many parts agree, and there is a tile to say so: of a listed collage a corner with one picture
in it has none."""

OVERLAID: Final = 75
"""Bits up to which a picture may be hidden by lettering and stickers. Distinct tiles are nearly
never so near: of 4e8 pairs of natural crops twelve were."""
AGREEMENT: Final = 0.15
"""The share of its parts that must then agree: the same lettering alone brings fewer together."""
HIDDEN: Final = 4
"""And of so many parts that agree one tile, in shares, may be hidden wholly: where a program's
page is the same and the picture in it another, parts of the picture lack as its tiles do."""

BENEATH: Final = 0.8
"""How much of all that is seen may be another picture where parts alone ask for a look: of pages
that are the same around another picture, with that picture's next one, it was as much."""
BENEATH_FOREIGN: Final = 0.55
"""And how many of its tiles: of another post in the same app the page was the same, 0.58;"""
BENEATH_PIECE: Final = 0.25
"""and so many of a piece, at whose end another picture may take the place of what was cut off: of
one half of a listed collage, cut, with another one, 0.26 to 0.4 were."""
MOST_OTHER: Final = 1.3
"""How much of all that is seen of a single picture may be another one, for a person to look: of two
memes with the same large capitals on photographs out of focus it was 1.4."""
UNLIKE: Final = 112
"""And bits between hashes of the whole, from which on two are no more alike than strangers. Where
memes have but their lettering in common, its parts may be in their places: 118 bits and more."""
LIVELY: Final = 0.9
"""How bare a photograph is under emoji that are strewn over it: no page, and no collage with
margins."""

SHINING: Final = 98
"""Bits in which the parts that are not there differ, up to which a picture shines through all that
lies over it: strangers' differ in 118 and more. Where all of it is visible, and"""
SHINING_WHOLE: Final = 76
"""its hash differs in so many bits at most, no other picture does;"""
SHINING_SINGLE: Final = 108
"""of a listed picture that is surely a single one, and no page, any piece does."""
SHINING_LOST: Final = 3
"""So many parts must lack, to say so,"""
SHINING_BARE: Final = 0.15
"""and what is there must be so bare: pages differ in less, for nothing but lines is on them."""


def is_overlaid(placed: Placed) -> bool:
    """Whether a picture seems to be there under lettering or stickers."""
    return (
        placed.tiles > 0
        and _is_much_of_it(placed)
        and most_bits(placed) <= OVERLAID
        and placed.agreement >= AGREEMENT
        and placed.foreign * HIDDEN <= placed.agreement
        and has_few_others(placed)
    )


def is_beneath(placed: Placed) -> bool:
    """Whether a picture is there wherever nothing lies over it, however much does."""
    if not _is_much_of_it(placed) or placed.bare_same < THERE:
        return False
    if placed.single:
        return has_few_others(placed) and not _is_mostly_another(placed)
    return (
        has_few_others(placed)
        and (placed.hole <= NO_HOLE or _is_strewn(placed))
        and (placed.other is None or placed.other <= BENEATH)
        and placed.foreign <= (BENEATH_FOREIGN if placed.visible >= WHOLE_SEEN else BENEATH_PIECE)
        and (placed.whole_distance is None or placed.whole_distance < UNLIKE)
    )


def is_shining_through(placed: Placed) -> bool:
    """Whether a picture is seen through all that lies over it.

    What is drawn, written, or laid over a picture thinly, or in many places, leaves hardly a part
    of it as near as a copy's are, but most of them nearer than strangers'.
    """
    bits = placed.lost_bits
    if bits is None or placed.lost < SHINING_LOST or placed.hole > NO_HOLE:
        return False
    if placed.single and placed.visible >= SHOWN and not is_rather_a_page(placed):
        seen = placed.bareness >= SHINING_BARE and not _is_mostly_another(placed)
        return seen and bits <= SHINING_SINGLE
    whole = placed.whole_distance is not None and placed.whole_distance <= SHINING_WHOLE
    return whole and placed.bareness >= SHINING_BARE and bits <= SHINING


def _is_mostly_another(placed: Placed) -> bool:
    return placed.other is not None and placed.other > MOST_OTHER


def _is_strewn(placed: Placed) -> bool:
    """Whether what lies over a photograph is so lively that it seems bare, but small everywhere."""
    lively = placed.visible >= WHOLE_SEEN and placed.bareness >= LIVELY
    return lively and area(placed) >= AROUND and placed.hole <= STREWN * placed.bare_same


def _is_much_of_it(placed: Placed) -> bool:
    """Whether so much of a picture is visible that what lies over it may be left out of account."""
    return placed.visible >= (SHOWN if placed.single or _is_plainly_a_piece(placed) else HALF)


def _is_plainly_a_piece(placed: Placed) -> bool:
    """Whether nothing is seen but a piece of a picture, on which many parts agree."""
    clear = placed.worst is not None and placed.worst <= CLEAR and placed.foreign <= CLEAR_FOREIGN
    clear &= placed.tiles > 0
    return clear and placed.fills > ALONE and placed.votes >= CLEAR_VOTES
