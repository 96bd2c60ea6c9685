"""Whether a listed picture, or so much of it as is seen, can be no one of several.

Others have one picture of a collage as well. Two of them, beside each other as they are listed,
nobody has by chance; nor both sides of a horizon, which seems to be where two pictures meet, too.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.hashers import Frame
from hashmatch.hashers.parts import Parts
from hashmatch.matching.fits import Floats
from hashmatch.matching.placement import geometry, reaches
from hashmatch.matching.there import BARE, LIKE, TILE_LIKE
from hashmatch.native_parts import JOINT, SINGLE, UPRIGHT, tile_windows

__all__ = ["is_as_single"]

Bits = npt.NDArray[np.integer]

NEAR: Final = 1 / 32
"""The share of the height, or width, by which what lies on one side of a joint may reach over it:
places are told in 64ths, and joints have some width."""
LEAST: Final = 0.2
"""And up to which one side is none of two pictures, but a border, or a line of text."""
ENOUGH: Final = 1.0
"""Parts and tiles, weighted as everywhere, that must be there on each side. What lies over a joint
is not asked: of a smooth picture, or of a gap in its place, hardly any of its bits tell."""


def is_as_single(
    joint: int,
    listed: Parts,
    frame: Frame,
    bits: Bits,
    tiles: npt.NDArray[np.bool_],
    tile_bits: Bits,
) -> bool:
    """Whether what is seen is surely no one picture of a collage, a post or a screenshot.

    Args:
        joint: of the listed picture: `hashmatch.native_parts.joint`.
        listed: its parts.
        frame: what the upload shows in its frame.
        bits: in which the regions of its parts differ there, shape (n,).
        tiles: which of its tiles can be compared, shape (50,).
        tile_bits: in which each of these differs.
    """
    if joint < JOINT:
        return joint == SINGLE
    across = bool(joint & UPRIGHT)
    at = (joint & (UPRIGHT - 1)) / UPRIGHT
    there = frame.regions_seen & (bits <= LIKE)
    starts, ends = _regions(listed, across=across)
    weights = frame.regions_bare[there] ** BARE
    starts, ends = starts[there], ends[there]
    near = np.flatnonzero(tiles)[tile_bits <= TILE_LIKE]
    windows = tile_windows(listed.width, listed.height)[near]
    side, length = (0, listed.width) if across else (1, listed.height)
    starts = np.concatenate([starts, windows[:, side] / length])
    ends = np.concatenate([ends, (windows[:, side] + windows[:, side + 2]) / length])
    weights = np.concatenate([weights, frame.tiles_bare[near] ** BARE])
    before = at < LEAST or weights[ends <= at + NEAR].sum() >= ENOUGH
    behind = at > 1 - LEAST or weights[starts >= at - NEAR].sum() >= ENOUGH
    return bool(before and behind)


def _regions(listed: Parts, *, across: bool) -> tuple[Floats, Floats]:
    """Where the regions of parts start and end, in shares of the width, or of the height."""
    places = geometry(listed.places)
    reach = reaches(places)
    middle, length = (places[:, 0], listed.width) if across else (places[:, 1], listed.height)
    return (middle - reach) / length, (middle + reach) / length
