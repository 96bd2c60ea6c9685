"""Parts and tiles of one picture as bytes: what is submitted, kept, and sent to those who match.

One run of bytes a picture, little-endian: a form (1, one byte), how many parts (0 to 128, one
byte), how many tiles (0 or 50, one byte), where pictures meet in it (one byte, as
`hashmatch.native_parts.joint` has it), width and height of the luma (two bytes each); then the
parts' codes (32 bytes each), their places (x, y, size, turn; two bytes each, in the units of
`hashmatch.native_parts.PLACE`), the tiles' codes (32 bytes each), and their qualities (one byte
each). 64 parts and 50 tiles are 4,218 bytes.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from hashmatch.errors import InvalidHashError
from hashmatch.types import Codes

__all__ = ["HASHER", "LONGEST", "MOST", "TILES", "Packed", "checked", "pack", "unpack"]

HASHER: Final = "pdq-part"
"""The hasher of a picture's parts and tiles, all in one."""
MOST: Final = 128
"""Parts of one picture."""
TILES: Final = 50

_FORM: Final = 1
_HEAD: Final = struct.Struct("<BBBBHH")
LONGEST: Final = _HEAD.size + 40 * MOST + 33 * TILES
"""Bytes of one picture."""
_LONGEST_SIDE: Final = 1024
_JOINT: Final = 128
"""`hashmatch.native_parts.JOINT`, for which nobody need load the core to read bytes."""
_ONES: Final = (96, 160)
"""Bits that are set in a code of something: each says whether a coefficient is above the median."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """What the bytes hold.

    Attributes:
        width: of the luma.
        height: of the luma.
        codes: of the parts, shape (n, 32), uint8.
        places: of the parts, shape (n, 4), uint16: x, y, size, turn.
        tiles: codes of the tiles, shape (50, 32), uint8; (0, 32) where there are none.
        qualities: of the tiles, shape (50,) or (0,), uint8.
        joint: where pictures meet in it, as `hashmatch.native_parts.joint` says.
    """

    width: int
    height: int
    codes: Codes
    places: npt.NDArray[np.uint16]
    tiles: Codes
    qualities: npt.NDArray[np.uint8]
    joint: int


def pack(picture: Packed) -> bytes:
    """The bytes.

    Raises:
        InvalidHashError: there are too many parts, or what there is does not belong together.
    """
    counts = len(picture.codes), len(picture.tiles)
    if counts[0] > MOST or max(picture.width, picture.height) > _LONGEST_SIDE:
        raise InvalidHashError(f"A picture has {MOST} parts at most, of a luma to {_LONGEST_SIDE}.")
    data = b"".join((
        _HEAD.pack(_FORM, *counts, picture.joint, picture.width, picture.height),
        picture.codes.tobytes(),
        picture.places.astype("<u2").tobytes(),
        picture.tiles.tobytes(),
        picture.qualities.tobytes(),
    ))  # fmt: skip
    return checked(data)


def unpack(data: bytes | memoryview) -> Packed:
    """What bytes hold that `checked` has seen; the arrays share their memory."""
    _, parts, tiles, joint, width, height = _HEAD.unpack_from(data)
    room = np.frombuffer(data, np.uint8)
    ends = np.cumsum([_HEAD.size, 32 * parts, 8 * parts, 32 * tiles, tiles])
    codes, places, tile_codes, qualities = (room[a:b] for a, b in pairwise(ends))
    return Packed(
        width,
        height,
        codes.reshape(parts, 32),
        np.frombuffer(places.tobytes(), "<u2").reshape(parts, 4),
        tile_codes.reshape(tiles, 32),
        qualities,
        joint,
    )


def checked(data: bytes) -> bytes:
    """Bytes that came from elsewhere, if they are of the form.

    Raises:
        InvalidHashError: they are not; says what is wrong, and nothing of what stands in them.
    """
    if len(data) < _HEAD.size:
        raise InvalidHashError("The parts of a picture begin with eight bytes that tell of them.")
    form, parts, tiles, joint, width, height = _HEAD.unpack_from(data)
    if form != _FORM or 1 < joint < _JOINT:
        raise InvalidHashError(f"Parts come in form {_FORM} here; these are of another.")
    if parts > MOST or tiles not in {0, TILES}:
        raise InvalidHashError(
            f"A picture has {MOST} parts at most, and {TILES} tiles or none; not {parts} and "
            f"{tiles}."
        )
    if not (1 <= width <= _LONGEST_SIDE and 1 <= height <= _LONGEST_SIDE):
        raise InvalidHashError(f"Parts are of a luma with sides from 1 to {_LONGEST_SIDE}.")
    if len(data) != _HEAD.size + 40 * parts + 33 * tiles:
        raise InvalidHashError(f"{parts} parts and {tiles} tiles are not {len(data)} bytes.")
    _check_values(unpack(data))
    return data


def _check_values(held: Packed) -> None:
    if len(held.qualities) and held.qualities.max() > 100:
        raise InvalidHashError("The quality of a tile is 0 to 100.")
    if not len(held.codes):
        return
    if not held.places[:, 2].all():
        raise InvalidHashError("A part has a size.")
    ones = np.bitwise_count(held.codes).sum(axis=1)
    if ones.min() < _ONES[0] or ones.max() > _ONES[1]:
        raise InvalidHashError("A part's code is of something: about half of its bits are set.")
    if len({code.tobytes() for code in held.codes}) < len(held.codes):
        raise InvalidHashError("The parts of a picture have different codes.")
