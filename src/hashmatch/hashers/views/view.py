"""A view, and how views are named."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.types import ORIGINAL, Hash

__all__ = ["RESAMPLED", "TURNS", "View", "named", "turned_back"]

TURNS: Final = (
    ORIGINAL, "rotate-90", "rotate-180", "rotate-270",
    "flip-x", "flip-y", "flip-plus-1", "flip-minus-1",
)  # fmt: skip
"""The names of the dihedral views, as PDQ's reference calls them, in its order."""
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

    @property
    def far_fetched(self) -> bool:
        """Whether it supposes two things at once: a picture within the upload, and turned.

        There are many such views, and few such uploads: they are looked for within the thresholds
        of blocking only, where a search is quickest.
        """
        return "/" in self.name


def named(region: str, turn: str) -> str:
    """The name of a region's view: ``trimmed``, ``rectangle-2/flip-y``."""
    return region if turn == ORIGINAL else f"{region}/{turn}"


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
