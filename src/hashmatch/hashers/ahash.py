"""aHash: each of 8 x 8 samples against their mean.

Source: N. Krawetz, "Looks Like It", 2011; computed by ``imagehash``.
"""

from typing import ClassVar

from hashmatch.hashers.through_imagehash import ThroughImagehash


class Ahash(ThroughImagehash):
    """64 bits of brightness; the weakest of the four at telling pictures apart."""

    name: ClassVar[str] = "ahash"
    function: ClassVar[str] = "average_hash"
    block_threshold: ClassVar[int] = 2
    review_threshold: ClassVar[int] = 3
