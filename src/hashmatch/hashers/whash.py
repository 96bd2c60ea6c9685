"""wHash: a Haar wavelet approximation of 8 x 8 samples, each against their median.

Source: D. Petrov, "Wavelet image hash in Python", 2016; computed by ``imagehash``.
"""

from typing import ClassVar

from hashmatch.hashers.through_imagehash import ThroughImagehash


class Whash(ThroughImagehash):
    """64 bits of a wavelet approximation; close kin of aHash, ten times slower."""

    name: ClassVar[str] = "whash"
    function: ClassVar[str] = "whash"
    block_threshold: ClassVar[int] = 2
    review_threshold: ClassVar[int] = 3
