"""What an upload shows in the place of a listed picture whose hash is near.

The hash of a whole page, of a logo, or of a collage says little of what stands on it.
"""

from typing import Final, NamedTuple

import numpy as np

from hashmatch.hashers import Look
from hashmatch.matching.alignment import FAR, ListedParts, supposed, tiles_told
from hashmatch.matching.fits import Floats
from hashmatch.matching.joints import is_as_single
from hashmatch.matching.placement import guided, place
from hashmatch.matching.there import TILE_UNLIKE, InTheirPlaces, in_their_places, worst
from hashmatch.native import Rectangle

__all__ = ["InPlace", "in_place"]

SURE: Final = 8
"""So many parts do not agree by chance, nor do those of one word that stands on two pages."""


class InPlace(NamedTuple):
    """What an upload shows in the place of a listed picture whose hash is near.

    Attributes:
        parts: that the listed picture has; a page or a logo has few.
        apart: the median of the bits between these and what is in their very places; None where it
            has none.
        worst: as in `hashmatch.matching.alignment.Alignment`.
        foreign: the share of its tiles that show something else, 0 to 1.
        there: how many of its parts are there, and how many are another picture's.
        single: as in `hashmatch.matching.alignment.Alignment`.
    """

    parts: int
    apart: int | None
    worst: int | None
    foreign: float
    there: InTheirPlaces
    single: bool = False


def in_place(upload: Look, listed: ListedParts, back: Floats) -> InPlace:
    """Compare a listed picture with an upload that has its hash, or nearly: tiles, and parts.

    The hash of a whole page, or of a logo, says little of what stands on it. Where parts place the
    listed picture surely, that is its place; else it is the upload as it is.

    Args:
        upload: what is looked at.
        listed: the picture.
        back: shape (3, 3): from a point of the view that is so near to one of the upload, both in
            shares of the width and height.
    """
    query, flip, whole = supposed(upload, listed, back)
    width, height = listed.parts.width, listed.parts.height
    found = place(query, listed.parts, FAR)
    everything = Rectangle(0, 0, query.width, query.height, trimmed=False)
    matrices = [whole]
    if found is not None and found.votes >= SURE:
        matrices.append(guided(query, listed.parts, found).matrix)
    looked = []
    for matrix in matrices:
        frame = upload.frame(
            matrix, width, height, listed.parts.places, mirrored=flip, within=everything
        )
        differ = np.bitwise_count(frame.regions ^ listed.parts.codes).sum(axis=1, dtype=np.int64)
        apart = differ[frame.regions_seen]
        usable, bits = tiles_told(frame, listed)
        foreign = float((bits >= TILE_UNLIKE).mean()) if len(bits) else 0.0
        middle = int(np.median(apart)) if len(apart) else None
        there = in_their_places(listed.parts, frame, differ)
        far = worst(listed.parts, frame.regions_seen, differ)
        single = is_as_single(listed.joint, listed.parts, frame, differ, usable, bits)
        looked.append(InPlace(len(listed.parts), middle, far, foreign, there, single))
    return min(looked, key=lambda each: (each.foreign, -1 if each.apart is None else each.apart))
