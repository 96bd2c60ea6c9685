"""What is seen in a place tells of the listed picture: each rule, with what it was chosen by.

Bits, shares and votes are those of `hashmatch.types.Placed`, figures are told in
`benchmarks/reposts/README.md`.
"""

from typing import Final

from hashmatch.matching import beside, by_tiles, covered, lettered, measures, pages
from hashmatch.matching.alignment import VOTES as PLACED_BY
from hashmatch.matching.alignment import WHOLE_SEEN
from hashmatch.matching.in_place import InPlace
from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

FOREIGN: Final = 0.1
"""The share of visible tiles that may show something else: pages of one program are alike."""
SURELY_FOREIGN: Final = 0.08
"""And that may to block."""
FOREIGN_SINGLE: Final = 0.2
"""Both of what is surely a single picture: there only what lies over it can be foreign."""
PIECE: Final = 0.75
"""The share of what may be a collage, or a page with pictures, that is visible, below which it says
nothing where it fills little of the upload: one picture of it may come back among others."""
HOLES: Final = 0.15
"""Of the parts that are bare within the rectangle of what is there, so many may show something
else, for each that is there, where others' pictures are around: one may lie in the place of what
was cut off."""
REPLACED: Final = 116
"""Bits in which the parts that are not there differ, from which on another picture has taken their
place. Of copies under lettering and stickers something shines through: they differ in up to 115,"""
REPLACED_SEEN: Final = 110
"""and in up to 109 where tiles too show something else; there, other pictures may be dark, or flat
in part, and seem to be under something."""
TAKEN: Final = 2
"""Parts that must lack, to say so;"""
TAKEN_SEEN: Final = 3
"""where tiles say it too;"""
SHOWN_ON: Final = 1
"""and where the rest is but a page: a chat in which a small picture hangs."""
PLAINLY: Final = 118
"""Bits from which on, in what may be a collage or a post, it has where"""
TAKEN_PLAINLY: Final = 0.5
"""of so little that is bare as this lacks, if tiles say it as well: it may be so smooth that hardly
any of the parts in its place are bare."""
WITHOUT_HOLE: Final = 90
"""Bits up to which nothing in its place is another picture's: a collage of which all but one
place come back is for a person to judge."""
FILLS: Final = 0.67
"""The share of an upload that a listed picture takes, up to which what surrounds it is others'."""
SAME: Final = 0.42
"""The share of a listed picture within the rectangle of what is there, if what is around it is
others'."""
WHOLE: Final = 31
"""Bits between the hash of a listed picture and that of what is seen in its place, up to which no
place of it is another's, also where it is so smooth that it has no parts."""
DENIED: Final = 0.35
"""The share of its tiles that show something else, from which on a picture of near hash is another
page of one program: copies under a banner of two fifths have up to 0.32."""
DOUBTED: Final = 0.2
"""And from which on it is where parts say so as well: a blurred copy lacks parts, but no tiles."""
PLAIN: Final = 48
"""Parts of which a picture has less where it is a flag, or a logo: hashes of such are near each
other, so that what is in its place must be the same too. Photographs have 64."""
PLAINLY_FOREIGN: Final = 0.12
"""Their share of tiles that show something else: flags of one layout have 0.13 and more."""
CUT: Final = 0.95
"""The share of a listed picture that is visible, up to which foreign tiles are another's in its
place (`hashmatch.matching.beside`). Scribbles hide tiles of what is whole."""
LITTLE: Final = 0.245
"""The share of a listed picture that is visible, below which its parts must be all over that, and
not just its tiles the same: one picture of a listed collage of nine brings a second place with it
into half of an upload, and may be alone in a tile."""
ALL_OVER: Final = 0.8
"""The share of what is visible that is then within the rectangle of what is there."""
IN_A_POST: Final = 122
"""Bits of `worst` from which on another picture is in one place of what may be a post, if what is
there is"""
POST: Final = 0.5
"""no more bare than one, or"""
POST_AREA: Final = 0.6
"""has no more of it within its rectangle. Of 474 copies that a person is asked about, none."""
VOTES: Final = 8
"""Parts that must agree where too little is visible to be compared; then somebody looks at it."""


def is_denied(seen: InPlace | None, bits: int) -> bool:
    """Whether what is seen in the place of a picture says that it is another one.

    Args:
        seen: that; None where nobody looked.
        bits: in which the hashes of the two differ: few.
    """
    if seen is None:
        return False
    there = seen.there
    told = there.bare, there.paper, seen.worst, bits
    if pages.is_another(*told) or pages.is_another_screen(*told):
        return True
    rather = pages.is_rather_a_page(there.bare, there.paper)
    if rather and there.hole > measures.NO_HOLE and there.other > there.same:
        return True  # a chat: all is the same, but the picture in it
    replaced = there.hole > measures.NO_HOLE and _is_replaced(there.lost, there.apart)
    replaced |= seen.foreign >= DOUBTED and _is_replaced(
        there.lost, there.apart, TAKEN_PLAINLY, PLAINLY
    )
    replaced |= beside.is_plainly_another(seen.worst, there.hole) and _is_replaced(
        there.lost, there.apart, TAKEN_SEEN, REPLACED_SEEN
    )
    beside_it = beside.is_beside_another(there.bounds, there.same, seen.worst, there.hole)
    if not seen.single and (beside_it or (bits > WHOLE and replaced)):
        return True  # a collage with another picture in one place
    if seen.parts >= PLAIN:
        others = there.other > measures.OTHERS * there.same or _is_replaced(there.lost, there.apart)
        doubted = others and seen.foreign >= DOUBTED
        return seen.foreign > DENIED or doubted or _is_a_page(there.same, there.lost, there.apart)
    return seen.foreign > PLAINLY_FOREIGN or (
        seen.apart is not None and seen.apart > covered.OVERLAID
    )


def is_another_within(seen: InPlace | None, bits: int) -> bool:
    """Whether what is seen in a rectangle is a page, or a collage, and not that very one."""
    if seen is None:
        return False
    there = seen.there
    beside_it = beside.is_beside_another(there.bounds, there.same, seen.worst, there.hole)
    return (beside_it and not seen.single) or pages.is_another(
        there.bare, there.paper, seen.worst, bits
    )


def is_found_by_parts(parts: int) -> bool:
    """Whether a picture has so many parts that it is found by them: no flag, logo, or gradient."""
    return parts >= PLAIN


def is_doubtful_page(seen: InPlace | None) -> bool:
    """Whether a page is seen that is like a listed one, but not surely that very one.

    Args:
        seen: in the place of a listed picture; None where nobody looked.
    """
    if seen is None:
        return False
    return pages.is_doubtful(seen.there.bare, seen.there.paper, seen.worst)


def _is_another_form(placed: Placed) -> bool:
    """Whether a page is there on which something else is filled in, or but a piece of one."""
    told = placed.bareness, placed.paper
    if pages.is_page(*told) and placed.visible < WHOLE_SEEN:
        return True
    return pages.is_another(*told, placed.worst, measures.most_bits(placed))


def _is_a_page(same: float, lost: float, bits: float | None) -> bool:
    """Whether only a page, of which hardly anything is bare, is the same, but not what it shows.

    What is blurred lacks more parts than are there.
    """
    return lost <= same < measures.THERE and _is_replaced(lost, bits, SHOWN_ON)


def is_shown(placed: Placed) -> bool:
    """Whether enough of a listed picture is visible for hashes to say that it is the one."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return (
        compared
        and (placed.visible >= measures.SHOWN or _is_all_over(placed))
        and placed.foreign <= (FOREIGN_SINGLE if placed.single else FOREIGN)
        and measures.has_few_others(placed)
    )


def _is_all_over(placed: Placed) -> bool:
    """Whether what little is visible of a picture is there, and not just another one in it."""
    if measures.area(placed) >= ALL_OVER * placed.visible:
        return True
    bits = placed.tile_distance
    return placed.visible >= LITTLE and bits is not None and bits <= WHOLE


def is_sure(placed: Placed | None) -> bool:
    """Whether nobody has to look at a place where hashes are near."""
    return placed is None or (
        placed.visible >= (measures.SHOWN if placed.single else measures.HALF)
        and is_without_hole(placed)
        and not pages.is_doubtful(placed.bareness, placed.paper, placed.worst)
    )


def is_others(placed: Placed | None) -> bool:
    """Whether what is there is others', too: one picture of a listed collage, or but its page.

    Where other pictures are around, it is one that lies in a corner, or at a side, of the listed
    picture, or is small. Where none are, it is what else is there that tells: other pictures' parts
    differ as strangers' do. A whole picture that is near has all its places, unless it is a page.
    """
    if placed is None:
        return False
    if _is_another_form(placed):
        return True
    if lettered.is_everywhere(placed) or (placed.single and lettered.seems_itself(placed)):
        return False
    near = placed.whole_distance is not None and placed.whole_distance <= WHOLE
    near = near or by_tiles.is_smooth(placed) or _is_told_by_tiles(placed)
    if not placed.single:
        sides = None if placed.same_in is None else Bounds(*placed.same_in)
        half = placed.fills <= measures.ALONE and placed.visible < measures.HALF
        told = sides, placed.bare_same, placed.worst, placed.hole
        if half or beside.is_beside_another(*told):
            return True
    if placed.fills <= FILLS:
        piece = placed.visible < PIECE or beside.is_one_of_several(placed)
        return piece and not near and not placed.single
    page = _is_a_page(placed.bare_same, placed.lost, placed.lost_bits)
    whole = near or measures.is_all_around(placed)
    part = not placed.single and (beside.is_a_strip(placed) or beside.is_a_corner(placed))
    return page or (part and not near) or (not whole and _is_another(placed))


def _is_told_by_tiles(placed: Placed) -> bool:
    """Whether most of what is visible of a single picture is the same: no collage has that too."""
    bits = placed.tile_distance
    same = placed.single and bits is not None and bits <= WHOLE
    return same or by_tiles.is_mostly_there(placed)


def _is_another(placed: Placed) -> bool:
    """Whether something else, with nothing around it, seems to be in the place of a picture."""
    seen = placed.foreign >= beside.OTHERS_SEEN
    seen = seen or (not placed.single and beside.is_plainly_another(placed.worst, placed.hole))
    if seen and _is_replaced(placed.lost, placed.lost_bits, TAKEN_SEEN, REPLACED_SEEN):
        return True
    if placed.foreign < beside.OTHERS_SEEN:
        return _is_replaced(placed.lost, placed.lost_bits) or (
            not placed.single
            and placed.foreign >= SURELY_FOREIGN
            and _is_replaced(placed.lost, placed.lost_bits, TAKEN_PLAINLY, PLAINLY)
        )
    return not placed.single and placed.visible <= CUT and beside.is_one_of_several(placed)


def _is_replaced(
    lost: float, bits: float | None, taken: float = TAKEN, least: float = REPLACED
) -> bool:
    """Whether another picture seems to be in the place of the parts that are not there."""
    return bits is not None and lost >= taken and bits >= least


def is_without_hole(placed: Placed) -> bool:
    """Whether nothing of what is seen in a listed picture's place seems to be of another one."""
    told = placed.worst is None or placed.worst <= WITHOUT_HOLE
    told = told or (placed.single and placed.hole <= measures.most_hole(placed))
    return placed.foreign <= (FOREIGN_SINGLE if placed.single else SURELY_FOREIGN) and told


def is_among(placed: Placed) -> bool:
    """Whether much of a picture is there, with others' where the rest of it would be."""
    much = placed.fills <= FILLS and measures.area(placed) >= SAME
    whole = placed.holes <= HOLES * placed.bare_same and placed.hole <= measures.NO_HOLE
    return much and whole and (placed.other is None or placed.other <= lettered.FOR_A_PERSON)


def is_another_post(placed: Placed) -> bool:
    """Whether another picture is in what may be a post, of which something seems to be hidden."""
    if placed.single or placed.worst is None or placed.worst < IN_A_POST:
        return False
    return placed.bareness < POST or measures.area(placed) < POST_AREA


def is_supposed(placed: Placed) -> bool:
    """Whether a hash that is not near has said where a picture would lie, and no parts have."""
    return placed.votes < PLACED_BY


def is_likely(placed: Placed) -> bool:
    """Whether parts alone are worth a look: nothing was compared, and many of them agree."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    many = placed.votes >= VOTES and measures.has_few_others(placed)
    return placed.single and not compared and many
