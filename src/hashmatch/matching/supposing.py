"""Uploads by their views: where listed pictures would lie whose hashes are nearest, but not near.

What is written or drawn all over a picture, and the grid of a photographed screen, leave none of
its parts within reach. The hash of the whole is moved as well, by 60 bits or more; but of
strangers' pictures hardly any is so near. So the few that are get a look in their place, which
decides as it does for those that parts have found.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np

from hashmatch.hashers import LIKELIHOODS, Look, View, likelihood, turned_back
from hashmatch.matching.alignment import Alignment, align_at
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.matching.shelf import Shelf

__all__ = ["supposed_in"]

FARTHEST: Final = 80
"""Bits within which a picture is supposed to be there: of 1.5e7 pairs of natural crops two are."""
SUPPOSED: Final = 2
"""Pictures that are looked for, at most, the nearest first;"""
ASKED: Final = 64
"""of so many pairs of a view and an entry, the nearest: others' lists may have very many that have
no parts, or are all alike."""
COMPARED: Final = 4_000_000
"""Pairs of a view and an entry that are compared, at most, which takes some 2.5 ms: so far away, no
index is faster than looking at all. A longer list is asked by fewer views, the likeliest, and one
of more entries than that by none."""


def supposed_in(
    views: Sequence[View], look: Look, shelf: Shelf, parts: PartShelf
) -> Iterator[Alignment]:
    """The listed pictures that views come nearest to, in their places, the nearest first.

    Args:
        views: of one upload, by the hasher of the shelf.
        look: at the same upload.
        shelf: whole pictures.
        parts: what else is known of them; those of which nothing is are not looked for.
    """
    likely = sorted(views, key=lambda view: LIKELIHOODS.index(likelihood(view.name)))
    likely = likely[: COMPARED // max(1, len(shelf))]
    if not likely or not len(parts):
        return
    codes = np.frombuffer(b"".join(view.hash.code for view in likely), np.uint8)
    found = shelf.within(codes.reshape(len(likely), -1), FARTHEST)
    pairs = np.arange(len(found.ids))
    if len(pairs) > ASKED:
        pairs = np.argpartition(found.distances, ASKED - 1)[:ASKED]
    pairs = pairs[np.argsort(found.distances[pairs], kind="stable")]
    nearest: dict[int, View] = {}
    for entry, view in zip(found.ids[pairs].tolist(), found.queries()[pairs].tolist(), strict=True):
        nearest.setdefault(entry, likely[view])
    known = ((parts.picture(entry), view) for entry, view in nearest.items())
    looked_for = ((listed, view) for listed, view in known if listed is not None)
    for listed, view in islice(looked_for, SUPPOSED):
        yield from align_at(look, listed, turned_back(view))
