"""Whether a picture whose hash is near a listed one's is another one, by what is in its place.

The hash of a whole page, of a logo, or of a collage says little of what stands on it: tiles and
parts in their very places deny it, and of a collage also what parts have placed. Bits and shares
are those of `hashmatch.matching.in_place`, figures are told in `benchmarks/reposts/README.md`.
"""

from typing import Final

from hashmatch.matching import beside, pages
from hashmatch.matching.alignment import VOTES
from hashmatch.matching.in_place import InPlace
from hashmatch.matching.there import Bounds
from hashmatch.types import Placed

__all__ = [
    "is_another_collage",
    "is_another_within",
    "is_denied",
    "is_doubtful_page",
    "is_found_by_parts",
]

OTHERS: Final = 0.12
"""Of the parts that are bare, so many may show something else, for each that is there. Where a
page, or a collage, shows another picture, nothing lies over it, and its parts differ as strangers'
do."""
NO_HOLE: Final = 1.1
"""How many more parts than are there may show something else in one place of a picture: where one
of a listed collage has been replaced, 1.17 and more did."""
THERE: Final = 5
"""Parts in their very places, by less than which nothing but a page may be the same."""
REPLACED: Final = 116
"""Bits in which the parts that are not there differ, from which on another picture has taken their
place. Of copies under lettering and stickers something shines through: they differ in up to 115,"""
REPLACED_SEEN: Final = 110
"""and in up to 109 where one place of them is plainly another's."""
TAKEN: Final = 2
"""Parts that must lack, to say so;"""
TAKEN_SEEN: Final = 3
"""where one place says it too;"""
SHOWN_ON: Final = 1
"""and where the rest is but a page: a chat in which a small picture hangs."""
PLAINLY: Final = 118
"""Bits from which on, in what may be a collage or a post, it has where"""
TAKEN_PLAINLY: Final = 0.5
"""of so little that is bare as this lacks, if tiles say it as well: it may be so smooth that hardly
any of the parts in its place are bare."""
WHOLE: Final = 31
"""Bits between hashes, up to which no place of a picture is another's, also where it is so smooth
that it has no parts."""
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
PLAINLY_APART: Final = 75
"""And the median of the bits in which its parts differ."""


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
    if rather and there.hole > NO_HOLE and there.other > there.same:
        return True  # a chat: all is the same, but the picture in it
    if _is_beside_another(seen) or (not seen.single and bits > WHOLE and _has_another(seen)):
        return True  # a collage with another picture in one place
    if seen.parts >= PLAIN:
        others = there.other > OTHERS * there.same or _is_replaced(there.lost, there.apart)
        page = there.lost <= there.same < THERE
        page &= _is_replaced(there.lost, there.apart, SHOWN_ON)
        return seen.foreign > DENIED or (others and seen.foreign >= DOUBTED) or page
    return seen.foreign > PLAINLY_FOREIGN or (seen.apart is not None and seen.apart > PLAINLY_APART)


def is_another_within(seen: InPlace | None, bits: int) -> bool:
    """Whether what is seen in a rectangle is a page, or a collage, and not that very one."""
    if seen is None:
        return False
    there = seen.there
    return _is_beside_another(seen) or pages.is_another(there.bare, there.paper, seen.worst, bits)


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


def is_another_collage(placed: Placed) -> bool:
    """Whether what may be a collage, or a post, has another picture in one place, or may have.

    Where but a hash that is not near supposes it, all but that one place may be the same.
    """
    if placed.single:
        return False
    bounds = None if placed.same_in is None else Bounds(*placed.same_in)
    return (
        placed.votes < VOTES
        or beside.is_beside_another(bounds, placed.bare_same, placed.worst, placed.hole)
        or (
            beside.is_plainly_another(placed.worst, placed.hole)
            and _is_replaced(placed.lost, placed.lost_bits, TAKEN_SEEN, REPLACED_SEEN)
        )
    )


def _is_beside_another(seen: InPlace) -> bool:
    there = seen.there
    others = beside.is_beside_another(there.bounds, there.same, seen.worst, there.hole)
    return others and not seen.single


def _has_another(seen: InPlace) -> bool:
    """Whether another picture is in one place of it."""
    lost, bits = seen.there.lost, seen.there.apart
    return (
        (seen.there.hole > NO_HOLE and _is_replaced(lost, bits))
        or (seen.foreign >= DOUBTED and _is_replaced(lost, bits, TAKEN_PLAINLY, PLAINLY))
        or (
            beside.is_plainly_another(seen.worst, seen.there.hole)
            and _is_replaced(lost, bits, TAKEN_SEEN, REPLACED_SEEN)
        )
    )


def _is_replaced(
    lost: float, bits: float | None, taken: float = TAKEN, least: float = REPLACED
) -> bool:
    """Whether another picture seems to be in the place of the parts that are not there."""
    return bits is not None and lost >= taken and bits >= least
