"""What is seen in a place tells of the listed picture: each rule, with what it was chosen by.

Bits, shares and votes are those of `hashmatch.types.Placed`, figures are told in
`benchmarks/README.md`.
"""

from typing import Final

from hashmatch.matching.alignment import InPlace
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
THERE: Final = 4
"""Parts that must be in their very places, where nothing flat lies over them, to ask for a look by
themselves: no stranger's is so near by chance, but ornaments and lettering may be alike."""
OTHERS: Final = 0.06
"""And of so many others, for each of them, may show something else there. Where a page, or a
collage, shows another picture, nothing lies over it, and its parts differ as strangers do."""
OTHERS_NEAR: Final = 0.15
"""The same where hashes are not far either,"""
OTHERS_AROUND: Final = 0.3
"""and where others' pictures are around it, for one may lie in the place of what was cut off."""
WITHOUT_HOLE: Final = 90
"""And bits up to which nothing in its place is another picture's: a collage of which all but one
place come back is for a person to judge."""
FILLS: Final = 0.65
"""The share of an upload that a listed picture takes, up to which what surrounds it is others'."""
SAME: Final = 0.42
"""The share of a listed picture that is there, closely, if what is around it is others'."""
GONE: Final = 0.25
"""The share of a listed picture that is not there, from which on a corner of it, where other
pictures are around, is one picture of a listed collage: others have that picture too."""
LEAST: Final = 0.3
"""And more than this share must be there, closely, to be told from one at all."""
DENIED: Final = 0.35
"""The share of its tiles that show something else, from which on a picture of near hash is another
page of one program: copies under a banner of two fifths have up to 0.32."""
DOUBTED: Final = 0.2
"""And from which on it is where parts say so as well: those of a blurred copy are lost, and its
tiles are not."""
PLAIN: Final = 48
"""Parts of which a picture has less where it is a flag, or a logo: hashes of such are near each
other, so that what is in its place must be the same too. Photographs have 64."""
PLAINLY_FOREIGN: Final = 0.12
"""Their share of tiles that show something else: flags of one layout have 0.13 and more."""
OTHERS_SEEN: Final = 0.25
"""The share of visible tiles that show something else, from which on other pictures are around,"""
CUT: Final = 0.75
"""where so much of a listed picture is visible at most. Scribbles hide tiles of what is whole."""
VOTES: Final = 8
"""Parts that must agree where too little is visible to be compared; then somebody looks at it."""


def is_denied(seen: InPlace | None) -> bool:
    """Whether what is seen in the place of a picture says that it is another one, of near hash."""
    if seen is None:
        return False
    if seen.parts >= PLAIN:
        return seen.foreign > DENIED or (seen.other and seen.foreign >= DOUBTED)
    return seen.foreign > PLAINLY_FOREIGN or (seen.apart is not None and seen.apart > OVERLAID)


def is_shown(placed: Placed) -> bool:
    """Whether enough of a listed picture is visible for hashes to say that it is the one."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return compared and placed.foreign <= FOREIGN and _has_few_others(placed, OTHERS_NEAR)


def is_sure(placed: Placed | None) -> bool:
    """Whether nobody has to look at a place where hashes are near."""
    return placed is None or (
        placed.visible >= SHOWN and not is_piece(placed) and is_without_hole(placed)
    )


def is_piece(placed: Placed) -> bool:
    """Whether a piece of a listed picture is there, with much else around it."""
    return placed.visible < PIECE and placed.fills <= FILLS


def is_of_a_collage(placed: Placed | None) -> bool:
    """Whether what is there is but one picture of a listed collage, or too little to tell.

    A crop of a picture, put among others, has seldom kept a corner of it.
    """
    if placed is None:
        return False
    gone = 1 - placed.visible + placed.visible * placed.foreign
    if placed.fills <= FILLS:
        return gone >= GONE and (placed.corner or placed.same <= LEAST)
    cut = placed.visible <= CUT and placed.foreign >= OTHERS_SEEN
    return cut and placed.corner


def is_without_hole(placed: Placed) -> bool:
    """Whether nothing of what is seen in a listed picture's place seems to be of another one."""
    return placed.foreign <= SURELY_FOREIGN and (
        placed.worst is None or placed.worst <= WITHOUT_HOLE
    )


def _has_few_others(placed: Placed, share: float) -> bool:
    """Whether few parts, beside those that are there, seem to be of another picture."""
    return placed.bare_other <= share * placed.bare_same


def is_overlaid(placed: Placed) -> bool:
    """Whether a picture seems to be there under lettering or stickers."""
    bits = [each for each in (placed.whole_distance, placed.tile_distance) if each is not None]
    return (
        placed.tiles > 0
        and max(bits, default=256) <= OVERLAID
        and placed.agreement >= AGREEMENT
        and placed.foreign * HIDDEN <= placed.agreement
        and _has_few_others(placed, OTHERS_NEAR)
    )


def is_beneath(placed: Placed) -> bool:
    """Whether a picture is there wherever nothing lies over it, however much does."""
    return placed.bare_same >= THERE and _has_few_others(placed, OTHERS)


def is_among(placed: Placed) -> bool:
    """Whether much of a picture is there, with others' where the rest of it would be."""
    return placed.fills <= FILLS and placed.same >= SAME and _has_few_others(placed, OTHERS_AROUND)


def is_likely(placed: Placed) -> bool:
    """Whether parts alone are worth a look: nothing was compared, and many of them agree."""
    compared = placed.whole_distance is not None or placed.tiles > 0
    return not compared and placed.votes >= VOTES
