"""Uploads by their parts: which listed pictures may be in one, and where each would lie.

An upload is searched by a bounded number of codes. Parts of an interface, a logo or a caption are
found in many listed pictures and say little: each found part counts the less, the more pictures it
is found in, and one that is found in very many does not count at all.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import packed
from hashmatch.hashers import Look
from hashmatch.matching.alignment import Alignment, align
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.types import Codes, Placed

RADIUS: Final = 31
"""Bits within which a part is taken for one that is listed."""
CANDIDATES: Final = 16
"""Pictures that are aligned, at most."""
COMMON: Final = 1_000
"""A part that is found in so many pictures tells nothing."""
_AT_ONCE: Final = 128
"""Codes of one search: what a hostile list makes of them stays bounded."""


def placed_in(upload: Look, shelf: PartShelf) -> tuple[Alignment, ...]:
    """The listed pictures that an upload's parts place in it, the likeliest first."""
    if not len(shelf):
        return ()
    parts = upload.parts()
    likely = _candidates(np.concatenate([parts.codes, parts.mirrored]), shelf)
    pictures = (shelf.picture(entry) for entry in likely)
    return align(upload, [picture for picture in pictures if picture is not None])


def _candidates(codes: Codes, shelf: PartShelf) -> list[int]:
    """The pictures that most of the parts speak for."""
    entries, weights = [np.empty(0, np.int64)], [np.empty(0)]
    for found, weight in _hits(codes, shelf):
        entries.append(found)
        weights.append(weight)
    pictures, rows = np.unique(np.concatenate(entries), return_inverse=True)
    scores = np.bincount(rows, np.concatenate(weights), len(pictures))
    return [int(e) for e in pictures[np.argsort(-scores, kind="stable")[:CANDIDATES]]]


def _hits(
    codes: Codes, shelf: PartShelf
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """The pictures that each part is found in, and how much that says."""
    for start in range(0, len(codes), _AT_ONCE):
        for ids, _ in shelf.index.search(codes[start : start + _AT_ONCE], RADIUS):
            pictures = np.unique(ids // packed.MOST)
            if 0 < len(pictures) < COMMON:
                yield pictures, np.full(len(pictures), 1 / len(pictures))


def told(found: Alignment) -> Placed:
    """An alignment as a verdict tells of it."""
    return Placed(
        turn=round(found.turn, 1),
        scale=round(found.scale, 3),
        mirrored=found.mirrored,
        outline=found.outline,
        votes=found.votes,
        coverage=round(found.coverage, 3),
        visible=round(found.frame_visible, 3),
        whole_distance=found.whole_distance,
        tile_distance=found.tile_distance,
        tiles=found.tiles_visible,
        foreign=round(found.foreign, 3),
    )
