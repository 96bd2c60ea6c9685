"""Uploads by their parts: which listed pictures may be in one, and where each would lie.

An upload is searched by a bounded number of codes: the most telling parts in the widest radius, the
others, of which there are more, in half as many buckets; both in a wider one where few are listed.
Parts of an interface, a logo or a caption are found in many listed pictures and say little: each
found part counts the less, the more pictures it is found in, and one that is found in very many
does not count at all. Nor do those speak for others that are in a picture known to be harmless; nor
those that are known to be common (`hashmatch.matching.common`).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from hashmatch import packed
from hashmatch.hashers import Look
from hashmatch.hashers.parts import STRETCHES
from hashmatch.matching.alignment import VOTES, Alignment, align
from hashmatch.matching.common import are_common
from hashmatch.matching.evidence import weigh
from hashmatch.matching.known import Ids
from hashmatch.matching.part_shelf import PartShelf
from hashmatch.types import Codes, Placed

Numbers = TypeVar("Numbers", bound=tuple[float, ...])

FIRST: Final = 200
"""Parts that are searched by in the wider radius: the most telling ones."""
WIDER: Final = 38
"""Bits within which a coarse part is taken for one that is listed: there are few, and what
lettering leaves of them is less near."""
CANDIDATES: Final = 16
"""Pictures that are aligned, at most."""
COMMON: Final = 1_000
"""A part that is found in so many pictures tells nothing."""
ENOUGH: Final = 8
"""Parts that speak for one picture, from which on the coarse ones, a tenth as many and as dear as
half of the others, are not asked."""
_AT_ONCE: Final = 128
"""Codes of one search: what a hostile list makes of them stays bounded."""
_ENTRY_BITS: Final = 48
"""Ids of entries lie below this power of two."""


class Radii(NamedTuple):
    """Bits within which a part is taken for one that is listed.

    Half of a code's bits are set, so that two differ in an even number: an odd radius would cost
    more, and find no more.

    Attributes:
        first: of the most telling parts of an upload.
        others: what is found by these alone is there nearly as it was, but small among much.
    """

    first: int
    others: int


LARGE: Final = Radii(30, 22)
"""In a list of ten million parts."""
SMALLER: Final = (
    (250_000, Radii(44, 44)),
    (1_000_000, Radii(38, 38)),
    (3_000_000, Radii(34, 34)),
)
"""In lists of so many parts at most, which are asked further in the same time: photographs of
screens, and what lettering is all over, are 30 to 45 bits away."""

Harmless = Callable[[Ids], npt.NDArray[np.bool_]]
"""Which entries, by their ids, are pictures whose parts say nothing about others."""


class _Hits(NamedTuple):
    """Which part of an upload was found in which picture: a row for each.

    Attributes:
        numbers: of the parts, rising, shape (n,), int64.
        entries: the pictures, likewise.
    """

    numbers: Ids
    entries: Ids

    def then(self, parts: int, others: "_Hits") -> "_Hits":
        """These of so many parts, and after them those of others."""
        numbers = np.concatenate([self.numbers, parts + others.numbers])
        return _Hits(numbers, np.concatenate([self.entries, others.entries]))


def placed_in(
    upload: Look, shelf: PartShelf, harmless: Harmless
) -> Iterator[tuple[Alignment, ...]]:
    """The listed pictures that an upload's parts place in it, the likeliest first.

    Where the first parts make one likely, those that they find come before anything is searched by
    the others: whoever has seen enough saves half of the search. Where nothing is placed, it is
    searched by a few parts of it stretched.
    """
    if not len(shelf):
        return
    parts = upload.parts()
    first, others = (
        np.concatenate([parts.codes[some], parts.mirrored[some]])
        for some in (slice(FIRST), slice(FIRST, None))
    )
    reach = radii(len(shelf))
    hits = _hits(first, reach.first, shelf)
    pictures, scores = _spoken_for(hits, harmless)
    likely = pictures[: CANDIDATES if scores.max(initial=0.0) >= VOTES else 0]
    soon: tuple[Alignment, ...] = ()
    if len(likely):
        soon = _aligned(upload, likely, shelf)
        yield soon
    hits = hits.then(len(first), _hits(others, reach.others, shelf))
    pictures, scores = _spoken_for(hits, harmless)
    if scores.max(initial=0.0) < ENOUGH:
        hits = hits.then(2 * len(parts), _hits(upload.coarse(), WIDER, shelf))
        pictures, _ = _spoken_for(hits, harmless)
    best = pictures[:CANDIDATES]
    late = _aligned(upload, best[~np.isin(best, likely)], shelf)
    yield late
    if soon or late:
        return
    for by, codes in zip(STRETCHES, upload.stretched(), strict=True):
        pictures, _ = _spoken_for(_hits(codes, reach.first, shelf), harmless)
        yield _aligned(upload, pictures[:CANDIDATES], shelf, by)


def radii(listed: int) -> Radii:
    """How far a list of so many parts is asked."""
    return next((reach for most, reach in SMALLER if listed <= most), LARGE)


def _aligned(
    upload: Look, pictures: Ids, shelf: PartShelf, stretch: float = 1.0
) -> tuple[Alignment, ...]:
    """Those of some pictures that are still listed, and found in an upload."""
    listed = (shelf.picture(entry) for entry in pictures.tolist())
    return align(upload, [picture for picture in listed if picture is not None], stretch)


def _spoken_for(hits: _Hits, harmless: Harmless) -> tuple[Ids, npt.NDArray[np.float64]]:
    """The pictures that parts speak for, the likeliest first, and how many parts do.

    A part that is found in several pictures is shared out among them.
    """
    pictures, rows = np.unique(hits.entries, return_inverse=True)
    innocent = harmless(pictures)[rows]
    count = int(hits.numbers.max(initial=-1)) + 1
    silent = np.zeros(count, np.bool_)
    silent[hits.numbers[innocent]] = True
    speaks = innocent | ~silent[hits.numbers]
    weights = speaks / np.bincount(hits.numbers, minlength=count)[hits.numbers]
    scores = np.bincount(rows, weights, len(pictures)).astype(np.float64)
    best = np.argsort(-scores, kind="stable")
    best = best[scores[best] > 0]
    return pictures[best], scores[best]


def _hits(codes: Codes, radius: int, shelf: PartShelf) -> _Hits:
    """The pictures in which each part was found; none for one that tells nothing.

    Few parts of an upload are found anywhere, and only those are looked up in the stop list.
    """
    hits = _Hits(np.empty(0, np.int64), np.empty(0, np.int64))
    for start in range(0, len(codes), _AT_ONCE):
        found = shelf.index.search(codes[start : start + _AT_ONCE], radius)
        each = np.unique(found.queries() << _ENTRY_BITS | found.ids // packed.MOST)
        numbers, entries = each >> _ENTRY_BITS, each & (2**_ENTRY_BITS - 1)
        few = np.bincount(numbers, minlength=len(found))[numbers] < COMMON
        hits = hits.then(start, _Hits(numbers[few], entries[few]))
    numbers, rows = np.unique(hits.numbers, return_inverse=True)
    telling = ~are_common(codes[numbers])[rows]
    return _Hits(hits.numbers[telling], hits.entries[telling])


def told(found: Alignment) -> Placed:
    """An alignment as a verdict tells of it."""
    there = found.there
    placed = Placed(
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
        tile_bits=None if found.tile_bits is None else _rounded(found.tile_bits, 1),
        tiles=found.tiles_visible,
        foreign=round(found.foreign, 3),
        agreement=round(found.agreement, 3),
        alike=found.alike,
        bare_same=round(there.same, 2),
        bareness=round(there.bareness, 3),
        paper=round(there.paper, 3),
        bare_other=round(there.other, 2),
        same_in=None if there.bounds is None else _rounded(there.bounds[:], 3),
        holes=round(there.holes, 2),
        hole=round(there.hole, 2),
        lost=round(there.lost, 2),
        lost_bits=None if there.apart is None else round(there.apart),
        by_bits=_rounded(there.by_bits, 2),
        parted=round(there.parted, 2),
        other=None if found.other is None else round(found.other, 3),
        fills=round(found.fills, 3),
        single=found.single,
        evidence=0.0,
    )
    return replace(placed, evidence=weigh(placed))


def _rounded(numbers: Numbers, digits: int) -> Numbers:
    return cast("Numbers", tuple(round(each, digits) for each in numbers))
