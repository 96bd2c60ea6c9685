"""pHash: the low frequencies of a 32 x 32 picture, each against their median.

Source: N. Krawetz, "Looks Like It", 2011, after C. Zauner, 2010; computed by ``imagehash``.
"""

from typing import ClassVar

from hashmatch.hashers.through_imagehash import ThroughImagehash


class Phash(ThroughImagehash):
    """64 bits; robust to scaling and compression."""

    name: ClassVar[str] = "phash"
    function: ClassVar[str] = "phash"
    block_threshold: ClassVar[int] = 8
    review_threshold: ClassVar[int] = 12
