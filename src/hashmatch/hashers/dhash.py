"""dHash: whether the brightness rises from each of 9 x 8 samples to the next.

Source: N. Krawetz, "Kind of Like That", 2013; computed by ``imagehash``.
"""

from typing import ClassVar

from hashmatch.hashers.through_imagehash import ThroughImagehash


class Dhash(ThroughImagehash):
    """64 bits of gradients; fast, and robust to changes of brightness."""

    name: ClassVar[str] = "dhash"
    function: ClassVar[str] = "dhash"
    block_threshold: ClassVar[int] = 5
    review_threshold: ClassVar[int] = 8
