"""What an upload shows in the very places of a listed picture's parts, and where it is that."""

from typing import Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from hashmatch.hashers import Frame
from hashmatch.hashers.parts import Parts
from hashmatch.matching.fits import Floats
from hashmatch.matching.placement import geometry, reaches
from hashmatch.types import ByBits

__all__ = [
    "BARE",
    "LIKE",
    "TILE_LIKE",
    "Bounds",
    "InTheirPlaces",
    "in_their_places",
    "otherness",
    "worst",
]

TOO_FEW: Final = 3
WINDOW: Final = 0.3
LIKE: Final = 75
"""Bits up to which a part in its very place shows what is listed: strangers' differ in 128 ± 8."""
UNLIKE: Final = 118
"""And from which on it shows something else, if nothing lies over it."""
SAME: Final = 45
"""And up to which all of its region is what is listed, so that it lies within one picture."""
STEPS: Final = (SAME, 60, LIKE, 90, 104, UNLIKE - 1)
"""Bits up to which parts are counted together: how they are spread tells a copy that lettering or a
screen has blurred from a picture that is partly the same."""
TILE_LIKE: Final = 60
TILE_UNLIKE: Final = 96
"""Bits up to which a tile shows what is listed, and from which on it shows something else."""
BARE: Final = 2
"""A part, or a tile, counts by this power of the share of it that is bare."""
_PRIOR: Final = 0.3
"""Where next to nothing is bare, as much as this may be there, and as much not."""
_LEFT: Final = np.arange(8) / 10


def worst(listed: Parts, seen: npt.NDArray[np.bool_], bits: npt.NDArray[np.integer]) -> int | None:
    """How much the regions of a listed picture's parts differ from what an upload shows there.

    Args:
        listed: the listed picture's.
        seen: which of its parts the upload shows, shape (n,).
        bits: in which each differs, shape (n,).

    Returns:
        The mean in that window where it is largest, of 64 windows of three tenths of the width and
        height, in steps of a tenth; those with fewer than `TOO_FEW` parts say nothing, and None
        does where all have.
    """
    inside = _windows(listed) & seen
    counts = inside.sum(axis=1)
    telling = counts >= TOO_FEW
    if not telling.any():
        return None
    return round(float((inside[telling] @ bits / counts[telling]).max()))


class Bounds(NamedTuple):
    """An upright rectangle of a picture: its sides, in shares of the picture's width and height."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """The share of the picture that lies within it."""
        return (self.right - self.left) * (self.bottom - self.top)


class InTheirPlaces(NamedTuple):
    """What an upload shows in the very places of a listed picture's parts.

    Where lettering, a box or a page lies in the place of a part, it says nothing: of two pictures
    in one dress all of the dress is the same, and of a picture and its copy under stickers nothing
    of what is under them is. So each part counts the less, the less of its region is bare.

    Attributes:
        bounds: the rectangle around the regions of those within `SAME` bits; None where none is.
        same: how many are there: those within `LIKE` bits.
        bareness: the mean share of the regions of these that is bare, 0 where none is there.
        bare: the same of all that are seen.
        other: how many are another picture's: those from `UNLIKE` bits on.
        holes: how many of these lie within the rectangle.
        hole: of the windows that `worst` tells of, how many more of these than of those that are
            there lie in that one where they are the most; 0 where in none.
        lost: how many are not there, by the share of their regions that is bare, not its square.
        apart: the mean of the bits in which these differ, weighted so; None where none is.
        by_bits: how many differ by up to each of `STEPS` bits, and how many by more.
        parted: of all straight cuts, across or down, the one that parts best those that are there
            from those that are another picture's: by how many the former are more on the one side
            of it, and the latter on the other, whichever is less; 0 where none parts them.
        paper: as in `hashmatch.hashers.Frame`.
    """

    bounds: Bounds | None
    same: float
    bareness: float
    bare: float
    other: float
    holes: float
    hole: float
    lost: float
    apart: float | None
    by_bits: ByBits
    parted: float
    paper: float


def in_their_places(listed: Parts, frame: Frame, bits: npt.NDArray[np.integer]) -> InTheirPlaces:
    """Compare the regions of a listed picture's parts with what an upload shows there.

    Args:
        listed: the listed picture's.
        frame: what the upload shows in its frame.
        bits: in which each region differs there from what is listed, shape (n,).
    """
    seen, bare = frame.regions_seen, frame.regions_bare
    weights = seen * bare**BARE
    bounds = _around(listed, seen & (bits <= SAME))
    there, unlike = seen & (bits <= LIKE), bits >= UNLIKE
    x, y = _middles(listed)
    within = np.zeros(len(listed), np.bool_)
    if bounds is not None:
        within = (bounds.left <= x) & (x <= bounds.right) & (bounds.top <= y) & (y <= bounds.bottom)
    speaks = weights * (1.0 * there - unlike)
    gone = (seen * bare)[bits > LIKE]
    lost = float(gone.sum())
    return InTheirPlaces(
        bounds=bounds,
        same=float(weights[there].sum()),
        bareness=float(bare[there].mean()) if there.any() else 0.0,
        bare=float(bare[seen].mean()) if seen.any() else 0.0,
        other=float(weights[unlike].sum()),
        holes=float(weights[unlike & within].sum()),
        hole=float(max(0.0, (_windows(listed) @ -speaks).max())),
        lost=lost,
        apart=float(gone @ bits[bits > LIKE]) / lost if lost > 0 else None,
        by_bits=_by_bits(weights, bits),
        parted=max(_parted(along, speaks) for along in (x, y)),
        paper=frame.paper,
    )


def otherness(there: InTheirPlaces, bare: Floats, bits: npt.NDArray[np.integer]) -> float:
    """How much of what an upload shows in the place of a listed picture is another one, 0 to 2.

    Of what is bare there, parts and tiles, that share which is another picture's; and of the tiles,
    bare or not, the share that shows something else. A picture under lettering has little of the
    first, one that is small among others' little of the second, another picture much of both.

    Args:
        there: the listed picture's parts in their places.
        bare: the share of each visible tile that is bare, shape (n,); at least one.
        bits: in which each differs from what is listed, shape (n,).
    """
    weights = bare**BARE
    like = there.same + float(weights[bits <= TILE_LIKE].sum()) + _PRIOR
    unlike = there.other + float(weights[bits >= TILE_UNLIKE].sum()) + _PRIOR
    return unlike / (like + unlike) + float((bits >= TILE_UNLIKE).mean())


def _by_bits(weights: Floats, bits: npt.NDArray[np.integer]) -> ByBits:
    """How many differ by up to each of `STEPS` bits, and how many by more."""
    step = np.searchsorted(STEPS, bits)
    return cast("ByBits", tuple(np.bincount(step, weights, len(STEPS) + 1).tolist()))


def _parted(along: Floats, speaks: Floats) -> float:
    """How well one cut, at some place along a side, parts what speaks for and against a picture.

    Args:
        along: where each part lies, shape (n,).
        speaks: how much it says, below 0 where it speaks against the picture, likewise.
    """
    order = np.argsort(along, kind="stable")
    between = np.diff(along[order], append=np.inf) > 0
    before = np.cumsum(speaks[order])[between]
    after = speaks.sum() - before
    for_it, against_it = np.minimum(before, -after), np.minimum(-before, after)
    return float(max(for_it.max(initial=0.0), against_it.max(initial=0.0)))


def _around(listed: Parts, chosen: npt.NDArray[np.bool_]) -> Bounds | None:
    """The rectangle around the regions of some parts, cut off at the sides of the picture."""
    if not chosen.any():
        return None
    places = geometry(listed.places[chosen])
    reach = reaches(places)
    (left, top), (right, bottom) = (
        (places[:, :2] - reach[:, None]).min(axis=0) / (listed.width, listed.height),
        (places[:, :2] + reach[:, None]).max(axis=0) / (listed.width, listed.height),
    )
    return Bounds(*(float(min(max(side, 0), 1)) for side in (left, top, right, bottom)))


def _windows(listed: Parts) -> npt.NDArray[np.bool_]:
    """Which parts have their middles in each of 64 windows: shape (64, n)."""
    x, y = _middles(listed)
    across = (_LEFT[:, None] <= x) & (x <= _LEFT[:, None] + WINDOW)
    down = (_LEFT[:, None] <= y) & (y <= _LEFT[:, None] + WINDOW)
    return (across[:, None] & down[None, :]).reshape(len(_LEFT) ** 2, len(listed))


def _middles(listed: Parts) -> tuple[Floats, Floats]:
    """Where parts lie, in shares of the width and height."""
    places = geometry(listed.places)
    return places[:, 0] / listed.width, places[:, 1] / listed.height
