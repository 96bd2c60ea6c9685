"""PDQ: 256 bits from the low frequencies of a picture, with a quality.

Source: "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", Facebook, 2019;
computed by the C core at full size, bit for bit as the reference does.
"""

from typing import ClassVar

from hashmatch import native
from hashmatch.hashers.base import PixelHasher, Pixels


class Pdq(PixelHasher):
    """The hasher that people submit by; its thresholds are those that its authors advise."""

    name: ClassVar[str] = "pdq"
    bits: ClassVar[int] = 256
    block_threshold: ClassVar[int] = 31
    review_threshold: ClassVar[int] = 45
    min_quality: ClassVar[int | None] = 50

    def _hash(self, pixels: Pixels) -> tuple[bytes, int | None]:
        found = native.pdq(pixels)
        return found.code, found.quality
