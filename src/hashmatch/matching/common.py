"""The stop list: codes of parts that are in many pictures that have nothing else in common.

Icons, clocks, lettering and stickers say nothing about the picture among them. The codes that are
shipped were found by `hashmatch.bench.reposts.common` in generated interfaces, memes and stickers;
`benchmarks/reposts/common.py` writes the file. An operator adds to them by an allow-list: what its
pictures show speaks for no other picture.
"""

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.indexes import RingIndex
from hashmatch.types import Codes

__all__ = ["RADIUS", "are_common", "common_codes"]

RADIUS: Final = 31
"""Bits within which a part is taken for a common one, as it is for one that is listed."""
FILE: Final = Path(__file__).with_name("common.npy")


@cache
def common_codes() -> Codes:
    """The codes that are shipped: shape (n, 32), uint8."""
    codes: Codes = np.load(FILE, allow_pickle=False)
    return codes


def are_common(codes: Codes) -> npt.NDArray[np.bool_]:
    """Which codes of parts are within 31 bits of one that is common.

    Args:
        codes: shape (n, 32), uint8.

    Returns:
        Shape (n,).
    """
    counts: npt.NDArray[np.bool_] = np.diff(_index().search(codes, RADIUS).offsets) > 0
    return counts


@cache
def _index() -> RingIndex:
    return RingIndex.build(common_codes())
