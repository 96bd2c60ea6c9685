"""A picture turned and mirrored, in all eight ways."""

import numpy as np

from hashmatch import native
from hashmatch.hashers.base import Pixels
from hashmatch.hashers.decoding import Reduced
from hashmatch.hashers.pdq import Pdq
from hashmatch.hashers.views.view import TURNS, View
from hashmatch.types import Hash

__all__ = ["SMALL", "turns"]

SMALL = 64
"""A shorter side shows samples more than once, and is hashed in the reference's own way."""


def turns(reduced: Reduced) -> tuple[View, ...]:
    """The eight views of a whole picture, as it is first."""
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
