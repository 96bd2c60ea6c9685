"""Parts: codes of the regions around a picture's key points, found again in whatever it is put in.

A part survives crops, turns, scaling and other pictures around it. What is listed is made of a luma
of 512 samples, `LISTED` parts a picture; what is checked of a finer one, where the upload has it:
a picture inside a screenshot or a collage has only its share of the samples.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import native_parts
from hashmatch.hashers.base import Pixels
from hashmatch.hashers.decoding import Reduced, as_reduced
from hashmatch.native_parts import LUMA_SIDE, Places
from hashmatch.types import Codes

__all__ = [
    "CHECKED",
    "COARSE",
    "FINEST",
    "LISTED",
    "STRETCHES",
    "Parts",
    "coarse_codes",
    "luma_of",
    "mirrored",
    "parts_of",
    "shares_of_regions",
    "stretched",
    "stretched_codes",
]

LISTED: Final = 64
"""Parts of a picture that are listed."""
CHECKED: Final = 450
"""Parts of an upload that are searched by, each also mirrored."""
FINEST: Final = 768
"""Samples on the longer side of an upload's luma, at most."""
COARSE: Final = 40
"""Parts of an upload that are made of fewer samples, large ones, each also mirrored: fine lettering
all over a picture, as a watermark, blurs away there."""
COARSE_SIDE: Final = 256
"""Samples on the longer side of the luma that those are made of."""
STRETCHES: Final = (1.2, 1 / 1.2, 1.5, 1 / 1.5)
"""By how much an upload is stretched across, to be looked at once more: one that was squashed and
cropped has no part, and no hash, as it was. Parts stand a tenth more or less. From 16:9 to 4:3, and
from that to a square, are 1.33; from 3:2 to a square 1.5; from 16:9 to a square 1.78."""
STRETCHED: Final = 10
"""Parts that it is then searched by, each time,"""
STRETCHED_SIDE: Final = 176
"""made of a luma with so many samples on its longer side."""
REGION: Final = 8
"""A part's region is so many times as wide as its key point."""
_ASKED: Final = (np.arange(6) + 0.5) / 6 - 0.5
"""Where a region is asked whether it is seen, or bare, on each axis: in shares of its width."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Parts of one picture, most telling first.

    Attributes:
        codes: shape (n, 32), uint8.
        mirrored: shape (n, 32), uint8: what the codes are in the picture mirrored left to right.
        places: shape (n,), dtype `hashmatch.native_parts.PLACE`, in samples of the luma.
        width: of the luma.
        height: of the luma.
    """

    codes: Codes
    mirrored: Codes
    places: Places
    width: int
    height: int

    def __len__(self) -> int:
        return len(self.codes)


def luma_of(picture: Pixels | Reduced, finest: int = LUMA_SIDE) -> Pixels:
    """The luma that parts and tiles are made of.

    Args:
        picture: pixels (uint8, shape (h, w) or (h, w, 3), upright), or what `decode_reduced` gave.
        finest: the longer side has this many samples, or fewer where the picture has, but never
            less than 512. For what is listed: 512.

    Raises:
        UnsupportedPictureError: an array of another shape or dtype.
        PictureTooLargeError: a side of more than 65535.
    """
    picture = picture if isinstance(picture, Reduced) else as_reduced(picture)
    side = min(max(*picture.pixels.shape[:2], LUMA_SIDE), max(finest, LUMA_SIDE))
    sizes = picture.width, picture.height, picture.reduction
    cut = {"left": picture.left, "top": picture.top}
    return native_parts.luma(picture.pixels, *sizes, **cut, side=side)


def parts_of(luma: Pixels, limit: int = LISTED) -> Parts:
    """The parts of a luma: shape (h, w), uint8, of `luma_of`.

    Source: key points by D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV
    2004; codes as PDQ makes them, of 32 x 32 samples of a region.

    Args:
        luma: sides up to 1024.
        limit: the most parts that are wanted; `LISTED` or `CHECKED`.

    Raises:
        ValueError: an array of another shape or dtype, or a negative limit.
    """
    found = native_parts.parts(luma, limit)
    height, width = luma.shape
    return Parts(found.codes, found.mirrored, found.places, width, height)


def coarse_codes(luma: Pixels) -> Codes:
    """Codes of the parts of a luma that is made small first, then the same mirrored.

    Args:
        luma: shape (h, w), uint8, of `luma_of`.

    Returns:
        Shape (n, 32), uint8, n at most twice `COARSE`.
    """
    height, width = luma.shape
    small = native_parts.luma(luma, width, height, side=COARSE_SIDE)
    found = native_parts.parts(small, COARSE)
    return np.concatenate([found.codes, found.mirrored])


def stretched(luma: Pixels, by: float) -> Pixels:
    """A luma, uint8 of shape (h, w), that is stretched across in proportion; its area stays."""
    height, width = luma.shape
    across = by**0.5
    wide, high = max(1, round(width * across)), max(1, round(height / across))
    shown, _ = native_parts.warp(luma, np.diag([width / wide, height / high, 1.0]), wide, high)
    return shown


def stretched_codes(luma: Pixels) -> tuple[Codes, ...]:
    """Codes of a few large parts of a luma that is stretched across, by each of `STRETCHES`.

    Args:
        luma: shape (h, w), uint8, of `luma_of`.

    Returns:
        For each, shape (n, 32), uint8, n at most `STRETCHED`.
    """
    height, width = luma.shape
    small = native_parts.luma(luma, width, height, side=STRETCHED_SIDE)
    return tuple(native_parts.parts(stretched(small, by), STRETCHED).codes for by in STRETCHES)


def mirrored(parts: Parts) -> Parts:
    """The parts of the picture mirrored left to right."""
    places = parts.places.copy()
    places["x"] = np.maximum(parts.width * native_parts.UNIT - places["x"].astype(np.int64), 0)
    places["turn"] = (2**15 - places["turn"].astype(np.int64)) % 2**16
    return Parts(parts.mirrored, parts.codes, places, parts.width, parts.height)


def shares_of_regions(places: Places, where: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Of the region of each part, the share in which something is; outside it is as at the edge.

    Args:
        places: shape (n,), dtype `hashmatch.native_parts.PLACE`, in samples of a luma.
        where: shape (h, w): where that is, in the same luma.

    Returns:
        Shape (n,), 0 to 1.
    """
    x, y, size = (places[name] / native_parts.UNIT for name in ("x", "y", "size"))
    turn = places["turn"] * (2 * np.pi / 2**16)
    down, along = np.meshgrid(_ASKED, _ASKED, indexing="ij")
    cosine, sine = (REGION * size * of(turn) for of in (np.cos, np.sin))
    across = x[:, None] + np.outer(cosine, along) - np.outer(sine, down)
    below = y[:, None] + np.outer(sine, along) + np.outer(cosine, down)
    height, width = where.shape
    columns = np.clip(across.astype(np.intp), 0, width - 1)
    rows = np.clip(below.astype(np.intp), 0, height - 1)
    shares: npt.NDArray[np.float64] = where[rows, columns].mean(axis=1)
    return shares
