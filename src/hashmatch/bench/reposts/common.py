"""Which parts are common: those that pictures with nothing in common have in one dress."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from hashmatch.bench.reposts.alterations.setting import Pixels
from hashmatch.bench.reposts.suite import SUITE, altered
from hashmatch.hashers import luma_of, parts_of
from hashmatch.hashers.parts import CHECKED, FINEST
from hashmatch.indexes import FlatIndex
from hashmatch.types import Codes

__all__ = ["DRESSES", "common_parts", "thinned"]

DRESSES: Final = ("screenshot", "meme", "story", "overlay")
"""Families of alterations that put the same things around, or upon, any picture."""
NEAR: Final = 12
"""Bits between the same part in two pictures; within these one code stands for many."""
LEAST: Final = 3
"""Pictures that have a part which is common."""


def common_parts(pictures: Sequence[Pixels], seed: int) -> Codes:
    """Codes of parts that come with a dress, whatever picture wears it.

    Args:
        pictures: that have nothing in common, shape (h, w, 3) each; three at least.
        seed: of the choices of each dress, which is the same for all pictures.

    Returns:
        Shape (n, 32), uint8; none within 12 bits of another.
    """
    kept: list[Codes] = []
    for alteration in SUITE:
        if alteration.family in DRESSES:
            worn = [
                altered(alteration, each, "common parts", (pictures[0],), seed) for each in pictures
            ]
            kept.append(_shared([_codes(each) for each in worn]))
    return thinned(np.concatenate(kept), NEAR)


def _codes(pixels: Pixels) -> Codes:
    return parts_of(luma_of(pixels, FINEST), CHECKED).codes


def _shared(found: Sequence[Codes]) -> Codes:
    """Of the first pictures' codes, those that enough of the others have too."""
    shared = []
    for place, codes in enumerate(found[: 1 - LEAST]):
        others = [np.diff(FlatIndex.build(each).search(codes, NEAR).offsets) > 0
                  for each in found[place + 1 :]]  # fmt: skip
        shared.append(codes[np.sum(others, axis=0) >= LEAST - 1])
    return np.concatenate(shared)


def thinned(codes: Codes, near: int) -> Codes:
    """Of codes within so many bits of each other, the first."""
    kept = np.ones(len(codes), np.bool_)
    for row, (others, _) in enumerate(FlatIndex.build(codes).search(codes, near)):
        if kept[row]:
            kept[others[others > row]] = False
    return codes[kept]
