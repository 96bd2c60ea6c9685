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
from hashmatch.hashers.parts import CHECKED, Parts, coarse_codes, parts_of, shares_of_regions
from hashmatch.hashers.tiles import tiles_of, visible_tiles
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
        regions: codes of the regions at the places that were asked for, shape (n, 32), uint8.
        regions_seen: which of these are visible, shape (n,).
        regions_bare: the share of each of these in which nothing flat lies over the picture, shape
            (n,), float64, 0 to 1 (`hashmatch.hashers.bare`).
    """

    visible: float
    code: bytes
    tiles: Codes
    seen: npt.NDArray[np.bool_]
    regions: Codes
    regions_seen: npt.NDArray[np.bool_]
    regions_bare: npt.NDArray[np.float64]


class Look(Protocol):
    """An upload that can be looked at once more."""

    def parts(self) -> Parts:
        """The parts that it is searched by."""

    def coarse(self) -> Codes:
        """Codes that it is searched by too, in a wider radius: shape (n, 32)."""

    def frame(
        self,
        matrix: npt.NDArray[np.float64],
        width: int,
        height: int,
        places: Places,
        *,
        mirrored: bool,
    ) -> Frame:
        """What it shows in a frame.

        Args:
            matrix: shape (3, 3): from a point of the frame to one of the upload's luma.
            width: of the frame.
            height: of the frame.
            places: of parts in the frame, whose regions are looked at.
            mirrored: the upload is mirrored left to right first.
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
        self._parts = parts

    def parts(self) -> Parts:
        """See `Look`."""
        if self._parts is None:
            self._parts = parts_of(self._luma, CHECKED)
        return self._parts

    def coarse(self) -> Codes:
        """See `Look`."""
        return coarse_codes(self._luma)

    def frame(
        self,
        matrix: npt.NDArray[np.float64],
        width: int,
        height: int,
        places: Places,
        *,
        mirrored: bool,
    ) -> Frame:
        """See `Look`."""
        luma = self._luma
        if mirrored:
            if self._flipped is None:
                self._flipped = np.ascontiguousarray(luma[:, ::-1])
            luma = self._flipped
        shown, seen = native_parts.warp(luma, matrix, width, height)
        return Frame(
            visible=float(seen.mean()),
            code=native.pdq(shown).code,
            tiles=tiles_of(shown).codes,
            seen=visible_tiles(seen, TILE_SEEN),
            regions=native_parts.parts_at(shown, places)[0].codes,
            regions_seen=shares_of_regions(places, seen) >= REGION_SEEN,
            regions_bare=shares_of_regions(places, bare(shown)),
        )
