"""A view, and how views are named."""

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.types import ORIGINAL, Hash

__all__ = [
    "DRAWN_OUT",
    "LIKELIHOODS",
    "RESAMPLED",
    "TURNS",
    "Likelihood",
    "View",
    "is_whole",
    "likelihood",
    "named",
    "turned_back",
]

TURNS: Final = (
    ORIGINAL, "rotate-90", "rotate-180", "rotate-270",
    "flip-x", "flip-y", "flip-plus-1", "flip-minus-1",
)  # fmt: skip
"""The names of the dihedral views, as PDQ's reference calls them, in its order."""
DRAWN_OUT: Final = ("wider", "taller")
"""The names of a picture within the upload that was cut a little at two sides to fill its place."""
RESAMPLED: Final = ("nearest-512", "area-512")
"""The names of the whole picture made small in other ways."""
EVERYTHING: Final = (0.0, 0.0, 1.0, 1.0)
DRAWN_OUT_BY: Final = 1 / 28
"""The share of its width, or height, that a picture is taken to have lost at either side."""
_BACK: Final = (
    ((1, 0, 0), (0, 1, 0)), ((0, -1, 1), (1, 0, 0)), ((-1, 0, 1), (0, -1, 1)),
    ((0, 1, 0), (-1, 0, 1)), ((1, 0, 0), (0, -1, 1)), ((-1, 0, 1), (0, 1, 0)),
    ((0, 1, 0), (1, 0, 0)), ((0, -1, 1), (-1, 0, 1)),
)  # fmt: skip
"""Of each dihedral view, the upper rows of what `turned_back` gives."""


class View(NamedTuple):
    """One rendering of an upload.

    Attributes:
        name: what was done to it.
        hash: of that.
        place: what of the upload it shows, before it is turned: the sides of an upright rectangle,
            left, top, right, bottom, in shares of the width and height.
    """

    name: str
    hash: Hash
    place: tuple[float, float, float, float] = EVERYTHING


Likelihood = Literal["given", "seen", "far-fetched"]
LIKELIHOODS: Final[tuple[Likelihood, ...]] = ("given", "seen", "far-fetched")


def likelihood(view: str) -> Likelihood:
    """How much a view supposes, by its name: the more, the nearer an entry has to be to count.

    Returns:
        ``"given"`` for the picture as it is, ``"seen"`` where one thing was done to it, and
        ``"far-fetched"`` for two at once: a picture within the upload, and turned. There are many
        such views, and few such uploads. That a picture was cut to fill the place in which it lies
        is no second thing.
    """
    region, _, rendering = view.rpartition("/")
    if region and rendering in TURNS:
        return "far-fetched"
    return "given" if view == ORIGINAL else "seen"


def named(region: str, rendering: str) -> str:
    """A region's view: ``trimmed``, ``rectangle-2/flip-y``, ``rectangle-2/wider``."""
    return region if rendering == ORIGINAL else f"{region}/{rendering}"


def turned_back(view: View) -> npt.NDArray[np.float64]:
    """From a point of a view to the same of the upload.

    Returns:
        Shape (3, 3), for points in shares of the width and height.
    """
    _, _, rendering = view.name.rpartition("/")
    rows = _BACK[TURNS.index(rendering) if rendering in TURNS else 0]
    turned = np.array([*rows, (0, 0, 1)], np.float64)
    left, top, right, bottom = view.place
    place = np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1]])
    if rendering in DRAWN_OUT:
        axis = DRAWN_OUT.index(rendering)
        kept = 1 - 2 * DRAWN_OUT_BY
        turned[axis, axis], turned[axis, 2] = 1 / kept, -DRAWN_OUT_BY / kept
    back: npt.NDArray[np.float64] = place @ turned
    return back


def is_whole(view: str) -> bool:
    """Whether a view, by its name, is of the whole upload."""
    return view in TURNS or view in RESAMPLED
