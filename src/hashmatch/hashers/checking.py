"""The hashes by which an upload is checked: a few bits less exact, many times faster."""

from typing import Final, NamedTuple

import numpy as np

from hashmatch import native
from hashmatch.hashers.base import Pixels, checked_pixels
from hashmatch.hashers.decoding import Reduced, decode_reduced
from hashmatch.hashers.limits import DEFAULT_LIMITS, Limits
from hashmatch.hashers.pdq import Pdq
from hashmatch.types import ORIGINAL, Hash

__all__ = ["View", "hash_for_check", "views_for_check", "views_of"]

TURNS: Final = (
    ORIGINAL, "rotate-90", "rotate-180", "rotate-270",
    "flip-x", "flip-y", "flip-plus-1", "flip-minus-1",
)  # fmt: skip
"""The names of the dihedral views, as PDQ's reference calls them, in its order."""
SMALL: Final = 64
"""A shorter side shows samples more than once, and is hashed in the reference's own way."""


class View(NamedTuple):
    """One rendering of an upload: its name, and its hash."""

    name: str
    hash: Hash


def hash_for_check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Hash:
    """PDQ of an upload, from a reduced decode where the format has one (JPEG).

    It lies within a few bits of `hash_image`, which no threshold feels. For checking only: what is
    submitted is hashed by `hash_image`, so that equal pictures have equal entries.

    Raises:
        PictureError: the picture was refused; the subclass and the message say why.
        MissingExtraError: HEIC, and the extra ``heic`` is not installed.
    """
    return views_for_check(data, limits)[0].hash


def views_for_check(data: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[View, ...]:
    """PDQ of an upload as it is, and turned and mirrored in all eight ways.

    The picture as it is comes first; errors are those of `hash_for_check`.
    """
    return _views(decode_reduced(data, limits))


def views_of(pixels: Pixels) -> tuple[View, ...]:
    """The same of pixels: uint8, shape (h, w) gray or (h, w, 3) RGB, upright.

    Raises:
        UnsupportedPictureError: an array of another shape or dtype.
        PictureTooLargeError: a side of more than 65535.
    """
    height, width = checked_pixels(pixels).shape[:2]
    return _views(Reduced(pixels, width, height, 1, 0, 0))


def _views(reduced: Reduced) -> tuple[View, ...]:
    if min(reduced.width, reduced.height) < SMALL:
        hashes = [Pdq().hash(turned) for turned in _turned(reduced.pixels)]
    else:
        sizes = reduced.width, reduced.height, reduced.reduction
        found = native.pdq_scaled(reduced.pixels, *sizes, left=reduced.left, top=reduced.top)
        hashes = [Hash(Pdq.name, code.tobytes(), found.quality) for code in found.codes]
        if reduced.reduction == 1:  # so that a picture as it is has the very hash of its entry
            hashes[0] = Pdq().hash(reduced.pixels)
    return tuple(View(*pair) for pair in zip(TURNS, hashes, strict=True))


def _turned(pixels: Pixels) -> tuple[Pixels, ...]:
    """The pixels as the views are called, in their order."""
    transposed = np.swapaxes(pixels, 0, 1)
    return (
        *(np.rot90(pixels, quarters) for quarters in range(4)),
        pixels[::-1],
        pixels[:, ::-1],
        transposed,
        np.rot90(transposed, 2),
    )
