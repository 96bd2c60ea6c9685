"""Whether a listed picture is there under lettering, stickers and whatever else lies over it.

What lies over a picture says nothing of it; what is bare does (`hashmatch.hashers.bare`). Figures
are told in `benchmarks/README.md`.
"""

from typing import Final

from hashmatch.matching import beside, pages
from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.types import Placed

__all__ = [
    "ALONE",
    "FOR_A_PERSON",
    "HALF",
    "NO_HOLE",
    "OTHERS",
    "OVERLAID",
    "SHOWN",
    "THERE",
    "has_few_others",
    "is_all_around",
    "is_askew",
    "is_beneath",
    "is_everywhere",
    "is_itself",
    "is_mostly_there",
    "is_overlaid",
    "is_shining_through",
    "is_smooth",
    "most_bits",
    "most_hole",
    "seems_itself",
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
CLEAR: Final = 90
"""Alone, less of it may be there under something, if in no place more bits of `worst` differ,"""
CLEAR_FOREIGN: Final = 0.1
"""no more of its tiles show something else,"""
CLEAR_VOTES: Final = 8
"""so many parts agree, and there is a tile to say so: of a listed collage a corner with one picture
in it has none."""
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

OVERLAID: Final = 75
"""Bits up to which a picture may be hidden by lettering and stickers. Distinct tiles are nearly
never so near: of 4e8 pairs of natural crops twelve were."""
AGREEMENT: Final = 0.15
"""The share of its parts that must then agree: the same lettering alone brings fewer together."""
HIDDEN: Final = 4
"""And of so many parts that agree one tile, in shares, may be hidden wholly: where a program's
page is the same and the picture in it another, parts of the picture lack as its tiles do."""

THERE: Final = 5
"""Parts that must be in their very places, where nothing flat lies over them, to ask for a look by
themselves: no stranger's is so near by chance, but ornaments and lettering may be alike."""
BENEATH: Final = 0.8
"""How much of all that is seen may be another picture then: of pages that are the same around
another picture, with that picture's next one, it was as much."""
BENEATH_FOREIGN: Final = 0.55
"""And how many of its tiles: of another post in the same app the page was the same, 0.58;"""
BENEATH_PIECE: Final = 0.25
"""and so many of a piece, at whose end another picture may take the place of what was cut off: of
one half of a listed collage, cut, with another one, 0.26 to 0.4 were."""
UNLIKE: Final = 112
"""And bits between hashes of the whole, from which on two are no more alike than strangers. Where
memes have but their lettering in common, its parts may be in their places: 118 bits and more."""
NO_HOLE: Final = 1.1
"""And how many more parts than are there may show something else in one place of a picture: where
one of a listed collage has been replaced, 1.17 and more did."""
STREWN: Final = 0.08
"""Or so many, for each that is there all over a photograph: emoji are lively, so that what is under
them seems to be another's, but small. In a collage of four, one is a quarter of it;"""
LIVELY: Final = 0.9
"""where so much of what is there is bare: no page, and no collage with margins."""

ASKEW: Final = 80
"""Bits of the tiles up to which a photograph may be there, but not quite in its place, as that of a
screen is: parts in one corner of it then seem to be another's, and few tiles do:"""
ASKEW_FOREIGN: Final = 0.25
"""up to this share of them. Collages with three pictures of four in common lie above it."""
ASKEW_OTHER: Final = 0.4
"""And how much of all that is seen may seem another picture,"""
ASKEW_SAME: Final = 10
"""how many parts must be in their places even so,"""
ASKEW_VISIBLE: Final = 0.75
"""how much of the picture must be visible,"""
ASKEW_AREA: Final = 0.6
"""and within the rectangle of those parts: one half of a collage had 0.51;"""
PHOTOGRAPH: Final = 0.5
"""and how bare what is there: a photograph, and no page."""

MANY: Final = 15
"""Tiles, of 50, that tell of a picture where few parts do, or not in their places;"""
NEARLY_ALL: Final = 0.85
"""where so much of it is visible that no picture of a collage has as much."""
SMOOTH_FOREIGN: Final = 0.1
"""Their share that may show something else where a picture is smooth but in one place,"""
SMOOTH_OTHER: Final = 0.15
"""and how much of all that is seen may."""

MOSTLY: Final = 90
"""Bits of the tiles up to which a picture that is surely a single one is there, however little its
parts are: as in a photograph of a screen, through the grid of which none is found again;"""
MOSTLY_FOREIGN: Final = 0.35
"""up to this share of them may show something else. Others in one dress had 0.44 and more, where
what is there is no page. Of a collage, or a post, as many may be others'."""

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

EVERYWHERE: Final = 0.65
"""The share of a whole picture within the rectangle of what is there, from which on no other one is
beside it, whatever tiles say, if so many parts agree"""
EVERYWHERE_VOTES: Final = 8
EVERYWHERE_OTHERS: Final = 0.2
"""and of so many at most, for each that is there, something else is,"""
EVERYWHERE_HOLE: Final = 0.9
"""and of so many more in any place,"""
EVERYWHERE_APART: Final = 106
"""and those that lack differ in no more bits: what lies over the rest lets something through."""

ITSELF: Final = 0.25
"""How much of what is seen of a whole picture may be another one, whatever lies over it
(`hashmatch.matching.there.otherness`). Another picture in a listed post that shows the same next
picture had 0.26; others in one dress, that are not told before, 0.44 and more."""
NO_BLANK: Final = 3
"""So many parts must be there, at least."""
LETTERED: Final = 0.4
"""And so much may be of a single picture; or of others where lettering is large, and many tiles
seem another's, if what is there"""
LETTERED_AREA: Final = 0.6
"""has so much of the picture within its rectangle, and not along a side (collages up to 0.55),"""
LETTERED_OTHERS: Final = 0.04
"""and of so many parts, for each of them, something else is there,"""
LETTERED_HOLE: Final = 0.3
"""and of so many more than are there in any place;"""
LETTERED_APART: Final = 110
"""and if parts that are not there differ by less, for something shines through lettering,"""
LETTERED_LOST: Final = 1
"""where so many lack. A listed post with another picture above the same next one had 117."""
LETTERED_SINGLE: Final = 0.65
"""And up to so much of a single picture under large lettering, if something shines through it,"""
LETTERED_SINGLE_HOLE: Final = 0.8
"""and no more than so many parts seem another's in any place,"""
LETTERED_SINGLE_APART: Final = 106
"""and those that lack differ in no more bits."""
FOR_A_PERSON: Final = 0.6
"""And up to so much a person judges."""


def is_itself(placed: Placed | None) -> bool:
    """Whether a picture that is visible as a whole is there, however much lies over it."""
    if placed is None:
        return False
    if placed.single:
        return _is_itself(placed, LETTERED) or _is_single_lettered(placed)
    return _is_itself(placed, ITSELF) or _is_lettered(placed)


def _is_single_lettered(placed: Placed) -> bool:
    """Whether what surely is one picture is there, wherever large lettering lets it be seen."""
    return (
        _is_itself(placed, LETTERED_SINGLE)
        and placed.bare_same >= THERE
        and placed.bare_other <= OTHERS * placed.bare_same
        and placed.hole <= LETTERED_SINGLE_HOLE
        and placed.lost_bits is not None
        and placed.lost_bits <= LETTERED_SINGLE_APART
    )


def _is_lettered(placed: Placed) -> bool:
    """Whether it is there all over, wherever no lettering lies over it."""
    return (
        _is_itself(placed, LETTERED)
        and placed.bare_same >= THERE
        and placed.bare_other <= LETTERED_OTHERS * placed.bare_same
        and placed.hole <= LETTERED_HOLE
        and beside.area(placed) >= LETTERED_AREA
        and not beside.is_along_a_side(placed)
        and not _is_opaque(placed)
    )


def _is_opaque(placed: Placed) -> bool:
    """Whether nothing of a listed picture shines through where it is not there."""
    apart = 0 if placed.lost_bits is None else placed.lost_bits
    return placed.lost >= LETTERED_LOST and apart >= LETTERED_APART


def seems_itself(placed: Placed) -> bool:
    """Whether it seems to be: for a person to judge."""
    return _is_itself(placed, FOR_A_PERSON)


def _is_itself(placed: Placed, most: float) -> bool:
    whole = placed.visible >= WHOLE_SEEN and not _is_rather_a_page(placed)
    little = placed.other is not None and placed.other <= most
    return whole and little and placed.bare_same >= NO_BLANK and placed.hole <= NO_HOLE


def is_everywhere(placed: Placed) -> bool:
    """Whether a picture that is visible as a whole is there wherever nothing lies over it."""
    return (
        placed.visible >= WHOLE_SEEN
        and not _is_rather_a_page(placed)
        and placed.votes >= EVERYWHERE_VOTES
        and placed.bare_same >= THERE
        and placed.bare_other <= EVERYWHERE_OTHERS * placed.bare_same
        and placed.hole <= EVERYWHERE_HOLE
        and placed.lost_bits is not None
        and placed.lost_bits <= EVERYWHERE_APART
        and beside.area(placed) >= EVERYWHERE
    )


def is_smooth(placed: Placed) -> bool:
    """Whether nearly all of a picture is there, though its parts are in one place of it only."""
    told = placed.visible >= NEARLY_ALL and placed.tiles >= MANY and placed.hole <= NO_HOLE
    few = placed.other is not None and placed.other <= SMOOTH_OTHER
    return told and few and placed.foreign <= SMOOTH_FOREIGN


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


def is_askew(placed: Placed) -> bool:
    """Whether a photograph is there, as its tiles say, but not all of its parts in their places."""
    return (
        placed.tiles >= MANY
        and placed.visible >= ASKEW_VISIBLE
        and placed.tile_distance is not None
        and placed.tile_distance <= ASKEW
        and placed.foreign <= ASKEW_FOREIGN
        and placed.other is not None
        and placed.other <= ASKEW_OTHER
        and placed.bareness >= PHOTOGRAPH
        and placed.bare_same >= ASKEW_SAME
        and beside.area(placed) >= ASKEW_AREA
    )


def is_beneath(placed: Placed) -> bool:
    """Whether a picture is there wherever nothing lies over it, however much does."""
    if not _is_much_of_it(placed) or placed.bare_same < THERE:
        return False
    if placed.single:
        return has_few_others(placed)
    return (
        has_few_others(placed)
        and (placed.hole <= NO_HOLE or _is_strewn(placed))
        and (placed.other is None or placed.other <= BENEATH)
        and placed.foreign <= (BENEATH_FOREIGN if placed.visible >= WHOLE_SEEN else BENEATH_PIECE)
        and (placed.whole_distance is None or placed.whole_distance < UNLIKE)
    )


def is_mostly_there(placed: Placed) -> bool:
    """Whether a single picture is there, as its tiles say, whatever has become of its parts."""
    return (
        placed.single
        and placed.tiles >= MANY
        and placed.visible >= ASKEW_VISIBLE
        and placed.tile_distance is not None
        and placed.tile_distance <= MOSTLY
        and placed.foreign <= MOSTLY_FOREIGN
        and placed.bare_same >= THERE
        and not _is_rather_a_page(placed)
    )


def is_shining_through(placed: Placed) -> bool:
    """Whether a picture is seen through all that lies over it.

    What is drawn, written, or laid over a picture thinly, or in many places, leaves hardly a part
    of it as near as a copy's are, but most of them nearer than strangers'.
    """
    bits = placed.lost_bits
    if bits is None or placed.lost < SHINING_LOST or placed.hole > NO_HOLE:
        return False
    if placed.single and placed.visible >= SHOWN and not _is_rather_a_page(placed):
        return bits <= SHINING_SINGLE and placed.bareness >= SHINING_BARE
    whole = placed.whole_distance is not None and placed.whole_distance <= SHINING_WHOLE
    return whole and placed.bareness >= SHINING_BARE and bits <= SHINING


def _is_rather_a_page(placed: Placed) -> bool:
    return pages.is_rather_a_page(placed.bareness, placed.paper)


def _is_strewn(placed: Placed) -> bool:
    """Whether what lies over a photograph is so lively that it seems bare, but small everywhere."""
    lively = placed.visible >= WHOLE_SEEN and placed.bareness >= LIVELY
    return lively and beside.area(placed) >= AROUND and placed.hole <= STREWN * placed.bare_same


def _is_much_of_it(placed: Placed) -> bool:
    """Whether so much of a picture is visible that what lies over it may be left out of account."""
    return placed.visible >= (SHOWN if placed.single or _is_plainly_a_piece(placed) else HALF)


def _is_plainly_a_piece(placed: Placed) -> bool:
    """Whether nothing is seen but a piece of a picture, on which many parts agree."""
    clear = placed.worst is not None and placed.worst <= CLEAR and placed.foreign <= CLEAR_FOREIGN
    clear &= placed.tiles > 0
    return clear and placed.fills > ALONE and placed.votes >= CLEAR_VOTES


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
    return beside.area(placed) >= AROUND and placed.bareness >= BARENESS


def most_bits(placed: Placed) -> int:
    """Bits of the whole, or of the tiles, whatever are more."""
    return max(placed.whole_distance or 0, placed.tile_distance or 0)
