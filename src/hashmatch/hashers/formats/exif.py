"""The orientation tag of EXIF data: the one tag that changes what a picture shows."""

import struct
from typing import Final

ORIENTATION: Final = 0x0112
UPRIGHT: Final = 1
LYING: Final = frozenset({5, 6, 7, 8})
"""The orientations that exchange width and height."""
_LAYOUTS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_SHORT, _LONG = 3, 4


def orientation(exif: bytes) -> int:
    """Find the orientation, 1 to 8, in EXIF data, with or without its ``Exif`` prefix.

    Only the first directory is looked at, and nothing is followed, so that no data can make this
    slow. Whatever is missing or makes no sense counts as upright: 1.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = _LAYOUTS.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(order + "I", exif, 4)
        (count,) = struct.unpack_from(order + "H", exif, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, length = struct.unpack_from(order + "HHI", exif, entry)
            if tag == ORIENTATION and kind in {_SHORT, _LONG} and length == 1:
                layout = order + ("H" if kind == _SHORT else "I")
                (value,) = struct.unpack_from(layout, exif, entry + 8)
                return int(value) if 1 <= value <= 8 else UPRIGHT
    except struct.error:  # the data ends before the directory does
        pass
    return UPRIGHT
