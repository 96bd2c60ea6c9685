"""WebP (RFC 9649), through Pillow's plugin, which allocates the canvas as soon as it is made."""

import io
from collections.abc import Iterator

from PIL import Image, WebPImagePlugin

from hashmatch.errors import PictureTooLargeError
from hashmatch.hashers.formats import exif
from hashmatch.hashers.formats.opened import Opened, damaged, parts, unpack
from hashmatch.hashers.pixels import flatten

_HEADER = 12


def open_header(data: bytes) -> Opened:
    """Read the size and the orientation of a WebP; of an animation, the first frame is decoded.

    Raises:
        TruncatedPictureError: the header is cut short or damaged.
    """
    size, orientation = None, exif.UPRIGHT
    for kind, start, end in _chunks(data):
        if size is None:
            size = _size(data, kind, start)
        elif kind == b"EXIF":
            orientation = exif.orientation(data[start:end])
            break
    if size is None:
        raise damaged("header of this WebP")

    def load(_: int) -> Image.Image:
        try:
            return flatten(WebPImagePlugin.WebPImageFile(io.BytesIO(data)))
        except Image.DecompressionBombError:
            raise PictureTooLargeError(
                f"The picture has {size[0]} x {size[1]} pixels, more than this program lets Pillow "
                "decode; scale it down, or raise PIL.Image.MAX_IMAGE_PIXELS."
            ) from None

    return Opened("WebP", *size, orientation, load)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    at = _HEADER
    for _ in parts("header of this WebP"):
        if at + 8 > len(data):
            return
        kind, length = unpack("<4sI", data, at, "header of this WebP")
        yield kind, at + 8, at + 8 + length
        at += 8 + length + length % 2


def _size(data: bytes, kind: bytes, start: int) -> tuple[int, int]:
    """The canvas, which the first chunk gives in one of three ways."""
    what = "header of this WebP"
    if kind == b"VP8X":
        width, height = unpack("<4x3s3s", data, start, what)
        return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    if kind == b"VP8L":
        signature, bits = unpack("<BI", data, start, what)
        if signature == 0x2F:
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        start_code, width, height = unpack("<3x3sHH", data, start, what)
        if start_code == b"\x9d\x01\x2a":
            return width & 0x3FFF, height & 0x3FFF
    raise damaged(what)
