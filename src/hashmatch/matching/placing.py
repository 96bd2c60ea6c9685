"""Uploads by their parts: which listed pictures may be in one, and where each would lie.

An upload is searched by a bounded number of codes. Parts of an interface, a logo or a caption are
found in many listed pictures and say little: each found part counts the less, the more pictures it
is found in, and one that is found in very many does not count at all. Nor do those speak for others
that are in a picture known to be harmless; and by parts that are known to be common no upload is
searched (`hashmatch.matching.common`).
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch import packed
from hashmatch.hashers import Look
from hashmatch.matching.alignment import Alignment, align
from hashmatch.matching.common import are_common
from hashmatch.matching.known import Ids
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.types import Codes, Placed

RADIUS: Final = 31
"""Bits within which a part is taken for one that is listed."""
WIDER: Final = 39
"""And a coarse part: there are few, and what lettering leaves of them is less near."""
CANDIDATES: Final = 16
"""Pictures that are aligned, at most."""
COMMON: Final = 1_000
"""A part that is found in so many pictures tells nothing."""
_AT_ONCE: Final = 128
"""Codes of one search: what a hostile list makes of them stays bounded."""

Harmless = Callable[[Ids], npt.NDArray[np.bool_]]
"""Which entries, by their ids, are pictures whose parts say nothing about others."""
Searches = tuple[tuple[Codes, int], ...]
"""Codes of an upload, shape (n, 32), and the radius that they are searched in."""


def placed_in(upload: Look, shelf: PartShelf, harmless: Harmless) -> tuple[Alignment, ...]:
    """The listed pictures that an upload's parts place in it, the likeliest first."""
    if not len(shelf):
        return ()
    parts = upload.parts()
    telling = ~are_common(parts.codes)
    codes = np.concatenate([parts.codes[telling], parts.mirrored[telling]])
    coarse = upload.coarse()
    searches = (codes, RADIUS), (coarse[~are_common(coarse)], WIDER)
    pictures = (shelf.picture(entry) for entry in _candidates(searches, shelf, harmless))
    return align(upload, [picture for picture in pictures if picture is not None])


def _candidates(searches: Searches, shelf: PartShelf, harmless: Harmless) -> list[int]:
    """The pictures that most of the parts speak for."""
    numbers, found = _hits(searches, shelf)
    if not len(found):
        return []
    count = sum(len(codes) for codes, _ in searches)
    pictures, rows = np.unique(found, return_inverse=True)
    innocent = harmless(pictures)[rows]
    silent = np.zeros(count, np.bool_)
    silent[numbers[innocent]] = True
    speaks = innocent | ~silent[numbers]
    weights = speaks / np.bincount(numbers, minlength=count)[numbers]
    scores = np.bincount(rows, weights, len(pictures))
    best = np.argsort(-scores, kind="stable")[:CANDIDATES]
    return [int(entry) for entry in pictures[best[scores[best] > 0]]]


def _hits(searches: Searches, shelf: PartShelf) -> tuple[Ids, Ids]:
    """Which part was found in which picture: a row for each, of the part and the entry."""
    numbers, entries = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    before = 0
    for codes, radius in searches:
        for start in range(0, len(codes), _AT_ONCE):
            found = shelf.index.search(codes[start : start + _AT_ONCE], radius)
            for number, (ids, _) in enumerate(found, before + start):
                pictures = np.unique(ids // packed.MOST)
                if 0 < len(pictures) < COMMON:
                    entries.append(pictures)
                    numbers.append(np.full(len(pictures), number, np.int64))
        before += len(codes)
    return np.concatenate(numbers), np.concatenate(entries)


def told(found: Alignment) -> Placed:
    """An alignment as a verdict tells of it."""
    return Placed(
        turn=round(found.turn, 1),
        scale=round(found.scale, 3),
        mirrored=found.mirrored,
        outline=found.outline,
        votes=found.votes,
        coverage=round(found.coverage, 3),
        worst=found.worst,
        visible=round(found.frame_visible, 3),
        whole_distance=found.whole_distance,
        tile_distance=found.tile_distance,
        tiles=found.tiles_visible,
        foreign=round(found.foreign, 3),
        same=round(found.same, 3),
        agreement=round(found.agreement, 3),
        fills=round(found.fills, 3),
    )
