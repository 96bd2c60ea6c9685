"""The way to the hashers of the package ``imagehash``, which brings SciPy along: an extra."""

import importlib.util
from typing import ClassVar

import numpy as np
from PIL import Image

from hashmatch.errors import MissingExtraError
from hashmatch.hashers.base import PixelHasher, Pixels


class ThroughImagehash(PixelHasher):
    """A 64-bit hasher of ``imagehash``, with the defaults of its `function`.

    The thresholds of these hashers lie below the least distance of two different pictures among 77
    photographs (phash 18, dhash 10, ahash and whash 4). Lists of millions want lower ones.
    """

    bits: ClassVar[int] = 64
    function: ClassVar[str]

    def __init__(self) -> None:
        """Look for the package, without importing it yet.

        Raises:
            MissingExtraError: it is not installed.
        """
        if importlib.util.find_spec("imagehash") is None:
            raise MissingExtraError(
                f"The hasher {self.name} takes an extra: pip install 'hashmatch[imagehash]'."
            )

    def _hash(self, pixels: Pixels) -> tuple[bytes, int | None]:
        import imagehash  # it imports SciPy, which takes half a second

        bits = getattr(imagehash, self.function)(Image.fromarray(pixels)).hash
        return np.packbits(bits).tobytes(), None
