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
_BACK: Final = (
    ((1, 0, 0), (0, 1, 0)), ((0, -1, 1), (1, 0, 0)), ((-1, 0, 1), (0, -1, 1)),
    ((0, 1, 0), (-1, 0, 1)), ((1, 0, 0), (0, -1, 1)), ((-1, 0, 1), (0, 1, 0)),
    ((0, 1, 0), (1, 0, 0)), ((0, -1, 1), (-1, 0, 1)),
)  # fmt: skip
"""Of each dihedral view, the upper rows of what `turned_back` gives."""


class View(NamedTuple):
    """One rendering of an upload: its name, and its hash."""

    name: str
    hash: Hash


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


def turned_back(view: str) -> npt.NDArray[np.float64] | None:
    """From a point of a view of a whole picture to the same of the picture itself.

    Args:
        view: its name.

    Returns:
        Shape (3, 3), for points in shares of the width and height; None where a view is not of the
        whole picture.
    """
    name = ORIGINAL if view in RESAMPLED else view
    if name not in TURNS:
        return None
    return np.array([*_BACK[TURNS.index(name)], (0, 0, 1)], np.float64)
