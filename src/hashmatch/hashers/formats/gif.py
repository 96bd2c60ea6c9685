"""GIF: the first frame, on the canvas that it is a part of."""

from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, parts, unpack

_EXTENSION, _FRAME, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL: Final = 0xF9
_WHAT: Final = "first frame of this GIF"


class _First(NamedTuple):
    """The first frame: its place, its colours, and where its pixels begin."""

    left: int
    top: int
    width: int
    height: int
    interlaced: bool
    palette: bytes
    transparent: int | None
    start: int


def open_header(data: bytes) -> Opened:
    """Read a GIF up to the pixels of its first frame; the others are never looked at.

    Raises:
        TruncatedPictureError: the file ends, or makes no sense, before its first frame.
    """
    width, height, flags = unpack("<HHB", data, 6, "header of this GIF")
    first = _first_frame(data, flags)
    # As browsers do: a frame that does not fit enlarges the canvas.
    width, height = max(width, first.left + first.width), max(height, first.top + first.height)
    return Opened("GIF", width, height, exif.UPRIGHT, lambda _: _load(data, (width, height), first))


def _colours(flags: int) -> int:
    """The bytes of a palette, by the flags before it."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _first_frame(data: bytes, flags: int) -> _First:
    at = 13 + _colours(flags)
    palette = data[13:at]
    transparent = None
    steps = parts("header of this GIF")
    for _ in steps:
        kind = data[at : at + 1]
        if kind in {b"", bytes((_TRAILER,))}:
            break
        at += 1
        if kind[0] == _EXTENSION:
            if data[at : at + 1] == bytes((_GRAPHIC_CONTROL,)):
                size, packed, index = unpack("<BBxxB", data, at + 1, "header of this GIF")
                transparent = index if size >= 4 and packed & 1 else None
            at += 1
            while data[at : at + 1] not in {b"", b"\0"}:
                next(steps)
                at += data[at] + 1
            at += 1
        elif kind[0] == _FRAME:
            left, top, width, height, packed = unpack("<HHHHB", data, at, _WHAT)
            at += 9
            if packed & 0x80:
                palette = data[at : at + _colours(packed)]
                at += _colours(packed)
            if not (width and height) or at >= len(data):
                raise damaged(_WHAT)
            interlaced = bool(packed & 0x40)
            return _First(left, top, width, height, interlaced, palette, transparent, at)
    raise damaged(_WHAT)


def _load(data: bytes, size: tuple[int, int], first: _First) -> Image.Image:
    code_bits = data[first.start]
    frame = Image.frombytes(
        "P", (first.width, first.height), memoryview(data)[first.start + 1 :],
        "gif", code_bits, first.interlaced, -1,
    )  # fmt: skip
    frame.putpalette(_palette(first), "RGB")
    frame = frame.convert("RGB")
    if frame.size == size:
        return frame
    canvas = Image.new("RGB", size, "white")  # around the frame nothing is drawn
    canvas.paste(frame, (first.left, first.top))
    return canvas


def _palette(first: _First) -> bytes:
    """The 256 colours, the transparent one white; without a palette, grays."""
    colours = np.zeros((256, 3), dtype=np.uint8)
    if first.palette:
        given = np.frombuffer(first.palette, dtype=np.uint8)
        colours[: len(given) // 3] = given[: len(given) // 3 * 3].reshape(-1, 3)
    else:
        colours[:] = np.arange(256, dtype=np.uint8)[:, np.newaxis]
    if first.transparent is not None:
        colours[first.transparent] = 255
    return colours.tobytes()
