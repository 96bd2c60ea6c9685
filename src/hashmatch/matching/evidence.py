"""What is seen in a place tells of the listed picture: each rule, with what it was chosen by.

Bits, shares and votes are those of `hashmatch.types.Placed`, figures are told in
`benchmarks/README.md`.
"""

from typing import Final

from hashmatch.matching import pages
from hashmatch.matching.alignment import InPlace
from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

FOREIGN: Final = 0.1
"""The share of visible tiles that may show something else: pages of one program are alike."""
SURELY_FOREIGN: Final = 0.08
"""And that may to block."""
SHOWN: Final = 0.35
"""The share of a listed picture that is visible, below which somebody looks at it: a listed collage
has pictures in it that are others' too."""
PIECE: Final = 0.55
"""And below which somebody does where it fills little of the upload: one half of a listed collage
may come back in a collage of others. A picture of 16:9 that is cut to a square keeps 0.56."""
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
OTHERS: Final = 0.12
"""And of so many others, for each of them, may show something else there. Where a page, or a
collage, shows another picture, nothing lies over it, and its parts differ as strangers do."""
OTHERS_OVER: Final = 0.3
"""The same where what is there lies all around them, and is bare: no page, but a photograph with
something over it, which may be a photograph too."""
ASKEW: Final = 80
"""Bits of the tiles up to which a photograph may be there, but not quite in its place, as that of a
screen is: parts in one corner of it then seem to be another's, and few tiles do:"""
ASKEW_FOREIGN: Final = 0.25
"""up to this share of them. Collages with one picture of four in common lie above both."""
ASKEW_OTHER: Final = 0.4
"""And how much of all that is seen may seem another picture."""
ASKEW_SAME: Final = 10
"""And how many parts must be in their places even so."""
AROUND: Final = 0.8
"""The share of a listed picture within the rectangle of what is there, from which on it lies all
around what else there is,"""
BARENESS: Final = 0.6
"""and how bare that is: of pages, all around the pictures that they show, the parts are less."""
HOLES: Final = 0.15
"""The same within the rectangle around what is there, where others' pictures are around it: one may
lie in the place of what was cut off."""
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
WITHOUT_HOLE: Final = 90
"""And bits up to which nothing in its place is another picture's: a collage of which all but one
place come back is for a person to judge."""
FILLS: Final = 0.67
"""The share of an upload that a listed picture takes, up to which what surrounds it is others'."""
SAME: Final = 0.42
"""The share of a listed picture within the rectangle of what is there, if what is around it is
others'."""
WHOLE: Final = 31
"""Bits between the hash of a listed picture and that of what is seen in its place, up to which no
place of it is another's, also where it is so smooth that it has no parts."""
UNLIKE: Final = 112
"""And from which on the two are no more alike than strangers. Where memes have but their lettering
in common, its parts may be in their places: such were 118 bits apart and more."""
LEAST: Final = 0.3
"""And up to which what is there may be one picture of a listed collage, wherever it lies."""
HALF: Final = 0.53
"""A rectangle that lies between a side of a listed picture and this share of its width, or height,
is one picture of a listed collage, too: others have that picture as well."""
CORNER: Final = 0.55
"""And one in a corner with up to this share of the picture, for parts reach over its edge,"""
AT_A_CORNER: Final = 0.05
"""where it reaches both edges to such a share of the width and height. A crop that somebody put
among others has seldom kept a corner, and hardly ever a whole side:"""
STRIPS: Final = ((0.62, 0.1), (0.72, 0.03))
"""shares of a picture, and within what it reaches three edges: so does a program's next post."""
MIDDLE: Final = 0.48
"""And one of so much at most that reaches two edges, opposite each other: the middle of three."""
AMONG: Final = 0.75
"""Where it takes more of an upload than `FILLS`, up to which others may lie beside it even so, if
what is there lies along a whole side: one half of a listed collage of two."""
LACKS: Final = 0.7
"""The share of what is visible of a picture, up to which such a one is not all of that: also where
nothing seems to be around it, another may lie there that is as smooth as the listed one."""
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
OTHERS_SEEN: Final = 0.25
"""The share of visible tiles that show something else, from which on other pictures are around,"""
CUT: Final = 0.75
"""where so much of a listed picture is visible at most. Scribbles hide tiles of what is whole."""
NEXT_SEEN: Final = 0.3
"""And from which on one is in a whole picture, if what is there lies along a whole side,"""
NEXT: Final = 0.72
"""and has so much of the picture at most: the other one of two, or the next post's."""
LITTLE: Final = 0.245
"""The share of a listed picture that is visible, below which its parts must be all over that, and
not just its tiles the same: one picture of a listed collage of nine brings a second place with it
into half of an upload, and may be alone in a tile."""
ALL_OVER: Final = 0.8
"""The share of what is visible that is then within the rectangle of what is there."""
ALL: Final = 0.97
"""The share of a listed picture that is visible where nothing of it is cut off."""
NEARLY_ALL: Final = 0.85
"""And of which so little is that no picture of a collage could be."""
MANY: Final = 15
"""Tiles, of 50, that tell of a whole picture, where few parts do."""
ITSELF: Final = 0.25
"""How much of what is seen then may be another picture (`hashmatch.matching.there.otherness`),
whatever lies over it. Another picture in a listed post that shows the same next picture had 0.26;
others in one dress, that are not told before, 0.44 and more."""
LETTERED: Final = 0.4
"""And so much where lettering is large, so that many tiles seem another's, if what is there"""
LETTERED_AREA: Final = 0.6
"""has so much of the picture within its rectangle (posts and collages up to 0.55),"""
LETTERED_OTHERS: Final = 0.04
"""and of so many parts, for each of them, something else is there,"""
LETTERED_HOLE: Final = 0.3
"""and of so many more than are there in any place."""
ITSELF_TO_A_PERSON: Final = 0.6
"""And up to which a person judges. Others were pages:"""
NO_PAGE: Final = 0.28
"""the share of its parts' regions that is bare, from which on it says so,"""
PHOTOGRAPH: Final = 0.5
"""the share from which on it is surely none,"""
NO_BLANK: Final = 3
"""with so many parts."""
NO_HOLE: Final = 1.1
"""And how many more parts than are there may show something else in one place of it: where a
picture of a listed collage has been replaced, 1.17 and more did."""
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
    if pages.is_another(there.bare, seen.worst, bits) or _is_another_screen(seen, bits):
        return True
    if seen.parts >= PLAIN:
        others = there.other > OTHERS * there.same or _is_replaced(there.lost, there.apart)
        doubted = others and seen.foreign >= DOUBTED
        return seen.foreign > DENIED or doubted or _is_a_page(there.same, there.lost, there.apart)
    return seen.foreign > PLAINLY_FOREIGN or (seen.apart is not None and seen.apart > OVERLAID)


def _is_another_screen(seen: InPlace, bits: int) -> bool:
    """Whether a picture that is rather a page is not very near, and differs in one place."""
    rather_a_page = bits > WHOLE and seen.there.bare <= NO_PAGE
    return rather_a_page and seen.worst is not None and seen.worst > WITHOUT_HOLE


def is_found_by_parts(parts: int) -> bool:
    """Whether a listed picture that has so many parts would be found by them where it is."""
    return parts >= PLAIN


def is_doubtful_page(seen: InPlace | None) -> bool:
    """Whether a page is seen that is like a listed one, but not surely that very one.

    Args:
        seen: in the place of a listed picture; None where nobody looked.
    """
    return seen is not None and pages.is_doubtful(seen.there.bare, seen.worst)


def _is_another_form(placed: Placed) -> bool:
    """Whether a page is there on which something else is filled in, or but a piece of one."""
    piece = pages.is_page(placed.bareness) and placed.visible < ALL
    return piece or pages.is_another(placed.bareness, placed.worst, _most_bits(placed))


def _is_a_page(same: float, lost: float, bits: float | None) -> bool:
    """Whether only a page, of which hardly anything is bare, is the same, but not what it shows.

    What is blurred lacks more parts than are there.
    """
    return lost <= same < THERE and _is_replaced(lost, bits, SHOWN_ON)


def is_shown(placed: Placed) -> bool:
    """Whether enough of a listed picture is visible for hashes to say that it is the one."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return (
        compared
        and (placed.visible >= SHOWN or _is_all_over(placed))
        and placed.foreign <= FOREIGN
        and _has_few_others(placed)
    )


def _is_all_over(placed: Placed) -> bool:
    """Whether what little is visible of a picture is there, and not just another one in it."""
    if _area(placed) >= ALL_OVER * placed.visible:
        return True
    bits = placed.tile_distance
    return placed.visible >= LITTLE and bits is not None and bits <= WHOLE


def is_sure(placed: Placed | None) -> bool:
    """Whether nobody has to look at a place where hashes are near."""
    return placed is None or (
        placed.visible >= SHOWN
        and not is_piece(placed)
        and is_without_hole(placed)
        and not pages.is_doubtful(placed.bareness, placed.worst)
    )


def _most_bits(placed: Placed) -> int:
    """Bits of the whole, or of the tiles, whatever are more."""
    return max(placed.whole_distance or 0, placed.tile_distance or 0)


def is_piece(placed: Placed) -> bool:
    """Whether a piece of a listed picture is there, with much else around it."""
    return placed.visible < PIECE and placed.fills <= FILLS


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
    near = placed.whole_distance is not None and placed.whole_distance <= WHOLE
    near = near or _is_smooth(placed)
    if placed.fills <= FILLS:
        return not near and _is_of_a_collage(placed)
    page = _is_a_page(placed.bare_same, placed.lost, placed.lost_bits)
    whole = near or _is_all_around(placed)
    return page or (not near and _is_a_strip(placed)) or (not whole and _is_another(placed))


def _is_smooth(placed: Placed) -> bool:
    """Whether nearly all of a picture is there, though its parts are in one place of it only."""
    told = placed.visible >= NEARLY_ALL and placed.tiles >= MANY and placed.hole <= NO_HOLE
    few = placed.foreign <= OTHERS and placed.other is not None and placed.other <= ITSELF
    return told and few


def _is_another(placed: Placed) -> bool:
    """Whether something else, with nothing around it, seems to be in the place of a picture."""
    if placed.foreign < OTHERS_SEEN:
        return _is_replaced(placed.lost, placed.lost_bits)
    if _is_replaced(placed.lost, placed.lost_bits, TAKEN_SEEN, REPLACED_SEEN):
        return True
    return placed.visible <= CUT and _is_of_a_collage(placed)


def _is_of_a_collage(placed: Placed) -> bool:
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


def _is_a_strip(placed: Placed) -> bool:
    """Whether the parts that are there reach from edge to edge, and are but one picture's.

    They lie along a whole side, beside others', or tiles show something else elsewhere: a listed
    post with the next one below it. Or a cut picture shows much more than them.
    """
    if placed.same_in is None:
        return False
    bounds = Bounds(*placed.same_in)
    left, top, right, bottom = _edges(bounds, AT_A_CORNER)
    across = (left and right) or (top and bottom)
    if across and left + top + right + bottom >= 3:
        beside = bounds.area <= CORNER and placed.fills <= AMONG
        seen = OTHERS_SEEN if bounds.area <= MIDDLE else NEXT_SEEN
        if beside or (bounds.area <= NEXT and placed.foreign >= seen):
            return True
    little = bounds.area <= min(MIDDLE, LACKS * placed.visible)
    return across and little and placed.visible < ALL


def _area(placed: Placed) -> float:
    """The share of a listed picture within the rectangle of what is there."""
    return 0.0 if placed.same_in is None else Bounds(*placed.same_in).area


def _edges(bounds: Bounds, within: float) -> tuple[bool, bool, bool, bool]:
    """Which edges of a picture a rectangle reaches: left, top, right, bottom."""
    left, top, right, bottom = bounds
    return left <= within, top <= within, right >= 1 - within, bottom >= 1 - within


def _is_replaced(
    lost: float, bits: float | None, taken: float = TAKEN, least: float = REPLACED
) -> bool:
    """Whether another picture seems to be in the place of the parts that are not there."""
    return bits is not None and lost >= taken and bits >= least


def is_without_hole(placed: Placed) -> bool:
    """Whether nothing of what is seen in a listed picture's place seems to be of another one."""
    return placed.foreign <= SURELY_FOREIGN and (
        placed.worst is None or placed.worst <= WITHOUT_HOLE
    )


def _has_few_others(placed: Placed) -> bool:
    """Whether few parts, beside those that are there, seem to be of another picture."""
    share = OTHERS_OVER if _is_all_around(placed) else OTHERS
    return placed.bare_other <= share * placed.bare_same


def _is_all_around(placed: Placed) -> bool:
    """Whether what is there lies all around what else there is, and is no page."""
    return _area(placed) >= AROUND and placed.bareness >= BARENESS


def is_itself(placed: Placed | None) -> bool:
    """Whether a picture that is visible as a whole is there, however much lies over it."""
    return placed is not None and (_is_itself(placed, ITSELF) or _is_lettered(placed))


def _is_lettered(placed: Placed) -> bool:
    """Whether it is there all over, wherever no lettering lies over it."""
    return (
        _is_itself(placed, LETTERED)
        and placed.bare_same >= THERE
        and placed.bare_other <= LETTERED_OTHERS * placed.bare_same
        and placed.hole <= LETTERED_HOLE
        and _area(placed) >= LETTERED_AREA
    )


def seems_itself(placed: Placed) -> bool:
    """Whether it seems to be: for a person to judge."""
    return _is_itself(placed, ITSELF_TO_A_PERSON)


def _is_itself(placed: Placed, most: float) -> bool:
    whole = placed.visible >= ALL and placed.bareness > NO_PAGE and placed.bare_same >= NO_BLANK
    little = placed.other is not None and placed.other <= most
    return whole and little and placed.hole <= NO_HOLE


def is_overlaid(placed: Placed) -> bool:
    """Whether a picture seems to be there under lettering or stickers."""
    return (
        placed.tiles > 0
        and placed.visible >= SHOWN
        and _most_bits(placed) <= OVERLAID
        and placed.agreement >= AGREEMENT
        and placed.foreign * HIDDEN <= placed.agreement
        and _has_few_others(placed)
    )


def is_askew(placed: Placed) -> bool:
    """Whether a photograph is there, as its tiles say, but not all of its parts in their places."""
    return (
        placed.tiles >= MANY
        and placed.visible >= CUT
        and placed.tile_distance is not None
        and placed.tile_distance <= ASKEW
        and placed.foreign <= ASKEW_FOREIGN
        and placed.other is not None
        and placed.other <= ASKEW_OTHER
        and placed.bareness >= PHOTOGRAPH
        and placed.bare_same >= ASKEW_SAME
    )


def is_beneath(placed: Placed) -> bool:
    """Whether a picture is there wherever nothing lies over it, however much does."""
    return (
        placed.visible >= SHOWN
        and placed.bare_same >= THERE
        and _has_few_others(placed)
        and placed.hole <= NO_HOLE
        and (placed.other is None or placed.other <= BENEATH)
        and (placed.whole_distance is None or placed.whole_distance < UNLIKE)
    )


def is_among(placed: Placed) -> bool:
    """Whether much of a picture is there, with others' where the rest of it would be."""
    return (
        placed.fills <= FILLS and _area(placed) >= SAME and placed.holes <= HOLES * placed.bare_same
    )


def is_likely(placed: Placed) -> bool:
    """Whether parts alone are worth a look: nothing was compared, and many of them agree."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return not compared and placed.votes >= VOTES and _has_few_others(placed)
