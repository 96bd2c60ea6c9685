"""The altered copies of `hashmatch demo`: a few of the suite that `hashmatch bench reposts` has."""

from typing import Final

import numpy as np

from hashmatch.bench.reposts.suite import altered as altered_pixels
from hashmatch.bench.reposts.suite import chosen, encoded
from hashmatch.hashers import decode

__all__ = ["ALTERATIONS", "altered"]

ALTERATIONS: Final = {
    "JPEG 50": "JPEG 50",
    "half size": "scale 0.5",
    "brighter": "brightness 1.33",
    "a little text": "text 4%",
    "mirrored": "mirrored",
}
"""By name: what the suite calls it."""
SEED: Final = 1


def altered(data: bytes, name: str) -> bytes:
    """An altered copy of a picture file; all in memory."""
    (alteration,) = chosen([ALTERATIONS[name]])
    pixels = decode(data)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], 3, axis=2)
    return encoded(altered_pixels(alteration, pixels, name, (pixels,), SEED), alteration.quality)
