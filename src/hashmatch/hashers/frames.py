"""An upload shown in the frame of a listed picture, and what its hashes there are.

Whoever looks for listed pictures in an upload asks for its parts, and later for such frames. So the
pixels stay where they were decoded, which may be another process.
"""

from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from hashmatch import native, native_parts
from hashmatch.hashers.bare import bare
from hashmatch.hashers.base import Pixels
from hashmatch.hashers.paper import paper
from hashmatch.hashers.parts import (
    CHECKED,
    Parts,
    coarse_codes,
    parts_of,
    shares_of_regions,
    stretched,
    stretched_codes,
)
from hashmatch.hashers.tiles import shares_of_tiles, tiles_of
from hashmatch.native import Rectangle
from hashmatch.native_parts import Places
from hashmatch.types import Codes

__all__ = ["Frame", "Look", "Luma"]

TILE_SEEN: Final = 0.985
"""A tile of which less is visible is not compared."""
REGION_SEEN: Final = 0.9
"""Nor is a part of whose region less is."""


class Frame(NamedTuple):
    """What an upload shows in the frame of a listed picture.

    Attributes:
        visible: the share of the frame that lies within the upload, 0 to 1.
        code: PDQ of the frame, 32 bytes.
        tiles: codes of its tiles, shape (50, 32), uint8.
        seen: which of them are visible, shape (50,).
        tiles_bare: the share of each in which nothing flat, and no stroke, lies over the
            picture, shape (50,), float64, 0 to 1 (`hashmatch.hashers.bare`).
        regions: codes of the regions at the places that were asked for, shape (n, 32), uint8.
        regions_seen: which of these are visible, shape (n,).
        regions_bare: the share of each of these that is bare, shape (n,), float64.
        paper: how much what is visible looks like a page, 0 to 1 (`hashmatch.hashers.paper`).
    """

    visible: float
    code: bytes
    tiles: Codes
    seen: npt.NDArray[np.bool_]
    tiles_bare: npt.NDArray[np.float64]
    regions: Codes
    regions_seen: npt.NDArray[np.bool_]
    regions_bare: npt.NDArray[np.float64]
    paper: float


class Look(Protocol):
    """An upload that can be looked at once more."""

    def parts(self, stretch: float = 1.0) -> Parts:
        """The parts that it is searched by; or those of the upload stretched across by so much."""

    def coarse(self) -> Codes:
        """Codes that it is searched by too, in a wider radius: shape (n, 32)."""

    def stretched(self) -> tuple[Codes, ...]:
        """And a few of the upload stretched across, for each stretch: shape (n, 32)."""

    def rectangles(self) -> tuple[Rectangle, ...]:
        """What may be pictures within it, in samples of its luma: at most 28."""

    def frame(
        self,
        matrix: npt.NDArray[np.float64],
        width: int,
        height: int,
        places: Places,
        *,
        mirrored: bool,
        within: Rectangle,
    ) -> Frame:
        """What it shows in a frame.

        Args:
            matrix: shape (3, 3): from a point of the frame to one of the upload's luma.
            width: of the frame.
            height: of the frame.
            places: of parts in the frame, whose regions are looked at.
            mirrored: the upload is mirrored left to right first.
            within: what lies outside of this counts as not shown; in samples of the luma, mirrored
                where that is.
        """


class Luma:
    """An upload that was decoded in this process.

    Args:
        luma: shape (h, w), uint8, of `hashmatch.hashers.luma_of`.
        parts: of the luma, where they are known.
    """

    def __init__(self, luma: Pixels, parts: Parts | None = None) -> None:
        self._luma: Final = luma
        self._flipped: Pixels | None = None
        self._parts = {} if parts is None else {1.0: parts}
        self._rectangles: tuple[Rectangle, ...] | None = None

    def parts(self, stretch: float = 1.0) -> Parts:
        """See `Look`."""
        if stretch not in self._parts:
            luma = self._luma if stretch == 1.0 else stretched(self._luma, stretch)
            self._parts[stretch] = parts_of(luma, CHECKED)
        return self._parts[stretch]

    def coarse(self) -> Codes:
        """See `Look`."""
        return coarse_codes(self._luma)

    def stretched(self) -> tuple[Codes, ...]:
        """See `Look`."""
        return stretched_codes(self._luma)

    def rectangles(self) -> tuple[Rectangle, ...]:
        """See `Look`."""
        if self._rectangles is None:
            self._rectangles = native.rectangles(self._luma)
        return self._rectangles

    def frame(
        self,
        matrix: npt.NDArray[np.float64],
        width: int,
        height: int,
        places: Places,
        *,
        mirrored: bool,
        within: Rectangle,
    ) -> Frame:
        """See `Look`."""
        luma = self._luma
        if mirrored:
            if self._flipped is None:
                self._flipped = np.ascontiguousarray(luma[:, ::-1])
            luma = self._flipped
        left, top, right, bottom, _ = within
        if (right - left, bottom - top) != (luma.shape[1], luma.shape[0]):
            luma = np.ascontiguousarray(luma[top:bottom, left:right])
            matrix = np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1]]) @ matrix
        shown, seen = native_parts.warp(luma, matrix, width, height)
        uncovered = bare(shown)
        return Frame(
            visible=float(seen.mean()),
            code=native.pdq(shown).code,
            tiles=tiles_of(shown).codes,
            seen=shares_of_tiles(seen) >= TILE_SEEN,
            tiles_bare=shares_of_tiles(uncovered),
            regions=native_parts.parts_at(shown, places)[0].codes,
            regions_seen=shares_of_regions(places, seen) >= REGION_SEEN,
            regions_bare=shares_of_regions(places, uncovered),
            paper=paper(shown, seen),
        )
