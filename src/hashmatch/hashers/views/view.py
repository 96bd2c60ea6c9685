"""A view, and how views are named."""

from typing import Final, NamedTuple

from hashmatch.types import ORIGINAL, Hash

__all__ = ["TURNS", "View", "named"]

TURNS: Final = (
    ORIGINAL, "rotate-90", "rotate-180", "rotate-270",
    "flip-x", "flip-y", "flip-plus-1", "flip-minus-1",
)  # fmt: skip
"""The names of the dihedral views, as PDQ's reference calls them, in its order."""


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
