"""The door to the C core's parts and tiles: key points, regions, tiles and warps of a luma.

Like `hashmatch.native`, it is cheap to import, and calls run without the GIL, each in a workspace
of its own. All bits are those of the WebAssembly module.
"""

import ctypes
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from hashmatch.errors import NativeCoreError
from hashmatch.native import MAX_SIDE, Pixels, _core, _Picture, _picture
from hashmatch.types import Codes

__all__ = [
    "JOINT",
    "LUMA_SIDE",
    "PARTS_SIDE",
    "PLACE",
    "SEVERAL",
    "SINGLE",
    "TILES",
    "UNIT",
    "UPRIGHT",
    "FoundParts",
    "FoundTiles",
    "Places",
    "declare_parts",
    "joint",
    "luma",
    "luma_size",
    "parts",
    "parts_at",
    "tile_windows",
    "tiles",
    "warp",
]

LUMA_SIDE: Final = 512
"""Samples on the longer side of the luma that listed parts and tiles are made of."""
PARTS_SIDE: Final = 1024
"""The longest side of a luma that parts can be looked for in."""
TILES: Final = 50
UNIT: Final = 64
"""Places count 64ths of a sample of the luma."""
SEVERAL: Final = 0
SINGLE: Final = 1
JOINT: Final = 128
UPRIGHT: Final = 64
"""What `joint` tells."""

PLACE: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("size", "<u2"), ("turn", "<u2")])
"""Where a part lies: its middle, and the diameter of its key point (of which its region is eight
wide), in 1/`UNIT` of a sample of the luma from the upper left corner; its turn, clockwise, in
1/65536 of a full one."""
_PART = np.dtype([("code", "u1", 32), ("mirrored", "u1", 32), ("place", PLACE)])

Places = npt.NDArray[np.void]
"""Shape (n,), dtype `PLACE`."""


class FoundParts(NamedTuple):
    """Parts of one picture, most telling first.

    Attributes:
        codes: shape (n, 32), uint8.
        mirrored: shape (n, 32), uint8: the codes in the picture mirrored left to right.
        places: shape (n,), dtype `PLACE`.
    """

    codes: Codes
    mirrored: Codes
    places: Places


class FoundTiles(NamedTuple):
    """Hashes of the tiles of one picture.

    Attributes:
        codes: shape (`TILES`, 32), uint8.
        quality: shape (`TILES`,), uint8, 0 to 100.
    """

    codes: Codes
    quality: npt.NDArray[np.uint8]


def declare_parts(core: ctypes.CDLL) -> ctypes.CDLL:
    """Give the functions of a loaded core their signatures."""
    int32, size, pointer = ctypes.c_int32, ctypes.c_size_t, ctypes.c_void_p
    picture = ctypes.POINTER(_Picture)
    core.hm_luma_side.argtypes = (int32, int32, int32)
    core.hm_luma_workspace.argtypes = (int32, int32)
    core.hm_luma_workspace.restype = size
    core.hm_luma.argtypes = (picture, *[int32] * 7, pointer, size, pointer)
    core.hm_parts_workspace.argtypes = (int32, int32)
    core.hm_parts_workspace.restype = size
    count = ctypes.POINTER(int32)
    core.hm_parts.argtypes = (picture, int32, pointer, size, pointer, count)
    core.hm_parts_at.argtypes = (picture, pointer, int32, pointer, size, pointer, pointer)
    core.hm_tile.argtypes = (int32, int32, int32, ctypes.POINTER(int32 * 4))
    core.hm_tiles.argtypes = (picture, pointer, size, pointer, pointer)
    core.hm_joint_workspace.argtypes = (int32, int32)
    core.hm_joint_workspace.restype = size
    core.hm_joint.argtypes = (picture, pointer, size, count)
    matrix = ctypes.POINTER(ctypes.c_float * 9)
    core.hm_warp.argtypes = (picture, matrix, int32, int32, pointer, pointer)
    return core


declare_parts(_core)


def _check(status: int) -> None:
    if status != 0:  # the arguments were checked before
        message = f"The C core refused a picture that it should accept (status {status})."
        raise NativeCoreError(message)


def _gray(pixels: Pixels, most: int) -> tuple[_Picture, Pixels]:
    if pixels.ndim != 2 or max(pixels.shape) > most:
        message = f"A luma is uint8 (h, w) with sides up to {most}, not {pixels.shape}."
        raise ValueError(message)
    return _picture(pixels)


def luma_size(width: int, height: int, side: int = LUMA_SIDE) -> tuple[int, int]:
    """The sides (width, height) of the luma of a picture, the longer one being `side`.

    Raises:
        ValueError: a side outside 1 to 65535, or of the luma outside 1 to `PARTS_SIDE`.
    """
    longer = max(width, height)
    if min(width, height) < 1 or longer > MAX_SIDE or not 1 <= side <= PARTS_SIDE:
        message = f"A luma of {side} needs a picture of sides 1 to {MAX_SIDE}: {width}x{height}."
        raise ValueError(message)
    return _core.hm_luma_side(width, longer, side), _core.hm_luma_side(height, longer, side)


def luma(
    reduced: Pixels,
    width: int,
    height: int,
    reduction: int = 1,
    *,
    left: int = 0,
    top: int = 0,
    side: int = LUMA_SIDE,
) -> Pixels:
    """The gray picture, scaled by area so that its longer side has `side` samples.

    Args:
        reduced: shape (h, w) or (h, w, 3), uint8; a decode at 1/reduction of the size, as
            `hashmatch.native.pdq_scaled` takes it.
        width: of the picture at full size.
        height: of the picture at full size.
        reduction: 1 to 8.
        left: columns that the first cell of a row lacks.
        top: rows that the first cell of a column lacks.
        side: 1 to `PARTS_SIDE`; what is listed is made of 512.

    Returns:
        Shape (h, w) as `luma_size` says, uint8.

    Raises:
        ValueError: sizes that do not fit one another.
    """
    picture, keep = _picture(reduced)
    fits = 1 <= reduction <= 8 and 0 <= left < reduction and 0 <= top < reduction
    expected = (-(-(height + top) // reduction), -(-(width + left) // reduction)) if fits else None
    if reduced.shape[:2] != expected:
        message = f"{reduced.shape} is no decode of {width}x{height} pixels at 1/{reduction}."
        raise ValueError(message)
    out_width, out_height = luma_size(width, height, side)
    out = np.empty((out_height, out_width), dtype=np.uint8)
    room = np.empty(_core.hm_luma_workspace(picture.width, picture.channels), dtype=np.uint8)
    sizes = (width, height, reduction, left, top, out_width, out_height)
    _check(_core.hm_luma(picture, *sizes, room.ctypes.data, room.size, out.ctypes.data))
    del keep
    return out


def _parts_room(picture: _Picture) -> npt.NDArray[np.uint8]:
    return np.empty(_core.hm_parts_workspace(picture.width, picture.height), dtype=np.uint8)


def parts(gray: Pixels, limit: int) -> FoundParts:
    """The parts of a luma.

    Source: D. Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004, for
    the key points; the code of a region is PDQ of its 64 x 64 samples.

    Args:
        gray: shape (h, w), uint8, sides up to `PARTS_SIDE`.
        limit: the most parts that are wanted.

    Raises:
        ValueError: an array of another shape or dtype, or a negative limit.
    """
    picture, keep = _gray(gray, PARTS_SIDE)
    if limit < 0:
        message = f"A limit of parts is 0 or more, not {limit}."
        raise ValueError(message)
    room = _parts_room(picture)
    found, count = np.empty(max(limit, 1), dtype=_PART), ctypes.c_int32()
    _check(_core.hm_parts(picture, limit, room.ctypes.data, room.size, found.ctypes.data, count))
    del keep
    return _unpacked(found[: count.value])


def _unpacked(found: npt.NDArray[np.void]) -> FoundParts:
    return FoundParts(*(np.ascontiguousarray(found[n]) for n in ("code", "mirrored", "place")))


def parts_at(gray: Pixels, places: Places) -> tuple[FoundParts, npt.NDArray[np.uint8]]:
    """The parts at given places of a luma, and the quality of their regions.

    Args:
        gray: shape (h, w), uint8, sides up to `PARTS_SIDE`.
        places: shape (n,), dtype `PLACE`.

    Returns:
        The parts, and their qualities: shape (n,), uint8, 0 to 100.

    Raises:
        ValueError: arrays of another shape or dtype.
    """
    picture, keep = _gray(gray, PARTS_SIDE)
    if places.dtype != PLACE or places.ndim != 1:
        message = f"Places are an array of shape (n,) and PLACE, not {places.shape} {places.dtype}."
        raise ValueError(message)
    places = np.ascontiguousarray(places)
    room = _parts_room(picture)
    found, quality = np.empty(len(places), dtype=_PART), np.empty(len(places), dtype=np.uint8)
    wanted = (places.ctypes.data, len(places), room.ctypes.data, room.size)
    _check(_core.hm_parts_at(picture, *wanted, found.ctypes.data, quality.ctypes.data))
    del keep
    return _unpacked(found), quality


def tile_windows(width: int, height: int) -> npt.NDArray[np.int32]:
    """The windows of the tiles in a luma: shape (`TILES`, 4): left, top, width, height.

    Raises:
        ValueError: a side outside 1 to 65535.
    """
    if min(width, height) < 1 or max(width, height) > MAX_SIDE:
        message = f"A luma has sides from 1 to {MAX_SIDE}, not {width}x{height}."
        raise ValueError(message)
    windows, window = np.empty((TILES, 4), dtype=np.int32), (ctypes.c_int32 * 4)()
    for number in range(TILES):
        _core.hm_tile(number, width, height, window)
        windows[number] = window
    return windows


def tiles(gray: Pixels) -> FoundTiles:
    """PDQ of each tile of a luma: shape (h, w), uint8.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    picture, keep = _gray(gray, MAX_SIDE)
    room = np.empty(_core.hm_pdq_workspace(picture.width, picture.height, 1), dtype=np.uint8)
    codes, quality = np.empty((TILES, 32), dtype=np.uint8), np.empty(TILES, dtype=np.uint8)
    out = codes.ctypes.data, quality.ctypes.data
    _check(_core.hm_tiles(picture, room.ctypes.data, room.size, *out))
    del keep
    return FoundTiles(codes, quality)


def joint(gray: Pixels) -> int:
    """Where unlike pictures meet in a luma, as in a collage, a post or a screenshot.

    They do along a straight line across all of it; a horizon may be such a line, too.

    Args:
        gray: shape (h, w), uint8, sides up to `PARTS_SIDE`; with one below 32 it is not told.

    Returns:
        `SINGLE` where there is no such line; `SEVERAL` where there are some, or it is not told;
        else `JOINT`, plus `UPRIGHT` where the line runs from top to bottom, plus the 64ths of the
        height, or the width, that lie before it.

    Raises:
        ValueError: an array of another shape or dtype.
    """
    picture, keep = _gray(gray, PARTS_SIDE)
    room = np.empty(_core.hm_joint_workspace(picture.width, picture.height), dtype=np.uint8)
    found = ctypes.c_int32()
    _check(_core.hm_joint(picture, room.ctypes.data, room.size, found))
    del keep
    return found.value


def warp(
    gray: Pixels, matrix: npt.NDArray[np.floating], width: int, height: int
) -> tuple[Pixels, npt.NDArray[np.bool_]]:
    """A luma shown in another frame.

    Args:
        gray: shape (h, w), uint8, sides up to `PARTS_SIDE`.
        matrix: shape (3, 3), projective: from a point of the frame to one of the luma, both from
            their upper left corners.
        width: of the frame.
        height: of the frame.

    Returns:
        The frame, and where the luma is seen in it: both of shape (height, width).

    Raises:
        ValueError: an array of another shape or dtype, or a side outside 1 to 65535.
    """
    picture, keep = _gray(gray, PARTS_SIDE)
    if matrix.shape != (3, 3) or min(width, height) < 1 or max(width, height) > MAX_SIDE:
        message = f"A warp is a matrix (3, 3) and sides up to {MAX_SIDE}, not {matrix.shape}."
        raise ValueError(message)
    factors = (ctypes.c_float * 9)(*matrix.ravel().tolist())
    frame = np.empty((height, width), dtype=np.uint8)
    seen = np.empty((height, width), dtype=np.bool_)
    _check(_core.hm_warp(picture, factors, width, height, frame.ctypes.data, seen.ctypes.data))
    del keep
    return frame, seen
